"""Surfaces in files: STL, PLY, OBJ, VTP in LPS millimetres; 3MF on the plate; GLB and USDZ in metres, y up. Never mirrored.

`mesh_formats` holds one module for each. Files from outside are read in a child process (`mesh_child`).
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from planning.errors import InputError, UsageError
from planning.files.mesh_formats import by_vtk, glb, obj, ply, stl, threemf, usdz
from planning.files.mesh_formats.by_vtk import vtk_surface
from planning.files.mesh_formats.frames import GLB_FROM_LPS, file_placement, moved
from planning.files.mesh_formats.objects import APPLICATION, MeshObject
from planning.files.place import writing
from planning.geometry import FloatArray
from planning.mesh import SurfaceMesh

__all__ = [
    "APPLICATION",
    "ENDINGS",
    "GLB_FROM_LPS",
    "MeshObject",
    "companions",
    "file_placement",
    "read_mesh",
    "read_meshes",
    "vtk_surface",
    "write_meshes",
]

Writer = Callable[[Path, Sequence[MeshObject]], None]
Reader = Callable[[Path], list[tuple[str, SurfaceMesh]]]

WRITERS: dict[str, Writer] = {
    ".stl": stl.write,
    ".ply": ply.write,
    ".obj": obj.write,
    ".vtp": by_vtk.write_vtp,
    ".3mf": threemf.write,
    ".glb": glb.write,
}
ENDINGS = (*WRITERS, ".usdz")
READERS: dict[str, Reader] = {".3mf": threemf.read, ".glb": glb.read, ".usdz": usdz.read}


def companions(path: Path) -> list[Path]:
    """Files that are written beside a surface file of this name: the materials of an OBJ."""
    return [path.with_suffix(".mtl")] if path.suffix.lower() == ".obj" else []


def write_meshes(path: Path, objects: Sequence[MeshObject], *, draco: bool = False, title: str = "") -> FloatArray:
    """Write all objects into one file, whole or not at all, and return its placement: (4, 4) from the file to LPS mm.

    .stl, .ply and .vtp hold one object; several are an error of the caller. draco: pack a .glb. title: of a .3mf, which
    has room for one, instead of the usual. Raises UsageError for another ending, InputError for a place that cannot be written.
    """
    path = Path(path)
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise UsageError(f"No surface is written to '{ending}' in this version", f"Use one of {', '.join(ENDINGS)}")
    if draco and ending != ".glb":
        raise UsageError(f"Draco packs .glb files, not '{ending}'", "Write a .glb, or write it unpacked")
    placement = file_placement(ending, [item.mesh for item in objects])
    there = np.asarray(np.linalg.inv(placement), dtype=np.float64)
    placed = [MeshObject(item.name, moved(item.mesh, there), item.color, item.opacity) for item in objects]
    with writing(path), tempfile.TemporaryDirectory(prefix=".theatrum-", dir=path.parent) as folder:
        part = Path(folder) / path.name
        if ending == ".usdz":
            usdz.write(part, placed, placement)
        elif ending == ".3mf" and title:
            threemf.write(part, placed, title)
        else:
            (glb.write_draco if draco else WRITERS[ending])(part, placed)
        for written in sorted(Path(folder).iterdir(), reverse=True):
            with written.open("rb+") as file:
                os.fsync(file.fileno())
            written.replace(path.with_name(written.name))
    return placement


def read_mesh(path: Path) -> SurfaceMesh:
    """The surface of a file from outside, all its objects as one: in the file's own coordinates, those of .glb and .usdz,
    whose units and axes are fixed, as LPS mm. Read in a process of its own with limits.

    Raises InputError with what to do for a file that is not there or cannot be read, and for a .3mf of our own: it lies
    on a printer's plate, and where that was in the patient is not in it.
    """
    from planning.files.mesh_child import in_child

    path = Path(path)
    if not path.exists():
        raise InputError(f"{path.name} is not there", "Check the name of the surface file", "not_there")
    if path.suffix.lower() not in READERS and path.suffix.lower() not in by_vtk.READABLE:
        raise _no_surface(path)
    return in_child(path)


def read_meshes(path: Path) -> list[tuple[str, SurfaceMesh]]:
    """(name, surface) of each object of a file that this program wrote, in the file's own coordinates, read by another
    reader than wrote it wherever there is one; the formats that VTK reads give one surface without a name."""
    path = Path(path)
    ending = path.suffix.lower()
    if ending in READERS:
        return READERS[ending](path)
    if ending not in by_vtk.READABLE:
        raise _no_surface(path)
    return [("", by_vtk.read(path))]


def whole_in_lps(path: Path) -> SurfaceMesh:
    """What `read_mesh` answers, read in this process. Raises InputError."""
    ending = path.suffix.lower()
    found = usdz.read_lps(path) if ending == ".usdz" else read_meshes(path)
    if ending == ".3mf" and threemf.is_on_plate(path):
        raise InputError(
            f"{path.name} was written for a printer: its parts lie on the plate, not where they are in the patient",
            "Write the surface as .stl, .ply, .obj or .glb",
            "on_plate",
        )
    points = np.concatenate([mesh.points_mm for _, mesh in found])
    shift = np.cumsum([0, *(len(mesh.points_mm) for _, mesh in found[:-1])])
    triangles = np.concatenate([mesh.triangles + start for (_, mesh), start in zip(found, shift)])
    whole = SurfaceMesh(points, triangles)
    return moved(whole, np.linalg.inv(GLB_FROM_LPS)) if ending == ".glb" else whole


def _no_surface(path: Path) -> InputError:
    known = ", ".join((*by_vtk.READABLE, *READERS))
    return InputError(f"{path.name} is no surface file", f"Use one of {known}", "ending")
