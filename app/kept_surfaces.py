"""Surfaces of structures as they are drawn in 3D, kept by what they were made of."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planning.mesh import SurfaceMesh

if TYPE_CHECKING:
    from app.kept_files import KeptFiles
    from planning.case.model import Structure

# another number whenever surfaces are made in another way
WAY = 1
PARTS = ("points_mm", "triangles", "normals")


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that a structure's surface follows from, in words."""

    words: str

    @classmethod
    def of(cls, structure: Structure, kind: str, *most_triangles: int) -> Recipe:
        """kind: of `surface_from_mask`. most_triangles: of the whole surface and of the light one."""
        grid = hashlib.sha256(structure.grid.world_from_index.tobytes()).hexdigest()
        shape = f"{structure.array.sha256} {structure.array.shape} {structure.start_ijk}"
        return cls(f"surface {WAY} {kind} {most_triangles} {shape} {structure.grid.size_ijk} {grid}")


def kept_surfaces(files: KeptFiles, recipe: Recipe) -> tuple[SurfaceMesh, SurfaceMesh] | None:
    """(the whole surface, the light one) with their normals, None where they are not kept."""
    found = files.get(recipe.words)
    if found is None:
        return None
    whole, light = (SurfaceMesh(*(found[f"{which}_{part}"] for part in PARTS)) for which in ("whole", "light"))
    return whole, light


def keep_surfaces(files: KeptFiles, recipe: Recipe, whole: SurfaceMesh, light: SurfaceMesh) -> None:
    """Keep a structure's surfaces for the next opening."""
    meshes = {"whole": whole, "light": light}
    arrays = {f"{which}_{part}": getattr(mesh, part) for which, mesh in meshes.items() for part in PARTS}
    files.put(recipe.words, arrays)
