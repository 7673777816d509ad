"""One series as volumes, from DICOM or a volume file alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.dicom.delivery import open_shared
from planning.dicom.model import LoadedImage, ReadRequest, SeriesInfo
from planning.errors import DicomError
from planning.files.endings import ending
from planning.findings import Finding
from planning.geometry import Grid
from planning.progress import CancelToken, Progress, no_progress
from planning.volume import Volume

OnBlock = Callable[[int, int, npt.NDArray[Any], tuple[int, int, int], Callable[[], None]], None]


def load_series(
    paths: Sequence[Path],
    series: str | int | None = None,
    *,
    fill_missing: bool = False,
    keep_identifiers: bool = False,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> LoadedImage:
    """Read one series as whole volumes; None takes the largest importable one and says so.

    Raises InputError, DicomError or GeometryError with what is wrong and what to do; Cancelled when asked to stop.
    """
    return _load(paths, series, 0, None, fill_missing, keep_identifiers, progress, cancel)


def stream_series(
    paths: Sequence[Path],
    on_block: OnBlock,
    block_slices: int,
    series: str | int | None = None,
    *,
    fill_missing: bool = False,
    keep_identifiers: bool = False,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> LoadedImage:
    """As `load_series`, but the voxels pass by in blocks and are never held as a whole; the answer has no volumes.

    on_block(phase, first_slice, block, shape_kji, give_back) is called in rising order, `block_slices` slices at a
    time, fewer only at the end of a phase; `block` is valid until `give_back` is called, from any thread.
    """
    return _load(paths, series, block_slices, on_block, fill_missing, keep_identifiers, progress, cancel)


def _load(
    paths: Sequence[Path],
    series: str | int | None,
    block_slices: int,
    on_block: OnBlock | None,
    fill_missing: bool,
    keep_identifiers: bool,
    progress: Progress,
    cancel: CancelToken | None,
) -> LoadedImage:
    from planning.dicom.child import run_child
    from planning.dicom.sources import only_volume, open_sources

    given = [Path(path) for path in paths]
    receiver = _Receiver(progress, on_block)
    with open_sources(given, cancel) as files:
        is_volume = only_volume(files)
        receiver.file_count = len(files)
        receiver.source = ending(Path(files[0][1])).lstrip(".").upper() if is_volume else "DICOM"
        request = ReadRequest(
            tuple(files), True, series, fill_missing, keep_identifiers, block_slices=block_slices, volume=is_volume
        )
        run_child(request, receiver, cancel, receiver.started)
    return receiver.loaded(series)


class _Receiver:
    """Follows the child's messages and maps the voxels that it fills."""

    def __init__(self, progress: Progress, on_block: OnBlock | None) -> None:
        self.file_count = 1
        self.source = "DICOM"
        self._progress, self._on_block = progress, on_block
        self._give_back: Callable[[], None] = lambda: None
        self._arrays: dict[int, npt.NDArray[Any]] = {}
        self._layout: tuple[Any, ...] | None = None
        self._series_count = 0
        self._findings: tuple[Finding, ...] = ()
        self._done = False

    def started(self, give_back: Callable[[], None]) -> None:
        """A child runs; blocks are given back to it."""
        self._give_back = give_back

    def __call__(self, message: tuple[Any, ...]) -> None:
        kind = message[0]
        if kind == "file":
            self._progress(0.3 * message[1] / self.file_count, f"Reading {message[1] + 1} of {self.file_count} files")
        elif kind == "scanned":
            self._series_count = sum(info.importable for info in message[1].series)
            self._findings = message[1].findings
        elif kind == "layout":
            self._layout = message
        elif kind == "mapped":
            self._arrays[message[1]] = open_shared(message)
        elif kind == "ready":
            self._tell(message[1], message[2])
        elif kind == "block":
            self._pass_on(*message[1:])
        elif kind == "loaded":
            self._done = True

    def _tell(self, phase: int, count: int) -> None:
        assert self._layout is not None
        slices, phases = self._layout[2][2], len(self._layout[5])
        self._progress(0.3 + 0.6 * (phase + count / slices) / phases, "Building the volume")

    def _pass_on(self, phase: int, first: int, place: int, count: int) -> None:
        assert self._layout is not None
        assert self._on_block is not None
        ni, nj, nk = self._layout[2]
        self._on_block(phase, first, self._arrays[0][place : place + count], (nk, nj, ni), self._give_back)
        self._tell(phase, first + count)

    def loaded(self, asked: str | int | None) -> LoadedImage:
        if not self._done or self._layout is None:
            raise DicomError("The series could not be read to its end", "Ask for a new copy of the scan", "truncated")
        _, info, size, matrix, _, phases, filled, study, identifiers, series = self._layout
        assert isinstance(info, SeriesInfo)
        grid = Grid(size, np.array(matrix))
        quantity = "HU" if info.modality == "CT" else "SUV" if study.get("units") == "SUV" else ""
        volumes = (
            ()
            if self._on_block
            else tuple(
                Volume(grid, np.asarray(self._arrays[n]), quantity=quantity, phase=label)
                for n, label in enumerate(phases)
            )
        )
        findings = [*info.problems, *self._findings]
        if asked is None and self._series_count > 1:
            findings.append(
                Finding(
                    "series_chosen",
                    f"Of {self._series_count} series the largest was taken: "
                    + f"{info.index} {study.get('description', '')}".rstrip()
                    + ".",
                )
            )
        if filled:
            findings.append(
                Finding("filled_slices", f"{len(filled)} slices are interpolated; a plan that uses them must say so.")
            )
        return LoadedImage(
            name=info.modality or "Image",
            modality=info.modality,
            grid=grid,
            volumes=volumes,
            phases=tuple(phases),
            quantity=quantity,
            source=self.source,
            filled_slices=tuple(filled),
            study=MappingProxyType(dict(study)),
            identifiers=MappingProxyType(dict(identifiers)),
            series=series,
            findings=tuple(findings),
        )
