"""Where the panes lie: four, one large with three beside it, 3D only, one maximised, or as a plan's step arranges them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.theme.style import current_look
from viewers.view_state import PANES, ViewModel, ViewState

GAP = 2
SIDE_SHARE = 0.30
# the vessel arrangement: a strip and a chart of these heights below section and 3D, less in a low window
STRIP_PX, CHART_PX = 196, 156
MOST_BELOW_SHARE = 0.52
TABLE_PX, MOST_TABLE_SHARE = 342, 0.55
# plans beside each other: shares of the height, and the table's of the width
SCENES_SHARE, MAPS_SHARE, TABLE_SHARE = 0.40, 0.175, 0.57


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Which panes a step of a plan shows, by name, row by row.

    "grid": four of equal size. "vessel": the first two above, the third as a strip, the fourth as a chart below it.
    "compare": a column for each plan, 3D above its flat map, then a table and a chart below all of them.
    "table": the first two above, the third as a table below them.
    """

    panes: tuple[str, ...] = ("axial", "3d", "coronal", "sagittal")
    kind: Literal["grid", "vessel", "compare", "table"] = "grid"


ORDINARY = Arrangement()


def pane_places(state: ViewState, width: int, height: int, arrangement: Arrangement = ORDINARY) -> dict[str, QRect]:
    """The rectangle of each pane that is shown, in logical pixels."""
    inner = QRect(GAP, GAP, max(width - 2 * GAP, 1), max(height - 2 * GAP, 1))
    names = arrangement.panes
    if state.maximised and (state.maximised in names or state.maximised in PANES):
        return {state.maximised: inner}
    if arrangement.kind == "compare":
        return _side_by_side(inner, names)
    if arrangement.kind == "table":
        return _above_a_table(inner, names)
    if state.layout == "3d":
        return {"3d": inner}
    if state.layout == "1+3":
        return _one_large(inner, state.main_pane if state.main_pane in names else names[0], names)
    if arrangement.kind == "vessel":
        return _above_a_strip(inner, names)
    left, top = (inner.width() - GAP) // 2, (inner.height() - GAP) // 2
    right, bottom = inner.width() - GAP - left, inner.height() - GAP - top
    x, y = inner.left() + left + GAP, inner.top() + top + GAP
    places = (
        QRect(inner.left(), inner.top(), left, top),
        QRect(x, inner.top(), right, top),
        QRect(inner.left(), y, left, bottom),
        QRect(x, y, right, bottom),
    )
    return dict(zip(names, places, strict=True))


def _one_large(inner: QRect, main: str, names: tuple[str, ...]) -> dict[str, QRect]:
    side = round(inner.width() * SIDE_SHARE)
    places = {main: QRect(inner.left(), inner.top(), inner.width() - side - GAP, inner.height())}
    tops = [inner.top() + round(n * (inner.height() + GAP) / 3) for n in range(4)]
    for number, name in enumerate(name for name in names if name != main):
        top, below = tops[number], tops[number + 1]
        places[name] = QRect(places[main].right() + 1 + GAP, top, side, below - top - GAP)
    return places


def _above_a_strip(inner: QRect, names: tuple[str, ...]) -> dict[str, QRect]:
    share = min(1.0, MOST_BELOW_SHARE * inner.height() / (STRIP_PX + CHART_PX + 2 * GAP))
    strip, chart = round(STRIP_PX * share), round(CHART_PX * share)
    top = inner.height() - strip - chart - 2 * GAP
    left = (inner.width() - GAP) // 2
    y = inner.top() + top + GAP
    places = (
        QRect(inner.left(), inner.top(), left, top),
        QRect(inner.left() + left + GAP, inner.top(), inner.width() - left - GAP, top),
        QRect(inner.left(), y, inner.width(), strip),
        QRect(inner.left(), y + strip + GAP, inner.width(), chart),
    )
    return dict(zip(names, places, strict=True))


