"""One series as volumes, from DICOM or a volume file alike."""

from __future__ import annotations

import mmap
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.dicom.model import LoadedImage, SeriesInfo
from planning.errors import DicomError
from planning.findings import Finding
from planning.geometry import Grid
from planning.progress import CancelToken, Progress, no_progress
from planning.volume import Volume

OnReady = Callable[[int, npt.NDArray[Any], int, int], None]


def load_series(
    paths: Sequence[Path],
    series: str | int | None = None,
    *,
    fill_missing: bool = False,
    keep_identifiers: bool = False,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
    on_ready: OnReady | None = None,
) -> LoadedImage:
    """Read one series; None takes the largest importable one and says so.

    on_ready(phase, voxels, slices_ready, phases) is called as slices arrive, so that they can be packed while later
    ones are still decoded; `voxels` is the whole array and its first `slices_ready` slices are final.
    Raises InputError, DicomError or GeometryError with what is wrong and what to do; Cancelled when asked to stop.
    """
    from planning.dicom.child import run_child
    from planning.dicom.sources import open_sources
    from planning.dicom.worker import ReadRequest
    from planning.files.volumes import is_volume_file

    given = [Path(path) for path in paths]
    is_volume = len(given) == 1 and given[0].is_file() and is_volume_file(given[0])
    receiver = _Receiver(progress, on_ready)
    with open_sources(given, cancel) as files:
        receiver.file_count = len(files)
        receiver.source = given[0].suffix.lower().lstrip(".").upper() if is_volume else "DICOM"
        request = ReadRequest(tuple(files), True, series, fill_missing, keep_identifiers, volume=is_volume)
        try:
            run_child(request, receiver, cancel)
        finally:
            receiver.forget_files()
    return receiver.loaded(series)


def forget_pages(voxels: npt.NDArray[Any], start: int, stop: int) -> None:
    """Give the memory of slices back; their values stay in the mapped file and come again when they are looked at."""
    mapped = getattr(voxels, "_mmap", None)
    advise = getattr(mmap, "MADV_DONTNEED", None)
    if mapped is None or advise is None:
        return
    slice_bytes = voxels.nbytes // voxels.shape[0]
    first = -(-start * slice_bytes // mmap.PAGESIZE) * mmap.PAGESIZE
    length = stop * slice_bytes - first
    if length > 0:
        mapped.madvise(advise, first, length)


class _Receiver:
    """Follows the child's messages and maps the voxels that it fills."""

    def __init__(self, progress: Progress, on_ready: OnReady | None) -> None:
        self.file_count = 1
        self.source = "DICOM"
        self._progress, self._on_ready = progress, on_ready
        self._arrays: dict[int, npt.NDArray[Any]] = {}
        self._files: list[str] = []
        self._layout: tuple[Any, ...] | None = None
        self._series_count = 0
        self._findings: tuple[Finding, ...] = ()
        self._done = False

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
            self._arrays[message[1]] = np.memmap(message[2], dtype=np.dtype(message[3]), mode="r", shape=message[4])
            self._files.append(message[2])
            # mapped memory outlives its name: nothing is left behind even when this process is killed later
            os.unlink(message[2])
        elif kind == "ready":
            self._tell_ready(message[1], message[2])
        elif kind == "loaded":
            self._done = True

    def _tell_ready(self, phase: int, count: int) -> None:
        assert self._layout is not None
        slices, phases = self._layout[2][2], len(self._layout[5])
        self._progress(0.3 + 0.6 * (phase + count / slices) / phases, "Building the volume")
        if self._on_ready is not None:
            self._on_ready(phase, self._arrays[phase], count, phases)

    def forget_files(self) -> None:
        """Remove mapped files that a stopped child left."""
        for name in self._files:
            if os.path.exists(name):
                os.unlink(name)

    def loaded(self, asked: str | int | None) -> LoadedImage:
        if not self._done or self._layout is None:
            raise DicomError("The series could not be read to its end", "Ask for a new copy of the scan", "truncated")
        _, info, size, matrix, _, phases, filled, study, identifiers = self._layout
        assert isinstance(info, SeriesInfo)
        grid = Grid(size, np.array(matrix))
        quantity = "HU" if info.modality == "CT" else ""
        volumes = tuple(
            Volume(grid, np.asarray(self._arrays[n]), quantity=quantity, phase=label) for n, label in enumerate(phases)
        )
        findings = [*info.problems, *self._findings]
        if asked is None and self._series_count > 1:
            findings.append(
                Finding(
                    "series_chosen",
                    f"Of {self._series_count} series the largest was taken: {info.index} {info.description}".rstrip()
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
            volumes=volumes,
            phases=tuple(phases),
            quantity=quantity,
            source=self.source,
            filled_slices=tuple(filled),
            study=MappingProxyType(dict(study)),
            identifiers=MappingProxyType(dict(identifiers)),
            findings=tuple(findings),
        )
