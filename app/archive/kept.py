"""Where the window's archives are written down, and what came from them lies."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from app.paths import config_folder, data_folder
from planning.pacs.intake import Intake, read_head, safe_uid, sweep_drafts
from planning.pacs.node import Address, Node, Own, WebNode, read_addresses, write_addresses


def archives_file() -> Path:
    """The list of archives, the same as `theatrum pacs add` writes."""
    return config_folder() / "archives.json"


def known_archives() -> Address:
    """The archives of this computer, and what it calls itself. Raises InputError."""
    return read_addresses(archives_file())


def keep_archive(node: Node | WebNode, instead_of: str = "") -> Address:
    """Add or replace an archive; instead_of: the name it had before. Raises InputError."""
    known = known_archives()
    if instead_of and instead_of.casefold() != node.name.casefold():
        known = known.without(instead_of)
    changed = known.with_node(node)
    write_addresses(archives_file(), changed)
    return changed


def forget_archive(name: str) -> Address:
    """Take an archive off the list. Raises InputError."""
    changed = known_archives().without(name)
    write_addresses(archives_file(), changed)
    return changed


def keep_own(own: Own) -> Address:
    """What this computer calls itself and where it receives. Raises InputError."""
    changed = Address(own, known_archives().nodes)
    write_addresses(archives_file(), changed)
    return changed


def received_folder() -> Path:
    """Where images from archives lie: RECEIVED/study/series/image.dcm, all three named by numbers."""
    folder = data_folder() / "received"
    # the files hold names: nobody else on this computer may look into it
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def study_folder(study: str) -> Path:
    """Where a study's images lie, or would lie."""
    return received_folder() / safe_uid(study)


@dataclass(slots=True)
class Kept(Intake):
    """An intake for a folder that several fill at the same time: a receiver and those who fetch, one study each.

    study: whose images are looked at where the question is what is known; "" for none.
    """

    study: str = ""

    def known(self) -> dict[str, Path]:
        """What lies here of the study and reads back; drafts of a run that was killed are removed."""
        sweep_drafts(self.folder)
        with self._lock:
            # what a person took off this computer meanwhile has not arrived
            for uid in [uid for uid, place in self.arrived.items() if not place.exists()]:
                del self.arrived[uid]
        found = (self.folder / safe_uid(self.study)).glob("*/*.dcm") if self.study else ()
        return {path.stem: path for path in found if self._is_whole(path)}

    def for_study(self, study: str) -> Kept:
        """The same intake, asked about another study: what arrives at one has arrived at the other."""
        other = copy.copy(self)
        other.study = study
        return other

    @staticmethod
    def _is_whole(path: Path) -> bool:
        head = read_head(path)
        return head is not None and str(head.get("SOPInstanceUID", "")) == path.stem

    def close(self) -> None:
        """What arrived reaches the disk; the folder for drafts is the others' too."""
        self.settle()


def images_here(study: str, series: str = "") -> int:
    """How many files of a study or series lie here."""
    folder = study_folder(study)
    return sum(1 for _ in (folder.glob(f"{safe_uid(series)}/*.dcm") if series else folder.glob("*/*.dcm")))


def remove_received(chosen: Iterable[tuple[str, str]]) -> None:
    """Take what came of these (study, series) off this computer; an empty series stands for the whole study."""
    import shutil

    for study, series in chosen:
        folder = study_folder(study)
        shutil.rmtree(folder / safe_uid(series) if series else folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            # the last series of it
            folder.rmdir()
