"""The parts of a liver plan as closed solids: what stays, what each resection takes, tumours, vessels, territories.

The organ's surface is meshed once and cut by exact booleans with the resections' own surfaces, so cut faces are sharp,
lie where the plan puts them, and neighbouring parts share them. A part's voxels are counted beside its mesh; faces of
sampled regions (wedges, territories) are moved within their samples until mesh and voxels hold the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.geometry import FloatArray, Grid, Vector, plane_basis
from planning.liver.held import HeldVessels
from planning.liver.model import LiverModel
from planning.liver.own_volume import holding
from planning.liver.realise import between
from planning.liver.regions import (
    SIDE_TOLERANCE_MM,
    EllipsoidRegion,
    FieldRegion,
    PlaneRegion,
    Region,
    SheetRegion,
    net_triangles,
)
from planning.liver.territories import ClosedOrgan
from planning.mesh import SurfaceMesh
from planning.printing.solids import bodies, mesh_of, solid_of
from planning.progress import CancelToken, Progress, no_progress
from planning.surface import closed_contour, surface_from_mask
from planning.volume import Mask

BEYOND_MM = 6.0
NET_STEP_MM = 1.0
SEGMENTS = 160
PAD = 3
LEAST_ML = 0.005
"""What is smaller than this is a sliver of a mesh, no part."""
# what is held against its voxels in each part: a cut may leave the rough side of it here and the smooth one there
HELD_KINDS = ("vessel", "lesion")
SHIFTS = 4
VOLUME_TOLERANCE = 5e-4
ROLES = ("kept", "removed", "tumor", "portal", "hepatic", "territory")


@dataclass(frozen=True, slots=True, eq=False)
class PlanPart:
    """One solid of a plan.

    name: for files, without identifiers ("removed_2", "portal_kept"). role: one of ROLES. of: 0 for what is kept, else the number
    of the resection that takes it, from 1; None for territories, which no resection made. mesh: closed, LPS mm.
    mask: its voxels, by the plan's own count.
    """

    name: str
    role: str
    of: int | None
    mesh: SurfaceMesh
    mask: Mask

    @property
    def voxels_ml(self) -> float:
        """Volume of its voxels."""
        return self.mask.volume_ml


@dataclass(frozen=True, slots=True, eq=False)
class PlanCutter:
    """An organ's solid and the solids of its resections, about `origin_mm`.

    regions, solids: one for each resection, in the plan's order; a place that several take belongs to the first.
    organ: None where only other structures are cut, and no resection had to be fitted to the organ.
    """

    origin_mm: Vector
    organ: Any
    regions: tuple[Region, ...]
    solids: tuple[Any, ...]

    @classmethod
    def of(
        cls, model: LiverModel, regions: Sequence[Region], organ: SurfaceMesh | None = None, *, whole_too: bool = True
    ) -> PlanCutter:
        """Of a prepared liver; organ: its surface where it was made already. whole_too: whether the organ will be cut.

        Raises MeasurementError where a surface encloses nothing.
        """
        origin = model.corners_mm.mean(axis=0)
        if not whole_too and not any(isinstance(region, FieldRegion) for region in regions):
            # its surface takes seconds
            own = tuple(region_solid(region, model.corners_mm, origin) for region in regions)
            return cls(origin, None, tuple(regions), own)
        mesh = organ if organ is not None else surface_from_mask(model.organ, kind="organ")
        whole = rest = solid_of(mesh, origin)
        left = np.ones(model.voxels.count, dtype=bool)
        solids = []
        for region in regions:
            taken = left & model.voxels.removed([region])
            left &= ~taken
            solid = region_solid(region, model.corners_mm, origin)
            if isinstance(region, FieldRegion):
                solid = _fitted(region, solid, rest, float(np.count_nonzero(taken) * model.voxel_ml), origin)
            solids.append(solid)
            rest = rest - solid
        return cls(origin, whole, tuple(regions), tuple(solids))

    def split(self, solid: Any) -> list[Any]:
        """[what is kept, what the first resection takes, what the second takes beyond it, …] of a solid."""
        taken = []
        for cutter in self.solids:
            taken.append(solid ^ cutter)
            solid = solid - cutter
        return [solid, *taken]

    def part_of(self, points_mm: FloatArray) -> npt.NDArray[np.intp]:
        """(N,) which part (N, 3) places belong to, by the plan's own rule: 0 kept, else the first resection's number."""
        part = np.zeros(len(points_mm), dtype=np.intp)
        for number in range(len(self.regions), 0, -1):
            part[self.regions[number - 1].signed_mm(points_mm) > SIDE_TOLERANCE_MM] = number
        return part


def region_solid(region: Region, corners_mm: FloatArray, origin_mm: Vector) -> Any:
    """What a region removes, as a solid that reaches beyond the (8, 3) corners of the organ's box."""
    import manifold3d

    reach = float(np.linalg.norm(corners_mm - corners_mm.mean(axis=0), axis=1).max()) + BEYOND_MM
    if isinstance(region, PlaneRegion):
        right, down = plane_basis(region.plane.normal)
        across = np.stack([right, np.cross(region.plane.normal, right), region.plane.normal], axis=1)
        del down
        middle = region.plane.project(corners_mm.mean(axis=0)[None])[0]
        size = 2.5 * reach
        matrix = np.concatenate([across, (middle - origin_mm)[:, None]], axis=1)
        box = manifold3d.Manifold.cube((size, size, 2.0 * size), True).translate((0.0, 0.0, size))
        return box.transform(matrix)
    if isinstance(region, SheetRegion):
        return solid_of(_prism(region, corners_mm), origin_mm)
    if isinstance(region, EllipsoidRegion):
        u, _ = plane_basis(region.long_axis)
        axes = np.stack([u, np.cross(region.long_axis, u), region.long_axis], axis=1)
        axes = axes * np.array([region.short_mm, region.short_mm, region.long_mm])
        matrix = np.concatenate([axes, (region.center_mm - origin_mm)[:, None]], axis=1)
        return manifold3d.Manifold.sphere(1.0, SEGMENTS).transform(matrix)
    if isinstance(region, FieldRegion):
        return _field_solid(region.field_mm, region.grid, origin_mm)
    return _field_solid(*_sampled(region, corners_mm), origin_mm)


