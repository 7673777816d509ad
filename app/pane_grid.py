"""Where the four panes lie: 2 × 2, one large with three beside it, 3D only, or one maximised."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from viewers.view_state import PANES, ViewModel, ViewState

GAP = 2
SIDE_SHARE = 0.30


def pane_places(state: ViewState, width: int, height: int) -> dict[str, QRect]:
    """The rectangle of each pane that is shown, in logical pixels."""
    inner = QRect(GAP, GAP, max(width - 2 * GAP, 1), max(height - 2 * GAP, 1))
    if state.maximised:
        return {state.maximised: inner}
    if state.layout == "3d":
        return {"3d": inner}
    if state.layout == "1+3":
        side = round(inner.width() * SIDE_SHARE)
        large = QRect(inner.left(), inner.top(), inner.width() - side - GAP, inner.height())
        others = [name for name in PANES if name != state.main_pane]
        places = {state.main_pane: large}
        tops = [inner.top() + round(n * (inner.height() + GAP) / 3) for n in range(4)]
        for number, name in enumerate(others):
            places[name] = QRect(large.right() + 1 + GAP, tops[number], side, tops[number + 1] - tops[number] - GAP)
        return places
    left, top = (inner.width() - GAP) // 2, (inner.height() - GAP) // 2
    right, bottom = inner.width() - GAP - left, inner.height() - GAP - top
    x, y = inner.left() + left + GAP, inner.top() + top + GAP
    return {
        "axial": QRect(inner.left(), inner.top(), left, top),
        "3d": QRect(x, inner.top(), right, top),
        "coronal": QRect(inner.left(), y, left, bottom),
        "sagittal": QRect(x, y, right, bottom),
    }


class PaneGrid(QWidget):
    """Lays its panes out as the view says; knows nothing else of them."""

    def __init__(self, view: ViewModel, panes: dict[str, QWidget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pane_grid")
        self._view, self._panes = view, panes
        for pane in panes.values():
            pane.setParent(self)
        view.changed.connect(self._on_view)
        self.setMinimumSize(320, 320)

    def place(self) -> None:
        """Give every pane its rectangle; those without one are hidden."""
        places = pane_places(self._view.state, self.width(), self.height())
        for name, pane in self._panes.items():
            if name in places:
                pane.setGeometry(places[name])
            pane.setVisible(name in places)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place()

    def _on_view(self, old: ViewState, new: ViewState) -> None:
        if (old.layout, old.maximised, old.main_pane) != (new.layout, new.maximised, new.main_pane):
            self.place()
