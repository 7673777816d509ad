"""A case's results to an archive: made as `theatrum dicom export` makes them, sent, and answered for where that is asked."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.archive.asking import ANSWER_S
from app.i18n import mark
from app.sealed import drafts_place
from app.went_out import note_in_window
from planning.case.document import Document
from planning.case.outgoing import STOPPED
from planning.errors import Cancelled, InputError, NetworkError
from planning.pacs.listen import Listener
from planning.pacs.node import Node, Own, WebNode
from planning.progress import CancelToken, Progress, part_of

IMAGE = "image"
AGAIN = "sending again sends"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Objects of one kind that the archive did not take. name: of the structure or plan, "" where it is of several."""

    kind: str
    name: str
    why: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of the objects. refused: by kind and reason; kept: how many the archive answers for, None where that was
    not asked or not answered; doubt: why it was not."""

    node: str
    objects: int
    stored: int
    there_before: int
    refused: tuple[Refusal, ...] = ()
    kept: int | None = None
    doubt: str = ""
    warnings: tuple[str, ...] = ()


def send_results(
    document: Document,
    node: Node | WebNode,
    own: Own,
    kinds: Sequence[str],
    plans: Sequence[str] | None,
    progress: Progress,
    cancel: CancelToken,
    *,
    commit: bool = False,
    receiver: Listener | None = None,
    answer_s: float = ANSWER_S,
    begins: Callable[[], None] = lambda: None,
) -> Delivery:
    """Make the objects in a folder that goes away, send them, and ask for the archive's word.

    begins: called before the first of them leaves; whoever stops it from then on has a part at the archive.

    Raises what `export_dicom` raises, NetworkError when no line holds, Cancelled.
    """
    from app.report.dicom_drawing import ReportDrawing
    from planning.case.dicom_out import export_dicom
    from planning.pacs.send import outgoing, send
    from planning.pacs.web import send_web

    with tempfile.TemporaryDirectory(prefix="theatrum-send-", dir=drafts_place(document.encrypted)) as place:
        folder = Path(place) / "results"
        made = export_dicom(
            document, folder, kinds, ReportDrawing(), plans=plans, progress=part_of(progress, 0.0, 0.4), cancel=cancel
        )
        objects, _ = outgoing([folder])
        if not objects:
            raise InputError(mark("There is nothing to send"), mark("Choose what to send"), "input")
        told = part_of(progress, 0.4, 0.95)
        what = f"results ({', '.join(kind.upper() for kind in kinds)})"
        cancel.raise_if_set()
        begins()
        try:
            if isinstance(node, WebNode):
                sent = send_web(node, objects, progress=told, cancel=cancel, timeout_s=answer_s)
            else:
                sent = send(node, own, objects, progress=told, cancel=cancel, answer_s=answer_s)
        except Cancelled:
            note_in_window(document, what + STOPPED, node.name)
            raise
        except NetworkError as error:
            note_in_window(document, what + STOPPED, node.name)
            # there is no command here that could be the same
            raise NetworkError(error.what, error.hint.replace("the same command sends", AGAIN), "network") from error
        note_in_window(document, what, node.name)
        kept, doubt = None, ""
        if commit and isinstance(node, Node) and sent.uids:
            kept, doubt = _word(node, own, sent.uids, progress, cancel, receiver, answer_s)
    return Delivery(
        node.name,
        len(objects),
        sent.stored,
        sent.there_before,
        _refusals(sent.failed, made["objects"]),
        kept,
        doubt,
        tuple(str(finding["text"]) for finding in made["warnings"]),
    )


def _refusals(failed: Sequence[tuple[str, str]], rows: Sequence[Mapping[str, Any]]) -> tuple[Refusal, ...]:
    """Files that were refused as what they are; many of one kind and reason are told once."""
    known = {str(row["file"]): row for row in rows}
    counts: dict[tuple[str, str, str], int] = {}
    for file, why in failed:
        row = known.get(file, {})
        names = [row["plan"]] if "plan" in row else list(row.get("structures") or row.get("plans") or ())
        key = str(row.get("kind", IMAGE)), str(names[0]) if len(names) == 1 else "", why
        counts[key] = counts.get(key, 0) + 1
    return tuple(Refusal(kind, name, why, count) for (kind, name, why), count in counts.items())


def _word(
    node: Node,
    own: Own,
    objects: Sequence[tuple[str, str]],
    progress: Progress,
    cancel: CancelToken,
    receiver: Listener | None,
    answer_s: float,
) -> tuple[int | None, str]:
    """How many the archive answers for. That it does not answer is told, and undoes nothing of what was sent."""
    from planning.pacs.commit import commit

    progress(0.95, "Waiting for the archive's word that it keeps them")
    try:
        answered = commit(node, own, objects, cancel=cancel, answer_s=answer_s, listener=receiver)
    except (NetworkError, InputError) as error:
        return None, str(error)
    return answered.kept, ""
