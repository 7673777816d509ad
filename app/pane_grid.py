"""Where the panes lie: four, one large with three beside it, 3D only, two series beside each other, one maximised, or as
a plan's step arranges them. Any pane may stand in a window of its own instead (`app/pane_window.py`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from app.i18n import mark, tr
from app.panes.pane_tabs import PaneTabs
from app.theme.style import current_look, set_kind
from viewers.view_state import PANES, ViewModel, ViewState

GAP = 2
SIDE_SHARE = 0.30
# the vessel arrangement: a strip and a chart of these heights below section and 3D, less in a low window
STRIP_PX, CHART_PX = 196, 156
MOST_BELOW_SHARE = 0.52
TABLE_PX, MOST_TABLE_SHARE = 342, 0.55
BENCH_PX, MOST_BENCH_SHARE = 192, 0.4
# plans beside each other: shares of the height, and the table's of the width
SCENES_SHARE, MAPS_SHARE, TABLE_SHARE = 0.40, 0.175, 0.57
# narrower panes than in a window of 1200 px: the table and the chart take turns in one place, below their names
TABS_BELOW_PX, TABS_PX = 820, 34
TAB_WORDS = (mark("Table"), mark("Chart"), mark("Flat maps"))
# above two series beside each other: what chooses their rows, sides and link
BAR_PX = 34
# a map that would be lower than this shows nothing: there the maps are a tab, too
LEAST_MAP_PX = 120


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Which panes a step of a plan shows, by name, row by row.

    "grid": four of equal size. "vessel": the first two above, the third as a strip, the fourth as a chart below it.
    "pair": as "table", two plans in the same panes.
    "compare": a column for each plan, 3D above its flat map, then a table and a chart below all of them; where it is
    narrow these two are tabs, and where it is low besides the maps are a third.
    "table": the first two above, the third as a table below them.
    "bench": the first above, the other two beside each other below it.
    """

    panes: tuple[str, ...] = ("axial", "3d", "coronal", "sagittal")
    kind: Literal["grid", "vessel", "compare", "table", "pair", "bench"] = "grid"

    @property
    def compares(self) -> bool:
        """Whether plans are compared in it: the layouts of slices and 3D are others."""
        return self.kind in ("compare", "pair")


ORDINARY = Arrangement()
# what the second image's panes are called after the first's
SECOND = "second_"
HOLE = mark("This pane has a window of its own. Esc there brings it back.")
ALL_OUT = mark("All panes of this layout have windows of their own. Esc in one brings it back.")


def pane_places(
    state: ViewState,
    width: int,
    height: int,
    arrangement: Arrangement = ORDINARY,
    away: frozenset[str] = frozenset(),
    tab: str = "",
) -> dict[str, QRect]:
    """The rectangle of each pane that is shown, in logical pixels.

    away: panes that have windows of their own. tab: of panes that share a place the one that is seen.
    """
    if arrangement.kind == "grid" and state.layout != "compare":
        arrangement = replace(arrangement, panes=tuple(name for name in arrangement.panes if name not in away))
    places = _places(state, width, height, arrangement, away, tab)
    return {name: place for name, place in places.items() if name not in away}


def _places(
    state: ViewState, width: int, height: int, arrangement: Arrangement, away: frozenset[str], tab: str
) -> dict[str, QRect]:
    inner = QRect(GAP, GAP, max(width - 2 * GAP, 1), max(height - 2 * GAP, 1))
    names = arrangement.panes
    if state.layout == "compare" and arrangement.kind in ("grid", "vessel"):
        return _two_columns(inner, state)
    shown = (*names, *PANES)
    if state.maximised and state.maximised in shown and state.maximised not in away:
        return {state.maximised: inner}
    if arrangement.kind == "compare":
        return _side_by_side(inner, names, tab)
    if state.layout == "3d" and "3d" not in away and arrangement.kind != "pair":
        return {"3d": inner}
    if arrangement.kind in ("table", "pair"):
        return _above_a_table(inner, names)
    if arrangement.kind == "bench":
        return _above_two(inner, names)
    if state.layout == "1+3" and names:
        main = state.main_pane if state.main_pane in names else names[0]
        return _one_large(inner, main, names) if len(names) > 1 else dict.fromkeys(names, inner)
    if arrangement.kind == "vessel":
        return _above_a_strip(inner, names)
    if len(names) == 3:
        return _one_large(inner, names[0], names, share=0.5)
    if len(names) == 2:
        return _halves(inner, names)
    if len(names) < 2:
        return dict.fromkeys(names, inner)
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


