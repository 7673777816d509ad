"""What a person should know of a model before it runs: where it comes from, what it is for, on whom it was checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.dialogs.sheet import Sheet, close_button
from app.panels.labels import ElidedLabel, IconButton, IconMark, paragraph, text_font
from app.panels.parts import page
from app.theme.style import set_kind
from planning.registry import structure_style

if TYPE_CHECKING:
    from inference.zoo import InstalledModel

NOT_STATED = "not stated"
SOURCES = {
    "nnunet": "Imported from an nnU-Net folder",
    "totalsegmentator": "Imported from TotalSegmentator weights",
    "monai_bundle": "Imported from a MONAI bundle",
    "auto3dseg": "Imported from Auto3DSeg",
    "onnx": "Imported from ONNX",
    "nninteractive": "Imported from an nnInteractive folder",
    "exported": "Imported from an exported program's weights",
    "theatrum": "Added from a Theatrum model folder",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the card; `is_stated` False is written in grey. note: small words behind the value."""

    name: str
    value: str
    note: str = ""
    is_stated: bool = True


class FactCard(QFrame):
    """Names at the left, values at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_kind(self, "card")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(12, 10, 12, 10)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(9)
        self._grid.setColumnStretch(1, 1)
        self._lines: list[tuple[QLabel, ElidedLabel]] = []

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """These lines."""
        while len(self._lines) < len(facts):
            name, value = QLabel(), ElidedLabel(kind="value")
            set_kind(name, "label")
            value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            row = len(self._lines)
            self._grid.addWidget(name, row, 0)
            self._grid.addWidget(value, row, 1)
            self._lines.append((name, value))
        for number, (name, value) in enumerate(self._lines):
            name.setVisible(number < len(facts))
            value.setVisible(number < len(facts))
            if number < len(facts):
                fact = facts[number]
                name.setText(fact.name)
                value.setText(f"{fact.value} {fact.note}".strip())
                set_kind(value, "value" if fact.is_stated else "hint")
        self.setAccessibleName("; ".join(f"{fact.name}: {fact.value} {fact.note}".strip() for fact in facts))


class CheckedCard(QFrame):
    """Structure, number of cases, Dice, 95 % distance; the site's own cases last."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_kind(self, "card")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(12, 8, 12, 10)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(7)
        self._grid.setColumnStretch(0, 1)
        self._labels: list[QWidget] = []

    def show_rows(self, rows: Sequence[tuple[str, str, str, str]], tips: Sequence[str]) -> None:
        """(structure, cases, Dice, mm) each; tips: on which set."""
        for label in self._labels:
            label.hide()
            label.setParent(None)
            label.deleteLater()
        self._labels = []
        for line, cells in enumerate([("Checked on", "cases", "Dice", "95 % mm"), *rows]):
            for column, text in enumerate(cells):
                head = line == 0
                label: QLabel = ElidedLabel(text, "heading" if head else "") if column == 0 else QLabel(text)
                if column:
                    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                    set_kind(label, "caption" if head else "value")
                    label.setMinimumWidth(
                        max(label.sizeHint().width(), 0 if head else label.fontMetrics().horizontalAdvance("0.00"))
                    )
                if line:
                    label.setToolTip(tips[line - 1])
                self._grid.addWidget(label, line, column)
                self._labels.append(label)
                label.show()
        self.setAccessibleName("; ".join(", ".join(row) for row in rows) or "Not checked on any case")


class LicenceGate(QFrame):
    """A licence that a person must read and tick. `ticked`; `read_asked`: its wording shall be shown."""

    ticked = Signal(bool)
    read_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("licence_gate")
        set_kind(self, "card", "warn")
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 10, 12, 10)
        box.setSpacing(7)
        head = QHBoxLayout()
        head.setSpacing(9)
        head.addWidget(IconMark("scale", "warn", 16))
        self._title = ElidedLabel(kind="strong")
        head.addWidget(self._title, 1)
        self.read = IconButton("read_licence", "Read it", kind="inline")
        self.read.clicked.connect(self.read_asked)
        head.addWidget(self.read)
        box.addLayout(head)
        self._words = paragraph("", "label")
        box.addWidget(self._words)
        line = QHBoxLayout()
        line.setSpacing(0)
        self.tick = QCheckBox()
        self.tick.setObjectName("licence_tick")
        self.tick.toggled.connect(self.ticked)
        line.addWidget(self.tick, 0, Qt.AlignmentFlag.AlignTop)
        # a check box does not wrap its own words
        self._promise = paragraph("", "text")
        self._promise.setBuddy(self.tick)
        self._promise.mousePressEvent = lambda event: self.tick.toggle()  # type: ignore[method-assign]
        line.addWidget(self._promise, 1)
        box.addLayout(line)

    def show_model(self, model: InstalledModel, ticked: bool) -> None:
        """Of this model."""
        licence = model.manifest.licence
        known = licence.commercial is False
        self._title.setText("Non-commercial licence" if known else "Licence not known")
        name = licence.id if licence.id != "unknown" else "Its licence is not stated"
        self._words.setText(
            f"{name}: not for paid care, products or services."
            if known
            else f"{name}: treated as not for paid care, products or services."
        )
        promise = "I have read it, and my use is non-commercial."
        self._promise.setText(promise)
        self.tick.setAccessibleName(promise)
        was = self.tick.blockSignals(True)
        self.tick.setChecked(ticked)
        self.tick.blockSignals(was)


