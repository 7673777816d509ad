"""The column at the left edge: the places of work, with the keyboard sheet and help below."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from app.actions import ActionBook
from app.theme.style import current_look, set_kind
from planning.case.model import Case
from planning.kidney.roles import guess_kidney

MODULES = ("study", "segment", "heart", "liver", "kidney", "vessel", "print", "report")


class Rail(QWidget):
    """The places of work, with the keyboard sheet and help below."""

    def __init__(self, actions: ActionBook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_kind(self, "railbar")
        column = QVBoxLayout(self)
        column.setContentsMargins(5, 6, 5, 8)
        column.setSpacing(4)
        self._buttons: dict[str, QToolButton] = {}
        self._help: list[QToolButton] = []
        for module in MODULES:
            button = QToolButton()
            button.setDefaultAction(actions[f"module_{module}"])
            button.setObjectName(f"rail_{module}")
            button.setAccessibleName(actions[f"module_{module}"].toolTip())
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            button.setIconSize(QSize(20, 20))
            set_kind(button, "rail")
            column.addWidget(button)
            self._buttons[module] = button
        column.addStretch(1)
        for identifier in ("shortcuts", "about"):
            button = QToolButton()
            button.setDefaultAction(actions[identifier])
            button.setObjectName(f"rail_{identifier}")
            button.setAccessibleName(actions[identifier].toolTip())
            button.setIconSize(QSize(20, 20))
            column.addWidget(button)
            self._help.append(button)
        self.fit()

    def show_places(self, case: Case, module: str) -> None:
        """Most cases have no kidney to plan: its place stands here where there is one, or a person went there."""
        kidney = guess_kidney(tuple(case.structures))
        has_plan = any(plan.kind == "kidney" for plan in case.plans.values())
        is_wanted = has_plan or module == "kidney" or bool(kidney.organ and kidney.tumors)
        self._buttons["kidney"].setVisible(is_wanted)

    def fit(self) -> None:
        """As wide as the words are at this text size."""
        look = current_look()
        width = max(53, look.px(53))
        self.setFixedWidth(width + 11)
        for button in self._buttons.values():
            button.setFixedSize(width, max(54, look.px(50)))
        for button in self._help:
            button.setFixedSize(width, 40)
