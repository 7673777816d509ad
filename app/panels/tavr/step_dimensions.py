"""Step 4: LVOT, sinuses, junction, ascending aorta, coronary heights, leaflets and septum, each in its own plane."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from app.i18n import text_quantity, tr
from app.pane_grid import Arrangement
from app.panels.base import PlanRow
from app.panels.guide import StepActions
from app.panels.parts import PanelAction
from app.panels.tavr import rows
from app.panels.tavr.drawing import height_items, leaflet_items, level_item, septum_items
from app.panels.tavr.names import DIMENSIONS, ROOT
from app.panels.tavr.step import TavrStep
from app.theme.tokens import PLANS
from planning.geometry import FloatArray, unit
from viewers.overlay import PlanItem
from viewers.view_state import PinnedPlane, aligned_frame, vec

if TYPE_CHECKING:
    from app.panels.heart import HeartPanel

REACH_MM = 56.0
LEAST_ACROSS_MM = 0.5
PANES = ("axial", "coronal", "sagittal", "3d")
SEPTUM_KEYS = ("septum_top", "septum_bottom")


class DimensionsStep(TavrStep):
    """Sizes and heights of the root."""

    number = DIMENSIONS

    def __init__(self, panel: HeartPanel) -> None:
        super().__init__(panel)
        self.set_body(is_long=True)
        # what each pane shows now, so that a clicked number may take one
        self._shown: dict[str, str] = {}

    def arrangement(self) -> Arrangement | None:
        """Outflow tract, sinuses, junction, 3D."""
        return Arrangement(PANES)

    def words(self) -> str:
        """The left coronary height."""
        results = self.work.results
        return (
            ""
            if results is None
            else tr("LCA {left_height_mm}", left_height_mm=text_quantity(results["coronaries"]["left_height_mm"], "mm"))
        )

    # planes

    def entered(self) -> None:
        """Each pane stands in a level of the root."""
        self.panel.align()
        self._shown = {"axial": "lvot", "coronal": "sinus", "sagittal": "stj"}
        self._pin()

    def left(self) -> None:
        """Planes follow the crosshair again."""
        self.session.view.pin({})

    def _pin(self) -> None:
        planes = {pane: plane for pane, what in self._shown.items() if (plane := self._plane(what)) is not None}
        self.session.view.pin(planes, REACH_MM)

    def _plane(self, what: str) -> PinnedPlane | None:
        return None if self.numbers is None else level_plane(self.numbers, what)

    def row_chosen(self, key: str) -> None:
        """The pane of the same kind goes to where the number was taken."""
        what = rows.plane_of(key)
        pane = {"lvot": "axial", "sinus": "coronal"}.get(
            what, "sagittal" if what in ("stj", "ascending", "widest") else "coronal"
        )
        if self._plane(what) is None:
            return
        self._shown[pane] = what
        self._pin()
        self.panel.scene_changed.emit()
        place = rows.place_of(self.numbers, what) if self.numbers is not None else None
        if place is not None:
            self.session.view.set(cross_mm=vec(place))

    # showing

    def show_numbers(self, numbers: Mapping[str, Any]) -> None:
        """Heights first, then the levels."""
        height = numbers["coronaries"]["left_height_mm"]
        unsure = numbers["coronaries"].get("left_uncertainty_mm")
        found = numbers["landmarks"].get("ostium_left", {}).get("source", "")
        self.great.set_number(
            tr("LCA height"),
            height,
            "mm",
            unsure,
            origin="automatic" if found == "automatic" else "edited" if found else "",
            state=rows.coronary_state(height, unsure),
            stale=self.work.is_old("coronaries"),
        )
        listed = [row for row in rows.root_rows(numbers) if row.key != "ostium_left"]
        self.table.set_rows(listed, self.work.is_old("sinuses", "stj", "lvot"))
        self.say(rows.step_notes(numbers, DIMENSIONS))

    def items(self) -> list[PlanItem]:
        """Contours of the levels, coronary heights, leaflets and septum."""
        numbers = self.numbers
        if numbers is None or self.work.is_stale:
            return []
        drawn: list[PlanItem] = []
        lvot = rows.nearest_lvot(numbers)
        for key, section, normal in (
            ("lvot", lvot, numbers["annulus"]["normal"]),
            ("sinuses", numbers["sinuses"], None),
            ("stj", numbers["stj"], numbers["stj"].get("normal")),
            ("ascending", numbers["ascending_aorta"], numbers["ascending_aorta"].get("normal")),
        ):
            if section is not None and section.get("contour_mm"):
                drawn.append(level_item(key, section["contour_mm"], normal))
        widest = numbers["ascending_aorta"]
        if "widest" in self._shown.values() and widest.get("greatest_contour_mm"):
            drawn.append(level_item("widest", widest["greatest_contour_mm"], widest["greatest_normal"]))
        drawn += height_items(numbers)
        drawn += leaflet_items(numbers.get("leaflets"))
        drawn += septum_items(numbers.get("septum"), movable=not self.work.is_read_only)
        return drawn

    def point_moved(self, key: str, position_mm: FloatArray, finished: bool) -> bool:
        """An end of the membranous septum; it is measured again on release."""
        numbers = self.numbers
        septum = None if numbers is None else numbers.get("septum")
        if key not in SEPTUM_KEYS or septum is None:
            return False
        ends = [np.asarray(end, dtype=np.float64) for end in septum["line_mm"]]
        ends[SEPTUM_KEYS.index(key)] = np.asarray(position_mm)
        if finished:
            self.work.edits.set_septum(ends)
        return True

    @property
    def annulus_shown(self) -> str:
        """Bare."""
        return "none"

    def rows(self) -> list[PlanRow]:
        """The levels, each to be hidden."""
        numbers = self.numbers
        if numbers is None:
            return []
        lvot = rows.nearest_lvot(numbers)
        listed = []
        for key, name, value in (
            ("lvot", "LVOT", None if lvot is None else lvot["mean_diameter_mm"]),
            ("sinuses", tr("Sinuses"), numbers["sinuses"].get("mean_mm")),
            ("stj", "STJ", numbers["stj"].get("mean_diameter_mm")),
            ("ascending", tr("Ascending aorta"), numbers["ascending_aorta"].get("mean_diameter_mm")),
        ):
            if value is not None:
                listed.append(PlanRow(key, name, PLANS["a"], text_quantity(value, "mm")))
        return listed

    def actions(self) -> StepActions:
        """Accept dimensions."""
        blocked = tr("This case is open to read") if self.work.is_read_only else ""
        ostia = PanelAction("heart_place_ostia", tr("Move ostia"), self._move_ostia, "circle-dot", blocked, "E")
        levels = PanelAction("heart_levels", tr("Show levels"), self.entered, "layers")
        return self.done(tr("Accept dimensions"), ostia, levels)

    def _move_ostia(self) -> None:
        self.panel.go_to(ROOT)
        if "ostium_left" in self.work.landmarks:
            self.panel.root.look_at("ostium_left")
        else:
            self.panel.root.place_ostia()


def level_plane(numbers: Mapping[str, Any], what: str) -> PinnedPlane | None:
    """The plane in which a quantity of a plan is taken, None where it was not measured. what: as of `rows.plane_of`."""
    annulus = numbers["annulus"]
    center, normal = np.asarray(annulus["centroid_mm"]), np.asarray(annulus["normal"])

    def parallel(title: str, height: float) -> PinnedPlane:
        at = vec(center + height * normal)
        return PinnedPlane(title=title, origin_mm=at, frame=aligned_frame(normal), height_mm=height)

    if what == "lvot":
        row = rows.nearest_lvot(numbers)
        return None if row is None else parallel("LVOT", -float(row["depth_mm"]))
    if what == "sinus":
        level = rows.sinus_level_mm(numbers)
        return None if level is None else parallel(tr("Sinuses"), level)
    if what in ("stj", "ascending", "widest"):
        return _own_plane(numbers, what, center, normal)
    place = rows.place_of(numbers, what)
    return None if place is None else _along_axis(what, place, center, normal)


def _own_plane(numbers: Mapping[str, Any], what: str, center: FloatArray, normal: FloatArray) -> PinnedPlane | None:
    """A section across the root's own line, which leans from the annulus's normal."""
    section, which = numbers["stj" if what == "stj" else "ascending_aorta"], "greatest_" if what == "widest" else ""
    if section.get(f"{which}position_mm") is None:
        return None
    at, own = np.asarray(section[f"{which}position_mm"]), np.asarray(section.get(f"{which}normal") or normal)
    title = "STJ" if what == "stj" else tr("Ascending aorta")
    height = float((at - center) @ normal)
    return PinnedPlane(title=title, origin_mm=vec(at), frame=aligned_frame(own), height_mm=height)


def _along_axis(what: str, place: FloatArray, center: FloatArray, normal: FloatArray) -> PinnedPlane | None:
    """The plane through the root's axis and a place, the aorta upwards; None for a place on the axis."""
    rest = place - center
    across = rest - (rest @ normal) * normal
    if np.linalg.norm(across) < LEAST_ACROSS_MM:
        return None
    outward = unit(across)
    # image right is the side nearest to the patient's left
    right = outward if outward[0] >= 0 else -outward
    frame = (vec(right), vec(-normal), vec(np.cross(right, -normal)))
    middle = center + 0.5 * float(rest @ normal) * normal
    return PinnedPlane(title=rows.PLACE_TITLES.get(what, "Long axis"), origin_mm=vec(middle), frame=frame)
