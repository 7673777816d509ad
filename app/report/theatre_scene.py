"""What the pictures for the operating room show: a liver plan's surfaces in parts, and the views a surgeon stands in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from app.i18n import text_quantity, tr
from app.report.describe import case_words
from app.report.liver_content import ASKED_MARGIN_MM, decisive_margin
from app.report.pictures import ball_surface, tube_surface
from app.theme.tokens import DARK, REMOVED
from planning.case.document import Document
from planning.case.model import PlanRecord
from planning.geometry import FloatArray, Vector, unit
from planning.liver.describe import branch_words
from planning.liver.organ import padded, within
from planning.mesh import SurfaceMesh
from planning.progress import CancelToken, Progress, no_progress
from planning.volume import Mask
from viewers.overlay import SurfaceItem

if TYPE_CHECKING:
    from planning.liver.apart import PartsApart
    from planning.liver.model import LiverModel
    from planning.liver.regions import Region
    from planning.liver.territories import ClosedOrgan

ANTERIOR: Vector = np.array((0.0, -1.0, 0.0))
HEAD: Vector = np.array((0.0, 0.0, 1.0))
# seen with the liver turned up, as its under side and the hilum are looked at
FROM_BELOW: Vector = np.array((-0.10, -0.62, -0.78))
APART_MM = 40.0
MOST_VESSELS = 9
MOST_CUT_VIEWS = 4
MOST_TRIANGLES = 120_000
AROUND_MM = 12.0
TUMOR_BEHIND_MM = 1.0
CLEAR, FAINT, GLASS = 0.34, 0.20, 0.14
LINE_RADIUS_MM, BALL_RADIUS_MM = 0.7, 1.6


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """Words at a place. ring: a numbered ring; color of both."""

    at_mm: FloatArray
    text: str
    color: str
    ring: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class CutVessel:
    """A vessel that the plan divides. number: in all pictures and lists. depth_mm: below the capsule."""

    number: int
    name: str
    tree: str
    diameter_mm: float
    at_mm: FloatArray
    depth_mm: float
    part: int


@dataclass(frozen=True, slots=True, eq=False)
class TheatreView:
    """One picture. key: for its file. items: what is drawn. around: what must be in sight, with so much more `room`.

    part: the resection whose cut it looks onto, 0 for none.
    """

    key: str
    title: str
    words: str
    direction: Vector
    up: Vector
    items: tuple[SurfaceItem, ...]
    marks: tuple[Mark, ...]
    around: tuple[SurfaceMesh, ...]
    shows_margins: bool = False
    room: float = 1.1
    part: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class TheatreScene:
    """A plan's surfaces made once for all its pictures.

    kinds: name → "organ", "tumor", "portal", "hepatic" or "other". vessels: those divided, shallow ones first.
    capsule_mm: (N, 3) the organ's surface without the walls of vessel channels in it.
    """

    plan: PlanRecord
    label: str
    apart: PartsApart
    kinds: Mapping[str, str]
    colors: Mapping[str, str]
    tumors: tuple[tuple[int, FloatArray, SurfaceMesh], ...]
    vessels: tuple[CutVessel, ...]
    organ: SurfaceMesh
    capsule_mm: FloatArray

    @property
    def asked_mm(self) -> float:
        """The margin that was asked for."""
        return float(self.plan.inputs.get("asked_margin_mm") or ASKED_MARGIN_MM)

    @property
    def least(self) -> dict[str, Any]:
        """The margin that decides, as the report has it."""
        found: dict[str, Any] = decisive_margin(self.plan.results["margin"], self.asked_mm)[0]
        return found

    @property
    def least_part(self) -> int:
        """The resection whose cut has the least margin, 0 for none."""
        at = self.least.get("at_mm")
        if at is None or not self.apart.faces:
            return 0
        gaps = {
            n: np.linalg.norm(face.points_mm - np.array(at), axis=1).min() for n, (face, _) in self.apart.faces.items()
        }
        return min(gaps, key=lambda number: float(gaps[number]))

    @property
    def margin_status(self) -> str:
        """ok, warn, bad or nothing."""
        return str(decisive_margin(self.plan.results["margin"], self.asked_mm)[1])


def theatre_scene(
    document: Document, plan: PlanRecord, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> TheatreScene:
    """Mesh and part everything once. Raises MeasurementError, Cancelled."""
    from planning.case.plan_parts import vessel_masks
    from planning.case.printing import liver_cut
    from planning.liver.apart import parts_apart
    from planning.liver.cut_map import map_cut
    from planning.liver.held import HeldVessels
    from planning.liver.territories import ClosedOrgan

    progress(0.0, tr("Preparing the liver"))
    model, resections = liver_cut(document, plan.name)
    regions = model.regions(resections)
    progress(0.3, tr("Meshing"))
    surfaces, kinds, colors = _surfaces(document, plan, model)
    cut = map_cut(model.organ, regions, model.targets, cancel=cancel)
    closed, masks = ClosedOrgan.of(model.organ), vessel_masks(document, plan)
    parted = {name: mesh for name, mesh in surfaces.items() if kinds[name] != "other"}
    apart = parts_apart(
        parted,
        regions,
        cut,
        model.corners_mm.mean(axis=0),
        held={kind: HeldVessels.of(closed, _beside(mask, model.organ)) for kind, mask in masks.items()},
        cancel=cancel,
    )
    apart = replace(apart, pieces={**apart.pieces, **{n: {0: m} for n, m in surfaces.items() if n not in parted}})
    organ = surfaces["organ"]
    capsule = _capsule(organ, closed)
    return TheatreScene(
        plan=plan,
        label=case_words(document),
        apart=apart,
        kinds=kinds,
        colors=colors,
        tumors=tuple((tumor.id, tumor.centroid_mm, tumor.surface.mesh) for tumor in model.tumors),
        vessels=_vessels(plan, capsule, regions),
        organ=organ,
        capsule_mm=capsule,
    )


def _surfaces(
    document: Document, plan: PlanRecord, model: LiverModel
) -> tuple[dict[str, SurfaceMesh], dict[str, str], dict[str, str]]:
    from planning.case.plan_parts import vessel_masks
    from planning.case.printing import KEPT_COLOR
    from planning.registry import structure_style
    from planning.simplify import simplified
    from planning.surface import surface_from_mask

    surfaces = {"organ": simplified(surface_from_mask(model.organ, kind="organ"), MOST_TRIANGLES)}
    kinds, colors = {"organ": "organ"}, {"organ": KEPT_COLOR}
    for tumor in model.tumors:
        name = f"tumor_{tumor.id}"
        surfaces[name], kinds[name], colors[name] = tumor.surface.mesh, "tumor", structure_style("tumor").color
    for kind, whole in vessel_masks(document, plan).items():
        mask = _beside(whole, model.organ)
        if mask.voxel_count:
            surfaces[kind] = simplified(surface_from_mask(mask, kind="vessel"), MOST_TRIANGLES)
            kinds[kind] = kind
            structure = document.case.structures[plan.inputs[kind][0]]
            colors[kind] = structure.color
    for name in ("vena_cava", "inferior_vena_cava", "gallbladder"):
        structure_there = document.case.structures.get(name)
        if structure_there is not None and structure_there.voxel_count and name not in plan.inputs["hepatic"]:
            mask = _beside(document.mask(name), model.organ)
            if mask.voxel_count:
                surfaces[name] = simplified(surface_from_mask(mask, kind="organ"), MOST_TRIANGLES)
                kinds[name], colors[name] = "other", structure_there.color
    return surfaces, kinds, colors


def _beside(mask: Mask, organ: Mask) -> Mask:
    """What of a structure lies in the organ's box and a little about it: the rest would only hide and take time."""
    box = padded(organ, int(np.ceil(AROUND_MM / float(organ.grid.spacing_mm.min()))))
    return Mask(box.grid, box.start_ijk, within(mask, box))


