"""Couinaud's segments by landmarks: eight points clicked one after another, each to be dragged, typed or taken away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.i18n import text_position, tr
from app.jobs import Job
from app.panels import definitions
from app.panels.liver.segment_words import LANDMARK_WORDS
from app.panels.parts import IconButton, NumberTable, PanelAction, TableRow, page, paragraph
from app.panels.rows import FieldRow, Heading, NameField
from app.theme.style import set_kind
from app.theme.tokens import DARK, HINGES
from planning.case.trust import unticked
from planning.errors import UsageError
from planning.geometry import FloatArray
from planning.progress import CancelToken, Progress
from viewers.overlay import PlanItem, PointItem
from viewers.view_state import ViewState

if TYPE_CHECKING:
    from app.panels.liver.panel import LiverPanel
    from planning.liver.anatomy import LiverAnatomy
    from planning.liver.model import LiverModel
    from planning.liver.places import Place
    from planning.volume import Mask

PREFIX = "couinaud:"
GALLBLADDER = "gallbladder"
NAMES = tuple(LANDMARK_WORDS)
COLOR = HINGES["rcc"]
DECIMALS = 2


def anatomy_of(panel: LiverPanel) -> LiverAnatomy:
    """What was said of this plan's anatomy."""
    from planning.liver.anatomy import LiverAnatomy

    return LiverAnatomy.from_json(panel.work.draft.anatomy)


def as_place(position_mm: FloatArray) -> Place:
    """A clicked place as it is kept."""
    x, y, z = (round(float(v), DECIMALS) for v in position_mm)
    return x, y, z


