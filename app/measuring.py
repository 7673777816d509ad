"""Measurements by hand in the window: from places set in a pane to the case, moved by handles, found again by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.i18n import mark, said, tr
from app.jobs import Job
from app.measure_drawing import drawn_items, is_in, looks_along, normal_of, plane_of
from app.measure_values import SOON_VOXELS, glanced, smoothed, voxels_of, with_values
from app.measure_words import NAMES, doubt, is_elsewhere, short_text
from app.read_only import is_refused
from app.second_image import SecondImage, lying_together
from app.session import Session
from app.surface_places import SurfacePlaces
from planning.case.commands import AddMeasurement, Command, RemoveMeasurement, ReplaceMeasurement
from planning.case.measured import middle_of
from planning.case.model import Image, Measurement
from planning.errors import MeasurementError, TheatrumError
from planning.geometry import FloatArray, Vector
from planning.measure.kinds import REGIONS, check, moved, plane_normal, readings
from planning.measure.lumen import LumenWidths, lumen_widths
from planning.measure.typed import with_typed
from planning.progress import CancelToken, Progress
from planning.volume import Volume
from viewers.measures import boxed, handle_key, handle_of, words_of
from viewers.overlay import PlanItem
from viewers.pane_geometry import PaneGeometry
from viewers.view_state import SLICES, vec

LEAST_LIFT_MM = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """What is measured in: an image of the case, one of its phases, and its voxels where they are at hand."""

    image: Image
    number: int
    volume: Volume | None

    @property
    def phase(self) -> str:
        """Of a moving image, in words."""
        return self.image.phases[self.number] if len(self.image.phases) > 1 else ""


class Measuring(QObject):
    """The measurements of one open case. `changed`: what is drawn of them is different while a handle is dragged.

    shown: names of the panes that are seen. second: the case's other image, which is measured in beside the first.
    """

    changed = Signal()

    def __init__(
        self,
        session: Session,
        second: SecondImage,
        shown: Callable[[], Sequence[str]],
        common_color: str,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._second, self._shown, self.common_color = session, second, shown, common_color
        # the measurement under the hand: as the case has it, and as it is drawn
        self._draft: tuple[Measurement, Measurement] | None = None
        self._drawn: dict[str, tuple[Measurement, tuple[PlanItem, ...]]] = {}
        self._places = SurfacePlaces(session)

    def items(self, *, second: bool = False) -> tuple[PlanItem, ...]:
        """What is drawn of those that lie in the first image's patient, or the second's; the same objects while they stay
        the same."""
        kept: dict[str, tuple[Measurement, tuple[PlanItem, ...]]] = {}
        for name, item in self._session.case.measurements.items():
            if self._draft is not None and self._draft[0] is item:
                item = self._draft[1]
            before = self._drawn.get(name)
            if before is None or before[0] is not item:
                is_named = is_elsewhere(self._session.case, item)
                before = item, drawn_items(item, self.common_color, is_named, not self._session.document.read_only)
            kept[name] = before
        self._drawn = kept
        image = self._second.image if second else self._session.image
        return tuple(part for item, items in kept.values() if self._lies_in(item, image) for part in items)

    def in_space(self) -> frozenset[str]:
        """Names of those that 3D shows: taken on surfaces that are shown, chosen, or in a plane that a pane shows now.

        3D draws them over all surfaces: an old one from elsewhere would float over what is looked at.
        """
        measured = self._session.case.measurements
        if not measured:
            return frozenset()
        view = self._session.view.state
        chosen = {view.selected, (handle_of(view.selected_point) or ("",))[0]}
        if self._draft is not None:
            chosen.add(self._draft[0].name)
        # where 3D fills the window, the planes are where they will be seen again
        panes = [name for name in self._shown() if name in SLICES] or SLICES
        planes = [plane_of(view, pane) for pane in panes]
        return frozenset(name for name, item in measured.items() if name in chosen or self._is_seen(item, planes))

    def _is_seen(self, item: Measurement, planes: Sequence[Any]) -> bool:
        """In one of the planes, or taken on surfaces of which none is hidden."""
        if item.normal is None:
            return not self._places.floats(item, self._session.view.state.hidden)
        return any(is_in(item, *plane) for plane in planes)

    def space_items(self) -> tuple[PlanItem, ...]:
        """What 3D draws of `items`."""
        names = self.in_space()
        self.items()
        image = self._session.image
        return tuple(
            part
            for name, (item, items) in self._drawn.items()
            if name in names and self._lies_in(item, image)
            for part in items
        )

    def _lies_in(self, item: Measurement, image: Image | None) -> bool:
        """Whether a place that was measured means the same place in an image."""
        measured = self._session.case.images.get(item.image, self._session.image)
        return image is None or measured is None or not lying_together(measured, image)

    # what is measured in

    def _source(self, *, second: bool = False) -> Source | None:
        """The image that a pane shows."""
        if second:
            image = self._second.image
            return None if image is None else Source(image, self._second.state.phase, self._second.volume)
        first = self._session.image
        return None if first is None else Source(first, self._session.view.state.phase, self._session.volume())

    def _source_of(self, item: Measurement, *, second: bool = False) -> Source | None:
        """The image that a measurement is of, in the phase that was measured in; second: in the second image's panes.

        A move under another phase's picture would else give it that phase's values without a word.
        """
        shown = [one for one in (self._source(second=second), self._source(second=not second)) if one is not None]
        name = item.image or (self._session.image.name if self._session.image is not None else "")
        of_image = [one for one in shown if one.image.name == name]
        image = self._session.case.images.get(name)
        number = image.phases.index(item.phase) if image is not None and item.phase in image.phases else None
        found = next((one for one in of_image if number in (None, one.number)), None)
        if found is not None or image is None:
            return found
        # another than those that are shown: its voxels are read when they are wanted
        return Source(image, number or 0, None)

    # new ones

    def take(
        self, geometry: PaneGeometry, kind: str, places_mm: FloatArray, *, second: bool = False, slab_mm: float = 0.0
    ) -> bool:
        """Places set in a pane: into the case, or first look for the edge round a single one. False when they make nothing.

        second: the pane shows the second image, which is measured in then. slab_mm: how thick a slab it shows.
        """
        places, source = np.asarray(places_mm, dtype=np.float64), self._source(second=second)
        if source is None:
            return False
        if kind == "calliper" and len(places) == 1:
            self._find_edge(source, places[0], geometry.normal)
            return True
        points = boxed(kind, places, geometry.right, geometry.down)
        return self._take(source, kind, points, geometry.normal, slab_mm=slab_mm)

    def take_in_space(self, kind: str, places_mm: FloatArray, towards: Vector, *, second: bool = False) -> bool:
        """Places set on surfaces, seen from a direction: they keep no plane but one that their own points make."""
        points = np.asarray(places_mm, dtype=np.float64)
        source = self._source(second=second)
        return source is not None and self._take(source, kind, points, towards, is_flat=False)

    def _take(
        self,
        source: Source,
        kind: str,
        points: FloatArray,
        normal: Vector,
        *,
        is_flat: bool = True,
        slab_mm: float = 0.0,
    ) -> bool:
        try:
            if kind == "freehand":
                points = smoothed(points, source.image.grid)
            check(kind, points)
            item = self._new(source, kind, points, plane_normal(kind, points, normal) if is_flat else None)
            item = replace(item, slab_mm=slab_mm)
        except MeasurementError as error:
            self._session.said.emit(said(str(error)))
            return False
        # the place that was set last can be nudged at once
        is_by_places = len(points) <= 4 and kind not in (*REGIONS, "ellipse")
        point = handle_key(item.name, len(points) - 1) if is_by_places else ""
        self._read(source, item, lambda read: self._add(read, point))
        return True

    def _find_edge(self, source: Source, place_mm: Vector, normal: Vector) -> None:
        volume = source.volume
        if volume is None:
            return

        def work(progress: Progress, cancel: CancelToken) -> LumenWidths:
            return lumen_widths(volume, place_mm, normal)

        def done(found: LumenWidths) -> None:
            points = found.points_mm
            item = self._new(source, "calliper", points, plane_normal("calliper", points, normal), found)
            self._add(item, "")

        self._submit("calliper", tr("Finding the edge"), work, done)

    def _new(
        self, source: Source, kind: str, points: FloatArray, normal: Vector | None, found: LumenWidths | None = None
    ) -> Measurement:
        """A measurement under the next free name of its kind, without what the image says."""
        rim = np.empty((0, 3)) if found is None else found.outline_mm
        numbers = readings(kind, points, rim)
        return Measurement(
            name=self._free_name(kind),
            kind=kind,
            points_mm=tuple(vec(point) for point in points),
            value=numbers[0].value if numbers else 0.0,
            unit=numbers[0].unit if numbers else "",
            normal=None if normal is None else vec(normal),
            outline_mm=tuple(vec(point) for point in rim),
            unclear=None if found is None else found.unclear,
            image=source.image.name,
            phase=source.phase,
        )

    def _free_name(self, kind: str) -> str:
        number, taken, called = 1, self._session.case.measurements, tr(NAMES[kind])
        while f"{called} {number}" in taken:
            number += 1
        return f"{called} {number}"

    def _add(self, item: Measurement, point: str) -> None:
        if item.name in self._session.case.measurements:
            # another one was added while this one's values were read
            item = replace(item, name=self._free_name(item.kind))
        if not self._session.do(AddMeasurement(item)):
            return
        self._session.view.set(tool="cross", selected=item.name, selected_point=point)
        self._session.said.emit(
            doubt(self._session.case, item) or f"{item.name}: {short_text(self._session.case, item)}"
        )

    # what the image says

    def _read(self, source: Source | None, item: Measurement, then: Callable[[Measurement], None]) -> None:
        """The measurement with the image's values, at once or after a job; refused in words where it lies outside."""
        if source is None or item.kind not in (*REGIONS, "probe_point"):
            then(item)
            return
        held, document = source.volume, self._session.document
        if held is not None and voxels_of(item, held.grid) <= SOON_VOXELS:
            try:
                read = with_values(item, held)
            except MeasurementError as error:
                self._refused(error)
                return
            then(read)
            return

        def work(progress: Progress, cancel: CancelToken) -> Measurement:
            return with_values(item, held or document.volume(source.image.name, source.number))

        # a newer move replaces an older one, another new region does not
        is_new = item.name not in self._session.case.measurements
        key = f"values {item.points_mm}" if is_new else f"values {item.name}"
        self._submit(key, tr("Reading the values"), work, then)

    def _submit(
        self, key: str, title: str, work: Callable[[Progress, CancelToken], Any], done: Callable[[Any], None]
    ) -> None:
        self._session.jobs.submit(
            Job(
                key=key,
                title=title,
                work=work,
                done=done,
                failed=self._refused,
                subject=self._session.label,
                quiet=True,
                by_hand=True,
            )
        )

    def _refused(self, error: TheatrumError) -> None:
        """Why nothing came of it; what is drawn is the case's again."""
        self._draft = None
        self.changed.emit()
        self._session.said.emit(said(str(error)))

    # those that are there

    def moved(self, key: str, position_mm: Vector, finished: bool, *, second: bool = False) -> bool:
        """A handle or the words follow the hand. False when the key is none of a measurement's.

        second: the hand is in a pane of the second image.
        """
        if (words_of(key) or handle_of(key) is not None) and self._session.document.read_only:
            if finished:
                is_refused(self._session)
            return True
        if words_of(key):
            self._words_moved(words_of(key), position_mm, finished)
            return True
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
            check(item.kind, points)
        except MeasurementError as error:
            if finished:
                self._draft = None
                self.changed.emit()
                self._session.said.emit(said(str(error)))
            return True
        source = self._source_of(item, second=second)
        draft = self._put(item, points, source)
        is_same = np.allclose(points, before, atol=1e-9)
        self._draft = None if is_same else (item, draft)
        if self._session.view.state.selected != name:
            self._session.view.set(selected=name)
        if finished and not is_same:
            self._read(source, draft, lambda read: self._replace(item, read))
            self._tell_phase(item, second=second)
        elif not is_same:
            self._draft = (item, glanced(draft, source.volume if source is not None else None))
        self.changed.emit()
        return True

    def _tell_phase(self, item: Measurement, *, second: bool) -> None:
        """That a hand moved under the picture of another phase than was measured in."""
        shown = self._source(second=second)
        if item.phase and shown is not None and shown.phase not in ("", item.phase):
            words = tr(
                "{name} stays a measurement of {phase}; {shown} is shown",
                name=item.name,
                phase=item.phase,
                shown=shown.phase,
            )
            self._session.said.emit(f"{words}.")

    def _put(self, item: Measurement, points: FloatArray, source: Source | None) -> Measurement:
        """A measurement with other points, without what the image said of the old ones."""
        numbers = readings(item.kind, points)
        normal = np.eye(3)[2] if item.normal is None else np.array(item.normal)
        lift_mm = float((points[0] - np.array(item.points_mm[0])) @ normal) if len(points) == 4 else 0.0
        # the edge was found in the plane that is left now
        outline = item.outline_mm if abs(lift_mm) < LEAST_LIFT_MM else ()
        return replace(
            item,
            points_mm=tuple(vec(point) for point in points),
            value=numbers[0].value if numbers else item.value,
            normal=None if item.normal is None else vec(plane_normal(item.kind, points, normal)),
            outline_mm=outline,
            # widths that a hand has moved are not the image's any more, the area is
            unclear=None,
            area_unclear=(item.unclear or item.area_unclear) if outline else 0.0,
            readings=(),
            phase=item.phase or (source.phase if item.readings and source is not None else ""),
        )

    def _replace(self, before: Measurement, item: Measurement, verb: str = mark("Move")) -> None:
        """One step, unless another one came first."""
        self._draft = None
        if self._session.case.measurements.get(before.name) is before:
            self._do(ReplaceMeasurement(item, verb))
        self.changed.emit()

    def _do(self, command: Command) -> bool:
        return self._session.do(command)

    def _words_moved(self, name: str, position_mm: Vector, finished: bool) -> None:
        item = self._session.case.measurements.get(name)
        if item is None:
            return
        away = np.asarray(position_mm) - middle_of(item)
        label = None if float(np.linalg.norm(away)) < 1e-9 else vec(away)
        self._draft = None if label == item.label_mm else (item, replace(item, label_mm=label))
        if finished and self._draft is not None:
            self._replace(item, self._draft[1], mark("Move the words of"))
        self.changed.emit()

    def words_home(self, name: str) -> None:
        """The words find their own place again."""
        item = self._session.case.measurements[name]
        if item.label_mm is not None:
            self._replace(item, replace(item, label_mm=None), mark("Move the words of"))

    def recolour(self, name: str, color: str) -> None:
        """Another colour; "" for the common one."""
        item = self._session.case.measurements[name]
        if color != item.color:
            self._replace(item, replace(item, color=color), mark("Recolour"))

    def type_value(self, name: str, reading: str, value: float) -> None:
        """A number that was typed. Raises MeasurementError for one that cannot be."""
        item = self._session.case.measurements[name]
        points = with_typed(item.kind, np.array(item.points_mm, dtype=np.float64), reading, value)
        source = self._source_of(item)
        self._read(source, self._put(item, points, source), lambda read: self._replace(item, read, mark("Change")))

    def remove(self, name: str) -> bool:
        """Out of the case; undo brings it back."""
        if not self._session.do(RemoveMeasurement(name)):
            return False
        self._session.view.set(selected="", selected_point="")
        return True

    def fly_to(self, name: str) -> None:
        """The crosshair there, and a pane in the plane that was measured in: one that is already, else all are turned."""
        item, view = self._session.case.measurements[name], self._session.view
        place, normal = middle_of(item), normal_of(item)
        if normal is None and item.kind == "angle":
            # taken in space, it lies in a plane all the same
            normal = plane_normal("angle", np.array(item.points_mm, dtype=np.float64), np.eye(3)[2])
        view.set(selected=name, selected_point="")
        if is_elsewhere(self._session.case, item):
            self._bring(item)
        elif item.phase and item.phase in self._session.phases.labels:
            self._session.phases.show(self._session.phases.labels.index(item.phase))
        if normal is None:
            view.fly_to(place)
            return
        shown = [name for name in self._shown() if name in SLICES]
        pane = next((name for name in shown if looks_along(view.state, name, normal)), None)
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

    def _bring(self, item: Measurement) -> None:
        """Show the image that was measured in beside the first one, where a place of it means none of the first."""
        if item.image not in self._session.case.images or self._lies_in(item, self._session.image):
            return
        self._second.choose(item.image)
        # the crosshair goes there in the first image's panes; the others go with them
        self._second.change(linked=True)
        self._session.view.set(layout="compare")
