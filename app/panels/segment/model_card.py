"""What a person should know of a model before it runs: where it comes from, what it is for, on whom it was checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.dialogs.sheet import Sheet, close_button
from app.i18n import inside, local, mark, said, structure_name, tr
from app.panels.labels import ElidedLabel, IconButton, IconMark, paragraph, text_font
from app.panels.parts import page
from app.theme.style import set_kind

if TYPE_CHECKING:
    from inference.zoo import InstalledModel

NOT_STATED = mark("not stated")
# longer values stand below their names
MOST_BESIDE = 26
BELOW_PX = 5
SOURCES = {
    "nnunet": mark("Imported from an nnU-Net folder"),
    "totalsegmentator": mark("Imported from TotalSegmentator weights"),
    "monai_bundle": mark("Imported from a MONAI bundle"),
    "auto3dseg": mark("Imported from Auto3DSeg"),
    "onnx": mark("Imported from ONNX"),
    "nninteractive": mark("Imported from an nnInteractive folder"),
    "exported": mark("Imported from an exported program's weights"),
    "theatrum": mark("Added from a Theatrum model folder"),
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
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(1, 1)
        self._labels: list[QLabel] = []
        self._shown: tuple[Fact, ...] = ()

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """These lines; what is long stands below its name."""
        if tuple(facts) == self._shown:
            return
        self._shown = tuple(facts)
        for label in self._labels:
            label.hide()
            label.setParent(None)
            label.deleteLater()
        self._labels = []
        row = 0
        for fact in facts:
            words = f"{fact.value} {fact.note}".strip()
            name = QLabel(fact.name)
            set_kind(name, "label")
            self._put(name, row, 0)
            if len(words) > MOST_BESIDE:
                value: QLabel = paragraph(f"{words[:1].upper()}{words[1:]}", "text")
                value.setContentsMargins(0, 0, 0, BELOW_PX)
                row += 1
                self._put(value, row, 0, 2)
            else:
                value = ElidedLabel(words, "value" if fact.is_stated else "hint")
                value.setContentsMargins(0, 0, 0, BELOW_PX)
                name.setContentsMargins(0, 0, 0, BELOW_PX)
                value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self._put(value, row, 1)
            row += 1
        self.setAccessibleName("; ".join(f"{fact.name}: {fact.value} {fact.note}".strip() for fact in facts))

    def _put(self, label: QLabel, row: int, column: int, wide: int = 1) -> None:
        # what others wrote is never read as markup
        label.setTextFormat(Qt.TextFormat.PlainText)
        self._grid.addWidget(label, row, column, 1, wide)
        self._labels.append(label)
        label.show()


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """Dice and 95 % distance of a structure on the n cases of a set, as words. note: more of the set, for the tooltip."""

    set: str
    name: str
    cases: str
    dice: str = "–"
    distance: str = "–"
    note: str = ""


class CheckedCard(QFrame):
    """Sets of scans with the structures that were checked on each: number of cases, Dice, 95 % distance; own cases last."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_kind(self, "card")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(12, 8, 12, 10)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(7)
        self._grid.setColumnStretch(0, 1)
        self._labels: list[QWidget] = []
        self._shown: tuple[CheckedRow, ...] = ()

    def show_rows(self, rows: Sequence[CheckedRow]) -> None:
        """These, those of one set under its name."""
        if tuple(rows) == self._shown:
            return
        self._shown = tuple(rows)
        for label in self._labels:
            label.hide()
            label.setParent(None)
            label.deleteLater()
        self._labels = []
        self._line(0, (tr("Checked on"), tr("cases"), tr("Dice"), "95 % mm"), "", is_head=True)
        line, before = 1, ""
        for row in rows:
            if row.set and row.set != before:
                heading = paragraph(row.set, "hint")
                heading.setTextFormat(Qt.TextFormat.PlainText)
                self._grid.addWidget(heading, line, 0, 1, 4)
                self._labels.append(heading)
                heading.show()
                line += 1
            before = row.set
            tip = "; ".join(part for part in (row.set, row.note) if part)
            self._line(line, (row.name, row.cases, row.dice, row.distance), tip)
            line += 1
        words = (
            tr(
                "{name} on {value}, {cases} cases, Dice {dice}",
                name=row.name,
                value=row.set or tr("no set"),
                cases=row.cases,
                dice=row.dice,
            )
            for row in rows
        )
        self.setAccessibleName("; ".join(words) or tr("Not checked on any case"))

    def _line(self, line: int, cells: Sequence[str], tip: str, *, is_head: bool = False) -> None:
        for column, text in enumerate(cells):
            label: QLabel = ElidedLabel(text, "heading" if is_head else "") if column == 0 else QLabel(text)
            if column:
                label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                set_kind(label, "caption" if is_head else "value")
                least = 0 if is_head else label.fontMetrics().horizontalAdvance("0.00")
                label.setMinimumWidth(max(label.sizeHint().width(), least))
            label.setToolTip(tip)
            self._grid.addWidget(label, line, column)
            self._labels.append(label)
            label.show()


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
        self.read = IconButton("read_licence", tr("Read it"), kind="inline")
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
        self._title.setText(tr("Non-commercial licence") if known else tr("Licence not known"))
        name = licence.id if licence.id != "unknown" else tr("Its licence is not stated")
        self._words.setText(
            tr("{name}: not for paid care, products or services.", name=name)
            if known
            else tr("{name}: treated as not for paid care, products or services.", name=name)
        )
        promise = tr("I have read it, and my use is non-commercial.")
        self._promise.setText(promise)
        self.tick.setAccessibleName(promise)
        was = self.tick.blockSignals(True)
        self.tick.setChecked(ticked)
        self.tick.blockSignals(was)


