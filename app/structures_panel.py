"""The left panel: structures by group, the plan's parts, and measurements. One painted list, no widget per row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.i18n import mark, said, structure_name, text_quantity, tr
from app.measure_words import ICONS, doubt, long_text, short_text, slab_sentence
from app.panels.labels import IconButton
from app.session import Session
from app.structure_bar import StructureBar
from app.structure_rows import ENDING_KEYS, ROW, ListRow, RowList
from app.theme.icons import icon
from app.theme.style import color, current_look, set_kind
from planning.case.model import Structure
from planning.registry import structure_style
from viewers.keys import show_key_text

GROUPS = (mark("Heart"), mark("Vessels"), mark("Liver"), mark("Tumours"), mark("Organs"), mark("Bones and lungs"))
# how a structure came to be, and how far a model's can be believed
SOURCES = {
    "imported": mark("From a file"),
    "automatic": mark("Found by the program"),
    "painted": mark("Drawn by hand"),
    "edited": mark("Changed by hand"),
}
TRUST_WORDS = {"green": mark("sure"), "amber": mark("check"), "red": mark("do not use")}


def source_text(structure: Structure) -> str:
    """Where a structure is from and how sure it is, as lines of its tooltip."""
    lines = [tr(SOURCES.get(structure.source, structure.source))]
    trust = structure.trust
    if trust is not None:
        # what a model said of its own shape holds no more for another one
        is_edited = structure.source == "edited"
        if trust.model:
            model = f"{trust.model} {trust.version}".strip()
            words = tr("Found by {model}, changed by hand", model=model) if is_edited else ""
            lines[0] = words or tr("Found by {model}", model=model)
        word = tr(TRUST_WORDS.get(trust.light, "check"))
        if trust.confidence is not None:
            word = tr("{word}, {percent} % likely right", word=word, percent=round(100 * trust.confidence))
        lines.append(tr("Trust before the change: {word}", word=word) if is_edited else tr("Trust: {word}", word=word))
        if trust.interval_ml is not None:
            low, high = (text_quantity(value, "ml") for value in trust.interval_ml)
            lines.append(tr("In 9 of 10 cases between {low} and {high}", low=low, high=high))
        lines += [said(reason.text) for reason in trust.reasons]
    elif structure.confidence is not None:
        lines.append(tr("{percent} % likely right", percent=round(100 * structure.confidence)))
    if structure.phase:
        lines.append(tr("Made at {phase}; other phases show it unchanged", phase=said(structure.phase)))
    return "\n".join(lines)


class StructuresPanel(QWidget):
    """Everything of the case that can be seen, by name. Signals give (kind, key)."""

    eye_clicked = Signal(str)
    row_chosen = Signal(str, str)
    row_opened = Signal(str, str)
    menu_asked = Signal(str, str, QPoint)
    add_asked = Signal(QPoint)
    filter_asked = Signal(QPoint)
    find_asked = Signal()
    # the empty list's ways to begin
    models_asked = Signal()
    paint_asked = Signal()
    renamed = Signal(str, str, str)
    hide_asked = Signal(object)
    solo_asked = Signal()
    lock_asked = Signal()
    delete_asked = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._plan: tuple[str, Sequence[Any]] = (tr("Plan"), ())
        self._groups_first: tuple[str, ...] = ()
        self.only_visible = False
        self.setObjectName("structures_panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_kind(self, "left")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 8)
        column.setSpacing(6)
        column.addLayout(self._head())
        self.find = QLineEdit()
        self.find.setObjectName("find_structure")
        self.find.setPlaceholderText(tr("Find a structure"))
        self.find.setAccessibleName(tr("Find a structure"))
        self.find.setClearButtonEnabled(True)
        self.find.textChanged.connect(self.refresh)
        self.find.installEventFilter(self)
        column.addWidget(self.find)
        self.list = RowList("structures_list")
        self.list.setAccessibleName(tr("Structures"))
        column.addWidget(self.list, 1)
        self._empty = self._empty_state()
        column.addWidget(self._empty, 1)
        self.bar = StructureBar()
        self.bar.opacity_changed.connect(lambda share: session.view.set_opacity(self.chosen, share))
        self.bar.solo_asked.connect(self.solo_asked)
        self.bar.lock_asked.connect(self.lock_asked)
        self.bar.delete_asked.connect(self.delete_asked)
        column.addWidget(self.bar)
        self._cards = QVBoxLayout()
        column.addLayout(self._cards)
        line = QFrame()
        set_kind(line, "hairline")
        column.addWidget(line)
        caption = QLabel(tr("Measurements"))
        set_kind(caption, "caption")
        caption.setContentsMargins(10, 2, 0, 0)
        column.addWidget(caption)
        self.measurements = RowList("measurements_list")
        self.measurements.setAccessibleName(tr("Measurements"))
        # the newest is chosen already, and a click on it leads there all the same
        self.measurements.clicked.connect(lambda index: self._go_to(index.data(ROW)))
        column.addWidget(self.measurements)
        self._none = QLabel()
        show_key_text(self._none, tr("Press {key} to measure a distance."), "distance", tr("Nothing measured yet."))
        self._none.setWordWrap(True)
        self._none.setContentsMargins(10, 0, 0, 6)
        set_kind(self._none, "hint")
        column.addWidget(self._none)
        for part in (self.list, self.measurements):
            part.eye_clicked.connect(self.eye_clicked)
            part.row_chosen.connect(self.row_chosen)
            part.row_opened.connect(self.row_opened)
            part.menu_asked.connect(self.menu_asked)
            part.renamed.connect(self.renamed)
        self.list.hide_asked.connect(self.hide_asked)
        self.list.chosen_changed.connect(self._show_bar)
        self.refresh()

    @property
    def chosen(self) -> tuple[str, ...]:
        """Names of the chosen structures, from top to bottom."""
        return tuple(key for key in self.list.chosen if key in self._session.case.structures)

    def edit_name(self, key: str) -> bool:
        """Open a row's name for typing; False when it is not in sight."""
        return self.list.edit_key(key) or self.measurements.edit_key(key)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self.find or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        leaves = event.key() == Qt.Key.Key_Escape and bool(self.find.text())
        if event.type() == QEvent.Type.ShortcutOverride and (leaves or event.key() in ENDING_KEYS[:2]):
            # neither leaves a tool nor accepts a step
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.list.isVisible():
                self.list.setFocus(Qt.FocusReason.TabFocusReason)
                self.list.choose_first()
                return True
            if leaves:
                self.find.clear()
                return True
        return super().eventFilter(watched, event)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(8, 2, 0, 2)
        title = QLabel(tr("Structures"))
        set_kind(title, "title")
        row.addWidget(title)
        row.addStretch(1)
        self._filter, self._add = QToolButton(), QToolButton()
        for button, name, words, signal in (
            (self._filter, "list_filter", tr("Which structures are listed"), self.filter_asked),
            (self._add, "list_add", tr("Add structures"), self.add_asked),
        ):
            button.setObjectName(name)
            button.setToolTip(words)
            button.setAccessibleName(words)
            button.setFixedSize(28, 28)
            button.setIconSize(QSize(18, 18))
            button.clicked.connect(lambda _=False, b=button, s=signal: s.emit(b.mapToGlobal(QPoint(0, b.height() + 4))))
            row.addWidget(button)
        self._recolour()
        return row

    def _empty_state(self) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(10, 8, 8, 8)
        self._empty_text = QLabel()
        self._empty_text.setWordWrap(True)
        set_kind(self._empty_text, "hint")
        column.addWidget(self._empty_text)
        self._begin = QWidget()
        set_kind(self._begin, "clear")
        ways = QVBoxLayout(self._begin)
        ways.setContentsMargins(0, 6, 0, 0)
        ways.setSpacing(6)
        for identifier, words, sign, signal in (
            ("empty_find_structures", tr("Find structures"), "sparkles", self.models_asked),
            ("empty_paint", tr("Paint"), "brush", self.paint_asked),
            ("empty_add_structures", tr("Add from a file"), "plus", self.find_asked),
        ):
            button = IconButton(identifier, words, sign)
            button.setToolTip(words)
            button.clicked.connect(signal)
            ways.addWidget(button)
        column.addWidget(self._begin)
        column.addStretch(1)
        return box

    def add_card(self, card: QWidget) -> None:
        """Something else of the case, between structures and measurements."""
        self._cards.addWidget(card)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_add"):
            self._recolour()

    def _recolour(self) -> None:
        self._filter.setIcon(icon("list-filter", color("t2")))
        self._add.setIcon(icon("plus", color("t2")))

    def show_plan(self, heading: str, rows: Sequence[Any], groups_first: tuple[str, ...] = ()) -> None:
        """The plan's own lines, from the guided panel; `groups_first` are the groups that the plan is about."""
        self._plan = (heading, rows)
        self._groups_first = groups_first
        self.refresh()

    def refresh(self) -> None:
        """List what the case and the plan have now."""
        self.list.show_rows(self._structure_rows())
        self.measurements.show_rows(self._measurement_rows())
        view = self._session.view.state
        self.list.select_key(view.selected)
        self.measurements.select_key(view.selected)
        listed = bool(self.list.rows.rows)
        self._show_bar()
        self.list.setVisible(listed)
        self._empty.setVisible(not listed)
        searching = bool(self.find.text())
        self._empty_text.setText(
            tr("Nothing matches “{text}”.", text=self.find.text()) if searching else tr("Nothing segmented yet.")
        )
        self._begin.setVisible(not searching)
        count = len(self.measurements.rows.rows)
        self.measurements.setVisible(count > 0)
        self.measurements.setFixedHeight(current_look().px(32) * min(count, 5))
        self._none.setVisible(count == 0)

    def _show_bar(self) -> None:
        names, view = self.chosen, self._session.view.state
        shown = [structure_name(name) for name in names]
        opacity = view.opacities.get(names[0], 1.0) if names else 1.0
        locked = bool(names) and all(self._session.case.structures[name].locked for name in names)
        self.bar.show_chosen(shown, opacity, locked, self._session.document.read_only)

    def _structure_rows(self) -> tuple[ListRow, ...]:
        view = self._session.view.state
        hidden = view.hidden
        words = self.find.text().strip().lower()
        groups: dict[str, list[ListRow]] = {}
        for name, structure in self._session.case.structures.items():
            style = structure_style(name)
            shown = structure_name(name)
            if words and not any(words in known.lower() for known in (shown, style.display, name)):
                continue
            if self.only_visible and name in hidden:
                continue
            value = text_quantity(structure.volume_ml, "ml")
            light = structure.trust.light if structure.trust is not None else ""
            row = ListRow(
                "structure",
                name,
                shown,
                structure.color,
                value,
                name not in hidden,
                more=source_text(structure),
                locked=structure.locked,
                light=light,
                spoken=tr(TRUST_WORDS[light]) if light in TRUST_WORDS else "",
                opacity=view.opacities.get(name, 1.0),
            )
            groups.setdefault(style.group, []).append(row)
        heading, plan = self._plan
        parts = [
            ListRow("plan", part.key, tr(part.name), part.color, part.value, part.key not in hidden)
            for part in plan
            if not words or words in part.name.lower()
        ]
        rows: list[ListRow] = []
        ordered = sorted(groups, key=self._group_order)
        about = [group for group in ordered if group in self._groups_first]
        others = [group for group in ordered if group not in about]
        # the plan's own parts stand behind what it is about, before all the rest
        for group, listed in [
            *((group, groups[group]) for group in about),
            (heading, parts),
            *((group, groups[group]) for group in others),
        ]:
            if listed:
                rows += [ListRow("heading", f"heading {group}", tr(group) if group in GROUPS else group), *listed]
        return tuple(rows)

    def _group_order(self, group: str) -> tuple[int, int]:
        first = self._groups_first.index(group) if group in self._groups_first else len(self._groups_first)
        return first, GROUPS.index(group) if group in GROUPS else len(GROUPS)

    def _go_to(self, row: ListRow) -> None:
        self.row_opened.emit(row.kind, row.key)

    def _measurement_rows(self) -> tuple[ListRow, ...]:
        return tuple(
            ListRow(
                "measurement",
                item.name,
                item.name,
                value=short_text(self._session.case, item),
                icon=ICONS.get(item.kind, "ruler"),
                more=long_text(self._session.case, item),
                # a narrow row has room for its number alone
                warning=doubt(self._session.case, item) or slab_sentence(item),
            )
            for item in self._session.case.measurements.values()
        )
