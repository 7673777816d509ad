"""Above the compared columns: which panes have a row, which image stands left, and whether both move together."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from app.i18n import mark, tr
from app.pane_grid import SECOND, PaneGrid, bar_place
from app.panels.labels import text_font
from app.second_image import SecondImage
from app.theme.icons import icon
from app.theme.style import current_look, set_kind
from app.theme.tokens import DARK, PLANES
from viewers.keys import show_key
from viewers.view_state import PANES

BUTTON_PX, ICON_PX = 28, 16
LINKED = mark("Both move together. Click to move each by itself")
APART = mark("Each moves by itself. Click to link them by place")
SWAP = mark("Swap left and right")
ROW_WORDS = {
    "axial": (mark("Ax"), mark("Compare axial views")),
    "coronal": (mark("Co"), mark("Compare coronal views")),
    "sagittal": (mark("Sa"), mark("Compare sagittal views")),
    "3d": ("3D", mark("Compare 3D views")),
}
LAST = mark("One view stays")


class _RowButton(QToolButton):
    """A view's short name in the colour of its plane; it lies on black in both themes, which style sheets do not know."""

    def __init__(self, parent: QWidget, ink: str) -> None:
        super().__init__(parent)
        self._ink = ink
        self.setCheckable(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1.0, 1.0, -1.0, -1.0)
        painter.setPen(QPen(QColor(DARK["acc"]), 2.0) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(DARK["s3"]) if self.isChecked() else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 5.0, 5.0)
        painter.setFont(text_font(11, 600))
        painter.setPen(QColor(self._ink if self.isChecked() else DARK["t1" if self.underMouse() else "t3"]))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())


class CompareBar(QWidget):
    """A bar of its own above the panes, its buttons over the seam; hidden in every other layout. It belongs to what lies on
    black, in both themes.
    """

    def __init__(self, second: SecondImage, grid: PaneGrid) -> None:
        super().__init__(grid)
        self._second, self._grid = second, grid
        self.setObjectName("compare_bar")
        self.setAccessibleName(tr("Compared images"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(3, 3, 3, 3)
        self._row.setSpacing(2)
        self._row.addStretch(1)
        self.rows: dict[str, QToolButton] = {}
        for name in ROW_WORDS:
            button = self.rows[name] = _RowButton(self, PLANES[name] if name != "3d" else DARK["t1"])
            self._dress(button, f"compare_{name}", tr(ROW_WORDS[name][1]))
            button.setText(tr(ROW_WORDS[name][0]))
            button.clicked.connect(lambda _=False, name=name: self._toggle_row(name))
        self.swap, self.link = QToolButton(self), QToolButton(self)
        self._dress(self.swap, "compare_swap", tr(SWAP))
        self._dress(self.link, "compare_link", tr(LINKED))
        self._row.addStretch(1)
        self.swap.clicked.connect(lambda: self._set(is_left=not second.state.is_left))
        self.link.clicked.connect(lambda: self._set(linked=not second.state.linked))
        second.changed.connect(self._show_state)
        self._show_state()
        self.place()

    def _dress(self, button: QToolButton, name: str, words: str) -> None:
        button.setObjectName(name)
        button.setToolTip(words)
        button.setAccessibleName(words)
        button.setIconSize(QSize(ICON_PX, ICON_PX))
        set_kind(button, "onblack")
        self._row.addWidget(button)

    def _set(self, **changes: object) -> None:
        self._second.change(**changes)
        self._grid.placed.emit()

    def _toggle_row(self, name: str) -> None:
        rows = set(self._second.state.rows) ^ {name}
        if rows:
            self._set(rows=tuple(pane for pane in PANES if pane in rows))
        self._show_state()

    def place(self) -> None:
        """In its room, while two series are compared."""
        names = [name for name in self._grid.shown if name.startswith(SECOND)]
        self.setVisible(bool(names))
        high = round(current_look().px(BUTTON_PX))
        for button in (*self.rows.values(), self.swap, self.link):
            button.setFixedSize(high, high)
        self.setGeometry(bar_place(self._grid.width()))

    def _show_state(self) -> None:
        state = self._second.state
        for name, button in self.rows.items():
            is_last = state.rows == (name,)
            button.setChecked(name in state.rows)
            button.setEnabled(not is_last)
            button.setToolTip(tr(LAST if is_last else ROW_WORDS[name][1]))
        self.link.setIcon(icon("link" if state.linked else "unlink", DARK["acc" if state.linked else "t2"]))
        words = tr(LINKED if state.linked else APART)
        show_key(self.link, words, "link_views")
        self.link.setAccessibleName(words)
        self.swap.setIcon(icon("arrow-left-right", DARK["t2"]))

    def event(self, event: QEvent) -> bool:
        # what is beside the buttons does nothing
        if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease):
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(DARK["s1"]))
