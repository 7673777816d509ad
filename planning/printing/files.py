"""The files of a model: which there are, written beside their place, and read back as every slicer would."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from planning.errors import InputError, UsageError
from planning.files.mesh_formats import stl
from planning.files.meshes import ENDINGS, MeshObject, write_meshes
from planning.files.place import exists
from planning.geometry import FloatArray
from planning.mesh import SurfaceMesh
from planning.printing.again import read_again

# a file each for several parts
APART = (".stl", ".ply")


@dataclass(slots=True, eq=False)
class Drafts:
    """Files in a folder of their own. groups: numbers of the objects in each; placements: (4, 4) from each file's
    coordinates to those that the objects were given in. reader: what read them again."""

    paths: list[Path]
    groups: list[list[int]]
    placements: list[FloatArray] = field(default_factory=list)
    reader: str = ""

    def placement_of(self, number: int) -> FloatArray:
        """From the file that holds an object."""
        return next(matrix for group, matrix in zip(self.groups, self.placements, strict=True) if number in group)


def check_ending(out_path: Path, draco: bool = False) -> None:
    """Raises UsageError for a file that no model is written to."""
    ending = out_path.suffix.lower()
    if ending not in ENDINGS or ending == ".vtp":
        raise UsageError(
            f"Nothing is printed to '{ending or out_path.name}' in this version",
            "Use .3mf, .stl, .obj, .ply, .glb or .usdz",
        )
    if draco and ending != ".glb":
        raise UsageError(f"Draco packs .glb files, not '{ending}'", "Write a .glb, or leave --draco out")


def check_folder(out_path: Path) -> None:
    """Raises InputError for a folder that is not there."""
    if not out_path.parent.is_dir():
        raise InputError(f"The folder of {out_path.name} does not exist", "Make it first", "no_folder")


def targets_of(out_path: Path, names: Sequence[str], plates: Sequence[int]) -> tuple[list[Path], list[list[int]]]:
    """(files, numbers of the objects in each): one file a plate, or one an object in formats that hold no more."""
    ending = out_path.suffix.lower()
    if ending in APART:
        if len(names) == 1:
            return [out_path], [[0]]
        return [out_path.with_name(f"{out_path.stem}-{name}{ending}") for name in names], [
            [n] for n in range(len(names))
        ]
    numbers = sorted(set(plates))
    if len(numbers) <= 1:
        return [out_path], [list(range(len(names)))]
    paths = [out_path.with_name(f"{out_path.stem}-plate_{plate + 1}{ending}") for plate in numbers]
    return paths, [[n for n, own in enumerate(plates) if own == plate] for plate in numbers]


def note_of(out_path: Path) -> list[Path]:
    """The text beside STL files."""
    return [out_path.with_suffix(".mm.txt")] if out_path.suffix.lower() == ".stl" else []


def refuse_existing(targets: Sequence[Path], force: bool) -> None:
    """Raises InputError for a folder, and for a file that is there unless it may be replaced."""
    for target in targets:
        if target.is_dir():
            raise InputError(f"{target.name} is a folder", "Choose another name", "exists")
        if exists(target) and not force:
            raise InputError(f"{target.name} exists already", "Choose another name or use --force", "exists")


def write_drafts(
    folder: Path,
    targets: Sequence[Path],
    groups: list[list[int]],
    objects: Sequence[MeshObject],
    *,
    draco: bool,
    title: str = "",
) -> Drafts:
    """All objects in a folder under their files' names; title: of the formats that have room for one."""
    drafts = Drafts([folder / target.name for target in targets], groups)
    for path, group in zip(drafts.paths, groups, strict=True):
        drafts.placements.append(write_meshes(path, [objects[number] for number in group], draco=draco, title=title))
    return drafts


def write_note(drafts: Drafts, note: Path, objects: Sequence[MeshObject]) -> None:
    """What STL cannot hold, as text."""
    rows = [
        (path.name, objects[number])
        for path, group in zip(drafts.paths, drafts.groups, strict=True)
        for number in group
    ]
    note.write_text(stl.note(rows), encoding="utf-8", newline="\n")


def read_back(drafts: Drafts, objects: Sequence[MeshObject]) -> list[SurfaceMesh]:
    """Every object as read back from its file, in the coordinates it was given in."""
    found: dict[int, SurfaceMesh] = {}
    for path, group, placement in zip(drafts.paths, drafts.groups, drafts.placements, strict=True):
        drafts.reader, meshes = _read_back(path, [objects[n] for n in group])
        for number, mesh in zip(group, meshes, strict=True):
            found[number] = moved_by(mesh, placement)
    return [found[number] for number in range(len(objects))]


def moved_by(mesh: SurfaceMesh, matrix: FloatArray) -> SurfaceMesh:
    """A surface moved rigidly by (4, 4)."""
    return SurfaceMesh(mesh.points_mm @ matrix[:3, :3].T + matrix[:3, 3], mesh.triangles)


def _read_back(path: Path, group: Sequence[MeshObject]) -> tuple[str, list[SurfaceMesh]]:
    """(which reader, the objects of a file in the order of `group`)."""
    reader, found = read_again(path)
    if path.suffix.lower() != ".obj":
        if len(found) > 1:
            # some formats keep their own order; names tell which part is which
            by_name = dict(found)
            return reader, [_merged(by_name[item.name]) for item in group]
        return reader, [_merged(mesh) for _, mesh in found]
    # one reader gives all objects as one surface: part it again by what was written
    whole = found[0][1]
    parts: list[SurfaceMesh] = []
    at = 0
    for item in group:
        count = len(item.mesh.triangles)
        # only its own points: the others' would count as being far away from what was planned
        used, corners = np.unique(whole.triangles[at : at + count], return_inverse=True)
        parts.append(_merged(SurfaceMesh(whole.points_mm[used], corners.reshape(-1, 3).astype(np.int32))))
        at += count
    return reader, parts


def _merged(mesh: SurfaceMesh) -> SurfaceMesh:
    """STL keeps no shared points: equal ones are joined again, as every slicer does."""
    bits = np.ascontiguousarray(mesh.points_mm + 0.0).view(np.uint64)
    mixed = bits * np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)
    keys = mixed[:, 0] ^ (mixed[:, 1] >> np.uint64(7)) ^ (mixed[:, 2] >> np.uint64(3))
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    if not np.array_equal(bits[first][inverse.reshape(-1)], bits):
        # two points have one key, as a point and its mirror may: compare them whole
        _, first, inverse = np.unique(bits, axis=0, return_index=True, return_inverse=True)
    return SurfaceMesh(mesh.points_mm[first], inverse.reshape(-1)[mesh.triangles].astype(np.int32))
