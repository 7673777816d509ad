"""A measured vessel in its panes: section, strip and chart on one axis, and the station that all of them show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.pane_grid import Arrangement
from app.panels.base import kept_reach_mm
from app.panels.quantities import plain
from app.panels.tavr.drawing import caliper_ends
from app.panes.diameter_pane import DiameterPane
from app.panes.look import pane_look, panel_look
from app.session import Session
from app.theme.tokens import DARK, PLANS
from planning.geometry import FloatArray
from planning.registry import structure_style
from planning.units import text_value
from planning.vessel.edits import (
    FARTHEST_MM,
    Handle,
    LumenEdit,
    edit_at,
    edit_stations,
    handles_at,
    is_edited,
    with_pin,
)
from viewers.overlay import ContourItem, NoteItem, PathItem, PlanItem, PointItem
from viewers.plan_pane import PlanPane
from viewers.strip_pane import StripPane
from viewers.tracks import RayTrack
from viewers.view_state import PinnedPlane, aligned_frame, vec

SECTION_REACH_MM = 45.0
LEAST_ARC_DEG = 20.0
SHEATH_POINTS = 72
ARC_AWAY_MM, ARC_STEP_DEG = 1.0, 3.0
HANDLE_KEY = "lumen_handle_"
LEAST_HANDLE_MM, STILL_MM, HANDLE_NEAR_DEG = 0.6, 1e-6, 1.0


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
            limits.append((f"sheath, outer {text_value(vessel.sheath_mm, 1)}", vessel.sheath_mm, "t1"))
        if vessel.vessel_mm is not None:
            limits.append((f"least vessel {text_value(vessel.vessel_mm, 1)}", vessel.vessel_mm, "warn"))
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
                title="Section",
                origin_mm=vec(station["position_mm"]),
                frame=aligned_frame(station["tangent"]),
                height_mm=float(station["s_mm"]),
                since=f" from the {begins}" if begins else "",
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
        before = next((one.place_mm for one in found[1] if _is_key(key, one)), None) if found is not None else None
        if before is not None and float(np.linalg.norm(before - position_mm)) < STILL_MM:
            # the hand took it back
            self._take(None, finished)
            return True
        edits = with_pin(self.vessel.stations, self.vessel.edits, self.at, angle, position_mm)
        lumen = edit_stations(self.vessel.stations, edits)
        if len(lumen.edits) < len(edits):
            if finished:
                self.refused.emit("The contour cannot go through this place. Pull it less far")
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
        return [*self._contour_items(), *self._hand_items()]

    def _hand_items(self) -> list[PlanItem]:
        """What the image told where a hand changed it, and handles while it may."""
        station, found = self.station, self._handles()
        drawn: list[PlanItem] = []
        if station is not None and is_edited(station):
            told = np.asarray(station["automatic"]["contour_mm"], dtype=np.float64).reshape(-1, 3)
            if len(told) >= 3:
                closed = np.concatenate([told, told[:1]])
                drawn.append(
                    PathItem(
                        key="section_automatic",
                        points_mm=closed,
                        color=DARK["t2"],
                        width_px=1.2,
                        dashed=True,
                        flat=True,
                    )
                )
            place = np.asarray(station["position_mm"], dtype=np.float64)
            drawn.append(
                NoteItem(
                    key="section_edited", position_mm=place, text=_edited_words(station), color=PLANS["a"], corner=True
                )
            )
        if found is None or station is None:
            return drawn
        middle, handles = found
        normal = np.asarray(station["tangent"], dtype=np.float64)
        for handle in handles:
            out = handle.place_mm - middle
            far = float(np.linalg.norm(out)) + FARTHEST_MM
            drawn.append(
                PointItem(
                    key=_handle_key(handle),
                    position_mm=handle.place_mm,
                    color=PLANS["a"],
                    label="",
                    shape="square" if handle.is_pulled else "small",
                    track=RayTrack(middle, out / max(float(np.linalg.norm(out)), STILL_MM), (LEAST_HANDLE_MM, far)),
                    flat=True,
                    along=normal,
                )
            )
        return drawn

    def _contour_items(self) -> list[PlanItem]:
        station, vessel = self.station, self.vessel
        if station is None or vessel is None:
            return []
        points = np.asarray(station["contour_mm"], dtype=np.float64).reshape(-1, 3)
        if len(points) < 3:
            return []
        normal = np.asarray(station["tangent"], dtype=np.float64)
        diameters = []
        for longest in (False, True):
            ends = caliper_ends(points, normal, longest=longest)
            diameters.append((ends, plain(float(np.linalg.norm(ends[1] - ends[0])), "mm")))
        drawn: list[PlanItem] = [
            ContourItem(key="section", points_mm=points, color=PLANS["a"], diameters=tuple(diameters), dots=False)
        ]
        middle = points.mean(axis=0)
        if vessel.sheath_mm is not None:
            circle = _circle(middle, normal, vessel.sheath_mm / 2.0)
            drawn.append(
                PathItem(key="sheath", points_mm=circle, color=DARK["t1"], width_px=1.6, dashed=True, flat=True)
            )
        arc = station["calcium_arc_deg"]
        if arc is not None and arc >= LEAST_ARC_DEG:
            drawn += _calcium_items(points, station.get("calcium_arcs_deg") or ())
            drawn.append(
                NoteItem(
                    key="section",
                    position_mm=middle,
                    text=f"calcium {arc:.0f}°",
                    color=structure_style("calcium").color,
                    pill=False,
                    away_px=(96.0, -38.0),
                    along=normal,
                )
            )
        return drawn


def _is_same_line(before: MeasuredVessel, now: MeasuredVessel) -> bool:
    first, second = before.line_mm, now.line_mm
    return first is second or (len(first) == len(second) and bool(np.array_equal(first, second)))


def _handle_key(handle: Handle) -> str:
    return f"{HANDLE_KEY}{handle.angle_deg:.1f}"


def _is_key(key: str, handle: Handle) -> bool:
    return abs((float(key.removeprefix(HANDLE_KEY)) - handle.angle_deg + 180.0) % 360.0 - 180.0) < HANDLE_NEAR_DEG


def _edited_words(station: Mapping[str, Any]) -> str:
    """ "Edited; automatic 5.4 × 6.0 mm"."""
    told, how = station["automatic"], "Edited" if station["edited"] == "here" else "Near an edit"
    if not told["closed"]:
        return f"{how}; automatic not closed"
    least, greatest = (plain(told[key], "mm") for key in ("min_diameter_mm", "max_diameter_mm"))
    return f"{how}; automatic {least} × {greatest} mm"


def _calcium_items(points_mm: FloatArray, arcs_deg: Sequence[Sequence[float]]) -> list[PlanItem]:
    """Calcium as arcs outside the contour, where it lies; 0° is the contour's first point."""
    middle, count = points_mm.mean(axis=0), len(points_mm)
    drawn: list[PlanItem] = []
    for number, (start, end) in enumerate(arcs_deg):
        at = np.linspace(start, end, max(int((end - start) / ARC_STEP_DEG), 1) + 1) / 360.0 * count
        before, share = np.floor(at).astype(int), (at % 1.0)[:, None]
        edge = points_mm[before % count] * (1.0 - share) + points_mm[(before + 1) % count] * share
        out = edge - middle
        out *= 1.0 + ARC_AWAY_MM / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), ARC_AWAY_MM)
        drawn.append(
            PathItem(
                key=f"calcium_{number}",
                points_mm=middle + out,
                color=structure_style("calcium").color,
                width_px=3.0,
                flat=True,
            )
        )
    return drawn


def _circle(middle: FloatArray, normal: FloatArray, radius_mm: float) -> FloatArray:
    side = np.cross(normal, np.eye(3)[int(np.argmin(np.abs(normal)))])
    side /= np.linalg.norm(side)
    angles = np.linspace(0.0, 2.0 * np.pi, SHEATH_POINTS)
    return np.asarray(
        middle + radius_mm * (np.cos(angles)[:, None] * side + np.sin(angles)[:, None] * np.cross(normal, side))
    )


def nearest(stations: Sequence[Mapping[str, Any]], s_mm: float) -> int:
    """The station nearest to a place along the vessel."""
    return int(np.argmin([abs(station["s_mm"] - s_mm) for station in stations]))