def _fitted(region: FieldRegion, solid: Any, rest: Any, wanted_ml: float, origin_mm: Vector) -> Any:
    """The solid of a sampled region with its border moved evenly, by a fraction of a sample, until it takes of the rest
    what the voxels say: between its samples such a border is known no better."""
    most = 0.5 * float(region.grid.spacing_mm.max())
    level, area = 0.0, None
    for _ in range(SHIFTS):
        taken, other = rest ^ solid, rest - solid
        off_mm3 = taken.volume() - 1000.0 * wanted_ml
        if abs(off_mm3) <= VOLUME_TOLERANCE * 1000.0 * wanted_ml or taken.is_empty() or other.is_empty():
            break
        if area is None:
            area = max((taken.surface_area() + other.surface_area() - rest.surface_area()) / 2.0, 100.0)
        level = float(np.clip(level + off_mm3 / area, -most, most))
        solid = _field_solid(region.field_mm, region.grid, origin_mm, level)
    return solid


def _prism(region: SheetRegion, corners_mm: FloatArray) -> SurfaceMesh:
    """The height field as the floor of a block that reaches beyond the box on the removed side."""
    floor = region.surface(corners_mm, NET_STEP_MM)
    normal = region.base.normal
    away = floor.points_mm - region.base.origin_mm
    heights = away @ normal
    # the net is numbered row by row along `right`: as many columns as points share the first one's place along it
    along = away @ region.right
    columns = int(np.count_nonzero(np.abs(along - along[0]) < 1e-6))
    rows = len(away) // columns
    top = max(float(((corners_mm - region.base.origin_mm) @ normal).max()), float(heights.max())) + BEYOND_MM
    roof = floor.points_mm + (top - heights)[:, None] * normal
    count = len(roof)
    number = np.arange(count).reshape(rows, columns)
    rim = np.concatenate([number[0, :-1], number[:-1, -1], number[-1, :0:-1], number[:0:-1, 0]])
    following = np.roll(rim, -1)
    walls = np.concatenate(
        [np.stack([rim, following, following + count], 1), np.stack([rim, following + count, rim + count], 1)]
    )
    lower, upper = net_triangles(rows, columns)[:, ::-1], net_triangles(rows, columns) + count
    block = SurfaceMesh(np.concatenate([floor.points_mm, roof]), np.concatenate([lower, upper, walls]).astype(np.int32))
    if block.is_watertight and block.volume_ml > 0.0:
        return block
    turned = np.concatenate([lower, upper, walls[:, ::-1]]).astype(np.int32)
    return SurfaceMesh(block.points_mm, turned)


