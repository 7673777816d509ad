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
from viewers.overlay import ContourItem, NoteItem, PathItem, PlanItem
from viewers.plan_pane import PlanPane
from viewers.strip_pane import StripPane
from viewers.view_state import PinnedPlane, aligned_frame, vec

SECTION_REACH_MM = 45.0
LEAST_ARC_DEG = 20.0
SHEATH_POINTS = 72
ARC_AWAY_MM, ARC_STEP_DEG = 1.0, 3.0


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredVessel:
    """What is shown. name: "right"; stations: the contract's; least_mm: place of the least lumen along it.

    sheath_mm, vessel_mm: outer diameter of a sheath and the least vessel it asks for. begins: what lies at its start.
    """

    name: str
    line_mm: Any
    stations: Sequence[Mapping[str, Any]]
    length_mm: float
    least_mm: float | None = None
    sheath_mm: float | None = None
    vessel_mm: float | None = None
    begins: str = ""


class VesselViews(QObject):
    """The panes of one vessel. `moved`: another station; `other_asked`: the other side is wanted (X)."""

    moved = Signal()
    other_asked = Signal()

    def __init__(self, session: Session, prefix: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.vessel: MeasuredVessel | None = None
        self.at = -1
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
        if vessel is None:
            self.at = -1
            return
        is_same = before is not None and before.line_mm is vessel.line_mm
        volume = self._session.volume()
        if not is_same:
            self.strip.show_vessel(volume, vessel.line_mm, vessel.stations, vessel.begins)
            self.chart.chart.set_stations(vessel.stations, vessel.length_mm)
            self.at = self.least_station()
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
    def station(self) -> Mapping[str, Any] | None:
        """The station shown."""
        if self.vessel is None or not 0 <= self.at < len(self.vessel.stations):
            return None
        return self.vessel.stations[self.at]

    def go_to(self, number: int) -> None:
        """Show the section of a station."""
        self.at = number
        self._mark()
        self.look()
        self.moved.emit()

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

    def _mark(self) -> None:
        self.strip.set_station(self.at)
        self.chart.chart.set_station(self.at)

    def section_items(self) -> list[PlanItem]:
        """Contour with its widths, calcium in degrees, and the sheath in its true size."""
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
