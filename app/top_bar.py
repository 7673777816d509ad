"""The bar along the top: the case, undo, layout, window preset, tools, search, and what the program is not."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QFontMetricsF, QKeySequence, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QToolButton, QWidget

from app.actions import ActionBook
from app.i18n import mark, tr
from app.keymap import key_caps, key_words
from app.measure_words import ICONS
from app.panels.labels import ElidedLabel
from app.presets import PRESETS
from app.theme.icons import draw_icon, icon
from app.theme.style import color, current_look, set_kind
from viewers.keys import show_key
from viewers.measures import TOOLS
from viewers.view_state import LAYOUTS

HEIGHT = 48
PRESET_KEYS = (*(f"preset_{preset.id}" for preset in PRESETS), "preset_automatic")
SHOWN_KEYS = ("distance", "angle", "oval")
RESEARCH = mark("Research use only")
RESEARCH_LONG = mark("Research use only. Not a medical device. Every number must be checked by a physician.")
# where the search field's words begin, and what a preset's name has round it
SEARCH_PX, SEARCH_TEXT_PX, PRESET_ROOM_PX = 176, 30, 34
# what the case's chip keeps for its glyph and arrow, between its words, at most, and for the label's first letters
CHIP_ROOM_PX, CHIP_GAP_PX, MOST_CHIP_PX, LEAST_LABEL_PX = (34, 0, 32, 0), 7, 360, 24
# letters of a preset's name that say something
LEAST_NAME = 3


class CaseChip(QPushButton):
    """The case's label with a person's glyph and an arrow; opens the case's menu. Never a patient's name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # first, as a change of the look asks for it
        self._label, self._facts = ElidedLabel("", "strong"), QLabel()
        self.setObjectName("case_chip")
        set_kind(self, "chip")
        set_kind(self._facts, "hint")
        row = QHBoxLayout(self)
        row.setContentsMargins(*CHIP_ROOM_PX)
        row.setSpacing(CHIP_GAP_PX)
        for label in (self._label, self._facts):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            row.addWidget(label)
        row.addStretch(1)

    def show_case(self, label: str, facts: str) -> None:
        """The case's label and what is known without a name: "74 y · female · CT 2026-03-11"."""
        self._label.setText(label)
        self._facts.setText(facts)
        self._facts.setVisible(bool(facts))
        self.setAccessibleName(tr("Case {label}, {facts}", label=label, facts=facts).rstrip(", "))
        self.setToolTip(f"{label}  {facts}".strip())
        self._fit()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(min(self._label_px() + self._beside_px(), MOST_CHIP_PX), 32)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 32)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()
            self.updateGeometry()

    def _label_px(self) -> int:
        self._label.ensurePolished()
        # one more than the letters, which may end between two pixels
        return self._label.fontMetrics().horizontalAdvance(self._label.whole_text()) + 1

    def _beside_px(self) -> int:
        left, _, right, _ = CHIP_ROOM_PX
        facts = CHIP_GAP_PX + self._facts.sizeHint().width() if self._facts.text() else 0
        return left + right + facts

    def _fit(self) -> None:
        """The label as wide as its words, or as the facts leave it; it ends in "…" then."""
        self._label.setFixedWidth(max(min(self._label_px(), self.width() - self._beside_px()), LEAST_LABEL_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        middle = self.height() / 2
        draw_icon(painter, "user", color("t2"), QRectF(11, middle - 8, 16, 16))
        draw_icon(painter, "chevron-down", color("t3"), QRectF(self.width() - 25, middle - 7, 14, 14))


class SearchField(QPushButton):
    """Looks like a field, opens the command palette."""

    def __init__(self, action: QAction, parent: QWidget | None = None) -> None:
        super().__init__(tr("Search"), parent)
        self.setObjectName("search_field")
        set_kind(self, "search")
        self.setMaximumWidth(SEARCH_PX)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.clicked.connect(action.trigger)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 6, 0)
        row.addStretch(1)
        self._key = QLabel()
        set_kind(self._key, "key")
        self._key.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row.addWidget(self._key, 0, Qt.AlignmentFlag.AlignVCenter)
        # another key may be bound meanwhile
        action.changed.connect(lambda: self._show_key(action))
        self._show_key(action)

    def _show_key(self, action: QAction) -> None:
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.PortableText)
        self._key.setText(" ".join(key_caps(keys)))
        self._fit()
        self.setToolTip(action.toolTip())
        self.setAccessibleName(f"{tr('Search commands')}, {key_words(keys)}".rstrip(", "))

    def _fit(self) -> None:
        """Large text leaves no room for the key, then for the word; the tooltip tells both."""
        for part in (self, self._key):
            part.ensurePolished()
        words = SEARCH_TEXT_PX + QFontMetricsF(self.font()).horizontalAdvance(tr("Search")) + 8
        self.setText(tr("Search") if words <= self.width() else "")
        wanted = words + self._key.sizeHint().width() + 6
        self._key.setVisible(bool(self._key.text()) and wanted <= self.width())

    def sizeHint(self) -> QSize:
        return QSize(SEARCH_PX, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Its sign alone."""
        return QSize(SEARCH_TEXT_PX + 8, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "_key"):
            self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        draw_icon(QPainter(self), "search", color("t3"), QRectF(10, self.height() / 2 - 8, 16, 16))


class PresetButton(QToolButton):
    """The window preset by its name; where there is no room for the name its beginning, or its sign alone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""

    @property
    def name(self) -> str:
        """The preset that is told."""
        return self._name

    def show_name(self, name: str) -> None:
        """Another preset."""
        self._name = name
        self.updateGeometry()
        self.fit()

    def sizeHint(self) -> QSize:
        words = QFontMetricsF(self.font()).horizontalAdvance(f" {self._name}")
        return QSize(round(self.iconSize().width() + words) + PRESET_ROOM_PX, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(PRESET_ROOM_PX + self.iconSize().width(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """As much of the name as there is room for."""
        metrics, style = QFontMetricsF(self.font()), Qt.ToolButtonStyle
        room = self.width() - self.iconSize().width() - PRESET_ROOM_PX
        shown = metrics.elidedText(f" {self._name}", Qt.TextElideMode.ElideRight, room + 1)
        has_name = len(shown.strip("… ")) >= min(LEAST_NAME, len(self._name))
        self.setText(shown if has_name else f" {self._name}")
        self.setToolButtonStyle(style.ToolButtonTextBesideIcon if has_name else style.ToolButtonIconOnly)


class MeasureButton(QToolButton):
    """Opens the measuring tools; shows the one that is in the hand."""

    def __init__(self, actions: Sequence[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tool = ""
        self._shown = ("", "")
        self.setObjectName("button_measure")
        self.setAccessibleName(tr("Measure"))
        # one of each family; the menu has them all
        keys = ", ".join(
            key_words(action.shortcut().toString()) for action in actions if action.objectName() in SHOWN_KEYS
        )
        self.setToolTip(tr("Measure ({keys})", keys=keys))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setIconSize(QSize(18, 18))
        self.setFixedSize(46, 32)
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        menu.addActions(list(actions))
        self.setMenu(menu)

    def show_tool(self, tool: str) -> None:
        """Another tool, or "cross" for none of these."""
        self.tool = tool if tool in TOOLS else ""
        shown = ICONS.get(self.tool, "ruler"), color("acc" if self.tool else "t2")
        # told at every move of the crosshair: icons are dear to draw
        if shown != self._shown:
            self._shown = shown
            self.setIcon(icon(*shown))
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        draw_icon(QPainter(self), "chevron-down", color("t3"), QRectF(self.width() - 15, self.height() / 2 - 6, 12, 12))


class TopBar(QWidget):
    """48 px at the top of every page; what belongs to a case is hidden elsewhere."""

    layout_chosen = Signal(str)

    def __init__(self, actions: ActionBook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self.setObjectName("top_bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_kind(self, "bar")
        self.setMinimumHeight(HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 10, 0)
        row.setSpacing(6)
        brand = QLabel("Theatrum")
        set_kind(brand, "title")
        row.addWidget(brand)
        self._place = QLabel()
        set_kind(self._place, "label")
        row.addSpacing(8)
        row.addWidget(self._place)
        self.chip = CaseChip()
        row.addWidget(self.chip)
        self.undo, self.redo = self._tool("undo"), self._tool("redo")
        row.addSpacing(6)
        row.addWidget(self.undo)
        row.addWidget(self.redo)
        row.addStretch(1)
        self._middle = QWidget()
        self._fill_middle()
        row.addWidget(self._middle)
        row.addStretch(1)
        row.addWidget(SearchField(actions["palette"]))
        row.addSpacing(6)
        research = QLabel(tr(RESEARCH))
        research.setObjectName("research_use_only")
        research.setToolTip(tr(RESEARCH_LONG))
        research.setFixedHeight(current_look().px(26))
        # it is read on every screen: nothing shortens it
        research.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        set_kind(research, "research")
        row.addWidget(research, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addSpacing(4)
        row.addWidget(self._tool("settings"))
        self.show_place("start")

    def _tool(self, identifier: str) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(self._actions[identifier])
        button.setObjectName(f"button_{identifier}")
        button.setAccessibleName(self._actions[identifier].toolTip())
        button.setIconSize(QSize(18, 18))
        button.setFixedSize(32, 32)
        return button

    def _fill_middle(self) -> None:
        row = QHBoxLayout(self._middle)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        segment = QWidget()
        segment.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_kind(segment, "segment")
        inner = QHBoxLayout(segment)
        inner.setContentsMargins(2, 0, 2, 0)
        inner.setSpacing(0)
        self._layouts = QButtonGroup(self)
        self._layout_buttons: dict[str, QToolButton] = {}
        for name in LAYOUTS:
            button = self._tool(f"layout_{name}")
            button.setFixedSize(28, 28)
            self._layout_buttons[name] = button
            inner.addWidget(button)
        # the layouts are told by their signs: they never give way
        segment.setFixedSize(len(LAYOUTS) * 28 + 6, 32)
        row.addWidget(segment, 0, Qt.AlignmentFlag.AlignVCenter)
        self.preset = PresetButton()
        self.preset.setObjectName("preset_button")
        self.preset.setAccessibleName(tr("Window preset"))
        self.preset.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.preset.setIconSize(QSize(18, 18))
        self.preset.setMinimumHeight(32)
        set_kind(self.preset, "filled")
        menu = QMenu(self.preset)
        for preset in PRESETS:
            menu.addAction(self._actions[f"preset_{preset.id}"])
        menu.addAction(self._actions["preset_automatic"])
        self.preset.setMenu(menu)
        row.addWidget(self.preset)
        self.measure = MeasureButton([self._actions[tool] for tool in TOOLS])
        row.addWidget(self.measure)
        row.addWidget(self._tool("crosshair"))

    def show_place(self, place: str) -> None:
        """ "start", "browser", "archive" or "case"."""
        is_case = place == "case"
        for widget in (self.chip, self.undo, self.redo, self._middle):
            widget.setVisible(is_case)
        words = {"browser": tr("Choose a series"), "archive": tr("Archive")}.get(place, "")
        self._place.setText(words)
        self._place.setVisible(bool(words))
        self.recolour()

    def recolour(self) -> None:
        """The preset's icon in the theme's colour."""
        self.preset.setIcon(icon("contrast", color("t1")))
        self.preset.fit()
        self.measure.show_tool(self.measure.tool)

    def below_layout(self, name: str) -> QPoint:
        """Where a menu of a layout's button comes up, on the screen."""
        button = self._layout_buttons[name]
        return button.mapToGlobal(QPoint(0, button.height() + 2))

    def show_tool(self, tool: str) -> None:
        """The tool in the hand."""
        self.measure.show_tool(tool)

    def show_preset(self, name: str) -> None:
        """The window preset in use, or "Window" when set by hand."""
        shown = name or tr("Window", "of grey values")
        if shown == self.preset.name:
            return
        show_key(self.preset, f"{shown}. {tr('Window preset')}", *PRESET_KEYS)
        self.preset.show_name(shown)
