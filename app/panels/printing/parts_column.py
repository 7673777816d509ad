"""The column at the left of the plate: the parts, what they will take of material, time and money, and the printer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.i18n import mark, text_value, tr
from app.panels.labels import ElidedLabel, hairline
from app.panels.printing.parts_list import PartsList, PartsSeen
from app.panels.printing.printer_box import PrinterBox
from app.theme.style import set_kind

CURRENCIES = {"EUR": "€"}
FACTS = (("material", mark("Material")), ("time", mark("Printing")), ("cost", mark("Cost")))


def hours_words(hours: float) -> str:
    """ "about 12 h 10 min", to five minutes; "about 20 min"."""
    minutes = max(int(5 * round(hours * 12)), 5)
    whole, rest = divmod(minutes, 60)
    if not whole:
        return tr("about {minutes} min", minutes=rest)
    if whole >= 24 or not rest:
        return tr("about {hours} h", hours=round(hours))
    return tr("about {hours} h {minutes} min", hours=whole, minutes=rest)


def estimate_words(estimate: Mapping[str, Any] | None) -> dict[str, str]:
    """What a model takes, "–" where that is not known."""
    if estimate is None:
        return dict.fromkeys(("material", "time", "cost"), "–")
    sign = CURRENCIES.get(estimate["currency"], estimate["currency"])
    return {
        "material": f"{text_value(estimate['used_ml'], 1)}\u202fml",
        "time": hours_words(estimate["hours"]),
        "cost": tr("about {cost} {currency}", cost=text_value(max(estimate["cost"], 1.0), 0), currency=sign),
    }


class PartsColumn(QWidget):
    """`asked`: another wish. `picked`: a row. `seen`: it came into sight or went."""

    asked = Signal(object)
    picked = Signal(str)
    seen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("print_column")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_kind(self, "left")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 8)
        column.setSpacing(6)
        title = QLabel(tr("Parts"))
        set_kind(title, "title")
        title.setContentsMargins(8, 2, 0, 2)
        column.addWidget(title)
        self.list = PartsList("left_")
        self.list.asked.connect(self.asked)
        self.list.picked.connect(self.picked)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self.list)
        column.addWidget(scroll, 1)
        column.addWidget(hairline())
        self._values: dict[str, QLabel] = {}
        for key, words in FACTS:
            column.addLayout(self._fact(key, tr(words)))
        self.printer = PrinterBox("left_print_printer")
        self.printer.asked.connect(self.asked)
        column.addWidget(self.printer)

    def _fact(self, key: str, words: str) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setContentsMargins(8, 0, 8, 0)
        value = QLabel("–")
        set_kind(value, "strong")
        self._values[key] = value
        line.addWidget(ElidedLabel(words, "label"), 1)
        line.addWidget(value)
        return line

    def value(self, key: str) -> str:
        """What "material", "time" or "cost" shows."""
        return self._values[key].text()

    def show_column(self, seen: PartsSeen, estimate: Mapping[str, Any] | None, reason: str) -> None:
        """Parts, printer, and what a checked model takes. reason: why that is not known."""
        self.list.show_parts(seen)
        words = estimate_words(estimate)
        tip = reason
        if estimate is not None:
            tip = tr("A rough guess. {source}", source=estimate["source"])
        for key, label in self._values.items():
            label.setText(words[key])
            label.setToolTip(tip)
            label.setAccessibleName(words[key] if estimate is not None else f"{words[key]}: {reason}")
        self.printer.show_wish(seen.wish)

    def showEvent(self, event: QShowEvent) -> None:
        """The guided panel need not list the parts, too."""
        super().showEvent(event)
        self.seen.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """It does now."""
        super().hideEvent(event)
        self.seen.emit()
