"""Step 5: calcium by cusp and in the LVOT, where it lies, and the threshold it was counted over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from app.i18n import text_quantity, tr
from app.jobs import Job
from app.pane_grid import Arrangement
from app.panels.guide import StepActions
from app.panels.parts import NumberField, PanelAction
from app.panels.rows import FieldRow
from app.panels.tavr import rows
from app.panels.tavr.agatston_part import AgatstonPart
from app.panels.tavr.calcium_paint import COLORS, PaintedCalcium, painted_calcium
from app.panels.tavr.names import CALCIUM
from app.panels.tavr.step import TavrStep
from app.panes.look import pane_look, panel_look
from app.panes.score_pane import ScorePane
from app.panes.sectors_pane import SectorsPane
from app.theme.style import current_look
from app.theme.tokens import DARK
from app.theme.tokens import HINGES as HINGE_COLORS
from planning.registry import canonical_name
from viewers.overlay import LabelItem, NoteItem, PathItem, PlanItem, SurfaceItem
from viewers.plan_pane import PlanPane
from viewers.view_state import PinnedPlane, aligned_frame, vec

if TYPE_CHECKING:
    from app.panels.heart import HeartPanel

THRESHOLD_HU = (150.0, 2500.0)
# what the slab shows of the leaflets, from the annulus upwards
SLAB_MM, SLAB_MIDDLE_MM, REACH_MM = 12.0, 4.0, 52.0
PANES, SCORED_PANES = ("axial", "sectors", "coronal", "3d"), ("axial", "sectors", "score", "3d")
# of the annulus's greatest radius; large text stands lower, below the pane's letter
WORDS_AT, LOWER_PX = 1.3, 40
FAINT = 0.16
CUSPS = (
    ("ncc", "commissure_ln", "commissure_nr"),
    ("rcc", "commissure_nr", "commissure_rl"),
    ("lcc", "commissure_rl", "commissure_ln"),
)


class CalciumStep(TavrStep):
    """Volumes over a threshold that may be typed."""

    number = CALCIUM

    def __init__(self, panel: HeartPanel) -> None:
        super().__init__(panel)
        self._threshold = NumberField("calcium_threshold", tr("Threshold"), "HU", *THRESHOLD_HU, 10.0)
        self._threshold.entered.connect(self._set_threshold)
        self.agatston = AgatstonPart(self)
        self.set_body(below=(FieldRow(tr("Threshold"), self._threshold), self.agatston.row))
        self._panes: dict[str, PlanPane] = {}
        self._painted: tuple[PaintedCalcium, ...] = ()
        self._painted_of: Mapping[str, Any] | None = None
        self._labels: tuple[LabelItem, ...] = ()
        self._surfaces: tuple[SurfaceItem, ...] = ()

    def panes(self) -> Mapping[str, PlanPane]:
        """The diagram, made at the first visit."""
        if not self._panes and self.panel.open_step is self:
            self.sectors = SectorsPane(self.session.view, panel_look())
            self.score = ScorePane(self.session.view, pane_look())
            self.score.place_asked.connect(self.agatston.move)
            self._panes = {"sectors": self.sectors, "score": self.score}
            self.refresh()
        return self._panes

    def arrangement(self) -> Arrangement | None:
        """Slab, diagram, long axis, 3D; the scored scan where there is one instead of the long axis."""
        return Arrangement(PANES if self.agatston.score is None else SCORED_PANES)

    def words(self) -> str:
        """The volume."""
        results = self.work.results
        return "" if results is None else text_quantity(results["calcium"]["total_mm3"], "mm³")

    def entered(self) -> None:
        """The slab of the leaflets, and a long axis through the greatest lump."""
        self.panel.align()
        self.realigned()
        self._paint()

    def realigned(self) -> None:
        """The slab lies over the annulus as it is now."""
        results = self.work.results
        if results is None:
            return
        annulus = results["annulus"]
        normal = np.asarray(annulus["normal"])
        middle = np.asarray(annulus["centroid_mm"]) + SLAB_MIDDLE_MM * normal
        slab = PinnedPlane(
            title=tr("Brightest in {SLAB_MM:.0f} mm", SLAB_MM=SLAB_MM),
            origin_mm=vec(middle),
            frame=aligned_frame(normal),
            height_mm=SLAB_MIDDLE_MM,
            slab_mm=SLAB_MM,
        )
        nodules = results["calcium"].get("nodules") or []
        if nodules:
            greatest = max(nodules, key=lambda nodule: nodule["volume_mm3"])
            self.panel.turn_long_axis(np.asarray(greatest["center_mm"]))
        self.session.view.pin({"axial": slab}, REACH_MM)

    def left(self) -> None:
        """The annulus pane follows the crosshair again."""
        self.session.view.pin({})

    def show_numbers(self, numbers: Mapping[str, Any]) -> None:
        """Total, regions, threshold."""
        calcium, is_old = numbers["calcium"], self.work.is_old("calcium")
        self.great.set_number(
            tr("Calcium of root and LVOT"),
            calcium["total_mm3"],
            "mm³",
            calcium.get("uncertainty_mm3"),
            origin="automatic",
            stale=is_old,
        )
        self.table.set_rows([*rows.calcium_rows(calcium), *self.agatston.rows()], is_old)
        self._threshold.set_value(calcium["threshold_hu"])
        self._threshold.setEnabled(not self.work.is_read_only)
        self.say([*self.agatston.notes(), *rows.calcium_notes(calcium), *rows.step_notes(numbers, CALCIUM)])
        self.agatston.show(self.score if self._panes else None)
        if self._panes:
            self.sectors.show_numbers(numbers)
            self._paint()

    # painting

    def _paint(self) -> None:
        results, volume = self.work.results, self.work.volume()
        if results is None or volume is None or self._painted_of is results or self.panel.open_step is not self:
            return
        self._painted_of = results
        self.session.jobs.submit(
            Job(
                key="calcium paint",
                title=tr("Painting the calcium"),
                work=painted_calcium(volume, results),
                done=self._take_painted,
                still_wanted=lambda: self.work.results is results,
                quiet=True,
            )
        )

    def _take_painted(self, painted: tuple[PaintedCalcium, ...]) -> None:
        self._labels = tuple(
            LabelItem(
                key=f"counted_{one.region}",
                mask=one.mask,
                color=COLORS[one.region],
                fill_opacity=0.45,
                projected=True,
            )
            for one in painted
        )
        self._surfaces = tuple(
            SurfaceItem(key=f"counted_{one.region}", mesh=one.surface, color=COLORS[one.region]) for one in painted
        )
        self.panel.scene_changed.emit()

    def labels(self) -> tuple[LabelItem, ...]:
        """The calcium that was counted, by region."""
        return () if self.work.is_stale else self._labels

    def surfaces(self) -> tuple[SurfaceItem, ...]:
        """The same in 3D."""
        return () if self.work.is_stale else self._surfaces

    def opacities(self) -> Mapping[str, float]:
        """Calcium of the case would hide the counted one's colours, and a red wall before them would mix with them."""
        if not self.surfaces():
            return {}
        shares = {canonical_name("calcium"): 0.0, canonical_name("aorta"): FAINT, canonical_name("aortic_root"): FAINT}
        names = self.session.case.structures
        return {name: shares[canonical_name(name)] for name in names if canonical_name(name) in shares}

    def items(self) -> list[PlanItem]:
        """Borders of the sectors with their volumes in the slab."""
        numbers = self.numbers
        if numbers is None or self.work.is_stale:
            return []
        annulus, landmarks, regions = numbers["annulus"], numbers["landmarks"], numbers["calcium"]["by_region"]
        normal = np.asarray(annulus["normal"])
        middle = np.asarray(annulus["centroid_mm"]) + SLAB_MIDDLE_MM * normal
        radius = 0.5 * float(annulus["max_diameter_mm"])
        ways = {}
        for key in ("commissure_nr", "commissure_rl", "commissure_ln"):
            if key in landmarks:
                rest = np.asarray(landmarks[key]["position_mm"]) - middle
                flat = rest - (rest @ normal) * normal
                ways[key] = flat / max(float(np.linalg.norm(flat)), 1e-9)
        drawn: list[PlanItem] = []
        for key, way in ways.items():
            ends = np.stack([middle, middle + 1.45 * radius * way])
            drawn.append(PathItem(key=key, points_mm=ends, color=DARK["t1"], width_px=1.2, dashed=True, flat=True))
        for cusp, first, last in CUSPS:
            if first not in ways or last not in ways:
                continue
            # the two borders' bisector inside the cusp, which spans about a third of the turn
            between = ways[first] + ways[last]
            hinge = np.asarray(landmarks[f"hinge_{cusp}"]["position_mm"]) - middle
            between = between if between @ hinge > 0 else -between
            place = middle + WORDS_AT * radius * between / max(float(np.linalg.norm(between)), 1e-9)
            words = f"{cusp.upper()} {text_quantity(regions[f'{cusp}_mm3'], 'mm³')}"
            lower = float(current_look().px(LOWER_PX) - LOWER_PX) if cusp == "rcc" else 0.0
            drawn.append(
                NoteItem(
                    key=f"sector_{cusp}",
                    position_mm=place,
                    text=words,
                    color=HINGE_COLORS[cusp],
                    along=normal,
                    away_px=(0.0, lower),
                )
            )
        return drawn

    @property
    def annulus_shown(self) -> str:
        """Bare."""
        return "none"

    # threshold

    def _set_threshold(self, value: float) -> None:
        if self.work.results is not None and self.work.has_hinges:
            self.work.measure_with(value)
            self.work.changed.emit()

    def _relative(self) -> None:
        self.work.measure_with(None)
        self.work.changed.emit()

    def row_chosen(self, key: str) -> None:
        """The long axis turns through the region's greatest lump."""
        numbers = self.numbers
        nodules = [] if numbers is None else numbers["calcium"].get("nodules") or []
        own = [nodule for nodule in nodules if nodule["region"] == key]
        if own:
            greatest = max(own, key=lambda nodule: nodule["volume_mm3"])
            place = np.asarray(greatest["center_mm"])
            self.panel.turn_long_axis(place)
            self.session.view.set(cross_mm=vec(place))

    def actions(self) -> StepActions:
        """Accept calcium."""
        results = self.work.results
        others: tuple[PanelAction, ...] = ()
        if results is not None and results["calcium"]["method"] == "fixed" and not self.work.is_read_only:
            others = (
                PanelAction("heart_calcium_relative", tr("Use the lumen’s threshold"), self._relative, "rotate-ccw"),
            )
        return self.done(tr("Accept calcium"), *others)