def _capsule(organ: SurfaceMesh, closed: ClosedOrgan) -> FloatArray:
    """The points of the organ's surface that lie at the rim of the organ with its channels closed."""
    from scipy import ndimage

    from planning.liver.distance import distance_to_mm

    step = closed.grid.spacing_mm * closed.stride
    depth = distance_to_mm(~closed.closed, step)
    index = closed.grid.to_index(organ.points_mm) / closed.stride + closed.pad
    deep = ndimage.map_coordinates(depth, index[:, ::-1].T, np.float64, order=1, mode="nearest")
    outer = organ.points_mm[deep < 1.5 * float(step.max())]
    return np.asarray(outer if len(outer) else organ.points_mm)


def _vessels(plan: PlanRecord, capsule_mm: FloatArray, regions: tuple[Region, ...]) -> tuple[CutVessel, ...]:
    """The widest divided vessels, numbered from the capsule inwards."""
    from scipy.spatial import cKDTree

    rows = sorted(plan.results.get("vessels_cut", []), key=lambda row: -row["diameter_mm"])[:MOST_VESSELS]
    if not rows:
        return ()
    places = np.array([row["at_mm"] for row in rows], dtype=np.float64)
    depths, _ = cKDTree(capsule_mm).query(places)
    distance = (
        np.array([np.abs(region.signed_mm(places)) for region in regions]) if regions else np.zeros((1, len(rows)))
    )
    parts = distance.argmin(axis=0) + 1
    order = np.argsort(depths, kind="stable")
    return tuple(
        CutVessel(
            number,
            branch_words(rows[n]["name"]),
            str(rows[n]["tree"]),
            float(rows[n]["diameter_mm"]),
            places[n],
            float(depths[n]),
            int(parts[n]),
        )
        for number, n in enumerate(order.tolist(), start=1)
    )