def _one_large(inner: QRect, main: str, names: tuple[str, ...], share: float = SIDE_SHARE) -> dict[str, QRect]:
    side, count = round(inner.width() * share), len(names) - 1
    places = {main: QRect(inner.left(), inner.top(), inner.width() - side - GAP, inner.height())}
    tops = [inner.top() + round(n * (inner.height() + GAP) / count) for n in range(count + 1)]
    for number, name in enumerate(name for name in names if name != main):
        top, below = tops[number], tops[number + 1]
        places[name] = QRect(places[main].right() + 1 + GAP, top, side, below - top - GAP)
    return places


def _halves(inner: QRect, names: tuple[str, ...]) -> dict[str, QRect]:
    left = (inner.width() - GAP) // 2
    places = (
        QRect(inner.left(), inner.top(), left, inner.height()),
        QRect(inner.left() + left + GAP, inner.top(), inner.width() - GAP - left, inner.height()),
    )
    return dict(zip(names, places, strict=True))


def bar_place(width: int) -> QRect:
    """The room of the bar above two series that lie beside each other: no image lies below it."""
    return QRect(GAP, GAP, max(width - 2 * GAP, 1), round(current_look().px(BAR_PX)))


def _two_columns(inner: QRect, state: ViewState) -> dict[str, QRect]:
    """The first image's panes beside the second's; one maximised brings the other's with it."""
    inner = inner.adjusted(0, bar_place(inner.width()).height() + GAP, 0, 0)
    alone = state.maximised.removeprefix(SECOND)
    rows = (alone,) if alone in PANES else tuple(name for name in PANES if name in state.second.rows)
    tops = [inner.top() + round(n * (inner.height() + GAP) / len(rows)) for n in range(len(rows) + 1)]
    places: dict[str, QRect] = {}
    for name, top, below in zip(rows, tops, tops[1:]):
        row = QRect(inner.left(), top, inner.width(), below - top - GAP)
        pair = (name, f"{SECOND}{name}")
        places |= _halves(row, pair[::-1] if state.second.is_left else pair)
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


def _above_two(inner: QRect, names: tuple[str, ...]) -> dict[str, QRect]:
    below = min(round(current_look().px(BENCH_PX)), round(MOST_BENCH_SHARE * inner.height()))
    top = inner.height() - below - GAP
    left = (inner.width() - GAP) // 2
    y = inner.top() + top + GAP
    places = (
        QRect(inner.left(), inner.top(), inner.width(), top),
        QRect(inner.left(), y, left, below),
        QRect(inner.left() + left + GAP, y, inner.width() - left - GAP, below),
    )
    return dict(zip(names, places, strict=True))


def _side_by_side(inner: QRect, names: tuple[str, ...], tab: str) -> dict[str, QRect]:
    count = (len(names) - 2) // 2
    is_tabbed = _is_tabbed(inner.width())
    # large text leaves the maps less of their own height; where it is narrow they are small anyway
    larger = 0.0 if is_tabbed else max(current_look().text_scale_percent / 100.0 - 1.0, 0.0)
    above = round(inner.height() * (SCENES_SHARE - 0.5 * MAPS_SHARE * larger))
    maps = round(inner.height() * MAPS_SHARE * (1.0 + larger))
    y = inner.top() + above + GAP
    tabs = _tabs(inner, names)
    has_map_tab = len(tabs) > 2
    low = y if has_map_tab else y + maps + GAP
    rest, bar = inner.bottom() + 1 - low, round(current_look().px(TABS_PX))
    chosen = tab if tab in tabs else names[-2]
    if has_map_tab:
        y, maps = low + bar, rest - bar
    edges = [inner.left() + round(n * (inner.width() + GAP) / count) for n in range(count + 1)]
    places = {}
    for number in range(count):
        left, width = edges[number], edges[number + 1] - edges[number] - GAP
        places[names[number]] = QRect(left, inner.top(), width, above)
        if not has_map_tab or chosen == names[count]:
            places[names[count + number]] = QRect(left, y, width, maps)
    if is_tabbed:
        if chosen in names[-2:]:
            places[chosen] = QRect(inner.left(), low + bar, inner.width(), rest - bar)
        return places
    table = round(inner.width() * TABLE_SHARE)
    places[names[-2]] = QRect(inner.left(), low, table, rest)
    places[names[-1]] = QRect(inner.left() + table + GAP, low, inner.width() - table - GAP, rest)
    return places


def _is_tabbed(width: int) -> bool:
    return width < current_look().px(TABS_BELOW_PX)


