"""Measurements by hand in the window: from places set in a pane to the case, moved by handles, found again by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.i18n import mark, text_quantity, text_value, tr
from app.jobs import Job
from app.session import Session
from planning.case.commands import AddMeasurement, RemoveMeasurement, ReplaceMeasurement
from planning.case.model import Measurement
from planning.errors import MeasurementError
from planning.geometry import FloatArray, Vector, unit
from planning.measure.kinds import boxed_ellipse, center_mm, check, moved, plane_normal, readings
from planning.measure.lumen import UNCLEAR_SHARE, LumenWidths, lumen_widths
from planning.measure.reading import Reading
from planning.progress import CancelToken, Progress
from viewers.measures import handle_key, handle_of, measure_items
from viewers.overlay import PlanItem
from viewers.pane_geometry import PaneGeometry
from viewers.view_state import SLICES, ViewState, vec

NAMES = {
    "distance": mark("Distance"),
    "circle": mark("Circle"),
    "ellipse": mark("Ellipse"),
    "calliper": mark("Calliper"),
}
ICONS = {"distance": "ruler", "circle": "circle", "ellipse": "ellipse", "calliper": "calliper"}
HINTS = {
    "distance": mark("Click two places, or drag from one to the other. Esc leaves."),
    "circle": mark("Click three places on the edge. Esc leaves."),
    "ellipse": mark("Drag a box around it, then drag its handles. Esc leaves."),
    "calliper": mark("Click inside a bright vessel, or drag from one side to the other. Esc leaves."),
}
SAME_DIRECTION = 0.9999
LEAST_LIFT_MM = 1e-3


def normal_of(item: Measurement) -> Vector | None:
    """Unit normal of the plane measured in; None where it was not kept."""
    return None if item.normal is None else unit(item.normal)


def short_text(item: Measurement) -> str:
    """The value as the list shows it: "24.3 mm", or least × greatest where there are two widths."""
    by_name = {reading.name: reading.value for reading in _readings(item)}
    if "Least" not in by_name:
        return text_quantity(item.value, item.unit)
    return f"{text_value(by_name['Least'], 1)} × {text_quantity(by_name['Greatest'], 'mm')}"


def long_text(item: Measurement) -> str:
    """Every number of a measurement, a line each."""
    return "\n".join(f"{reading.name} {text_quantity(reading.value, reading.unit)}" for reading in _readings(item))


def doubt(item: Measurement) -> str:
    """Why a measurement is to be looked at, "" when nothing speaks against it."""
    if item.unclear is None or item.unclear <= UNCLEAR_SHARE:
        return ""
    share = text_value(100.0 * item.unclear, 0)
    return tr("The edge is unclear over {share} % of the contour. Check the widths.", share=share)


def _readings(item: Measurement) -> tuple[Reading, ...]:
    try:
        return readings(item.kind, item.points_mm, item.outline_mm)
    except MeasurementError:
        # an angle or a probe of another version of the program
        return ()


class Measuring(QObject):
    """The measurements of one open case. `changed`: what is drawn of them is different while a handle is dragged."""

    changed = Signal()

    def __init__(self, session: Session, shown: Callable[[], Sequence[str]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._shown = session, shown
        # the measurement under the hand: as the case has it, and as it is drawn
        self._draft: tuple[Measurement, Measurement] | None = None
        self._drawn: dict[str, tuple[Measurement, str, tuple[PlanItem, ...]]] = {}

    def items(self, color: str) -> tuple[PlanItem, ...]:
        """What is drawn of all of them; the same objects while they stay the same."""
        kept: dict[str, tuple[Measurement, str, tuple[PlanItem, ...]]] = {}
        for name, item in self._session.case.measurements.items():
            if self._draft is not None and self._draft[0] is item:
                item = self._draft[1]
            before = self._drawn.get(name)
            is_same = before is not None and before[0] is item and before[1] == color
            kept[name] = before if before is not None and is_same else (item, color, _items(item, color))
        self._drawn = kept
        return tuple(part for _, _, items in kept.values() for part in items)

    # new ones

    def take(self, geometry: PaneGeometry, kind: str, places_mm: FloatArray) -> None:
        """Places set in a pane: into the case, or first look for the edge round a single one."""
        places = np.asarray(places_mm, dtype=np.float64)
        if kind == "calliper" and len(places) == 1:
            self._find_edge(places[0], geometry.normal)
            return
        if kind == "ellipse":
            places = boxed_ellipse(places[0], places[1], geometry.right, geometry.down)
        try:
            check(kind, places)
        except MeasurementError as error:
            self._session.said.emit(str(error))
            return
        self._add(kind, places, plane_normal(kind, places, geometry.normal))

    def _find_edge(self, place_mm: Vector, normal: Vector) -> None:
        volume = self._session.volume()
        if volume is None:
            return

        def work(progress: Progress, cancel: CancelToken) -> LumenWidths:
            return lumen_widths(volume, place_mm, normal)

        def done(found: LumenWidths) -> None:
            points = found.points_mm
            self._add("calliper", points, plane_normal("calliper", points, normal), found)

        self._session.jobs.submit(
            Job(
                key="calliper",
                title=tr("Finding the edge"),
                work=work,
                done=done,
                failed=lambda error: self._session.said.emit(str(error)),
                subject=self._session.label,
                quiet=True,
            )
        )

    def _add(self, kind: str, points: FloatArray, normal: Vector, found: LumenWidths | None = None) -> None:
        number, taken = 1, self._session.case.measurements
        while f"{tr(NAMES[kind])} {number}" in taken:
            number += 1
        rim = np.empty((0, 3)) if found is None else found.outline_mm
        item = Measurement(
            name=f"{tr(NAMES[kind])} {number}",
            kind=kind,
            points_mm=tuple(vec(point) for point in points),
            value=readings(kind, points, rim)[0].value,
            unit="mm",
            normal=vec(normal),
            outline_mm=tuple(vec(point) for point in rim),
            unclear=None if found is None else found.unclear,
        )
        if not self._session.do(AddMeasurement(item)):
            return
        # the place that was set last can be nudged at once
        is_by_places = kind in ("distance", "circle") or (kind == "calliper" and found is None)
        point = handle_key(item.name, len(points) - 1) if is_by_places else ""
        self._session.view.set(tool="cross", selected=item.name, selected_point=point)
        self._session.said.emit(doubt(item) or f"{item.name}: {short_text(item)}")

    # those that are there

    def moved(self, key: str, position_mm: Vector, finished: bool) -> bool:
        """A handle follows the hand. False when the key is none of a measurement's."""
        handle = handle_of(key)
        if handle is None:
            return False
        name, index = handle
        item = self._session.case.measurements.get(name)
        if item is None:
            return True
        before = np.array(item.points_mm, dtype=np.float64)
        points = moved(item.kind, before, index, position_mm)
        try:
            numbers = readings(item.kind, points)
        except MeasurementError as error:
            if finished:
                self._draft = None
                self.changed.emit()
                self._session.said.emit(str(error))
            return True
        normal = np.eye(3)[2] if item.normal is None else np.array(item.normal)
        lift_mm = float((points[0] - before[0]) @ normal) if len(points) == 4 else 0.0
        draft = replace(
            item,
            points_mm=tuple(vec(point) for point in points),
            value=numbers[0].value,
            normal=None if item.normal is None else vec(plane_normal(item.kind, points, normal)),
            # the edge was found in the plane that is left now
            outline_mm=item.outline_mm if abs(lift_mm) < LEAST_LIFT_MM else (),
            # widths that a hand has moved are not the image's any more
            unclear=None,
        )
        is_same = np.allclose(points, before, atol=1e-9)
        self._draft = None if finished or is_same else (item, draft)
        if self._session.view.state.selected != name:
            self._session.view.set(selected=name)
        if finished and not is_same:
            self._session.do(ReplaceMeasurement(draft))
        self.changed.emit()
        return True

    def remove(self, name: str) -> bool:
        """Out of the case; undo brings it back."""
        if not self._session.do(RemoveMeasurement(name)):
            return False
        self._session.view.set(selected="", selected_point="")
        return True

    def fly_to(self, name: str) -> None:
        """The crosshair there, and a pane in the plane that was measured in: one that is already, else all are turned."""
        item, view = self._session.case.measurements[name], self._session.view
        points = np.array(item.points_mm, dtype=np.float64)
        try:
            place = center_mm(item.kind, points)
        except MeasurementError:
            place = points.mean(axis=0)
        normal = normal_of(item)
        view.set(selected=name, selected_point="")
        if normal is None:
            view.fly_to(place)
            return
        shown = [name for name in self._shown() if name in SLICES]
        pane = next((name for name in shown if _looks_along(view.state, name, normal)), None)
        if pane is None:
            view.align("measure", place, normal)
            pane = "axial"
        elif pane in view.state.pinned:
            plane = view.state.pinned[pane]
            view.scroll_pinned(pane, float((place - plane.through_mm) @ np.array(plane.frame[2])))
        if pane not in view.state.pinned:
            view.fly_to(place)
        maximised = "" if view.state.maximised not in ("", pane) else view.state.maximised
        view.set(active=pane, maximised=maximised)


def _items(item: Measurement, color: str) -> tuple[PlanItem, ...]:
    points = np.array(item.points_mm, dtype=np.float64)
    try:
        normal = plane_normal(item.kind, points, np.eye(3)[2] if item.normal is None else np.array(item.normal))
        outline = np.array(item.outline_mm, dtype=np.float64).reshape(-1, 3)
        return measure_items(item.name, item.kind, points, normal, outline, color)
    except MeasurementError:
        return ()


def _looks_along(state: ViewState, pane: str, normal: Vector) -> bool:
    return abs(float(state.axes(pane)[2] @ normal)) > SAME_DIRECTION
