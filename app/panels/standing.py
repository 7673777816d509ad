"""What a panel says of a plan whose stored numbers are not those of now: what changed, both numbers, one step to take the
new ones. Until then reports and comparisons tell the stored ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.i18n import mark, said, structure_name, tr
from app.panels.labels import STATE_ICONS, IconButton, IconMark, paragraph
from app.theme.style import set_kind
from planning.case.standing import Standing
from planning.provenance import APPLICATION_VERSION

TAKE, AGAIN = mark("Take the new numbers"), mark("Measure again")
READ_ONLY = mark("This case is open to read")
EARLY = mark("Measured by an earlier state of this version.")
MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Difference:
    """A number as it was stored and as it is now, both as text."""

    name: str
    stored: str
    now: str
    unit: str


@dataclass(frozen=True, slots=True)
class StandingWords:
    """What the card says. link: its button's words; blocked: why that cannot be pressed now; tip: all differences."""

    title: str
    text: str
    link: str
    blocked: str = ""
    tip: str = ""


def standing_words(
    standing: Standing, differences: Sequence[Difference], *, link: str, blocked: str = ""
) -> StandingWords | None:
    """None where the stored numbers are those of now."""
    if standing.is_current and not differences:
        return None
    why = _why(standing) or tr(EARLY)
    if not differences:
        text = f"{why} {tr('Measured again the numbers may differ.')}"
        return StandingWords(tr("These numbers were stored earlier"), text, link, blocked)
    rows = [
        tr("{name} {stored} → {now}\u202f{unit}", name=one.name, stored=one.stored, now=one.now, unit=one.unit)
        for one in differences
    ]
    more = len(rows) - MOST_SHOWN
    shown = ", ".join(rows[:MOST_SHOWN]) + (tr(", {more} more", more=more) if more > 0 else "")
    kept = tr("Until you take the new numbers, reports and comparisons tell the stored ones.")
    text = f"{why} {tr('Stored → now: {rows}.', rows=shown)} {kept}"
    return StandingWords(tr("Stored with other numbers"), text, link, blocked, "\n".join(rows))


def stored_earlier(standing: Standing) -> str:
    """ "Stored earlier. Changed since: liver." for a list of plans; "" for one that stands."""
    return "" if standing.is_current else f"{tr('Stored earlier.')} {_why(standing)}"


def _why(standing: Standing) -> str:
    """In sentences, what came between."""
    parts = []
    if standing.version:
        parts.append(
            tr("Measured by version {version}, this is {now}.", version=standing.version, now=APPLICATION_VERSION)
        )
    elif standing.is_early:
        parts.append(tr(EARLY))
    if standing.changed:
        names = ", ".join(structure_name(name) for name in standing.changed)
        parts.append(tr("Changed since: {names}.", names=names))
    if standing.gone:
        parts.append(tr("Gone since: {names}.", names=", ".join(structure_name(name) for name in standing.gone)))
    if standing.outdated:
        names = ", ".join(standing.outdated)
        parts.append(tr("It is told against numbers that these plans have no more: {names}.", names=names))
    return " ".join(parts)


class StandingCard(QWidget):
    """Above every step of a panel while there is something to say. `taken`: the button was pressed."""

    taken = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("standing")
        set_kind(self, "clear")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 10)
        self._card = QFrame()
        set_kind(self._card, "card", "warn")
        outer.addWidget(self._card)
        box = QHBoxLayout(self._card)
        box.setContentsMargins(10, 9, 8, 9)
        box.setSpacing(9)
        box.addWidget(IconMark(STATE_ICONS["warn"], "warn", 16), 0, Qt.AlignmentFlag.AlignTop)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        self._title, self._text = paragraph("", "strong"), paragraph("", "label")
        self.button = IconButton("take_new_numbers", "", kind="inline")
        self.button.clicked.connect(self.taken)
        texts.addWidget(self._title)
        texts.addWidget(self._text)
        texts.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        box.addLayout(texts, 1)
        self.setVisible(False)

    @property
    def words(self) -> str:
        """The sentence shown."""
        return self._text.text()

    def show_words(self, words: StandingWords | None) -> None:
        """Say it; None hides the card."""
        if words is not None:
            self._title.setText(words.title)
            self._text.setText(words.text)
            self._text.setToolTip(words.tip)
            self.button.setText(tr(words.link))
            self.button.setEnabled(not words.blocked)
            tip = said(words.blocked) or tr("One step, which undo takes back")
            self.button.setToolTip(tip)
            self.button.setAccessibleName(f"{tr(words.link)}: {words.title}")
            self.setAccessibleName(f"{words.title}. {words.text}")
        self.setVisible(words is not None)
