"""Which file each slice of a volume came from, so that results can refer to it. Runs in the disposable child."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from planning.dicom.model import FileFacts

if TYPE_CHECKING:
    from planning.dicom.build import Layout
    from planning.dicom.group import Stack

UID_FORM = r"[0-9][0-9.]{0,63}"
Source = tuple[str, str, str, str, tuple[tuple[str, ...], ...]]


def source_of(stack: Stack, layout: Layout, files: Mapping[int, FileFacts]) -> Source | None:
    """(study, series, frame of reference, SOP class, instances `[phase][k]`) of a stack whose slices are files as they are.

    None where slices were made (filled, straightened), where a file holds several, and where a UID is missing or wrong:
    a reference that leads to another image is worse than none.
    """
    frames = [members for _, members in stack.phases]
    members = [files[frame.file] for phase in frames for frame in phase]
    first = members[0]
    if stack.tilted or layout.filled or any(len(phase) != layout.grid.size_ijk[2] for phase in frames):
        return None
    if any(form is None or form.frames != 1 for form in (one.pixels for one in members)):
        return None
    kinds = {(one.study_uid, one.series_uid, one.frame_of_reference, one.sop_class) for one in members}
    instances = tuple(tuple(phase[int(k)].sop_uid for k in layout.lower) for phase in frames)
    uids = [uid for phase in instances for uid in phase]
    if len(kinds) != 1 or len(set(uids)) != len(uids):
        return None
    if not all(re.fullmatch(UID_FORM, uid) for uid in (*kinds.pop(), *uids)):
        return None
    return first.study_uid, first.series_uid, first.frame_of_reference, first.sop_class, instances
