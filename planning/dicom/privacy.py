"""A folder of DICOM files without identifiers, made of a folder, zip or file with them.

Files are read and written by the disposable child into a folder of our own, which takes the place of the asked one when all
are done: what is stopped or fails leaves nothing.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planning.dicom.model import ReadRequest
from planning.dicom.privacy_keys import KEY_BYTES
from planning.dicom.privacy_profile import PrivacyOptions, PrivacyRequest
from planning.errors import InputError
from planning.findings import Finding
from planning.progress import CancelToken, Progress, no_progress, part_of
from planning.provenance import APPLICATION_VERSION

if TYPE_CHECKING:
    from planning.dicom.privacy_file import Written

# files that one child takes: a limit on its time holds for so many, and what it said of each is kept for so long
BATCH = 400
OURS = re.compile(r"PAT-[0-9A-F]{10}/[0-9a-f]{16}/[0-9a-f]{16}/[0-9a-f]{16}(-\d+)?\.dcm")
FACE_SHARE = 0.3


@dataclass(slots=True)
class Made:
    """What was made. attributes: count by (tag, what was done). left_out: count by reason. series: by its folder."""

    files: int = 0
    attributes: Counter[tuple[int, str]] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    series: dict[str, SeriesMade] = field(default_factory=dict)
    warnings: list[Finding] = field(default_factory=list)


@dataclass(slots=True)
class SeriesMade:
    """One series of the output. face: "" (not a head), "shown", "removed", or why the series was left out.

    may_have_words: pictures of it may have words drawn into them.
    """

    modality: str
    files: list[str] = field(default_factory=list)
    may_show_face: bool = False
    face: str = ""
    may_have_words: bool = False


def deidentify(
    paths: Sequence[Path],
    into: Path,
    options: PrivacyOptions,
    *,
    key: bytes | None = None,
    force: bool = False,
    report: str = "",
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
    finish: Any = None,
) -> Made:
    """Write every file under `paths` anew into the folder `into`, without identifiers.

    key: 32 secret bytes by which new names follow from old ones; None makes one that is forgotten. report: see
    `check_places`. finish: called with (Made, the folder of our own) before it takes its place. Raises InputError; Cancelled
    leaves nothing behind.
    """
    check_places(paths, into, force, report)
    made = Made()
    with _draft(into, force, report) as draft:
        task = PrivacyRequest(options, key or secrets.token_bytes(KEY_BYTES), str(draft), APPLICATION_VERSION)
        files_share = 1.0 - FACE_SHARE if options.deface else 1.0
        _write_files(paths, task, made, part_of(progress, 0.0, files_share), cancel)
        if not made.files:
            raise InputError(*_nothing(made.left_out))
        if options.deface:
            _faces(task, draft, made, part_of(progress, files_share, 1.0), cancel)
            if not made.files:
                raise InputError("No series is left: no face could be taken away", "Leave --deface out", "nothing")
        _warn(made, options)
        # another may have written there in the minutes since it was looked at
        check_places((), into, force, report)
        if finish is not None:
            finish(made, draft)
    return made


def check_places(paths: Sequence[Path], into: Path, force: bool, report: str = "") -> None:
    """Raise InputError where the output would touch the input, or replace what is not of this program's making.

    report: the place within `into`, with "/", of the one file that the caller writes there beside the DICOM files. Any other
    table or text in the folder is a person's.
    """
    target = into.resolve()
    for path in paths:
        source = path.resolve()
        if source == target or target in source.parents or (source.is_dir() and source in target.parents):
            raise InputError(
                "The output lies in the input, or the input in it", "Choose another folder for -o", "place"
            )
    if not into.exists():
        return
    # "." has no name of its own
    name = into.absolute().name or str(into)
    if not into.is_dir():
        raise InputError(f"{name} is a file", "Choose a folder for -o", "exists")
    if not any(into.iterdir()):
        return
    if not force:
        raise InputError(f"{name} is there already", "Choose another folder, or replace it with --force", "exists")
    for folder, _, names in os.walk(into):
        below = Path(folder).relative_to(into).as_posix()
        for file in names:
            place = file if below == "." else f"{below}/{file}"
            if place != report and not OURS.fullmatch(place):
                raise InputError(f"{name} holds other files too", "Choose another folder for -o", "exists")


@contextmanager
def _draft(into: Path, force: bool, report: str) -> Iterator[Path]:
    """A folder beside the asked one that takes its place in the end, or is gone."""
    parent = into.resolve().parent
    if not parent.is_dir():
        raise InputError(f"The folder {parent.name} is not there", "Make it first", "not_there")
    holder = Path(tempfile.mkdtemp(prefix=".theatrum-", dir=parent))
    draft, former = holder / "new", holder / "former"
    try:
        draft.mkdir()
        yield draft
        check_places((), into, force, report)
        if into.exists():
            into.rename(former)
        try:
            draft.rename(into)
        except OSError:
            if former.exists():
                former.rename(into)
            raise
    finally:
        shutil.rmtree(holder, ignore_errors=True)


def _write_files(
    paths: Sequence[Path], task: PrivacyRequest, made: Made, progress: Progress, cancel: CancelToken | None
) -> None:
    from planning.dicom.child import run_child
    from planning.dicom.sources import open_sources

    with open_sources([Path(path) for path in paths], cancel) as files:
        for at in range(0, len(files), BATCH):
            batch = tuple(files[at : at + BATCH])
            answers: dict[int, Written | str] = {}

            def receive(
                message: tuple[Any, ...], at: int = at, answers: dict[int, Written | str] = answers, n: int = len(files)
            ) -> None:
                if message[0] == "file":
                    done = at + message[1]
                    progress(done / n, f"De-identifying {done + 1} of {n} files")
                else:
                    # a child that starts again says it again
                    answers[message[1]] = message[2]

            run_child(ReadRequest(batch, load=False, privacy=task), receive, cancel)
            _add(made, answers)
    for part in Path(task.into).rglob("*.part"):
        part.unlink()


def _add(made: Made, answers: Mapping[int, Written | str]) -> None:
    from planning.dicom.privacy_file import total

    for answer in answers.values():
        if isinstance(answer, str):
            made.left_out[answer] += 1
            continue
        folder, _, name = answer.path.rpartition("/")
        series = made.series.setdefault(folder, SeriesMade(answer.modality))
        if name in series.files:
            made.left_out["twin"] += 1
            continue
        series.files.append(name)
        series.may_show_face |= answer.may_show_face
        series.may_have_words |= answer.may_have_words
        made.files += 1
        total(made.attributes, answer)


def _faces(task: PrivacyRequest, draft: Path, made: Made, progress: Progress, cancel: CancelToken | None) -> None:
    """Take the face from each series of a head; one from which it cannot be taken is left out."""
    from dataclasses import replace

    from planning.dicom.child import run_child

    heads = [(folder, series) for folder, series in made.series.items() if series.may_show_face]
    for number, (folder, series) in enumerate(heads):
        progress(number / len(heads), f"Taking the face from series {number + 1} of {len(heads)}")
        files = tuple((str(draft / folder / name), name) for name in series.files)
        said: list[str] = []

        def receive(message: tuple[Any, ...], said: list[str] = said) -> None:
            if message[0] == "face":
                said.append(message[1])

        try:
            run_child(ReadRequest(files, load=False, privacy=replace(task, face=True)), receive, cancel)
            reason = said[0] if said else "its pixels cannot be read"
        except InputError as error:
            reason = error.what
        series.face = reason or "removed"
        if reason:
            shutil.rmtree(draft / folder)
            made.files -= len(series.files)
            made.left_out["face"] += len(series.files)
            made.warnings.append(
                Finding("face", f"A series of a head was left out, its face cannot be taken away: {reason}.")
            )
            series.files.clear()


def _warn(made: Made, options: PrivacyOptions) -> None:
    shown = [series for series in made.series.values() if series.may_show_face and not series.face]
    for series in shown:
        series.face = "shown"
    if shown:
        many = "1 series is" if len(shown) == 1 else f"{len(shown)} series are"
        made.warnings.append(Finding("face", f"{many} of a head: its surface shows a face. --deface takes it away."))
    if options.deface and not any(series.face for series in made.series.values()):
        made.warnings.append(Finding("no_head", "No series says that it is of a head; nothing was taken away."))
    if options.burned_in:
        made.warnings.append(
            Finding("burned_in", "Pictures that may have names drawn into them were kept: look at each of them.")
        )


def _nothing(left_out: Mapping[str, int]) -> tuple[str, str, str]:
    from planning.dicom.privacy_file import LEFT_OUT

    reasons = "; ".join(f"{count} {LEFT_OUT[reason]}" for reason, count in sorted(left_out.items()))
    return f"Nothing is left to write: {reasons}", "Choose the folder with the scan", "nothing"