def _sampled(region: Region, corners_mm: FloatArray) -> tuple[npt.NDArray[np.float32], Grid]:
    low, high = corners_mm.min(axis=0) - BEYOND_MM, corners_mm.max(axis=0) + BEYOND_MM
    size = np.ceil((high - low) / NET_STEP_MM).astype(int) + 1
    grid = Grid.from_parts((int(size[0]), int(size[1]), int(size[2])), (NET_STEP_MM,) * 3, low)
    places = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T)
    return region.signed_mm(places).reshape(grid.shape_kji).astype(np.float32), grid


def _field_solid(field: npt.NDArray[np.float32], grid: Grid, origin_mm: Vector, level: float = 0.0) -> Any:
    """Where a field is above a level, carried on beyond its samples and closed there."""
    import manifold3d

    wide, around = _carried_on(field, grid)
    mesh = closed_contour(wide, around, level)
    return manifold3d.Manifold() if not len(mesh.triangles) else solid_of(mesh, origin_mm)


def _carried_on(field: npt.NDArray[np.float32], grid: Grid) -> tuple[npt.NDArray[np.float32], Grid]:
    wide = np.pad(field, PAD, mode="edge")
    low = min(float(field.min()), 0.0) - 1.0
    for axis in range(3):
        edge = np.moveaxis(wide, axis, 0)
        edge[0], edge[-1] = low, low
    matrix = grid.world_from_index.copy()
    matrix[:3, 3] = grid.to_world((-PAD, -PAD, -PAD))
    ni, nj, nk = grid.size_ijk
    return wide, Grid((ni + 2 * PAD, nj + 2 * PAD, nk + 2 * PAD), matrix)


def organ_parts(model: LiverModel, cutter: PlanCutter) -> list[PlanPart]:
    """What is kept of the organ and what each resection takes, whole with their tumours."""
    part = np.zeros(model.voxels.count, dtype=np.uint8)
    for number in range(len(cutter.regions), 0, -1):
        part[model.voxels.removed([cutter.regions[number - 1]])] = number
    inside = model.voxels.box(part + 1)
    found = []
    for number, solid in enumerate(cutter.split(cutter.organ)):
        mask = Mask(model.organ.grid, model.organ.start_ijk, inside == number + 1)
        name = part_name("", number, len(cutter.regions))
        found.append(_part(name, "removed" if number else "kept", number, solid, cutter.origin_mm, mask))
    return [one for one in found if one is not None]


def removed_part(cutter: PlanCutter, parts: Sequence[PlanPart], name: str) -> PlanPart | None:
    """All that the resections take of the organ as one solid; parts: those of `organ_parts` that are removed.

    It is cut from the organ by all resections at once. Joining the parts would lay faces on each other that agree to
    some micrometres only, and what is left between two such faces cuts itself.
    """
    if not parts:
        return None
    first = parts[0]
    if len(parts) == 1:
        return PlanPart(name, first.role, first.of, first.mesh, first.mask)
    takes, voxels = cutter.solids[0], first.mask.voxels.copy()
    for solid in cutter.solids[1:]:
        takes = takes + solid
    for part in parts[1:]:
        voxels |= part.mask.voxels
    mask = Mask(first.mask.grid, first.mask.start_ijk, voxels)
    return _part(name, first.role, first.of, cutter.organ ^ takes, cutter.origin_mm, mask)


def parted_in_two(cutter: PlanCutter, mask: Mask, kind: str) -> list[tuple[str, SurfaceMesh, Mask]]:
    """A structure of any kind (see `surface_from_mask`) cut by all resections at once: ("removed", mesh, voxels) and
    ("kept", mesh, voxels), what there is of both."""
    takes = cutter.solids[0]
    for solid in cutter.solids[1:]:
        takes = takes + solid
    surface = surface_from_mask(mask, kind=kind)
    whole = None if kind in HELD_KINDS else solid_of(surface, cutter.origin_mm)
    k, j, i = np.nonzero(mask.voxels)
    part = cutter.part_of(mask.box_grid.to_world(np.stack([i, j, k], axis=1)))
    found = []
    sides: tuple[tuple[str, Callable[[Any], Any], Any], ...] = (
        ("removed", lambda whole: whole ^ takes, part > 0),
        ("kept", lambda whole: whole - takes, part == 0),
    )
    for side, cut, own in sides:
        if whole is None:
            solid = holding(surface, cutter.origin_mm, cut, int(own.sum()) * mask.grid.voxel_mm3)
        else:
            solid = cut(whole)
        voxels = np.zeros(mask.voxels.shape, dtype=bool)
        voxels[k[own], j[own], i[own]] = True
        made = _part(
            side, side, int(side == "removed"), solid, cutter.origin_mm, Mask(mask.grid, mask.start_ijk, voxels)
        )
        found += [] if made is None or not own.any() else [(side, made.mesh, made.mask)]
    return found


