"""How a measurement by hand is drawn, and in which planes and panes it is seen."""

from __future__ import annotations

import numpy as np

from app.i18n import tr
from app.measure_values import flat_normal
from app.measure_words import PLANE_NOT_SLAB
from planning.case.measured import is_of_plane_in_slab
from planning.case.model import Measurement
from planning.errors import MeasurementError
from planning.geometry import FloatArray, Vector, unit
from planning.measure.kinds import plane_normal
from viewers.measures import LINE_NEAR_MM, measure_items
from viewers.overlay import PlanItem
from viewers.view_state import ViewState

SAME_DIRECTION = 0.9999


def normal_of(item: Measurement) -> Vector | None:
    """Unit normal of the plane measured in; None where it was not kept."""
    return None if item.normal is None else unit(item.normal)


def _outline(item: Measurement) -> FloatArray:
    return np.array(item.outline_mm, dtype=np.float64).reshape(-1, 3)


def drawn_items(item: Measurement, color: str, named: bool, handles: bool) -> tuple[PlanItem, ...]:
    """named: the image is written too, as the phase of a moving one always is. handles: a hand may take hold of it."""
    points = np.array(item.points_mm, dtype=np.float64)
    of_plane = tr(PLANE_NOT_SLAB) if is_of_plane_in_slab(item) else ""
    try:
        normal = plane_normal(item.kind, points, flat_normal(item))
        return measure_items(
            item.name,
            item.kind,
            points,
            normal,
            _outline(item),
            item.color or color,
            values=item.readings,
            away_mm=item.label_mm,
            is_free=item.normal is None,
            source=" \u00b7 ".join(part for part in (item.image if named else "", item.phase, of_plane) if part),
            handles=handles,
        )
    except MeasurementError:
        return ()


def plane_of(state: ViewState, pane: str) -> tuple[FloatArray, FloatArray, float]:
    """(a point, the normal, half the thickness in mm) of what a slice pane shows."""
    through = state.pinned[pane].through_mm if pane in state.pinned else np.array(state.cross_mm)
    return through, state.axes(pane)[2], state.slab_mm(pane) / 2.0


def is_in(item: Measurement, through_mm: FloatArray, normal: FloatArray, half_mm: float) -> bool:
    """Whether a measurement of a plane lies in the plane that a pane shows, as near as slices draw it."""
    assert item.normal is not None
    if abs(float(np.array(item.normal) @ normal)) <= SAME_DIRECTION:
        return False
    away_mm = np.abs((np.array(item.points_mm) - through_mm) @ normal)
    return bool(away_mm.min() <= max(half_mm, LINE_NEAR_MM))


def looks_along(state: ViewState, pane: str, normal: Vector) -> bool:
    return abs(float(state.axes(pane)[2] @ normal)) > SAME_DIRECTION
