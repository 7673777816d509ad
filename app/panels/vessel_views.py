"""A measured vessel in its panes: section, strip and chart on one axis, and the station that all of them show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.i18n import text_value, tr
from app.pane_grid import Arrangement
from app.panels.base import kept_reach_mm
from app.panels.section_drawing import HANDLE_KEY, STILL_MM, contour_items, hand_items, is_handle
from app.panes.diameter_pane import DiameterPane
from app.panes.look import pane_look, panel_look
from app.session import Session
from app.theme.tokens import PLANS
from planning.geometry import FloatArray
from planning.vessel.edits import (
    Handle,
    LumenEdit,
    edit_at,
    edit_stations,
    handles_at,
    with_pin,
)
from viewers.overlay import PlanItem
from viewers.plan_pane import PlanPane
from viewers.strip_pane import StripPane
from viewers.view_state import PinnedPlane, aligned_frame, vec

SECTION_REACH_MM = 45.0


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredVessel:
    """What is shown. name: "right"; stations: the contract's; least_mm: place of the least lumen along it.

    sheath_mm, vessel_mm: outer diameter of a sheath and the least vessel it asks for. begins: what lies at its start.
    edits: sections pulled by hand, which the stations show. can_edit: whether a hand may pull them.
    """

    name: str
    line_mm: Any
    stations: Sequence[Mapping[str, Any]]
    length_mm: float
    least_mm: float | None = None
    sheath_mm: float | None = None
    vessel_mm: float | None = None
    begins: str = ""
    edits: tuple[LumenEdit, ...] = ()
    can_edit: bool = False


class VesselViews(QObject):
    """The panes of one vessel. `moved`: another station; `other_asked`: the other side is wanted (X).

    `pulled` (edits, finished): a hand changed the vessel's edited sections; while it is at work the panes show them
    before anybody else does. `refused`: why a place was not taken.
    """

    moved = Signal()
    other_asked = Signal()
    pulled = Signal(object, bool)
    refused = Signal(str)

    def __init__(self, session: Session, prefix: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.vessel: MeasuredVessel | None = None
        self.at = -1
        self._is_editing = False
        self._preview: tuple[tuple[LumenEdit, ...], Sequence[Mapping[str, Any]]] | None = None
        self._strip_name, self._chart_name = f"{prefix}strip", f"{prefix}chart"
        self.strip = StripPane(self._strip_name, session.view, pane_look(), PLANS["a"])
        self.chart = DiameterPane(self._chart_name, session.view, panel_look())
        for chosen in (self.strip.station_chosen, self.chart.chart.station_chosen):
            chosen.connect(self.go_to)
        for asked in (self.strip.other_asked, self.chart.chart.other_asked):
            asked.connect(self.other_asked)

    def panes(self) -> Mapping[str, PlanPane]:
        """Strip and chart."""
        return {self._strip_name: self.strip, self._chart_name: self.chart}

    def arrangement(self) -> Arrangement:
        """Section and 3D above, strip and chart below."""
        return Arrangement(("axial", "3d", self._strip_name, self._chart_name), "vessel")

    def show(self, vessel: MeasuredVessel | None) -> None:
        """Another vessel, or the same with another sheath; the station stays where it can."""
        before, self.vessel = self.vessel, vessel
        self._preview = None
        if vessel is None:
            self.at = -1
            self._is_editing = False
            return
        if before is None or not _is_same_line(before, vessel):
            self.strip.show_vessel(self._session.volume(), vessel.line_mm, vessel.stations, vessel.begins)
            self.chart.chart.set_stations(vessel.stations, vessel.length_mm)
            self.at = self.least_station()
        elif before.stations is not vessel.stations:
            self._show_stations()
        self.strip.set_detail(f"{vessel.name}, {text_value(vessel.length_mm, 1)} mm" if vessel.name else "")
        limits = []
        if vessel.sheath_mm is not None:
            limits.append(
                (tr("sheath, outer {sheath_mm}", sheath_mm=text_value(vessel.sheath_mm, 1)), vessel.sheath_mm, "t1")
            )
        if vessel.vessel_mm is not None:
            limits.append(
                (tr("least vessel {vessel_mm}", vessel_mm=text_value(vessel.vessel_mm, 1)), vessel.vessel_mm, "warn")
            )
        self.chart.chart.set_limits(limits)
        self._mark()

    def least_station(self) -> int:
        """The station of the least lumen; the first one without."""
        vessel = self.vessel
        if vessel is None or not len(vessel.stations):
            return -1
        return 0 if vessel.least_mm is None else nearest(vessel.stations, vessel.least_mm)

    @property
    def stations(self) -> Sequence[Mapping[str, Any]]:
        """The vessel's, as the hand has them now."""
        if self._preview is not None:
            return self._preview[1]
        return () if self.vessel is None else self.vessel.stations

    @property
    def station(self) -> Mapping[str, Any] | None:
        """The station shown."""
        stations = self.stations
        return stations[self.at] if 0 <= self.at < len(stations) else None

    def _show_stations(self) -> None:
        if self.vessel is not None:
            self.strip.set_stations(self.stations)
            self.chart.chart.set_stations(self.stations, self.vessel.length_mm)

    def go_to(self, number: int) -> None:
        """Show the section of a station."""
        self.at = number
        self._mark()
        self.look()
        self.moved.emit()

    def stand_at(self, number: int) -> None:
        """Mark a station and leave the panes as they are."""
        self.at = number
        self._mark()

    def look(self) -> None:
        """The section pane stands across the vessel at the station."""
        station = self.station
        if station is not None:
            reach = kept_reach_mm(self._session.view.state, "vessel", SECTION_REACH_MM)
            view = self._session.view
            view.align("vessel", station["position_mm"], station["tangent"], reach)
            begins = self.vessel.begins if self.vessel is not None else ""
            section = PinnedPlane(
                title=tr("Section"),
                origin_mm=vec(station["position_mm"]),
                frame=aligned_frame(station["tangent"]),
                height_mm=float(station["s_mm"]),
                since=tr(" from the {begins}", begins=begins) if begins else "",
            )
            view.pin({"axial": section})

    # the section under the hand

    @property
    def is_editing(self) -> bool:
        """Whether the section has handles."""
        return self._is_editing and self.vessel is not None and self.vessel.can_edit

    def set_editing(self, on: bool) -> None:
        """Handles on the section, or none."""
        self._is_editing = on

    @property
    def edits(self) -> tuple[LumenEdit, ...]:
        """The vessel's edited sections, as the hand has them now."""
        if self._preview is not None:
            return self._preview[0]
        return () if self.vessel is None else self.vessel.edits

    @property
    def is_edited_here(self) -> bool:
        """Whether the section shown was pulled itself."""
        return self.vessel is not None and edit_at(self.vessel.stations, self.vessel.edits, self.at) is not None

    def _handles(self) -> tuple[FloatArray, tuple[Handle, ...]] | None:
        if not self.is_editing or self.station is None:
            return None
        return handles_at(self.stations, self.at, edit_at(self.stations, self.edits, self.at))

    def point_moved(self, key: str, position_mm: FloatArray, finished: bool) -> bool:
        """A handle pulls the section's edge through the hand's place; True when it was one."""
        if not key.startswith(HANDLE_KEY) or self.vessel is None:
            return False
        if not self.is_editing:
            return True
        told = edit_at(self.vessel.stations, self.vessel.edits, self.at)
        angle = float(key.removeprefix(HANDLE_KEY))
        found = handles_at(self.vessel.stations, self.at, told)
        before = next((one.place_mm for one in found[1] if is_handle(key, one)), None) if found is not None else None
        if before is not None and float(np.linalg.norm(before - position_mm)) < STILL_MM:
            # the hand took it back
            self._take(None, finished)
            return True
        edits = with_pin(self.vessel.stations, self.vessel.edits, self.at, angle, position_mm)
        lumen = edit_stations(self.vessel.stations, edits)
        if len(lumen.edits) < len(edits):
            if finished:
                self.refused.emit(tr("The contour cannot go through this place. Pull it less far"))
                self._take(None, finished)
            return True
        self._take((lumen.edits, lumen.stations), finished)
        return True

    def reset_point(self, key: str) -> bool:
        """A pulled handle follows the image again; True when it was one."""
        if not key.startswith(HANDLE_KEY):
            return False
        if self.is_editing and self.vessel is not None and self.is_edited_here:
            angle = float(key.removeprefix(HANDLE_KEY))
            self._give(with_pin(self.vessel.stations, self.vessel.edits, self.at, angle, None))
        return True

    def reset_section(self) -> None:
        """The section shown follows the image again."""
        if self.vessel is not None and self.vessel.can_edit:
            own = edit_at(self.vessel.stations, self.vessel.edits, self.at)
            self._give(tuple(edit for edit in self.vessel.edits if edit is not own))

    def reset_all(self) -> None:
        """Every section follows the image again."""
        if self.vessel is not None and self.vessel.can_edit:
            self._give(())

    def _give(self, edits: tuple[LumenEdit, ...]) -> None:
        if self.vessel is not None and len(edits) + sum(len(edit.pins_mm) for edit in edits) != len(
            self.vessel.edits
        ) + sum(len(edit.pins_mm) for edit in self.vessel.edits):
            self.pulled.emit(edits, True)

    def _take(self, preview: tuple[tuple[LumenEdit, ...], Sequence[Mapping[str, Any]]] | None, finished: bool) -> None:
        """Show what the hand has; on release it is the plan's to keep."""
        assert self.vessel is not None
        self._preview = preview
        self._show_stations()
        self._mark()
        edits = self.edits
        self.pulled.emit(edits, finished and preview is not None)

    def _mark(self) -> None:
        self.strip.set_station(self.at)
        self.chart.chart.set_station(self.at)

    def section_items(self) -> list[PlanItem]:
        """Contour with its widths, calcium in degrees, the sheath in its true size, and handles for a hand."""
        station = self.station
        if station is None or self.vessel is None:
            return []
        return [*contour_items(station, self.vessel.sheath_mm), *hand_items(station, self._handles())]


def _is_same_line(before: MeasuredVessel, now: MeasuredVessel) -> bool:
    first, second = before.line_mm, now.line_mm
    return first is second or (len(first) == len(second) and bool(np.array_equal(first, second)))


def nearest(stations: Sequence[Mapping[str, Any]], s_mm: float) -> int:
    """The station nearest to a place along the vessel."""
    return int(np.argmin([abs(station["s_mm"] - s_mm) for station in stations]))
