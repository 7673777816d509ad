"""The head of a panel of plans: which plan is shown, the menu of the others, and the row that a new name is typed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from app.i18n import tr
from app.panels.frame import PanelFrame
from app.panels.rows import FieldRow, NameField
from app.plan_titles import titled


@dataclass(frozen=True, slots=True)
class ShownPlans:
    """The plans of a panel. shown: the open one's name. can_change: it is in the case and may be renamed or deleted."""

    names: tuple[str, ...]
    shown: str
    can_change: bool


class PlanHead(QObject):
    """Menu and name row of a PanelFrame.

    `opened`: a plan's name, "" for a new one. `renamed`: the name typed. `compared`: plans are wanted beside each other.
    """

    opened = Signal(str)
    renamed = Signal(str)
    deleted = Signal()
    compared = Signal()

    def __init__(
        self,
        frame: PanelFrame,
        kind: str,
        plans: Callable[[], ShownPlans],
        parent: QObject,
        *,
        compares: bool = False,
    ) -> None:
        """kind: "tavr", "vessel": whose plans stand in the menu. plans: asked each time the menu opens.

        compares: whether the panel can show two of them beside each other.
        """
        super().__init__(parent)
        self._kind, self._plans, self._compares = kind, plans, compares
        self.field = NameField("plan_name", tr("Name of the plan"))
        self.row = FieldRow(tr("Plan name"), self.field, wide=True)
        self.row.setVisible(False)
        frame.add_above(self.row)
        self.field.entered.connect(self._entered)
        self.field.closed.connect(lambda: self.row.setVisible(False))
        self.menu = QMenu(frame)
        self.menu.aboutToShow.connect(self.fill)
        frame.set_menu(self.menu)

    def title(self, name: str) -> str:
        """The plan's name as a title: "tavr 2" is "TAVR plan 2"; one that a person gave stays as it is."""
        number = name.removeprefix(self._kind)
        is_given = number == name or bool(number and not number.startswith(" "))
        return name if is_given else titled(self._kind, name)

    def ask_name(self) -> None:
        """Type another name for the plan."""
        self.row.setVisible(True)
        self.field.start(self._plans().shown)
        self.field.setFocus()

    def fill(self) -> None:
        """The menu as the plans are now."""
        plans = self._plans()
        self.menu.clear()
        group = QActionGroup(self.menu)
        for name in plans.names:
            action = QAction(self.title(name), self.menu, checkable=True, checked=name == plans.shown)
            action.triggered.connect(partial(self._open, name))
            group.addAction(action)
            self.menu.addAction(action)
        if self._compares and len(plans.names) > 1:
            beside = QAction(tr("Compare plans"), self.menu, objectName="compare_plans")
            beside.triggered.connect(lambda _=False: self.compared.emit())
            self.menu.addAction(beside)
        if plans.names:
            self.menu.addSeparator()
        for identifier, text, run in (
            ("new_plan", tr("New plan"), partial(self._open, "")),
            ("rename_plan", tr("Rename plan"), self.ask_name),
            ("delete_plan", tr("Delete this plan"), self.deleted.emit),
        ):
            action = QAction(text, self.menu, objectName=identifier, enabled=plans.can_change)
            action.triggered.connect(lambda _=False, run=run: run())
            self.menu.addAction(action)

    def _open(self, name: str, checked: bool = False) -> None:
        self.opened.emit(name)

    def _entered(self, name: str) -> None:
        self.row.setVisible(False)
        self.renamed.emit(name)
