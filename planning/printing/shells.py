"""The closed sheets of a surface: solids, hollows in them, solids in hollows; and hollows that nothing can leave."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.filled import filled
from planning.geometry import FloatArray, Grid
from planning.mesh import SurfaceMesh
from planning.printing.faults import Fault, Place, place
from planning.printing.proof import signed_distances_mm

LEAST_LOOSE_ML = 0.1
"""Below this a loose piece is a crumb: dropped without asking what it was."""
# rounding leaves sheets of no volume, which other checks tell
NOTHING_MM3 = 1e-3
MOST_POINTS = 3_000_000
MOST_ANGLES = 5_000_000
STEPS_A_HOLE = 5.0


@dataclass(frozen=True, slots=True, eq=False)
class Shell:
    """A sheet that hangs together over its points.

    triangles: (N,) numbers. volume_mm3: enclosed, negative where it faces inward. depth: how many other sheets it lies in;
    even ones bound solids, odd ones hollows. inside_mm: a place in what it encloses, beside its own surface.
    """

    triangles: npt.NDArray[np.int64]
    volume_mm3: float
    depth: int
    parent: int
    inside_mm: Place


def shells_of(mesh: SurfaceMesh) -> list[Shell]:
    """All sheets with a volume, the largest first. `parent` counts in this list, −1 for none."""
    sheets = sheets_of(mesh)
    made = []
    lows = [mesh.points_mm[mesh.triangles[own]].min(axis=(0, 1)) for own, _ in sheets]
    highs = [mesh.points_mm[mesh.triangles[own]].max(axis=(0, 1)) for own, _ in sheets]
    holders: list[list[int]] = [[] for _ in sheets]
    for outer, (own, _) in enumerate(sheets):
        within = [
            inner
            for inner in range(outer + 1, len(sheets))
            if (lows[inner] >= lows[outer]).all() and (highs[inner] <= highs[outer]).all()
        ]
        if within:
            points = np.array([mesh.points_mm[mesh.triangles[sheets[inner][0][0], 0]] for inner in within])
            for inner, is_in in zip(within, _are_inside(points, part_of(mesh, own)), strict=True):
                if is_in:
                    holders[inner].append(outer)
    for number, (own, volume) in enumerate(sheets):
        # the smallest sheet round it comes last
        parent = holders[number][-1] if holders[number] else -1
        made.append(Shell(own, volume, len(holders[number]), parent, inside_of(part_of(mesh, own))))
    return made


def shell_faults(mesh: SurfaceMesh, shells: list[Shell] | None = None) -> list[Fault]:
    """Sheets that face the wrong way, hollows without a way out, and solids that are not joined to the largest.

    A hollow's measure is what it holds, less the solids in it.
    """
    found = shells_of(mesh) if shells is None else shells
    faults: list[Fault] = []
    for number, shell in enumerate(found):
        is_hollow = shell.depth % 2 == 1
        volume_ml = abs(shell.volume_mm3) / 1000.0
        if (shell.volume_mm3 < 0.0) is not is_hollow:
            at = place(mesh.points_mm[mesh.triangles[shell.triangles[0], 0]])
            faults.append(Fault("orientation", volume_ml, "ml", at, count=len(shell.triangles), fix="turn_shells"))
        if is_hollow:
            inner = sum(abs(other.volume_mm3) for other in found if other.parent == number) / 1000.0
            faults.append(Fault("trapped", volume_ml - inner, "ml", shell.inside_mm, 0.0, fix="add_drains"))
        elif number > 0:
            fix = "drop_crumbs" if volume_ml < LEAST_LOOSE_ML else "drop_loose"
            faults.append(Fault("loose", volume_ml, "ml", shell.inside_mm, LEAST_LOOSE_ML, fix=fix))
    return faults


def narrow_faults(mesh: SurfaceMesh, hole_mm: float) -> list[Fault]:
    """Rooms that are open to the outside only through ways narrower than `hole_mm`: powder and resin stay in them.

    Found on a grid: outside points farther than half a hole from the part, as far as they are not joined to the outside.
    Closed hollows are not among them. The measure is the room's volume, with what lies within half a hole of its walls.
    """
    if hole_mm <= 0.0 or not len(mesh.triangles):
        return []
    from scipy import ndimage

    low, high = mesh.points_mm.min(axis=0), mesh.points_mm.max(axis=0)
    step = hole_mm / STEPS_A_HOLE
    while np.prod((high - low + 2.0 * hole_mm) / step + 5.0) > MOST_POINTS:
        step *= 1.1
    if step > hole_mm / 2.0:
        # such a way would not be seen on the grid
        return []
    edge = hole_mm + 2.0 * step
    size = np.ceil((high - low + 2.0 * edge) / step).astype(int) + 1
    grid = Grid.from_parts((int(size[0]), int(size[1]), int(size[2])), (step,) * 3, low - edge)
    solid = filled(mesh, grid)
    open_air = ndimage.label(~solid)[0]
    away = _away_mm(solid, step)
    free, count = ndimage.label((away > 0.5 * hole_mm) & (open_air == open_air[0, 0, 0]))
    outer = free[0, 0, 0]
    faults = []
    for number in range(1, count + 1):
        room = free == number
        if number == outer:
            continue
        reach = (_away_mm(room, step) <= 0.5 * hole_mm) & ~solid
        deepest = np.unravel_index(int(np.where(room, away, -1.0).argmax()), room.shape)
        at = grid.to_world(np.array(deepest[::-1], dtype=np.float64))
        volume = float(np.count_nonzero(reach)) * step**3 / 1000.0
        faults.append(Fault("narrow", volume, "ml", place(at), 0.0, fix="add_drains"))
    return sorted(faults, key=lambda fault: -fault.measure)


def _away_mm(mask: npt.NDArray[np.bool_], step_mm: float) -> npt.NDArray[np.float32]:
    """Distance of every grid point from the nearest one of the mask."""
    import SimpleITK

    image = SimpleITK.GetImageFromArray(mask.astype(np.uint8))
    image.SetSpacing([step_mm] * 3)
    signed = SimpleITK.SignedMaurerDistanceMap(image, False, False, True)
    return np.asarray(np.maximum(SimpleITK.GetArrayFromImage(signed), 0.0), dtype=np.float32)


def part_of(mesh: SurfaceMesh, triangles: npt.NDArray[np.int64]) -> SurfaceMesh:
    """Some of a surface's triangles with the points that they use."""
    used, numbers = np.unique(mesh.triangles[triangles], return_inverse=True)
    return SurfaceMesh(mesh.points_mm[used], numbers.reshape(-1, 3).astype(np.int32))