def theatre_views(scene: TheatreScene) -> list[TheatreView]:
    """From the front, from below, each cut face on, the tumour that decides by the shortest way, vessels cut, parts apart."""
    views = [
        TheatreView(
            "1-front",
            tr("From the front"),
            tr("As the surgeon sees it; what is removed is grey."),
            ANTERIOR,
            HEAD,
            _pieces(scene, CLEAR, CLEAR),
            _tumor_marks(scene),
            (scene.organ,),
        ),
        TheatreView(
            "2-below",
            tr("From below, liver turned up"),
            tr("Under side and hilum."),
            unit(FROM_BELOW),
            HEAD,
            _pieces(scene, CLEAR, CLEAR),
            _tumor_marks(scene),
            (scene.organ,),
        ),
    ]
    parts = [part for part in sorted(scene.apart.faces) if len(scene.apart.faces[part][0].triangles)]
    for number, part in enumerate(parts[:MOST_CUT_VIEWS], start=1):
        views.append(_cut_view(scene, part, f"3-cut{'' if len(parts) == 1 else f'-{number}'}", number, len(parts)))
    shortest = _tumor_view(scene)
    views += [shortest] if shortest is not None else []
    if scene.vessels:
        views.append(
            TheatreView(
                "5-vessels",
                tr("Vessels that are divided"),
                tr("Numbered from the capsule inwards."),
                ANTERIOR,
                HEAD,
                (*_faces(scene, FAINT), *_pieces(scene, GLASS, GLASS, tumors=False)),
                _vessel_marks(scene.vessels),
                (scene.organ,),
            )
        )
    views.append(
        TheatreView(
            "6-apart",
            tr("Parts moved apart"),
            tr("By {distance:.0f} mm, to look into the cut: not their true places.", distance=APART_MM),
            _aside(scene),
            HEAD,
            (*_apart(scene), *_faces(scene)),
            (),
            tuple(item.mesh for item in _apart(scene) if "organ" in item.key),
            shows_margins=True,
        )
    )
    return [replace(view, items=_tumors_behind(view.items, view.direction)) for view in views]


def _tumors_behind(items: tuple[SurfaceItem, ...], direction: Vector) -> tuple[SurfaceItem, ...]:
    """Tumours a little farther from the viewer, which a parallel view does not show: one that touches the capsule is not
    to shine through it in specks."""

    def behind(item: SurfaceItem) -> SurfaceItem:
        if not item.key.startswith("tumor"):
            return item
        mesh = SurfaceMesh(item.mesh.points_mm - TUMOR_BEHIND_MM * direction, item.mesh.triangles)
        return replace(item, mesh=mesh)

    return tuple(behind(item) for item in items)


def _pieces(
    scene: TheatreScene, kept: float, removed: float, *, tumors: bool = True, parts: frozenset[int] | None = None
) -> tuple[SurfaceItem, ...]:
    """The organ seen through in both its colours, with solid tumours and vessels. parts: only these; None: all."""
    items = []
    for name, pieces in scene.apart.pieces.items():
        kind = scene.kinds[name]
        if kind == "tumor" and not tumors:
            continue
        for number, mesh in pieces.items():
            if parts is not None and number not in parts:
                continue
            if kind == "organ":
                color, opacity = (REMOVED, removed) if number else (scene.colors[name], kept)
            else:
                color, opacity = scene.colors[name], 1.0
            items.append(SurfaceItem(key=f"{name} {number}", mesh=mesh, color=color, opacity=opacity))
    return tuple(items)