def tumor_parts(model: LiverModel, cutter: PlanCutter) -> list[PlanPart]:
    """Each tumour, on the surface that margins are measured to; one that a cut passes through in its parts."""
    found: list[PlanPart] = []
    for tumor in model.tumors:
        surface = tumor.surface
        mesh = closed_contour(-surface.field_mm, surface.grid, 0.0)
        found += _split_parts(f"tumor_{tumor.id}", "tumor", mesh, tumor.mask, cutter)
    return found


def vessel_parts(model: LiverModel, cutter: PlanCutter, vessels: Mapping[str, Mask]) -> list[PlanPart]:
    """Each tree ("portal", "hepatic") cut as the organ is; great trunks and what lies outside it stay with the kept part."""
    found: list[PlanPart] = []
    closed = ClosedOrgan.of(model.organ)
    organ = _closed_solid(closed, cutter.origin_mm)
    for kind, mask in vessels.items():
        if not mask.voxel_count:
            continue
        mesh = surface_from_mask(mask, kind="vessel")
        held, inside = HeldVessels.of(closed, mask), organ
        if held.grid is not None and held.trunk_mm is not None:
            inside = organ - _field_solid(held.trunk_mm, held.grid, cutter.origin_mm)
        found += _split_parts(kind, kind, mesh, mask, cutter, held, inside)
    return found


def _closed_solid(closed: ClosedOrgan, origin_mm: Vector) -> Any:
    """The organ with its vessel channels closed, as a coarse solid."""
    matrix = closed.grid.world_from_index.copy()
    matrix[:3, 3] = closed.grid.to_world(-closed.pad * closed.stride)
    matrix[:3, :3] = matrix[:3, :3] * closed.stride
    nk, nj, ni = closed.closed.shape
    inside = np.where(closed.closed, np.float32(0.5), np.float32(-0.5))
    return _field_solid(inside, Grid((ni, nj, nk), matrix), origin_mm)


def _split_parts(
    name: str,
    role: str,
    surface: SurfaceMesh,
    mask: Mask,
    cutter: PlanCutter,
    held: HeldVessels | None = None,
    inside: Any = None,
) -> list[PlanPart]:
    k, j, i = np.nonzero(mask.voxels)
    places = mask.box_grid.to_world(np.stack([i, j, k], axis=1))
    part = cutter.part_of(places)
    if held is not None:
        part[~held.contains(places)] = 0
    solid = solid_of(surface, cutter.origin_mm)
    cuts = _cuts(cutter, inside)
    pieces = [cut(solid) for cut in cuts]
    used = [number for number, piece in enumerate(pieces) if piece.volume() > 1000.0 * LEAST_ML]
    found = []
    for number in used:
        own = name if role == "tumor" and len(used) == 1 else part_name(name, number, len(cutter.regions))
        voxels = np.zeros(mask.voxels.shape, dtype=bool)
        voxels[k, j, i] = part == number
        if held is not None:
            wanted_mm3 = int(np.count_nonzero(part == number)) * mask.grid.voxel_mm3
            pieces[number] = holding(surface, cutter.origin_mm, cuts[number], wanted_mm3, pieces[number])
        made = _part(own, role, number, pieces[number], cutter.origin_mm, Mask(mask.grid, mask.start_ijk, voxels))
        found += [made] if made is not None else []
    return found


def _cuts(cutter: PlanCutter, inside: Any) -> list[Callable[[Any], Any]]:
    """From a solid to what is kept of it, what the first resection takes, …; inside: what they may take of at all."""

    def taken(number: int, solid: Any) -> Any:
        for before in cutter.solids[: number - 1]:
            solid = solid - before
        solid = solid ^ cutter.solids[number - 1]
        return solid if inside is None else solid ^ inside

    def kept(solid: Any) -> Any:
        rest = solid if inside is None else solid ^ inside
        for one in cutter.solids:
            rest = rest - one
        return rest if inside is None else rest + (solid - inside)

    return [kept, *(partial(taken, number) for number in range(1, len(cutter.solids) + 1))]


