"""Forms that ask for what a new resection needs; while one is open it has the step's main action."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.i18n import mark
from app.panels.frame import PanelAction
from app.panels.parts import Callout, paragraph
from app.theme.style import set_kind
from planning.errors import TheatrumError
from planning.geometry import FloatArray

if TYPE_CHECKING:
    from app.panels.liver.panel import LiverPanel
    from planning.liver.resection import Resection
    from viewers.overlay import PlanItem


class AddForm(QFrame):
    """A card with a title, fields and one callout. `changed`: buttons or drawing differ; `closed`: it is done."""

    key = ""
    title = ""
    hint = mark("Enter makes it")

    changed = Signal()
    closed = Signal()

    def __init__(self, panel: LiverPanel) -> None:
        super().__init__()
        self.panel, self.work = panel, panel.work
        self.setObjectName(f"form_{self.key}")
        set_kind(self, "card")
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(12, 9, 12, 10)
        self.box.setSpacing(8)
        self.box.addWidget(paragraph(self.title, "strong"))
        self.note = Callout(f"form_{self.key}")
        self.note.followed.connect(self.follow)
        self.is_working = False
        # the resection of the plan that is asked for anew; none where another one is added
        self.edited: Resection | None = None
        self.setVisible(False)

    def add(self, *widgets: QWidget) -> None:
        """Fields below each other; the callout stands last."""
        for widget in (*widgets, self.note):
            self.box.addWidget(widget)

    def opened(self) -> None:
        """The form is shown: fill it from the resection that is edited, else from the plan."""

    def left(self) -> None:
        """The form is closed: stop what it started."""

    @abstractmethod
    def main(self) -> PanelAction:
        """What the form is for."""

    def items(self) -> tuple[PlanItem, ...]:
        """What it draws meanwhile."""
        return ()

    def follow(self) -> None:
        """The callout's link."""

    def point_placed(self, key: str, position_mm: FloatArray) -> None:
        """A click put a point down."""

    def point_moved(self, key: str, position_mm: FloatArray, finished: bool) -> bool:
        """A point of its own follows the hand; False for another's."""
        return False

    def drafted(self) -> str:
        """What undo would take back."""
        return ""

    def held(self) -> str:
        """What a hand put down in it that is in no resection yet, "" when nothing: the form waits with it while one is away."""
        return self.drafted()

    def resumed(self) -> None:
        """The form is shown again with what it held."""

    def forget(self) -> None:
        """What it held is used or not wanted."""

    def kept(self) -> bool:
        """Whether what it holds outlives the case's closing."""
        return False

    def bring_back(self) -> bool:
        """Take what was kept when the case was last open; False where there is nothing."""
        return False

    def take_back(self) -> None:
        """Take it back."""

    def fail(self, error: TheatrumError) -> None:
        """Say why it cannot be."""
        from app.panels.notes import problem_words

        self.is_working = False
        title, words = problem_words(error)
        self.note.show_note(title, words, "warn", self.way_out(error))
        self.changed.emit()

    def way_out(self, error: TheatrumError) -> str:
        """The word of the callout's link."""
        return ""

    def take(self, cut: Resection) -> None:
        """The resection goes into the plan, in the place of the edited one; the form is done."""
        self.is_working = False
        numbers = [n for n, one in enumerate(self.work.draft.resections) if one is self.edited]
        if numbers:
            self.work.put(numbers[0], cut)
        else:
            self.work.add(cut)
        self.closed.emit()
