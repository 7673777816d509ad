"""Label maps from NIfTI, NRRD, MHA or DICOM SEG, their names, and their way onto an image's grid."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.dicom.child import run_child
from planning.dicom.delivery import open_shared
from planning.dicom.elements import clean_text
from planning.dicom.model import ReadRequest
from planning.errors import GeometryError, InputError
from planning.files.json_text import parsed_json
from planning.geometry import Grid
from planning.naming import MOST_LETTERS
from planning.volume import LabelMap


def read_names(path: Path) -> dict[int, str]:
    """{"1": "liver"} or {"liver": 1} as {1: "liver"}. Raises InputError for anything else."""
    if not path.exists():
        raise InputError(f"{path.name} is not there", "Check the name of the names file", "not_there")
    wrong = InputError(f"{path.name} does not name labels", 'Write it as {"1": "liver", "2": "tumor"}', "names")
    try:
        table = parsed_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise wrong from error
    if not isinstance(table, dict) or not table:
        raise wrong
    names: dict[int, str] = {}
    for key, value in table.items():
        if str(key).isdigit() and isinstance(value, str):
            number, name = int(key), value
        elif isinstance(value, int) and not isinstance(value, bool):
            number, name = value, str(key)
        else:
            raise wrong
        if not name.strip() or number < 0 or number in names:
            raise wrong
        if number:
            names[number] = name.strip()
    return names


def _name(names: Mapping[int, str], value: int) -> str:
    """As it stands in one line of a list; "" for none."""
    return clean_text(names.get(value, ""))[:MOST_LETTERS].strip()


def read_label_map(path: Path, names: Mapping[int, str] | None = None) -> LabelMap:
    """One label map; where structures overlap the later one wins. Raises InputError or GeometryError with what to do."""
    first, *others = read_label_maps(path, names)
    voxels = np.array(first.voxels)
    for one in others:
        np.copyto(voxels, one.voxels, where=one.voxels > voxels)
    return LabelMap(first.grid, voxels, {value: name for one in (first, *others) for value, name in one.names.items()})


def read_label_maps(
    path: Path, names: Mapping[int, str] | None = None, grid: Grid | None = None, resample: bool = False
) -> list[LabelMap]:
    """Label maps that together hold all structures of a file, those that overlap apart; unnamed values are "label 3".

    grid: of the image that they belong to; contours (RTSTRUCT) and surfaces in DICOM need it, as these have none of their
    own, and with `resample` they may lie between its slices. Raises InputError or GeometryError with what to do.
    """
    path = Path(path)
    if not path.exists():
        raise InputError(f"{path.name} is not there", "Check the name of the label map", "not_there")
    found: dict[str, Any] = {}
    layers: list[npt.NDArray[Any]] = []

    def receive(message: tuple[Any, ...]) -> None:
        found[message[0]] = message[1:]
        if message[0] == "mapped":
            layers.append(open_shared(message))

    place = None if grid is None else (grid.size_ijk, grid.world_from_index.tolist())
    request = ReadRequest(((str(path), path.name),), load=True, labels=True, grid=place, resample=resample)
    run_child(request, receive, None)
    if "filled" not in found:
        raise InputError(f"{path.name} cannot be read as a label map", "Write it again", "labels")
    size, matrix, own_names = found["labels"]
    maps = []
    for voxels in layers:
        values = [int(value) for value in np.unique(voxels) if value]
        named = {value: _name(names or {}, value) or _name(own_names, value) or f"label {value}" for value in values}
        maps.append(LabelMap(Grid(size, np.array(matrix)), np.asarray(voxels), named))
    return maps


def label_values(voxels: npt.NDArray[Any], name: str) -> npt.NDArray[Any]:
    """uint8 or uint16 labels. Raises InputError for values that are no labels."""
    if voxels.dtype.kind == "f" and (not np.isfinite(voxels).all() or not np.array_equal(voxels, np.round(voxels))):
        raise InputError(f"{name} holds fractions, not labels", "Write whole numbers", "labels")
    if voxels.size and (voxels.min() < 0 or voxels.max() > 65535):
        raise InputError(f"{name} holds labels outside 0 to 65535", "Write it as unsigned numbers", "labels")
    return voxels.astype(np.uint8 if not voxels.size or voxels.max() < 256 else np.uint16)


def on_grid(labels: LabelMap, grid: Grid, resample: bool) -> LabelMap:
    """The label map on an image's grid.

    One that covers the same voxels in another order (flipped or permuted axes) is reordered exactly. Another grid is
    refused with the difference said, or taken by nearest neighbour when `resample`.
    """
    if labels.grid.is_same(grid, 0.01):
        return LabelMap(grid, labels.voxels, labels.names)
    same_lattice = _is_permutation(labels.grid, grid)
    if not same_lattice and not resample:
        raise GeometryError(
            f"The label map lies on another grid: {describe_difference(labels.grid, grid)}",
            "Use theatrum labels CASE add FILE --resample to take it by nearest neighbour",
            "other_grid",
        )
    return LabelMap(grid, resample_nearest(labels, grid), labels.names)


def _is_permutation(first: Grid, second: Grid) -> bool:
    if sorted(first.size_ijk) != sorted(second.size_ijk):
        return False
    corners = np.array(np.meshgrid(*[(0, n - 1) for n in first.size_ijk])).reshape(3, -1).T
    there = second.to_index(first.to_world(corners))
    inside = (there > -0.02).all() and (there < np.array(second.size_ijk) - 0.98).all()
    return bool(inside and np.abs(there - np.rint(there)).max() < 0.02)


def describe_difference(first: Grid, second: Grid) -> str:
    """How two grids differ, in voxels and millimetres."""
    if first.size_ijk != second.size_ijk:
        return f"{'×'.join(map(str, first.size_ijk))} voxels, the image has {'×'.join(map(str, second.size_ijk))}"
    return f"its corners lie up to {first.corner_distance_mm(second):.2f} mm from the image's"


def resample_nearest(labels: LabelMap, grid: Grid) -> npt.NDArray[Any]:
    """Labels at the nearest voxel of each of the grid's voxels, 0 outside; slice by slice to keep memory flat."""
    matrix = labels.grid.index_from_world @ grid.world_from_index
    target = np.zeros(grid.shape_kji, dtype=labels.voxels.dtype)
    limits = np.array(labels.grid.size_ijk)
    j, i = np.meshgrid(np.arange(grid.size_ijk[1]), np.arange(grid.size_ijk[0]), indexing="ij")
    for k in range(grid.size_ijk[2]):
        index = np.rint(np.stack([i, j, np.full_like(i, k)], axis=-1) @ matrix[:3, :3].T + matrix[:3, 3]).astype(
            np.intp
        )
        inside = ((index >= 0) & (index < limits)).all(axis=-1)
        picked = index[inside]
        target[k][inside] = labels.voxels[picked[:, 2], picked[:, 1], picked[:, 0]]
    return target
