"""Between the compared columns: which image stands left, and whether both move together."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from app.i18n import mark, tr
from app.pane_grid import PaneGrid
from app.second_image import SecondImage
from app.theme.icons import icon
from app.theme.style import set_kind
from app.theme.tokens import DARK

BUTTON_PX, ICON_PX, RADIUS = 30, 16, 8
# of the first row's height
PLACE_SHARE = 0.28
LINKED = mark("Both move together. Click to move each by itself (Ctrl+L)")
APART = mark("Each moves by itself. Click to link them by place (Ctrl+L)")
SWAP = mark("Swap left and right")


class CompareBar(QWidget):
    """A pill in the middle of the grid; hidden in every other layout. It lies on black in both themes."""

    def __init__(self, second: SecondImage, grid: PaneGrid) -> None:
        super().__init__(grid)
        self._second, self._grid = second, grid
        self.setObjectName("compare_bar")
        self.setAccessibleName(tr("Compared images"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(3, 3, 3, 3)
        row.setSpacing(2)
        self.swap, self.link = QToolButton(self), QToolButton(self)
        for button, name, words in ((self.swap, "compare_swap", SWAP), (self.link, "compare_link", LINKED)):
            button.setObjectName(name)
            button.setToolTip(tr(words))
            button.setAccessibleName(tr(words))
            button.setFixedSize(BUTTON_PX, BUTTON_PX)
            button.setIconSize(QSize(ICON_PX, ICON_PX))
            set_kind(button, "onblack")
            row.addWidget(button)
        self.swap.clicked.connect(lambda: self._set(is_left=not second.state.is_left))
        self.link.clicked.connect(lambda: self._set(linked=not second.state.linked))
        self.setFixedSize(2 * BUTTON_PX + 8, BUTTON_PX + 6)
        second.changed.connect(self._show_state)
        self._show_state()
        self.place()

    def _set(self, **changes: bool) -> None:
        self._second.change(**changes)
        self._grid.placed.emit()

    def place(self) -> None:
        """In the middle of the panes, while two series are compared."""
        shown = "second_axial" in self._grid.shown or "second_coronal" in self._grid.shown
        self.setVisible(shown)
        # over the image only: titles, letters and numbers lie elsewhere along the seam
        rows = max(len(self._grid.shown) // 2, 1)
        y = round(PLACE_SHARE * self._grid.height() / rows)
        self.move((self._grid.width() - self.width()) // 2, y)
        self.raise_()

    def _show_state(self) -> None:
        linked = self._second.state.linked
        self.link.setIcon(icon("link" if linked else "unlink", DARK["acc" if linked else "t2"]))
        words = tr(LINKED if linked else APART)
        self.link.setToolTip(words)
        self.link.setAccessibleName(words)
        self.swap.setIcon(icon("arrow-left-right", DARK["t2"]))

    def event(self, event: QEvent) -> bool:
        # a pill and not a button: what is beside the buttons does nothing
        if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease):
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(DARK["line2"]), 1))
        painter.setBrush(QColor(DARK["s2"]))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