class LicenceSheet(Sheet):
    """The wording of a model's licence as plain text."""

    def __init__(self, model: InstalledModel, parent: QWidget | None = None) -> None:
        title = tr("Licence of {title}", title=model.manifest.title)
        super().__init__(parent, "licence_dialog", title, 620)
        self.add_heading(title)
        words = QLabel(model.licence_text() or tr("This model brings no licence text. Ask whoever gave it to you."))
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
        return tr("Ships with Theatrum")
    words = tr(SOURCES.get(manifest.source.importer or "theatrum", mark("Imported from another program")))
    folds = max(len(stage.weights) for stage in manifest.stages)
    return tr("{words}, {folds} folds", words=words, folds=folds) if folds > 1 else words


def purpose_words(model: InstalledModel) -> str:
    """What it is for, and not for."""
    card = model.manifest.card
    parts = [said(card.intended_use) or tr("What it is for is not stated")]
    if card.not_for:
        says_not = card.not_for.lower().startswith("not ")
        parts.append(said(card.not_for) if says_not else tr("Not for {purpose}", purpose=inside(said(card.not_for))))
    return " ".join(f"{part.rstrip('.')}." for part in parts)


def facts_of(model: InstalledModel, computer: str) -> list[Fact]:
    """The card's lines. computer: what a run takes here, "" when it never ran."""
    manifest = model.manifest
    population, parity = manifest.card.training_population, manifest.parity
    trained = "" if population.n is None else tr("{n} scans", n=population.n)
    whom = ", ".join(part for part in (population.sex, population.age) if part)
    licence = manifest.licence.id if manifest.licence.id != "unknown" else ""
    facts = [
        _fact(tr("Trained on"), trained),
        _fact(tr("Labels by"), said(population.labels_by or "")),
        _fact(tr("Countries"), said(population.countries or "")),
        _fact(tr("Scanners"), said(population.scanners or "")),
        _fact(tr("Contrast phases"), said(population.phases or "")),
        _fact(tr("Sex, age"), whom),
        _fact(tr("Licence"), licence),
    ]
    if parity is not None:
        facts.append(Fact(tr("Parity"), f"{100 * parity.equal_voxels:.2f} %", tr("of voxels")))
    elif manifest.source.importer not in (None, "theatrum"):
        facts.append(Fact(tr("Parity"), tr("not measured"), is_stated=False))
    facts.append(Fact(tr("This computer"), said(computer) or tr("not tried yet"), is_stated=bool(computer)))
    return facts


def _fact(name: str, words: str | None) -> Fact:
    return Fact(name, words or tr(NOT_STATED), is_stated=bool(words))


def checked_rows(model: InstalledModel, own: Sequence[dict[str, object]]) -> list[CheckedRow]:
    """Rows of the card by their set, in the order of the sets' first rows; the site's own cases last."""
    by_set: dict[str, list[CheckedRow]] = {}
    for one in model.manifest.card.validation:
        # what follows a semicolon is about this structure alone
        name, _, note = one.set.partition("; ")
        row = CheckedRow(
            said(name),
            structure_name(one.structure),
            str(one.n),
            "–" if one.dice is None else local(f"{one.dice:.2f}"),
            "–" if one.hd95_mm is None else local(f"{one.hd95_mm:.1f}"),
            said(note),
        )
        by_set.setdefault(name, []).append(row)
    rows = [row for rows in by_set.values() for row in rows] or [CheckedRow("", tr("Held-out scans not stated"), "–")]
    if not own:
        learn = tr("theatrum models calibrate learns from labelled cases")
        return [*rows, CheckedRow("", tr("Your own cases"), "0", note=learn)]
    return [
        *rows,
        *(
            CheckedRow(
                tr("Your own labelled cases"),
                structure_name(str(result["structure"])),
                str(result["n"]),
                local(f"{result['dice']:.2f}"),
            )
            for result in own
        ),
    ]