class LicenceSheet(Sheet):
    """The wording of a model's licence as plain text."""

    def __init__(self, model: InstalledModel, parent: QWidget | None = None) -> None:
        title = f"Licence of {model.manifest.title}"
        super().__init__(parent, "licence_dialog", title, 620)
        self.add_heading(title)
        words = QLabel(model.licence_text() or "This model brings no licence text. Ask whoever gave it to you.")
        words.setObjectName("licence_text")
        # what others wrote is never read as markup
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words.setWordWrap(True)
        words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        words.setFont(text_font(12))
        set_kind(words, "label")
        inside = page(words)
        set_kind(inside, "clear")
        scroll = QScrollArea()
        scroll.setObjectName("licence_scroll")
        scroll.setAccessibleName(title)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        scroll.setFixedHeight(min(420, self.most_height() - 160))
        self.body.addWidget(scroll)
        self._close = close_button(self)
        self.add_buttons(self._close)

    def first_focus(self) -> QWidget | None:
        """The way out."""
        return self._close


def source_words(model: InstalledModel) -> str:
    """Where it comes from, in one line."""
    manifest = model.manifest
    if model.shipped:
        return "Ships with Theatrum"
    words = SOURCES.get(manifest.source.importer or "theatrum", "Imported from another program")
    folds = max(len(stage.weights) for stage in manifest.stages)
    return f"{words}, {folds} folds" if folds > 1 else words


def purpose_words(model: InstalledModel) -> str:
    """What it is for, and not for."""
    card = model.manifest.card
    parts = [card.intended_use or "What it is for is not stated"]
    if card.not_for:
        says_not = card.not_for.lower().startswith("not ")
        parts.append(card.not_for if says_not else f"Not for {card.not_for[:1].lower()}{card.not_for[1:]}")
    return " ".join(f"{part.rstrip('.')}." for part in parts)


def facts_of(model: InstalledModel, computer: str) -> list[Fact]:
    """The card's lines. computer: what a run takes here, "" when it never ran."""
    card, parity = model.manifest.card, model.manifest.parity
    population = card.training_population
    trained = f"{population.n} scans" if population.n is not None else NOT_STATED
    if population.n is not None and population.labels_by:
        trained += f", labels by {population.labels_by}"
    whom = ", ".join(part for part in (population.countries, population.scanners) if part)
    facts = [
        Fact("Trained on", trained, is_stated=population.n is not None),
        Fact("Countries", whom or NOT_STATED, is_stated=bool(whom)),
    ]
    if parity is not None:
        facts.append(Fact("Parity", f"{100 * parity.equal_voxels:.2f} %", "of voxels"))
    elif model.manifest.source.importer not in (None, "theatrum"):
        facts.append(Fact("Parity", "not measured", is_stated=False))
    facts.append(Fact("This computer", computer or "not tried yet", is_stated=bool(computer)))
    return facts


def checked_rows(
    model: InstalledModel, own: Sequence[dict[str, object]]
) -> tuple[list[tuple[str, str, str, str]], list[str]]:
    """Rows of the card, the site's own cases last, and the set that each is about."""
    rows, tips = [], []
    for one in model.manifest.card.validation:
        dice = "–" if one.dice is None else f"{one.dice:.2f}"
        distance = "–" if one.hd95_mm is None else f"{one.hd95_mm:.1f}"
        rows.append((structure_style(one.structure).display, str(one.n), dice, distance))
        tips.append(one.set)
    for result in own:
        name = structure_style(str(result["structure"])).display
        rows.append((f"Yours: {name}", str(result["n"]), f"{result['dice']:.2f}", "–"))
        tips.append("Your own labelled cases")
    if not own:
        rows.append(("Your own cases", "0", "–", "–"))
        tips.append("theatrum models calibrate learns from labelled cases")
    return rows, tips