def _apart(scene: TheatreScene) -> tuple[SurfaceItem, ...]:
    """Everything solid, removed parts moved along their ways with both sides of the cut coloured."""
    items = list(_pieces(scene, 1.0, 1.0, parts=frozenset({0})))
    for part in scene.apart.ways:
        move = APART_MM * scene.apart.ways[part]
        own = [*_pieces(scene, 1.0, 1.0, parts=frozenset({part})), *_faces(scene, 1.0, part)]
        items += [
            SurfaceItem(
                key=item.key,
                mesh=SurfaceMesh(item.mesh.points_mm + move, item.mesh.triangles),
                color=item.color,
                opacity=item.opacity,
            )
            for item in own
        ]
    return tuple(items)


def _aside(scene: TheatreScene) -> Vector:
    """Of the front and four directions about it, the one from which the least part is best seen to move, and its cut."""
    turns = (
        ANTERIOR,
        np.array((0.8, -1.0, 0.1)),
        np.array((-0.8, -1.0, 0.1)),
        np.array((0.0, -1.0, 0.6)),
        np.array((0.0, -1.0, -0.6)),
    )
    ways = list(scene.apart.ways.values())

    def seen(direction: Vector) -> float:
        # how much of the move, and something of the cut's face too
        leaning = [float(way @ direction) for way in ways]
        return min(((1.0 - lean**2) ** 0.5 * (0.4 + abs(lean)) for lean in leaning), default=1.0)

    return max((unit(turn) for turn in turns), key=seen)


def _faces(scene: TheatreScene, opacity: float = 1.0, part: int | None = None) -> tuple[SurfaceItem, ...]:
    """The cut in the bands of its margin, or plain where there is no tumour."""
    from planning.liver.cut_map import clipped

    items = []
    for number, (mesh, values) in scene.apart.faces.items():
        if part is not None and number != part:
            continue
        if not scene.tumors:
            items.append(SurfaceItem(key=f"face {number}", mesh=both_sides(mesh), color=DARK["t3"], opacity=opacity))
            continue
        values = np.minimum(values, 1e4)
        low, high = scene.asked_mm, 2.0 * scene.asked_mm
        for name, sides in (
            ("bad", (low - values,)),
            ("warn", (values - low, high - values)),
            ("ok", (values - high,)),
        ):
            points, triangles = mesh.points_mm, mesh.triangles.astype(np.intp)
            for level in range(len(sides)):
                # a mesh that was cut already has new points
                side = sides[level] if level == 0 else _carried(mesh, sides[level], points)
                points, triangles = clipped(points, triangles, side)
            if len(triangles):
                band = both_sides(SurfaceMesh(points, triangles.astype(np.int32)))
                items.append(SurfaceItem(key=f"face {number} {name}", mesh=band, color=DARK[name], opacity=opacity))
    return tuple(items)


def both_sides(mesh: SurfaceMesh) -> SurfaceMesh:
    """An open surface with a back: each triangle once more the other way round, so that it is seen from both sides."""
    count = len(mesh.points_mm)
    back = mesh.triangles[:, ::-1] + count
    return SurfaceMesh(np.concatenate([mesh.points_mm, mesh.points_mm]), np.concatenate([mesh.triangles, back]))


def _carried(mesh: SurfaceMesh, values: FloatArray, points: FloatArray) -> FloatArray:
    """Values of a mesh's points at places that lie on it, from its nearest points."""
    from scipy.spatial import cKDTree

    distance, nearest = cKDTree(mesh.points_mm).query(points, k=3)
    weight = 1.0 / np.maximum(distance, 1e-6)
    return np.asarray((values[nearest] * weight).sum(axis=1) / weight.sum(axis=1))