class LandmarkPart(QObject):
    """The list of points, what to click now, and the chosen point's place."""

    def __init__(self, panel: LiverPanel) -> None:
        super().__init__(panel)
        self._panel = panel
        self.head = Heading(tr("Landmarks"), "remove_landmarks", tr("Delete all"))
        self.head.followed.connect(lambda: self._keep({}))
        self._help = paragraph("", "hint")
        self.table = NumberTable(definitions.LIVER_BRANCHES)
        self.table.setObjectName("landmark_table")
        self.table.row_clicked.connect(self._row_clicked)
        self._field = NameField("landmark_place", tr("Place of the point, x y z in mm"))
        self._field.entered.connect(self._typed)
        self._field_row = FieldRow(tr("Place, mm"), self._field, wide=True)
        self._again = IconButton("landmark_again", tr("Click again"), "crosshair", kind="inline")
        self._again.clicked.connect(lambda: self._ask(self._chosen))
        self._remove = IconButton("landmark_remove", tr("Delete"), kind="inline")
        self._remove.clicked.connect(lambda: self.remove(self._chosen))
        self._tools = QWidget()
        set_kind(self._tools, "clear")
        line = QHBoxLayout(self._tools)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._again)
        line.addStretch(1)
        line.addWidget(self._remove)
        self.widget = page(self.head, self._help, self.table, self._field_row, self._tools, spacing=6)
        self._suggested = False
        # a point under the hand, before the case hears of it
        self._held: tuple[str, Place] | None = None
        panel.session.view.changed.connect(self._on_view)

    # what is there

    @property
    def points(self) -> dict[str, Place]:
        """The points by their names, the held one where the hand is."""
        kept = dict(anatomy_of(self._panel).segments.landmarks)
        return kept if self._held is None else {**kept, self._held[0]: self._held[1]}

    @property
    def asked(self) -> str:
        """The point that the next click puts down, "" for none."""
        state = self._panel.session.view.state
        return state.placing.removeprefix(PREFIX) if state.tool == "place" and state.placing.startswith(PREFIX) else ""

    @property
    def _chosen(self) -> str:
        selected = self._panel.session.view.state.selected_point
        return selected.removeprefix(PREFIX) if selected.startswith(PREFIX) else ""

    @property
    def _is_read_only(self) -> bool:
        return self._panel.session.document.read_only

    # asking

    def ask_missing(self) -> None:
        """Ask for the first point that is not there; none left ends it."""
        missing = [name for name in NAMES if name not in self.points]
        if missing and not self._is_read_only:
            self._ask(missing[0])
        else:
            self.stop()

    def actions(self) -> tuple[PanelAction, ...]:
        """The buttons that ask for the points that are missing or stop, and take from the vessels what they tell."""
        model = self._panel.work.model
        if self._is_read_only or model is None or len(self.points) == len(NAMES):
            return ()
        place = (
            PanelAction("place_landmarks", tr("Stop placing"), self.stop, "x", key="E")
            if self.asked
            else PanelAction("place_landmarks", tr("Place points"), self.ask_missing, "crosshair", key="E")
        )
        if self._suggested or (model.portal is None and model.hepatic is None):
            return (place,)
        return (place, PanelAction("suggest_landmarks", tr("From vessels"), self._suggest, "sparkles"))

    def _suggest(self) -> None:
        """What vessels and gallbladder tell of the points that are not set."""
        work, session = self._panel.work, self._panel.session
        model = work.model
        if model is None:
            return
        is_there = GALLBLADDER in session.case.structures and not unticked(session.case, [GALLBLADDER])
        gallbladder = session.mask(GALLBLADDER) if is_there else None
        session.jobs.submit(
            Job(
                key="landmarks",
                title=tr("Looking for landmarks"),
                work=partial(_suggested, model, gallbladder),
                done=self._take,
                failed=work.failed.emit,
                still_wanted=lambda: work.model is model,
                subject=session.label,
                quiet=True,
            )
        )

    def _take(self, found: tuple[tuple[str, Place], ...]) -> None:
        """What a person placed stays; the first that is still missing is asked for."""
        self._suggested = True
        self._keep({**dict(found), **self.points})
        if not found:
            self._panel.session.said.emit(tr("The vessels tell none of the points."))
        self.ask_missing()
        self._panel.show_actions()

    def _ask(self, name: str) -> None:
        if name and not self._is_read_only:
            self._panel.session.view.set(tool="place", placing=f"{PREFIX}{name}")

    def stop(self) -> None:
        """Ask for nothing."""
        if self.asked:
            self._panel.session.view.set(tool="cross", placing="")

    def _on_view(self, old: ViewState, new: ViewState) -> None:
        if (old.tool, old.placing, old.selected_point) != (new.tool, new.placing, new.selected_point) and (
            self.widget.isVisible()
        ):
            self.refresh()
            self._panel.show_actions()

    # the hand

    def point_placed(self, key: str, position_mm: FloatArray) -> None:
        """A click put the asked point down; the next one is asked for."""
        name = key.removeprefix(PREFIX)
        self._panel.session.view.set(selected_point=key)
        self._keep({**self.points, name: as_place(position_mm)})
        self.ask_missing()

    def point_moved(self, key: str, position_mm: FloatArray, finished: bool) -> None:
        """A point is dragged or nudged."""
        name = key.removeprefix(PREFIX)
        place = as_place(position_mm)
        if finished:
            self._held = None
            self._keep({**self.points, name: place})
            return
        self._held = (name, place)
        self.refresh()
        self._panel.scene_changed.emit()

    def remove(self, name: str) -> None:
        """A point less; without all eight the segments follow the branches again."""
        if name in self.points and not self._is_read_only:
            self._keep({other: place for other, place in self.points.items() if other != name})

    def _typed(self, text: str) -> None:
        from planning.liver.places import place_from_json

        try:
            place = place_from_json(text.replace(",", " ").replace(";", " ").replace("−", "-").split())
        except UsageError:
            self._field_row.complain(tr("Type three numbers in mm: x to the left, y to the back, z to the head"))
            return
        self._field_row.complain("")
        if self._chosen:
            self._keep({**self.points, self._chosen: place})

    def _keep(self, points: Mapping[str, Place]) -> None:
        self._held = None
        self._suggested = self._suggested and bool(points)
        anatomy = anatomy_of(self._panel)
        ordered = tuple((name, points[name]) for name in NAMES if name in points)
        said = replace(anatomy.segments, landmarks=ordered, method="")
        self._panel.work.set_anatomy(replace(anatomy, segments=said))

    def _row_clicked(self, key: str) -> None:
        """Go to a point, or ask for it."""
        name = key.removeprefix(PREFIX)
        place = self.points.get(name)
        if place is None:
            self._ask(name)
            return
        self._panel.session.view.set(selected_point=key)
        self._panel.fly_asked.emit(np.array(place))
        self.refresh()

    # showing

    def items(self) -> tuple[PlanItem, ...]:
        """The points in all panes."""
        return tuple(
            PointItem(
                key=f"{PREFIX}{name}",
                position_mm=np.array(place),
                color=DARK["t1"] if name == self.asked else COLOR,
                label=LANDMARK_WORDS[name][1],
                movable=not self._is_read_only,
            )
            for name, place in self.points.items()
        )

    def refresh(self) -> None:
        """Every point with its place, and what is asked for."""
        points, asked = self.points, self.asked
        left = len([name for name in NAMES if name not in points])
        words = tr(LANDMARK_WORDS[asked][2]) if asked else ""
        if not words and left:
            words = tr("{left} of 8 points are missing: click a row to place it.", left=left)
        self._help.setText(words or tr("Drag a point to move it; the segments follow."))
        self.table.set_rows(
            [
                TableRow(
                    f"{PREFIX}{name}",
                    title,
                    tr("click it") if name == asked else tr("set", "a point") if name in points else "–",
                    swatch=COLOR if name in points else "",
                    reason=f"{text_position(np.array(points[name]))}\n{prompt}" if name in points else prompt,
                )
                for name, (title, _, prompt) in LANDMARK_WORDS.items()
            ]
        )
        chosen = self._chosen if self._chosen in points else ""
        self.table.set_selected(f"{PREFIX}{asked or chosen}" if asked or chosen else "")
        self.head.set_link(tr("Delete all") if points and not self._is_read_only else "")
        self._field_row.setVisible(bool(chosen))
        self._tools.setVisible(bool(chosen) and not self._is_read_only)
        self._field.setReadOnly(self._is_read_only)
        if chosen and not self._field.isModified():
            self._field.start(" ".join(f"{value:.1f}" for value in points[chosen]))
            self._field.deselect()
            self._field_row.complain("")


def _suggested(
    model: LiverModel, gallbladder: Mask | None, progress: Progress, cancel: CancelToken
) -> tuple[tuple[str, Place], ...]:
    from planning.liver.couinaud_landmarks import suggest_landmarks

    cancel.raise_if_set()
    return suggest_landmarks(model.portal, model.hepatic, model.organ, gallbladder)
