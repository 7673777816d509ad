"""A wedge about one tumour: the margin asked for, the vessels to spare, and the largest margin where that cannot be."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from app.i18n import mark, text_quantity, tr
from app.jobs import Job
from app.panels.choices import Choice, ChoiceList
from app.panels.frame import PanelAction
from app.panels.liver.cuts import branch_label
from app.panels.liver.forms import AddForm
from app.panels.parts import NumberField
from app.panels.rows import FieldRow, Heading, choice_box
from planning.errors import MeasurementError, TheatrumError
from planning.geometry import FloatArray, unit
from planning.progress import CancelToken, Progress
from viewers.overlay import PathItem, PlanItem, PointItem

if TYPE_CHECKING:
    from app.panels.liver.panel import LiverPanel
    from planning.liver.model import LiverModel
    from planning.liver.resection import WedgeResection
    from planning.liver.tumors import Tumor

MARGIN_RANGE_MM = (0.0, 50.0)
JOB_KEY = "liver wedge"
# what is offered is rounded down to a tenth, so that it can be kept
TENTH = 10.0
WAYS = (mark("Least removed"), mark("As drawn"))
WAY_END = "wedge_end"
LONGEST_WAY_MM, WAY_STEP_MM, BEYOND_MM = 300.0, 1.0, 12.0
# a handle nearer to the tumour's middle has no direction
LEAST_WAY_MM = 5.0


class WedgeForm(AddForm):
    """Asks for tumour, margin and vessels; the program finds the way out that removes least."""

    key = "wedge"
    title = mark("Wedge about a tumour")

    def __init__(self, panel: LiverPanel) -> None:
        super().__init__(panel)
        self.tumor = choice_box("wedge_tumor", tr("Tumour"), ())
        self.margin = NumberField("wedge_margin", tr("Margin of the wedge"), "mm", *MARGIN_RANGE_MM, 1.0)
        self.spare = ChoiceList("wedge_spare", tr("Vessels to spare"))
        self._head = Heading(tr("Vessels to spare, from the tumour"))
        self.way = choice_box("wedge_way", tr("Way out"), WAYS)
        self.way.activated.connect(self._way_chosen)
        self.add(
            FieldRow(tr("Tumour"), self.tumor, wide=True),
            FieldRow(tr("Margin"), self.margin),
            FieldRow(tr("Way out"), self.way, wide=True),
            self._head,
            self.spare,
        )
        self.tumor.activated.connect(self._tumor_chosen)
        self.margin.entered.connect(self._margin_entered)
        self.spare.ticked.connect(self._ticked)
        self._margin_mm = 0.0
        self._spared: set[str] = set()
        self._largest_mm: float | None = None
        # as the form was opened: tumour, margin, vessels to spare
        self._first: object = None
        # the handle at the end of the way out; none while the program looks for the way
        self._end_mm: FloatArray | None = None

    def opened(self) -> None:
        """The edited wedge; else the first tumour that stays, the margin of the plan, nothing spared."""
        from planning.liver.resection import WedgeResection

        model = self.work.model
        assert model is not None
        shares = self.work.shares()
        self.tumor.clear()
        self.tumor.addItems([f"T{t.id}, {text_quantity(t.volume_ml, 'ml')}" for t in model.tumors])
        first = next((n for n, share in enumerate(shares) if share < 1.0), 0)
        self.tumor.setCurrentIndex(first)
        self._margin_mm = self.work.draft.asked_mm
        self.margin.set_value(self._margin_mm)
        self._spared.clear()
        self._end_mm = None
        if isinstance(self.edited, WedgeResection):
            self.tumor.setCurrentIndex([t.id for t in model.tumors].index(self.edited.tumor))
            self._margin_mm = self.edited.margin_mm
            self._spared.update(self.edited.spare)
            self._aim(self.edited.direction)
        self.margin.set_value(self._margin_mm)
        self.way.setCurrentIndex(0 if self._end_mm is None else 1)
        self._first = self._asked()
        self.note.clear()
        self._list()

    def _asked(self) -> object:
        end = None if self._end_mm is None else tuple(self._end_mm)
        return self.tumor.currentIndex(), self._margin_mm, frozenset(self._spared), end

    def _middle(self) -> FloatArray:
        """Where the way out begins."""
        model = self.work.model
        assert model is not None
        return model.targets[self.tumor.currentIndex()].center_mm

    def _aim(self, direction: FloatArray | None) -> None:
        """The handle a little beyond the liver along a direction; away from the liver's middle without one."""
        model, middle = self.work.model, self._middle()
        assert model is not None
        if direction is None:
            away = middle - model.organ.centroid_mm()
            direction = away if float(np.linalg.norm(away)) > 1.0 else np.array((0.0, -1.0, 0.0))
        way = unit(direction)
        steps = np.arange(0.0, LONGEST_WAY_MM, WAY_STEP_MM)
        inside = model.lookup.contains(middle + steps[:, None] * way)
        last = float(steps[inside].max()) if inside.any() else 0.0
        self._end_mm = middle + (last + BEYOND_MM) * way

    def _way_chosen(self, row: int) -> None:
        self._end_mm = None
        if row == 1:
            self._aim(None)
        self.note.clear()
        self.changed.emit()

    def _tumor_chosen(self, _: int) -> None:
        if self._end_mm is not None:
            self._aim(None)
        self.note.clear()
        self._list()
        self.changed.emit()

    def items(self) -> tuple[PlanItem, ...]:
        """The way out as an arrow with a handle at its end."""
        if self._end_mm is None or self.work.model is None:
            return ()
        color = self.panel.plan_color()
        return (
            PathItem(
                key="wedge_line", points_mm=np.linspace(self._middle(), self._end_mm, 64), color=color, dashed=True
            ),
            PointItem(key=WAY_END, position_mm=self._end_mm, color=color, label=tr("Way out"), shape="square"),
        )

    def point_moved(self, key: str, position_mm: FloatArray, finished: bool) -> bool:
        """The end of the way out follows the hand."""
        if key != WAY_END:
            return False
        if float(np.linalg.norm(position_mm - self._middle())) >= LEAST_WAY_MM:
            self._end_mm = np.asarray(position_mm, dtype=np.float64)
        self.note.clear()
        self.changed.emit()
        return True

    def held(self) -> str:
        """What differs from the form as it was opened."""
        return tr("a wedge that is not made") if self._asked() != self._first else ""

    def left(self) -> None:
        """A search that still runs is not wanted any more."""
        for state in self.panel.session.jobs.active:
            if state.job.key == JOB_KEY:
                self.panel.session.jobs.cancel(state)
        self.is_working = False

    def _margin_entered(self, value: float) -> None:
        self._margin_mm = value
        self.note.clear()
        self.changed.emit()

    def _ticked(self, name: str, on: bool) -> None:
        self._spared = self._spared | {name} if on else self._spared - {name}
        self.note.clear()
        self._list()

    def _list(self) -> None:
        model = self.work.model
        if model is None or self.tumor.currentIndex() < 0:
            return
        tumor = model.tumors[self.tumor.currentIndex()]
        if tumor.id not in model.near:
            self._find_vessels(model, tumor)
        vessels = model.near.get(tumor.id, ())
        waiting = tr("Looking for vessels near T{id}…", id=tumor.id)
        self._head.text.setText(tr("Vessels to spare, from the tumour") if tumor.id in model.near else waiting)
        self.spare.set_rows(
            [
                Choice(
                    one.name,
                    branch_label(one.name),
                    text_quantity(one.distance_mm, "mm"),
                    ticked=one.name in self._spared,
                )
                for one in vessels
            ]
        )
        self._head.setVisible(bool(vessels) or tumor.id not in model.near)
        self.spare.setVisible(bool(vessels))

    def _find_vessels(self, model: LiverModel, tumor: Tumor) -> None:
        """Their distances to the tumour, measured at the first question."""
        self.panel.session.jobs.submit(
            Job(
                key="near vessels",
                title=tr("Measuring vessels near the tumour"),
                work=partial(_near, model, tumor),
                done=lambda _: self._list(),
                still_wanted=lambda: self.work.model is model and self.panel.resection.form is self,
                quiet=True,
            )
        )

    def main(self) -> PanelAction:
        """Find the wedge, or stop finding it."""
        if self.is_working:
            return PanelAction("stop_wedge", tr("Stop"), self._stop)
        return PanelAction("make_wedge", tr("Make the wedge"), self._make, key="Enter")

    def _stop(self) -> None:
        self.left()
        self.changed.emit()

    def _make(self) -> None:
        from planning.liver.resection import WedgeResection

        model = self.work.model
        if model is None:
            return
        asked = WedgeResection(
            model.tumors[self.tumor.currentIndex()].id,
            self._margin_mm,
            None if self._end_mm is None else self._end_mm - self._middle(),
            tuple(sorted(self._spared)),
        )
        self.is_working = True
        self.note.clear()
        self.panel.session.jobs.submit(
            Job(
                key=JOB_KEY,
                title=tr("Finding the wedge"),
                work=partial(_found, model, asked),
                done=self.take,
                failed=partial(self._failed, asked),
                still_wanted=lambda: self.work.model is model,
                subject=self.panel.session.label,
            )
        )
        self.changed.emit()

    def _failed(self, asked: WedgeResection, error: TheatrumError) -> None:
        from planning.liver.wedge import largest_margin_mm

        model = self.work.model
        self._largest_mm = None
        if model is not None and asked.spare and getattr(error, "code", "") == "spare":
            largest = largest_margin_mm(model, asked.tumor, asked.spare)
            self._largest_mm = None if largest is None else int(largest * TENTH) / TENTH
        self.fail(error)

    def way_out(self, error: TheatrumError) -> str:
        """The largest margin that spares the vessels can be taken at once."""
        if self._largest_mm is None or self._largest_mm >= self._margin_mm:
            return ""
        return tr("Use {largest_mm}", largest_mm=text_quantity(self._largest_mm, "mm"))

    def follow(self) -> None:
        """Take that margin."""
        if self._largest_mm is not None:
            self._margin_mm = self._largest_mm
            self.margin.set_value(self._margin_mm)
            self._make()


def _near(model: LiverModel, tumor: Tumor, progress: Progress, cancel: CancelToken) -> None:
    model.near_vessels(tumor, cancel)


def _found(model: LiverModel, asked: WedgeResection, progress: Progress, cancel: CancelToken) -> WedgeResection:
    """The wedge with its direction; its region is built here too, so that numbers follow at once.

    Raises MeasurementError where a way that was drawn hits a vessel to spare.
    """
    from dataclasses import replace

    from planning.liver.wedge import KeptMargin, best_direction, vessels_to_spare

    if asked.direction is not None:
        (region,) = model.regions([asked], cancel)
        for vessel in vessels_to_spare(model, asked.spare):
            if (region.signed_mm(vessel.points_mm) > -vessel.radius_mm).any():
                raise MeasurementError(
                    f"This way out hits {branch_label(vessel.name).lower()}",
                    "Turn it, let the program find the way, or give that vessel up",
                    "way",
                )
        return asked
    kept = KeptMargin.of(asked.margin_mm, model.target(asked.tumor))
    spare = vessels_to_spare(model, asked.spare)
    direction = best_direction(model, kept, spare, progress=progress, cancel=cancel)
    wedge = replace(asked, direction=direction)
    model.regions([wedge], cancel)
    return wedge