def _cut_view(scene: TheatreScene, part: int, key: str, number: int, count: int) -> TheatreView:
    """The cut as it lies open when its part is away: what is kept, seen from the removed side."""
    face, _ = scene.apart.faces[part]
    way = scene.apart.ways[part]
    others = frozenset(scene.apart.ways) - {part}
    items = (
        *_pieces(scene, 1.0, 0.5, tumors=False, parts=frozenset({0}) | others),
        *_faces(scene, 1.0, part),
    )
    own = [vessel for vessel in scene.vessels if vessel.part == part]
    items = (*items, *(_cut_end(scene, vessel) for vessel in own))
    marks = list(_vessel_marks(own))
    least = scene.least
    if least.get("at_mm") is not None and _is_on(face, np.array(least["at_mm"])):
        at = np.array(least["at_mm"])
        items = (*items, SurfaceItem(key="least", mesh=ball_surface(at + 0.5 * way, BALL_RADIUS_MM), color=DARK["t1"]))
        marks.append(
            Mark(at, tr("least margin {distance}", distance=text_quantity(least["minimum_mm"], "mm")), DARK["t1"])
        )
    title = tr("Onto the cut") if count == 1 else tr("Onto cut {number} of {count}", number=number, count=count)
    up = HEAD if abs(float(way @ HEAD)) < 0.8 else ANTERIOR
    return TheatreView(
        key,
        title,
        tr("What stays, seen from the side that goes."),
        way,
        up,
        items,
        tuple(marks),
        (face,),
        shows_margins=True,
        room=1.32,
        part=part,
    )


def _cut_end(scene: TheatreScene, vessel: CutVessel) -> SurfaceItem:
    """A divided vessel where it meets the cut, as wide as it is."""
    ball = ball_surface(vessel.at_mm, max(vessel.diameter_mm / 2.0, 1.0))
    return SurfaceItem(key=f"end {vessel.number}", mesh=ball, color=scene.colors.get(vessel.tree, DARK["t1"]))


def _is_on(face: SurfaceMesh, at_mm: FloatArray) -> bool:
    return float(np.linalg.norm(face.points_mm - at_mm, axis=1).min()) < 4.0


def _tumor_view(scene: TheatreScene) -> TheatreView | None:
    """The tumour whose margin decides, from where it lies nearest below the capsule."""
    from scipy.spatial import cKDTree

    number = scene.least.get("id")
    found = next((tumor for tumor in scene.tumors if tumor[0] == number), scene.tumors[0] if scene.tumors else None)
    if found is None:
        return None
    number, _, mesh = found
    distance, nearest = cKDTree(scene.capsule_mm).query(mesh.points_mm)
    start = int(distance.argmin())
    ends = np.stack([scene.capsule_mm[nearest[start]], mesh.points_mm[start]])
    outward = ends[0] - mesh.points_mm.mean(axis=0)
    way = unit(outward) if float(np.linalg.norm(outward)) > 1.0 else ANTERIOR
    depth = float(distance[start])
    line = ends[1] + np.linspace(0.0, 1.0, 12)[:, None] * (ends[0] - ends[1])
    extra = [SurfaceItem(key="foot", mesh=ball_surface(ends[0], BALL_RADIUS_MM), color=DARK["t1"])]
    if depth > 2.0:
        extra.append(SurfaceItem(key="way", mesh=tube_surface(line, LINE_RADIUS_MM), color=DARK["t1"]))
    # looked at from beside the way, else the way would be a point
    aside = np.cross(way, HEAD) if abs(float(way @ HEAD)) < 0.9 else np.cross(way, ANTERIOR)
    view = unit(way + 0.35 * unit(aside))
    up = HEAD if abs(float(view @ HEAD)) < 0.8 else ANTERIOR
    return TheatreView(
        "4-tumour",
        tr("To T{number} by the shortest way", number=number),
        tr("T{number} lies {depth:.1f} mm below the capsule here.", number=number, depth=depth),
        view,
        up,
        (*_pieces(scene, FAINT, FAINT), *extra),
        (*_tumor_marks(scene, number), Mark(ends[0], tr("{depth:.1f} mm deep", depth=depth), DARK["t1"])),
        (scene.organ,),
    )


def _tumor_marks(scene: TheatreScene, only: int | None = None) -> tuple[Mark, ...]:
    return tuple(
        Mark(center, f"T{number}", scene.colors[f"tumor_{number}"])
        for number, center, _ in scene.tumors
        if only is None or number == only
    )


def _vessel_marks(vessels: tuple[CutVessel, ...] | list[CutVessel]) -> tuple[Mark, ...]:
    return tuple(Mark(vessel.at_mm, str(vessel.number), DARK["t1"], ring=True) for vessel in vessels)
