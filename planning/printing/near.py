"""The piece of a part round one place: what a repair would do there is found on it, without waiting for the whole part."""

from __future__ import annotations

from planning.errors import MeasurementError
from planning.geometry import FloatArray
from planning.mesh import SurfaceMesh
from planning.printing.mending import Wish, mended
from planning.printing.solids import mesh_of, solid_of


def part_near(mesh: SurfaceMesh, at_mm: FloatArray, reach_mm: float) -> SurfaceMesh:
    """What of a solid lies in a cube round a place. Raises MeasurementError where it is no closed solid, or none of it does."""
    import manifold3d

    cube = manifold3d.Manifold.cube((2.0 * reach_mm,) * 3, True)
    made = solid_of(mesh, at_mm) ^ cube
    if made.is_empty():
        raise MeasurementError("Nothing of the part is near", "Choose another place", "far")
    return mesh_of(made, at_mm)


def mended_near(mesh: SurfaceMesh, at_mm: FloatArray, reach_mm: float, fix: str, wish: Wish) -> SurfaceMesh | None:
    """The part round a place as a fix would leave it; None where it would change nothing, or cannot be told here.

    Only what lies farther than a few walls from the cube's sides is as in the whole part.
    """
    try:
        done = mended(part_near(mesh, at_mm, reach_mm), fix, wish)
    except MeasurementError:
        return None
    return done.mesh if done.changed else None