def _tabs(inner: QRect, names: tuple[str, ...]) -> tuple[str, ...]:
    """What takes turns in one place below compared plans: table, chart, and the first map where it stands for all."""
    if not _is_tabbed(inner.width()):
        return ()
    is_low = inner.height() * MAPS_SHARE < current_look().px(LEAST_MAP_PX)
    return (*names[-2:], names[(len(names) - 2) // 2]) if is_low else names[-2:]


def _holds(pane: QWidget, widget: QWidget | None) -> bool:
    return widget is not None and (pane is widget or pane.isAncestorOf(widget))


class PaneGrid(QWidget):
    """Lays its panes out as the view and the step say; knows nothing else of them.

    `placed`: they have other places. `arranged`: the step wants other panes.
    """

    placed = Signal()
    arranged = Signal()

    def __init__(self, view: ViewModel, panes: Mapping[str, QWidget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pane_grid")
        self._view = view
        self._panes: dict[str, QWidget] = {}
        self._away: frozenset[str] = frozenset()
        self._arrangement = ORDINARY
        self._nothing = QLabel(self)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setWordWrap(True)
        set_kind(self._nothing, "hint")
        self._nothing.hide()
        self._tab = ""
        self._tabs = PaneTabs(self)
        self._tabs.hide()
        self._tabs.chosen.connect(self.show_tab)
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
    def away(self) -> frozenset[str]:
        """Names of the panes that have windows of their own."""
        return self._away

    def send_away(self, name: str) -> QWidget:
        """Give up a pane to a window of its own; the others take its place."""
        self._away |= {name}
        if self._view.state.maximised == name:
            self._view.set(maximised="")
        self.place()
        return self._panes[name]

    def take_back(self, name: str) -> None:
        """A pane's window is closed: it lies among the others again."""
        self._away -= {name}
        self._panes[name].setParent(self)
        self.place()

    @property
    def shown(self) -> tuple[str, ...]:
        """Names of the panes that have a place, row by row."""
        return tuple(self._places())

    def _places(self) -> dict[str, QRect]:
        size, state = self.size(), self._view.state
        return pane_places(state, size.width(), size.height(), self._arrangement, self._away, self._tab)

    def show_tab(self, name: str) -> None:
        """Of panes that share a place this one is seen."""
        self._tab = name
        self.place()

    def arrange(self, arrangement: Arrangement | None) -> None:
        """The panes of a step; None for slices and 3D."""
        wanted = arrangement or ORDINARY
        if wanted != self._arrangement:
            self._arrangement = wanted
            self.place()
            self.arranged.emit()

    @property
    def compares_plans(self) -> bool:
        """Whether plans stand beside each other now."""
        return self._arrangement.compares

    def pane(self, name: str) -> QWidget | None:
        """A pane by name."""
        return self._panes.get(name)

    def place(self) -> None:
        """Give every pane its rectangle; those without one are hidden."""
        places = self._places()
        focused = QApplication.focusWidget()
        mine = {name: pane for name, pane in self._panes.items() if name not in self._away}
        leaving = [pane for name, pane in mine.items() if name not in places and _holds(pane, focused)]
        for name, pane in mine.items():
            if name in places:
                pane.setGeometry(places[name])
            pane.setVisible(name in places)
        self._show_holes(places)
        self._show_tabs(places)
        if leaving and places:
            # the keyboard stays among the panes
            active = self._view.state.active
            self._panes[active if active in places else next(iter(places))].setFocus(Qt.FocusReason.OtherFocusReason)
        self.placed.emit()

    def _show_tabs(self, places: Mapping[str, QRect]) -> None:
        """The names of the panes that share a place, above the one that is seen."""
        inner = self.rect().adjusted(GAP, GAP, -GAP, -GAP)
        tabs = _tabs(inner, self._arrangement.panes) if self._arrangement.kind == "compare" else ()
        seen = [name for name in tabs if name in places]
        is_tabbed = len(seen) == 1 and len(places) > 1
        if is_tabbed:
            place, bar = places[seen[0]], round(current_look().px(TABS_PX))
            self._tabs.setGeometry(inner.left(), place.top() - bar, inner.width(), bar)
            self._tabs.show_tabs([(name, tr(words)) for name, words in zip(tabs, TAB_WORDS, strict=False)], seen[0])
            self._tabs.raise_()
        self._tabs.setVisible(is_tabbed)

    def _show_holes(self, places: Mapping[str, QRect]) -> None:
        """Words where a pane would stand that has a window, in arrangements whose panes cannot move up."""
        whole = pane_places(self._view.state, self.width(), self.height(), self._arrangement)
        reflows = self._arrangement.kind == "grid" and self._view.state.layout != "compare"
        holes = [] if reflows and places else [whole[name] for name in whole if name in self._away]
        if holes:
            room = holes[0] if places else self.rect()
            self._nothing.setText(tr(HOLE if places else ALL_OUT))
            self._nothing.setGeometry(room.adjusted(24, 24, -24, -24))
        self._nothing.setVisible(bool(holes))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place()

    def _on_view(self, old: ViewState, new: ViewState) -> None:
        if _laid_out(old) != _laid_out(new):
            self.place()


def _laid_out(state: ViewState) -> tuple[object, ...]:
    return state.layout, state.maximised, state.main_pane, state.second.is_left, state.second.rows
