"""What the liver panel's resections draw: cuts and zones with their handles, needle, least margin, coloured map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.i18n import text_quantity, tr
from app.panels.labels import judge_least
from app.panels.liver.cuts import cut_key
from app.theme.tokens import DARK
from planning.geometry import FloatArray
from viewers.overlay import CurvedCutItem, CutItem, DistanceItem, MarginMapItem, PathItem, PlanItem, PointItem
from viewers.tracks import LineTrack

if TYPE_CHECKING:
    from app.panels.liver.work import LiverWork
    from planning.liver.model import LiverModel
    from planning.liver.resection import AblationResection, SheetResection
    from planning.mesh import SurfaceMesh

HANDLE_REACH_MM = (-150.0, 150.0)
HANDLE_NEAR_MM = 6.0
# control places farther from the organ than this share of the net's mesh have no handle
BESIDE = 0.6
PULL_STEP_MM = 0.1
FINE_PULL_MM = 0.02


def resection_items(work: LiverWork, color: str, *, movable: bool) -> list[PlanItem]:
    """Every resection of the draft, those of stage 2 dashed; only the chosen one has handles."""
    from planning.liver.regions import PlaneRegion
    from planning.liver.resection import AblationResection, SheetResection

    model = work.model
    if model is None or not work.regions:
        return []
    items: list[PlanItem] = []
    for number, (cut, region) in enumerate(zip(work.draft.resections, work.regions, strict=True)):
        key, is_chosen = cut_key(number), movable and number == work.chosen
        is_later = work.draft.stage_of(number) != 1
        if isinstance(region, PlaneRegion):
            items.append(
                CutItem(
                    key=key,
                    plane=region.plane,
                    organ=model.organ,
                    color=color,
                    movable=movable,
                    chosen=is_chosen,
                    dashed=is_later,
                )
            )
            continue
        items.append(
            CurvedCutItem(
                key=key,
                side=region,
                organ=model.organ,
                color=color,
                mesh=work.meshes[number],
                movable=movable and isinstance(cut, SheetResection),
                dashed=is_later or isinstance(cut, AblationResection),
                others=tuple(other for other in work.regions if other is not region),
            )
        )
        if key in work.session.view.state.hidden:
            continue
        if isinstance(cut, SheetResection) and is_chosen:
            items += handle_items(model, cut, key, color)
        if isinstance(cut, AblationResection):
            items += needle_items(cut, key, color, movable=is_chosen)
    return items


def handle_items(model: LiverModel, cut: SheetResection, key: str, color: str) -> list[PlanItem]:
    """A handle for each control height that bends the cut inside the organ; it moves along the base's normal."""
    from planning.liver.sheet import handles_mm

    places = handles_mm(cut)
    m, n = cut.heights_mm.shape
    right, down = (BESIDE * 2.0 * half / (count - 1) for half, count in zip(cut.half_mm, (m, n), strict=True))
    flat = places.reshape(-1, 3)
    near = np.zeros(len(flat), dtype=bool)
    for a, b in ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)):
        near |= model.lookup.contains(flat + a * right * cut.right + b * down * cut.down)
    return [
        PointItem(
            key=f"{key}:{row}:{column}",
            position_mm=places[row, column],
            color=color,
            label="",
            shape="small",
            track=LineTrack(places[row, column], cut.base.normal, PULL_STEP_MM, FINE_PULL_MM, HANDLE_REACH_MM),
            within_mm=HANDLE_NEAR_MM,
        )
        for row, column in np.argwhere(near.reshape(m, n)).tolist()
    ]


def needle_items(cut: AblationResection, key: str, color: str, *, movable: bool) -> list[PlanItem]:
    """The needle from the skin to the zone's middle."""
    line: FloatArray = np.array([cut.entry_mm, cut.target_mm])
    ends = (("entry", tr("Entry"), cut.entry_mm), ("target", tr("Target"), cut.target_mm))
    return [
        PathItem(key=f"{key}:needle", points_mm=_dense(line), color=color),
        *(
            PointItem(key=f"{key}:{end}", position_mm=place, color=color, label=label, movable=movable, shape="square")
            for end, label, place in ends
        ),
    ]


def _dense(line_mm: FloatArray) -> FloatArray:
    """Places along a straight line a millimetre apart, so that a pane shows the part that is near it."""
    length = float(np.linalg.norm(line_mm[1] - line_mm[0]))
    share = np.linspace(0.0, 1.0, max(int(length), 2))
    return np.asarray(line_mm[0] + share[:, None] * (line_mm[1] - line_mm[0]))


def margin_items(work: LiverWork) -> list[PlanItem]:
    """The least margin at its place, and the map of the cut when the hand rests."""
    model, numbers = work.model, work.numbers
    items: list[PlanItem] = []
    if model is None or numbers is None:
        return items
    least = numbers.decisive
    if least is not None:
        ends_mm = np.array([least.tumor_at_mm, least.at_mm])
        items.append(_least_item(ends_mm, least.minimum_mm, least.uncertainty_mm, work.draft.asked_mm))
    cut_map = work.cut_map
    if cut_map is not None and model.targets and len(cut_map.mesh.triangles):
        items.append(_map_item(cut_map.mesh, cut_map.values_mm, work.draft.asked_mm))
    kept = work.glimpse.until_rest
    if kept is not None and np.isfinite(kept.values_mm).any():
        items.append(_map_item(kept.mesh, kept.values_mm, work.draft.asked_mm))
    return items


def glimpse_items(work: LiverWork, color: str) -> list[PlanItem]:
    """The saved plan's cuts as they were drawn last, while the organ is being made ready; no hand moves them."""
    kept, draft = work.glimpse.shown, work.draft
    if kept is None:
        return []
    structures = work.session.case.structures
    organ = next((work.session.mask(name) for name in draft.roles.organ if name in structures), None)
    items: list[PlanItem] = [
        CutItem(
            key=cut_key(number),
            plane=plane,
            organ=organ,
            color=color,
            movable=False,
            chosen=False,
            dashed=draft.stage_of(number) != 1,
        )
        for number, plane in enumerate(kept.planes)
        if plane is not None
    ]
    if kept.least_mm is not None:
        items.append(_least_item(*kept.least_mm, draft.asked_mm))
    if np.isfinite(kept.values_mm).any():
        items.append(_map_item(kept.mesh, kept.values_mm, draft.asked_mm))
    return items


def _least_item(ends_mm: FloatArray, least_mm: float, uncertainty_mm: float, asked_mm: float) -> DistanceItem:
    return DistanceItem(
        key="margin",
        ends_mm=ends_mm,
        color=DARK[judge_least(least_mm, uncertainty_mm, asked_mm)],
        text=text_quantity(least_mm, "mm"),
        pill=True,
    )


def _map_item(mesh: SurfaceMesh, values_mm: FloatArray, asked_mm: float) -> MarginMapItem:
    return MarginMapItem(key="margin_map", mesh=mesh, values_mm=values_mm, asked_mm=asked_mm)
