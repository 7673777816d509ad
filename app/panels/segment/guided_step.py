"""What the steps of guided segmentation share: the tool in the hand, what was marked, what it gave and how sure that is."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from PySide6.QtWidgets import QWidget

from app.i18n import inside, mark, structure_name, text_position, text_quantity, text_value, tr
from app.panels.guide import Step, StepActions
from app.panels.notes import Note, show_notes, split_sentences
from app.panels.parts import Callout, HeroNumber, NumberTable, PanelAction, TableRow, page, paragraph, plain
from app.panels.rows import Heading
from app.panels.segment.draft import AnyMark, Draft
from app.panels.segment.mark_choice import MarkChoice
from app.theme.tokens import DARK
from planning.case.guided import NOT, THIS, Mark, count_marks
from planning.geometry import FloatArray
from planning.registry import structure_style
from planning.units import MINUS, THIN_SPACE
from viewers.keys import key_hint, keys_line
from viewers.overlay import LabelItem, PathItem, PlanItem, PointItem, SurfaceItem
from viewers.stroke_drag import LINE, STROKE

if TYPE_CHECKING:
    from app.panels.segment.panel import SegmentPanel
    from app.panels.segment.work import GuideWork

SHOWN_MARKS = 5
STROKE_PX = 3.0
# what a stroke names is about as wide
BRUSH_MM = 2.0
MARK_NEAR_MM = 6.0
WAITING = mark("Still finding it")


class GuidedStep(Step):
    """A step that marks one target. Subclasses name the target, its kinds of marks and its words."""

    target = ""
    tool = STROKE
    # what is not in the case yet is, and what its marks are called
    open_word, marks_word = mark("not accepted"), mark("Marks")
    kinds: tuple[tuple[str, str], ...] = ((THIS, mark("This")), (NOT, mark("Not this")))
    # what a mark of each kind is called in the list
    words: ClassVar[Mapping[str, str]] = {THIS: mark("this"), NOT: mark("not this")}
    signs: ClassVar[Mapping[str, str]] = {THIS: "+", NOT: MINUS}

    def __init__(self, panel: SegmentPanel) -> None:
        super().__init__(panel)
        self.panel = panel
        self.work = self.find_work()
        self.kind = self.kinds[0][0]
        self.hero = self._hero = HeroNumber()
        self._hint = paragraph("", "label")
        self.choice = MarkChoice(f"mark_{self.target}", self.kinds)
        self.choice.chosen.connect(self.take_tool)
        self._callouts = (Callout(f"{self.target}_first"), Callout(f"{self.target}_second"))
        for callout in self._callouts:
            callout.followed.connect(self.follow)
        self._counts = NumberTable()
        self._counts.setObjectName(f"{self.target}_counts")
        self._marks_head = Heading(self.marks_word, f"{self.target}_start_over", tr("Start over"))
        self._marks_head.followed.connect(lambda: self.work.start_over(self.target))
        self._marks = NumberTable()
        self._marks.setObjectName(f"{self.target}_marks")
        self._marks.row_clicked.connect(self._fly_to_mark)
        self.body = page(
            *self.before(),
            self._hint,
            self.choice,
            *self._callouts,
            *self.extra(),
            self._counts,
            self._marks_head,
            self._marks,
        )

    # what subclasses say

    def find_work(self) -> GuideWork:
        """What computes the marks of this step."""
        return self.panel.work

    def before(self) -> Sequence[QWidget]:
        """Widgets above the words."""
        return ()

    def extra(self) -> Sequence[QWidget]:
        """Widgets between callouts and numbers."""
        return ()

    def guidance(self) -> str:
        """What to do now, in one or two sentences."""
        return ""

    def blocked(self) -> str:
        """Why nothing can be marked, "" when it can."""
        return tr("This case is open to read") if self.work.is_read_only else ""

    def kept_names(self) -> tuple[str, ...]:
        """The case's structures of this target."""
        return ()

    @abstractmethod
    def main(self) -> PanelAction:
        """The main action while nothing is open."""

    def accept_words(self) -> str:
        """The main action while marks are open."""
        return tr("Accept {name}", name=inside(tr(self.name)))

    def caption(self) -> str:
        """What the great number is of."""
        return self.name

    def notes(self) -> list[Note]:
        """What must be known, the gravest first."""
        draft = self.draft
        found = [note for note in (self.work.problem, draft.note) if note is not None]
        if draft.is_current and draft.found is not None and self.is_open:
            found += [Note(*split_sentences(finding.text)) for finding in draft.found.findings]
            replaced = [name for name in draft.found.masks if name in self.panel.session.case.structures]
            if replaced and not draft.base(self.panel.session.case):
                name = structure_name(replaced[0])
                found.append(
                    Note(tr("{name} is in the case already", name=name), tr("Accepting gives it this shape."), "")
                )
        return found

    def follow(self) -> None:
        """The callouts' link."""

    def accepted(self) -> None:
        """It is in the case now."""
        self.panel.accept_step()

    # state

    @property
    def draft(self) -> Draft:
        """The draft that is worked on."""
        return self.work.drafts[self.target]

    @property
    def is_open(self) -> bool:
        """True when marks wait to be accepted."""
        return self.work.is_open(self.target)

    @property
    def has_tool(self) -> bool:
        """True while a click in a slice marks something here."""
        state = self.panel.session.view.state
        return state.tool == self.tool and state.placing == self.target

    def result(self) -> str:
        """The case's structures of this target in ml."""
        structures = self.panel.session.case.structures
        names = self.kept_names()
        return text_quantity(sum(structures[name].volume_ml for name in names), "ml") if names else ""

    # the hand

    def take_tool(self, kind: str) -> None:
        """The next clicks mean this kind."""
        self.kind = kind
        if not self.blocked():
            self.hold_tool()
        self.refresh()
        self.panel.show_actions()

    def hold_tool(self) -> None:
        """Clicks in slices mark something here, and the brush says what."""
        brush_mm = 0.0 if self.tool == LINE else BRUSH_MM
        self.panel.session.view.set(tool=self.tool, placing=self.target, brush_mm=brush_mm, refuses=self.kind == NOT)

    def put_away(self) -> None:
        """Clicks move the crosshair again."""
        if self.panel.session.view.state.placing == self.target:
            self.panel.session.view.set(tool="cross", placing="", brush_mm=0.0, refuses=False)

    def kind_of(self, turned: bool) -> str:
        """What a mark means. turned: Ctrl was held."""
        return self.kind if not turned else THIS if self.kind == NOT and THIS in self.words else NOT

    def marked(self, points_mm: FloatArray, turned: bool) -> None:
        """A click or stroke came."""
        self.mark(self.kind_of(turned), points_mm)

    def mark(self, kind: str, points_mm: FloatArray) -> None:
        """One more mark of a kind."""
        self.work.mark(self.target, kind, points_mm)

    def mark_cross(self) -> None:
        """The crosshair's place as a click."""
        self.marked(np.array([self.panel.session.view.state.cross_mm]), False)

    def _fly_to_mark(self, key: str) -> None:
        mark = self.draft.marks[int(key.removeprefix("mark_")) - 1]
        self.panel.fly_asked.emit(mark.points_mm[len(mark.points_mm) // 2])

    # what is shown

    def entered(self) -> None:
        """The tool is in the hand, and what needs no click is begun."""
        self.work.prepare()
        self.work.open(self.target)
        self.take_tool(self.kind)

    def left(self) -> None:
        """Another step."""
        self.put_away()

    def refresh(self) -> None:
        """Number, words, counts and marks."""
        draft, structures = self.draft, self.panel.session.case.structures
        running = self.work.is_running(self.target)
        blocked = self.blocked()
        self.choice.block(blocked)
        self.choice.show_kind(self.kind if self.has_tool else "")
        self._hint.setText(blocked or self.guidance())
        if self.is_open and draft.found is not None:
            volume: float | None = sum(mask.volume_ml for mask in draft.found.masks.values())
            note = "finding" if running else self.open_word
        else:
            names = self.kept_names()
            volume = sum(structures[name].volume_ml for name in names) if names else None
            note = "finding" if running else ""
        stale = running or (self.is_open and not draft.is_current)
        self._hero.set_text(
            self.caption(), plain(volume, "ml"), "ml" if volume is not None else "", note=note, stale=stale
        )
        show_notes(self._callouts, self.notes())
        rows = self.count_rows(draft)
        if draft.found is not None and self.is_open:
            seconds = TableRow("seconds", tr("Found in"), text_value(draft.found.seconds, 1), "s", clickable=False)
            rows += [seconds, *self.fact_rows(draft)]
        self._counts.set_rows(rows, stale=stale)
        self._counts.setVisible(bool(draft.marks))
        self._marks_head.setVisible(bool(draft.marks))
        self._marks.setVisible(bool(draft.marks))
        numbered = list(enumerate(draft.marks, start=1))[-SHOWN_MARKS:]
        self._marks.set_rows([self._mark_row(number, mark) for number, mark in reversed(numbered)])

    def count_rows(self, draft: Draft) -> list[TableRow]:
        """How many marks of each sort."""
        clicks, strokes = count_marks(draft.marks)
        return [
            TableRow("clicks", tr("Clicks"), str(clicks), clickable=False),
            TableRow("strokes", tr("Strokes"), str(strokes), clickable=False),
        ]

    def fact_rows(self, draft: Draft) -> list[TableRow]:
        """What the computation says of itself."""
        facts = draft.found.facts if draft.found is not None else ()
        return [
            TableRow(f"fact_{n}", name, text_value(value, 1 if unit == "ml" else 0), unit, clickable=False)
            for n, (name, value, unit) in enumerate(facts)
        ]

    def _mark_row(self, number: int, mark: AnyMark) -> TableRow:
        """ "Click, this" with its slice, and what it changed."""
        change = self.draft.change_ml(number)
        sign = "+" if change is not None and change > 0 else ""
        height = text_position(mark.points_mm[len(mark.points_mm) // 2]).rpartition("  ")[2]
        return TableRow(
            f"mark_{number}",
            f"{tr(self.mark_name(mark))}, {tr(self.words[self.sense(mark)])}, {height}{THIN_SPACE}mm",
            "" if change is None else f"{sign}{text_value(change, 1)}",
            "" if change is None else "ml",
        )

    def sense(self, mark: AnyMark) -> str:
        """Which kind a mark is."""
        assert isinstance(mark, Mark)
        return mark.kind

    def mark_name(self, mark: AnyMark) -> str:
        """What the list calls a mark."""
        return tr("Click") if mark.is_click else tr("Stroke")

    def line_of(self, mark: AnyMark) -> FloatArray:
        """(n, 3) places that a mark is drawn along."""
        return mark.points_mm

    def items(self) -> tuple[PlanItem, ...]:
        """The marks, each where it was made."""
        found: list[PlanItem] = []
        for number, drawn in enumerate(self.draft.marks):
            key, kind = f"guide_mark:{number}", self.sense(drawn)
            color = self.mark_color(kind)
            if not drawn.is_click:
                line = self.line_of(drawn)
                found.append(PathItem(key=f"{key}:line", points_mm=line, color=color, width_px=STROKE_PX, flat=True))
            found.append(
                PointItem(
                    key=key,
                    position_mm=drawn.points_mm[0],
                    color=color,
                    label=self.signs[kind],
                    movable=False,
                    shape="small",
                    flat=True,
                    within_mm=MARK_NEAR_MM,
                )
            )
        return tuple(found)

    def mark_color(self, kind: str) -> str:
        """Of a kind of mark."""
        return DARK["bad"] if kind == NOT else DARK["acc"]

    def labels(self) -> tuple[LabelItem, ...]:
        """The preview's voxels."""
        return self.draft.labels if self.is_open else ()

    def surfaces(self) -> tuple[SurfaceItem, ...]:
        """The preview's surfaces, as far as they are made."""
        return self.found_surfaces() if self.is_open else ()

    def found_surfaces(self) -> tuple[SurfaceItem, ...]:
        """Surfaces of what was found last."""
        draft = self.draft
        if draft.found is None:
            return ()
        return tuple(
            SurfaceItem(key=name, mesh=mesh, color=self.color_of(name), opacity=self.panel.opacity_of(name))
            for name, (mask, mesh) in draft.surfaces.items()
            if draft.found.masks.get(name) is mask
        )

    def color_of(self, name: str) -> str:
        """The case's own colour of a structure, else the usual one."""
        kept = self.panel.session.case.structures.get(name)
        return structure_style(name).color if kept is None else kept.color

    def replaced(self) -> frozenset[str]:
        """Structures of the case that the preview stands for."""
        return frozenset(label.key for label in self.labels())

    # buttons

    def actions(self) -> StepActions:
        """Accept what was found, else go on; mark the crosshair's place by keyboard."""
        blocked = self.blocked()
        secondary = [
            PanelAction("mark_cross", tr("Mark at crosshair"), self.mark_cross, "crosshair", blocked, key="E"),
            *self.more_actions(),
        ]
        if not self.is_open:
            return StepActions(self.main(), tuple(secondary), tr("Ctrl+click: not this") if not blocked else "")
        waiting = WAITING if self.work.is_running(self.target) or not self.draft.is_current else ""
        accept = PanelAction(
            f"accept_{self.target}", self.accept_words(), self._accept, blocked=blocked or waiting, key="Enter"
        )
        return StepActions(
            accept, tuple(secondary), keys_line(tr("Enter accepts"), key_hint(tr("{key} takes back"), "undo"))
        )

    def more_actions(self) -> Sequence[PanelAction]:
        """Other secondary actions, one at most."""
        return ()

    def _accept(self) -> None:
        if self.work.accept(self.target):
            self.accepted()
