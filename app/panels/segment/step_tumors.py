"""Guided segmentation, third step: the tumours, one by one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from app.i18n import inside, mark, structure_name, text_quantity, tr
from app.panels.choices import Choice, ChoiceList
from app.panels.notes import Note
from app.panels.parts import PanelAction
from app.panels.segment.draft import LIVER, TUMOR
from app.panels.segment.guided_step import GuidedStep
from app.panels.segment.work import tumors_found_by_marks
from planning.liver.roles import guess_roles
from viewers.stroke_drag import LINE


class TumorStep(GuidedStep):
    """A line across each, or a click into it."""

    name = mark("Tumours")
    target = TUMOR
    tool = LINE

    def extra(self) -> Sequence[QWidget]:
        """The tumours of the case."""
        self.list = ChoiceList("guided_tumors", tr("Tumours of the case"), ticks=False)
        self.list.picked.connect(self._pick)
        return (self.list,)

    @property
    def tumor(self) -> str:
        """The tumour that is worked on."""
        return self.draft.names[0]

    @property
    def is_again(self) -> bool:
        """True when a tumour of the case is gone on with."""
        return self.tumor in self.panel.session.case.structures

    def guidance(self) -> str:
        """What to do now."""
        if self.work.is_running(self.target):
            return tr("Finding the tumour.")
        if not self.draft.marks:
            return tr("Draw a line across a tumour, from rim to rim, where it is widest. A click does for a plain one.")
        return tr("Click or draw what is missing; with Ctrl, what is too much.")

    def caption(self) -> str:
        """Its name, which it has before it is in the case."""
        return structure_name(self.tumor) if self.is_open or self.is_again else self.name

    def kept_names(self) -> tuple[str, ...]:
        """All tumours of the case."""
        return guess_roles(list(self.panel.session.case.structures)).tumors

    def notes(self) -> list[Note]:
        """A tumour without a liver is held by nothing."""
        found = super().notes()
        if self.is_open and not self.work.is_done(LIVER):
            found.append(
                Note(tr("No liver in this case"), tr("It would hold the tumour at the liver's border."), "warn")
            )
        return found

    def accept_words(self) -> str:
        """With its number."""
        return tr("Accept {name}", name=inside(structure_name(self.tumor)))

    def accepted(self) -> None:
        """The next line is the next tumour."""
        self.work.begin_tumor()
        self.panel.where.accepted.add(self.panel.steps.index(self))
        self.panel.refresh()
        self.panel.frame.focus_main()

    def refresh(self) -> None:
        """The list, too."""
        structures = self.panel.session.case.structures
        self.list.set_rows(
            [
                Choice(
                    name,
                    structure_name(name),
                    text_quantity(structures[name].volume_ml, "ml"),
                    structures[name].color,
                )
                for name in self.kept_names()
            ]
        )
        was = self.list.blockSignals(True)
        self.list.pick(self.tumor if self.is_again else "")
        self.list.blockSignals(was)
        super().refresh()

    def _pick(self, name: str) -> None:
        """Go there; one that was found by marks is gone on with."""
        session = self.panel.session
        if name in tumors_found_by_marks(session) and not self.is_open and not self.work.is_read_only:
            self.work.begin_tumor(name)
        self.panel.fly_asked.emit(session.mask(name).centroid_mm())

    def main(self) -> PanelAction:
        """Everything is there for a plan."""
        blocked = "" if self.work.is_done(LIVER) else tr("Find the liver first")
        return PanelAction("go_plan_liver", tr("Plan the liver"), self._plan, blocked=blocked, key="Enter")

    def _plan(self) -> None:
        self.panel.module_asked.emit("liver")

    def more_actions(self) -> Sequence[PanelAction]:
        """Leave the tumour that is gone on with."""
        if not self.is_again:
            return ()
        return (PanelAction("new_tumor", tr("New tumour"), self.work.begin_tumor, "plus"),)
