"""NIfTI, NRRD and MHA files answered as if they were series, and label maps. Runs in the disposable child."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.dicom.delivery import Send, Wait, share
from planning.dicom.model import ReadRequest, ScanResult, SeriesInfo
from planning.errors import InputError
from planning.findings import Finding
from planning.geometry import Grid
from planning.volume import CT_PADDING_BELOW_HU, NOT_HU, PADDING_HU

LEAST_CT_HU = -50.0
VALUES_IN_DOUBT = Finding(
    NOT_HU,
    "The file holds nothing as dark as air or fat: its values are not taken as Hounsfield units. If 1024 was added to a CT, "
    "take it away before the import.",
)


def answer_volume(request: ReadRequest, send: Send, wait: Wait) -> None:
    """List the file, show its middle slice, or deliver its voxels, as the request asks. Raises InputError."""
    from planning.dicom.preview import thumbnail, to_picture
    from planning.dicom.worker import delivery_for
    from planning.files.volumes import image_values, read_volumes

    path, name = Path(request.files[0][0]), Path(request.files[0][1]).name
    raw, grid = read_volumes(path, name)
    phases = [image_values(each, name) for each in raw]
    del raw
    if len({each.dtype for each in phases}) > 1:
        phases = [each.astype(np.float32) for each in phases]
    voxels = phases[0]
    # such files do not say what they hold: fat and air lie below zero in a CT, hardly anything does in other images
    is_ct = float(voxels.min()) < LEAST_CT_HU
    info = SeriesInfo(
        id=name,
        index=1,
        modality="CT" if is_ct else "OT",
        description="",
        kind="volume" if len(phases) == 1 else "4d",
        file_count=1,
        size_ijk=grid.size_ijk,
        spacing_mm=tuple(grid.spacing_mm.tolist()),
        origin_mm=tuple(grid.origin_mm.tolist()),
        direction=tuple(tuple(row) for row in grid.direction.tolist()),
        phases=len(phases),
        importable=True,
        problems=() if is_ct else (VALUES_IN_DOUBT,),
    )
    if request.thumbnails or request.picture:
        picture = to_picture(voxels[grid.size_ijk[2] // 2], is_ct)
        info = replace(info, thumbnail=thumbnail(picture))
        if request.picture:
            send(("picture", picture))
    send(("scanned", ScanResult((info,), (), ())))
    if not request.load:
        return
    if request.series not in (None, 1, "1", info.id):
        raise InputError(f"There is no series '{request.series}' in this file", "Leave --series out", "series")
    labels = ("",) if len(phases) == 1 else tuple(f"phase {n + 1}" for n in range(len(phases)))
    send(("layout", info, grid.size_ijk, grid.world_from_index.tolist(), voxels.dtype.name, labels, (), {}, {}, None))
    delivery = delivery_for(request, voxels.dtype, grid.shape_kji, send, wait)
    for phase, each in enumerate(phases):
        for k in range(grid.size_ijk[2]):
            place = delivery.place(phase, k)
            target = delivery.array(phase)[place]
            target[...] = each[k]
            if is_ct:
                target[target <= CT_PADDING_BELOW_HU] = PADDING_HU
            delivery.done(phase, k)
    send(("loaded",))


def answer_labels(request: ReadRequest, send: Send) -> None:
    """Send label maps: ("labels", size, matrix, names), then the voxels of each layer. Raises InputError."""
    from planning.files.endings import is_volume_file
    from planning.files.labels import label_values
    from planning.files.volumes import read_volume

    path, name = Path(request.files[0][0]), request.files[0][1]
    names: dict[int, str] = {}
    layers: list[npt.NDArray[Any]]
    if is_volume_file(path):
        raw, grid = read_volume(path, name)
        layers = [label_values(raw, name)]
    else:
        from planning.dicom.label_objects import read_label_object

        own = None if request.grid is None else Grid(request.grid[0], np.array(request.grid[1]))
        layers, grid, names = read_label_object(path, name, own, request.resample)
    send(("labels", grid.size_ijk, grid.world_from_index.tolist(), names))
    for number, voxels in enumerate(layers):
        shared = share(voxels.dtype, grid.shape_kji, number, send)
        shared[:] = np.asarray(voxels)
    send(("filled",))