def sheets_of(mesh: SurfaceMesh) -> list[tuple[npt.NDArray[np.int64], float]]:
    """(triangle numbers, volume in mm³) of each connected sheet, the largest volume first."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    if not len(mesh.triangles):
        return []
    edges = np.concatenate([mesh.triangles[:, (0, 1)], mesh.triangles[:, (1, 2)]])
    graph = coo_matrix((np.ones(len(edges), np.int8), (edges[:, 0], edges[:, 1])), shape=(len(mesh.points_mm),) * 2)
    labels = connected_components(graph, directed=False)[1][mesh.triangles[:, 0]]
    a, b, c = (mesh.points_mm[mesh.triangles[:, n]] - mesh.points_mm[0] for n in range(3))
    volumes = np.bincount(labels, np.einsum("ij,ij->i", a, np.cross(b, c)) / 6.0)
    order = np.argsort(labels, kind="stable")
    names, starts = np.unique(labels[order], return_index=True)
    parts = np.split(order, starts[1:])
    sheets = [
        (own, float(volumes[name])) for name, own in zip(names.tolist(), parts) if abs(volumes[name]) > NOTHING_MM3
    ]
    return sorted(sheets, key=lambda sheet: -abs(sheet[1]))


def _are_inside(points_mm: FloatArray, sheet: SurfaceMesh) -> npt.NDArray[np.bool_]:
    """Whether each point lies in a closed sheet: its solid angle is the whole sphere (van Oosterom and Strackee's formula,
    doi 10.1109/TBME.1983.325207), or of very many the side that the nearest face tells."""
    if len(points_mm) * len(sheet.triangles) > MOST_ANGLES:
        return signed_distances_mm(points_mm, sheet) < 0.0
    inside = np.zeros(len(points_mm), dtype=bool)
    corners = sheet.points_mm[sheet.triangles]
    for n, point in enumerate(points_mm):
        a, b, c = (corners[:, m] - point for m in range(3))
        la, lb, lc = (np.linalg.norm(v, axis=1) for v in (a, b, c))
        top = np.einsum("ij,ij->i", a, np.cross(b, c))
        ab, bc, ca = (np.einsum("ij,ij->i", v, w) for v, w in ((a, b), (b, c), (c, a)))
        angle = np.arctan2(top, la * lb * lc + ab * lc + bc * la + ca * lb).sum()
        inside[n] = abs(angle) > np.pi
    return inside


def inside_of(sheet: SurfaceMesh) -> Place:
    """The sheet's middle where that lies in it, else a point just behind its largest triangle."""
    corners = sheet.points_mm[sheet.triangles]
    origin = sheet.points_mm.mean(axis=0)
    cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    shares = np.einsum("ij,ij->i", corners[:, 0] - origin, cross)
    middle = origin + (shares[:, None] * (corners - origin).sum(axis=1)).sum(axis=0) / (4.0 * float(shares.sum()))
    if _are_inside(middle[None], sheet)[0]:
        return place(middle)
    largest = int(np.linalg.norm(cross, axis=1).argmax())
    normal = cross[largest] / max(float(np.linalg.norm(cross[largest])), 1e-300)
    inward = -normal if shares.sum() > 0 else normal
    step = 0.25 * float(np.sqrt(np.linalg.norm(cross[largest])))
    return place(corners[largest].mean(axis=0) + step * inward)