def _above_a_table(inner: QRect, names: tuple[str, ...]) -> dict[str, QRect]:
    table = min(round(current_look().px(TABLE_PX)), round(MOST_TABLE_SHARE * inner.height()))
    top = inner.height() - table - GAP
    left = (inner.width() - GAP) // 2
    places = (
        QRect(inner.left(), inner.top(), left, top),
        QRect(inner.left() + left + GAP, inner.top(), inner.width() - left - GAP, top),
        QRect(inner.left(), inner.top() + top + GAP, inner.width(), table),
    )
    return dict(zip(names, places, strict=True))


def _side_by_side(inner: QRect, names: tuple[str, ...]) -> dict[str, QRect]:
    count = (len(names) - 2) // 2
    # large text leaves the maps less of their own height
    larger = max(current_look().text_scale_percent / 100.0 - 1.0, 0.0)
    above = round(inner.height() * (SCENES_SHARE - 0.5 * MAPS_SHARE * larger))
    maps = round(inner.height() * MAPS_SHARE * (1.0 + larger))
    y = inner.top() + above + GAP
    low = y + maps + GAP
    edges = [inner.left() + round(n * (inner.width() + GAP) / count) for n in range(count + 1)]
    places = {}
    for number in range(count):
        left, width = edges[number], edges[number + 1] - edges[number] - GAP
        places[names[number]] = QRect(left, inner.top(), width, above)
        places[names[count + number]] = QRect(left, y, width, maps)
    table = round(inner.width() * TABLE_SHARE)
    rest = inner.bottom() + 1 - low
    places[names[-2]] = QRect(inner.left(), low, table, rest)
    places[names[-1]] = QRect(inner.left() + table + GAP, low, inner.width() - table - GAP, rest)
    return places


def _holds(pane: QWidget, widget: QWidget | None) -> bool:
    return widget is not None and (pane is widget or pane.isAncestorOf(widget))


class PaneGrid(QWidget):
    """Lays its panes out as the view and the step say; knows nothing else of them."""

    def __init__(self, view: ViewModel, panes: Mapping[str, QWidget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pane_grid")
        self._view = view
        self._panes: dict[str, QWidget] = {}
        self._arrangement = ORDINARY
        self.add(panes)
        view.changed.connect(self._on_view)
        self.setMinimumSize(320, 320)

    def add(self, panes: Mapping[str, QWidget]) -> None:
        """More panes by name; hidden until an arrangement shows them."""
        for name, pane in panes.items():
            if self._panes.get(name) is not pane:
                pane.setParent(self)
                pane.hide()
                self._panes[name] = pane

    @property
    def shown(self) -> tuple[str, ...]:
        """Names of the panes that have a place, row by row."""
        return tuple(pane_places(self._view.state, self.width(), self.height(), self._arrangement))

    def arrange(self, arrangement: Arrangement | None) -> None:
        """The panes of a step; None for slices and 3D."""
        wanted = arrangement or ORDINARY
        if wanted != self._arrangement:
            self._arrangement = wanted
            self.place()

    def pane(self, name: str) -> QWidget | None:
        """A pane by name."""
        return self._panes.get(name)

    def place(self) -> None:
        """Give every pane its rectangle; those without one are hidden."""
        places = pane_places(self._view.state, self.width(), self.height(), self._arrangement)
        focused = QApplication.focusWidget()
        leaving = [pane for name, pane in self._panes.items() if name not in places and _holds(pane, focused)]
        for name, pane in self._panes.items():
            if name in places:
                pane.setGeometry(places[name])
            pane.setVisible(name in places)
        if leaving:
            # the keyboard stays among the panes
            active = self._view.state.active
            self._panes[active if active in places else next(iter(places))].setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place()

    def _on_view(self, old: ViewState, new: ViewState) -> None:
        if (old.layout, old.maximised, old.main_pane) != (new.layout, new.maximised, new.main_pane):
            self.place()