def territory_parts(
    model: LiverModel, tree: str, organ: Any, origin_mm: Vector, cancel: CancelToken | None = None
) -> list[PlanPart]:
    """The organ parted among the territories of "portal", "hepatic" or "couinaud": nothing twice, nothing left out.

    Each border is the smooth surface between the voxels, moved evenly (less than a voxel) until the solid holds what the
    voxels hold. Raises MeasurementError where there are no such territories.
    """
    names = territory_names(model, tree)
    rest, left = organ, np.array(model.organ.voxels)
    found: list[PlanPart] = []
    for number, name in enumerate(names):
        if cancel is not None:
            cancel.raise_if_set()
        own = model.territory_voxels(name)
        mask = Mask(model.organ.grid, model.organ.start_ijk, own)
        left &= ~own
        if number == len(names) - 1 or not left.any():
            solid = rest
        else:
            solid, rest = _parted(rest, own, left, model.organ.box_grid, mask.volume_ml, origin_mm)
        made = _part(name, "territory", None, solid, origin_mm, mask)
        found += [made] if made is not None else []
    return found


def territory_names(model: LiverModel, tree: str) -> tuple[str, ...]:
    """Names of the territories of "portal", "hepatic" or "couinaud". Raises MeasurementError where there are none."""
    part = {"portal": model.portal, "hepatic": model.hepatic, "couinaud": model.couinaud}.get(tree)
    if part is None:
        raise MeasurementError(
            f"This plan has no {tree} territories", "Name the vessel trees, or choose another kind", "no_territory"
        )
    return part.names


def _parted(
    rest: Any, own: npt.NDArray[np.bool_], left: npt.NDArray[np.bool_], grid: Grid, wanted_ml: float, origin_mm: Vector
) -> tuple[Any, Any]:
    """(the solid of `own`, what is left of `rest`)."""
    field = between(own, left, grid.spacing_mm).astype(np.float32)
    level, low, high = 0.0, -float(grid.spacing_mm.max()), float(grid.spacing_mm.max())
    area = None
    solid = other = None
    for _ in range(SHIFTS):
        cutter = _field_solid(field, grid, origin_mm, level)
        solid, other = rest ^ cutter, rest - cutter
        off_mm3 = solid.volume() - 1000.0 * wanted_ml
        if abs(off_mm3) <= VOLUME_TOLERANCE * 1000.0 * wanted_ml:
            break
        if area is None:
            # both sides have the new face; the rest of their surfaces was there before
            area = max((solid.surface_area() + other.surface_area() - rest.surface_area()) / 2.0, 100.0)
        low, high = (level, high) if off_mm3 > 0.0 else (low, level)
        level = float(np.clip(level + off_mm3 / area, low, high))
    return solid, other


def part_name(stem: str, number: int, resections: int) -> str:
    """ "kept", "removed" (of one resection), "removed_2", "portal_kept", …"""
    own = "kept" if number == 0 else "removed" if resections == 1 else f"removed_{number}"
    return f"{stem}_{own}" if stem else own


def _part(name: str, role: str, number: int | None, solid: Any, origin_mm: Vector, mask: Mask) -> PlanPart | None:
    if solid.is_empty() or solid.volume() < 1000.0 * LEAST_ML:
        return None
    whole = bodies(solid, 1000.0 * LEAST_ML)
    if not whole:
        return None
    import manifold3d

    # booleans leave crumbs where two surfaces nearly agree
    return PlanPart(name, role, number, mesh_of(manifold3d.Manifold.compose(whole), origin_mm), mask)


def plan_parts(
    model: LiverModel,
    regions: Sequence[Region],
    *,
    vessels: Mapping[str, Mask] | None = None,
    territories: Sequence[str] = (),
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> tuple[PlanPart, ...]:
    """All parts of a plan: kept, removed, tumours, vessels, and the territories of the trees named.

    vessels: masks of "portal" and "hepatic"; None takes those that the model was prepared with.
    Raises MeasurementError, Cancelled.
    """

    def step(fraction: float, words: str) -> None:
        progress(fraction, words)
        if cancel is not None:
            cancel.raise_if_set()

    step(0.0, "Meshing the organ")
    cutter = PlanCutter.of(model, regions)
    jobs: list[tuple[str, Callable[[], list[PlanPart]]]] = [
        ("Cutting the organ", lambda: organ_parts(model, cutter)),
        ("Cutting the tumours", lambda: tumor_parts(model, cutter)),
        ("Cutting the vessels", lambda: vessel_parts(model, cutter, model.vessels if vessels is None else vessels)),
    ]
    for tree in territories:
        jobs.append(
            (
                "Cutting the territories",
                lambda tree=tree: territory_parts(model, tree, cutter.organ, cutter.origin_mm, cancel),  # type: ignore[misc]
            )
        )
    found: list[PlanPart] = []
    for number, (words, make) in enumerate(jobs):
        step(0.3 + 0.7 * number / len(jobs), words)
        found += make()
    step(1.0, "")
    return tuple(found)
