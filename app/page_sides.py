"""What stands beside the panes of a case: the column on the left, the guided panel on the right, and how wide they are.

In a narrow window the left column is a drawer over the panes. A step may ask for the left column's place, or have a
column of its own there; what a person hid or made wider stays so.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from app.drawer import Drawer
from app.i18n import tr
from app.theme.style import current_look, set_kind
from viewers.keys import key_hint

NARROW, WIDE = 1200, 1500
LEFT_WIDTHS, RIGHT_WIDTHS = (224, 256), (312, 360)
PANEL_LIMITS = (200, 420)
LEAST_MIDDLE_PX = 320


class PageSides(QObject):
    """Left and right of `middle`, in one splitter. `said`: words for the strip.

    rail: hidden while nothing but the image is shown. focus_panes: the keyboard goes back to the panes.
    """

    said = Signal(str)

    def __init__(
        self, page: QWidget, rail: QWidget, structures: QWidget, middle: QWidget, focus_panes: Callable[[], None]
    ) -> None:
        super().__init__(page)
        self._page, self._rail, self._structures, self._focus_panes = page, rail, structures, focus_panes
        # the structures, or what a step has there instead
        self.left = QStackedWidget()
        self.left.setObjectName("left_panel")
        self.left.addWidget(structures)
        self.right = QStackedWidget()
        self.right.setObjectName("right_panel")
        self.right.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_kind(self.right, "right")
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setObjectName("case_splitter")
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        for number, widget in enumerate((self.left, middle, self.right)):
            self.splitter.addWidget(widget)
            self.splitter.setStretchFactor(number, 1 if widget is middle else 0)
        self.splitter.splitterMoved.connect(self._person_resized)
        self.drawer = Drawer(page, self.left, self.splitter)
        self.drawer.closed.connect(focus_panes)
        # widths that a person gave the panels, None before
        self._widths: tuple[int, int] | None = None
        self._left_shown, self._right_shown = True, True
        self._is_narrow: bool | None = None
        self._has_made_room = self._said_room = False

    @property
    def _is_image_only(self) -> bool:
        return not self._rail.isVisibleTo(self._page)

    def show_right(self) -> None:
        """Something new stands on the right: it is seen, unless nothing but the image is."""
        self.right.setVisible(not self._is_image_only)

    def show_left(self, wanted: QWidget | None) -> None:
        """What a step has in the structures' place; None for the structures."""
        shown = self._structures if wanted is None else wanted
        if self.left.indexOf(shown) < 0:
            self.left.addWidget(shown)
        self.left.setCurrentWidget(shown)

    def make_room(self, wanted: bool) -> None:
        """The structures give their place to panes that need it; said once."""
        if wanted == self._has_made_room:
            return
        self._has_made_room = wanted
        if not wanted:
            self.left.setVisible(self._left_shown and not self._is_image_only)
        elif self.left.isVisibleTo(self._page):
            self.left.hide()
            if not self._said_room:
                self._said_room = True
                hidden = tr("Structures are hidden in this step.")
                self.said.emit(" ".join((hidden, key_hint(tr("{key} shows them."), "left_panel"))).strip())

    def toggle_left(self) -> None:
        """Show or hide the left column; in a narrow window it lies over the panes while it is wanted."""
        self._left_shown = not self.left.isVisible()
        self.left.setVisible(self._left_shown)
        if self._left_shown and self.drawer.is_over:
            self.drawer.open()
        elif self.drawer.is_over:
            self._focus_panes()

    def toggle_right(self) -> None:
        """Show or hide the guided panel."""
        self._right_shown = not self.right.isVisible()
        self.right.setVisible(self._right_shown)

    def set_image_only(self, only: bool) -> None:
        """Nothing but the panes, or all again."""
        self._rail.setVisible(not only)
        self.left.setVisible(not only and self._left_shown)
        self.right.setVisible(not only and self._right_shown)

    def fit(self) -> None:
        """The page or the text has another size."""
        # a list that comes back from over the panes takes its room among them before the widths are dealt out
        self._fit_list()
        self._size()

    def _fit_list(self) -> None:
        """Below a width, greater for large text, the image needs the room more than the list does."""
        larger = max(min(current_look().text_scale_percent / 100.0, 1.3) - 1.0, 0.0)
        is_narrow = self._page.width() < NARROW + larger * (LEFT_WIDTHS[0] + RIGHT_WIDTHS[0])
        if is_narrow != self._is_narrow:
            self._is_narrow, self._left_shown = is_narrow, not is_narrow
            self.drawer.lie_over(is_narrow)
            self.left.setVisible(self._left_shown and not self._is_image_only)

    def _size(self) -> None:
        is_wide = self._page.width() >= WIDE
        scale = current_look().text_scale_percent / 100.0
        for widget in (self.left, self.right):
            widget.setMinimumWidth(PANEL_LIMITS[0])
            widget.setMaximumWidth(round(PANEL_LIMITS[1] * max(scale, 1.0)))
        usual = (round(widths[is_wide] * min(scale, 1.3)) for widths in (LEFT_WIDTHS, RIGHT_WIDTHS))
        left, right = self._widths or usual
        rest = self._page.width() - self._rail.width() - left - right - 2 * self.splitter.handleWidth()
        sizes = [left, max(rest, LEAST_MIDDLE_PX), right]
        self.splitter.setSizes(sizes[1:] if self.drawer.is_over else sizes)
        self.drawer.place(left)

    @property
    def widths(self) -> tuple[int, int] | None:
        """Widths of left and right panel as a person set them, None before."""
        return self._widths

    def use_widths(self, left: int, right: int) -> None:
        """Widths that a person gave the panels before, kept within what they may have."""
        low, high = PANEL_LIMITS
        self._widths = min(max(left, low), high), min(max(right, low), high)
        self._size()

    def _person_resized(self, position: int, number: int) -> None:
        usual = self._widths or (LEFT_WIDTHS[0], RIGHT_WIDTHS[0])
        left = self.left.width() if self.left.isVisible() and not self.drawer.is_over else usual[0]
        self._widths = left, self.right.width() if self.right.isVisible() else usual[1]
