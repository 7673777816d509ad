"""What is in a folder, zip, DICOMDIR or file, without importing it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from planning.dicom.model import ReadRequest, ScanResult
from planning.errors import InputError
from planning.progress import CancelToken, Progress, no_progress


def scan(
    paths: Sequence[Path],
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
    *,
    thumbnails: bool = True,
) -> ScanResult:
    """All series under `paths`, with their geometry, problems and a small picture each, and the files that are none.

    Raises InputError for a path that is not there, or when there is no series at all.
    """
    from planning.dicom.child import run_child
    from planning.dicom.sources import only_volume, open_sources

    single = [Path(path) for path in paths]
    found: list[ScanResult] = []
    with open_sources(single, cancel) as files:
        is_volume = only_volume(files)

        def receive(message: tuple[Any, ...]) -> None:
            if message[0] == "file":
                progress(message[1] / len(files), f"Reading {message[1] + 1} of {len(files)} files")
            elif message[0] == "scanned":
                found.append(message[1])

        run_child(ReadRequest(tuple(files), load=False, volume=is_volume, thumbnails=thumbnails), receive, cancel)
    result = found[0]
    if not result.series:
        reason = (
            f": {result.skipped[0].reason}" if len(result.skipped) == 1 else f", only {len(result.skipped)} other files"
        )
        raise InputError(f"There is no scan here{reason}", "Choose the folder with the scan", "nothing")
    return result
