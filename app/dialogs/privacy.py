"""DICOM files without identifiers: from which folder, into which, and what may stay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.dialogs.settings_dialog import Segments
from app.dialogs.sheet import MARGIN, Sheet
from app.i18n import mark, tr
from app.panels.labels import ElidedLabel, IconButton, IconMark, paragraph, text_font
from app.theme.style import set_kind
from planning.dicom.privacy_profile import PrivacyOptions

DATES = (("removed", mark("Removed")), ("shifted", mark("Moved")), ("dates", mark("Kept")))
DATE_HINTS = {
    "removed": mark("Dates and times are taken out."),
    "shifted": mark("One secret number of days for each patient: intervals and times stay."),
    "dates": mark("Dates and times stay as they are: whoever has the archive can find the scan by them."),
}
# option, what it says, what it costs; the last ones point to the person
TICKS: tuple[tuple[str, str, str], ...] = (
    ("patient", mark("Keep age, sex, size and weight"), mark("Ages above 89 years become 90.")),
    ("descriptors", mark("Keep descriptions"), mark("Only words that are known to name nobody.")),
    ("device", mark("Keep the scanner's name and number"), mark("The number tells which hospital it is.")),
    ("institution", mark("Keep the hospital's name and address"), mark("Says where the person was.")),
    ("uids", mark("Keep the files' own numbers"), mark("Whoever has the archive can find the person by them.")),
    ("structured", mark("Keep reports"), mark("Their codes and numbers, without free text.")),
    ("graphics", mark("Keep drawn annotations"), mark("Without their words.")),
    ("safe_private", mark("Keep the makers' own values"), mark("Only those that the standard lists as safe.")),
    (
        "burned_in",
        mark("Keep pictures with words in them"),
        mark("Names within pictures are never found: look at each."),
    ),
    ("deface", mark("Take the face from scans of a head"), mark("CT and MR; what cannot be done is left out.")),
)
POINTING = frozenset(("dates", "device", "institution", "uids", "burned_in"))
WARNING = mark("What is kept can point to the person. Give the files only to whom you may tell it.")


@dataclass(frozen=True, slots=True)
class PrivacyWish:
    """What a person asked for."""

    source: Path
    target: Path
    options: PrivacyOptions


def free_folder(parent: Path) -> Path:
    """A folder in it that is not there yet; its name tells nothing."""
    number, target = 2, parent / "de-identified"
    while target.exists():
        target = parent / f"de-identified-{number}"
        number += 1
    return target


class PrivacyDialog(Sheet):
    """`asked` with a PrivacyWish. choose: asks for a folder under a title."""

    asked = Signal(object)
    enter_accepts = False

    def __init__(self, choose: Callable[[str], Path | None], edition: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, "privacy", tr("De-identify DICOM files"), 620)
        self._choose = choose
        self._source: Path | None = None
        self._target: Path | None = None
        self._dates = "removed"
        self.add_heading(tr("De-identify DICOM files"))
        words = tr(
            "Writes the files anew without names, numbers and free text, by the basic profile of DICOM PS3.15 ({edition}). "
            "What is not known to name nobody is removed.",
            edition=edition,
        )
        self.body.addWidget(paragraph(words))
        self._from = self._place(
            "privacy_source", tr("Read from"), tr("Choose a folder with scans"), self._choose_source
        )
        self._to = self._place(
            "privacy_target", tr("Write into"), tr("Choose where the new folder goes"), self._choose_target
        )
        self.body.addWidget(self._options())
        self.warning = QWidget()
        set_kind(self.warning, "clear")
        # the card keeps its place when it comes
        policy = self.warning.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.warning.setSizePolicy(policy)
        line = QHBoxLayout(self.warning)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(9)
        line.addWidget(IconMark("triangle-alert", "warn", 16), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(paragraph(tr(WARNING), "label"), 1)
        self.body.addWidget(self.warning)
        cancel = IconButton("privacy_cancel", tr("Cancel"))
        cancel.clicked.connect(self.reject)
        self._main = IconButton("privacy_main", tr("De-identify"), kind="main")
        self._main.clicked.connect(self._ask)
        self._safe = cancel
        self.add_buttons(cancel, self._main)
        self._show()

    def first_focus(self) -> QWidget | None:
        """Where it begins."""
        return self._from_button

    def _place(self, name: str, said: str, words: str, choose: Callable[[], None]) -> ElidedLabel:
        row = QHBoxLayout()
        row.setSpacing(12)
        title = QLabel(said)
        set_kind(title, "label")
        measure = QFontMetrics(text_font(13, 400)).horizontalAdvance
        title.setMinimumWidth(max(measure(tr("Read from")), measure(tr("Write into"))) + 4)
        shown = ElidedLabel(words, "hint")
        shown.setObjectName(f"{name}_shown")
        button = IconButton(name, tr("Choose"), "folder")
        button.setAccessibleName(words)
        button.clicked.connect(choose)
        row.addWidget(title)
        row.addWidget(shown, 1)
        row.addWidget(button)
        self.body.addLayout(row)
        if name == "privacy_source":
            self._from_button = button
        else:
            self._to_button = button
        return shown

    def _options(self) -> QScrollArea:
        inside = QWidget()
        set_kind(inside, "clear")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 4, 12, 4)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.setSpacing(12)
        title = QLabel(tr("Dates"))
        set_kind(title, "label")
        head.addWidget(title)
        self.dates = Segments("privacy_dates", tr("Dates"), [(key, tr(words)) for key, words in DATES], self._dates)
        self.dates.chosen.connect(self._date_chosen)
        head.addWidget(self.dates, 1)
        column.addLayout(head)
        self._date_hint = paragraph("")
        column.addWidget(self._date_hint)
        column.addSpacing(8)
        self.ticks: dict[str, QCheckBox] = {}
        for key, words, hint in TICKS:
            tick = QCheckBox(tr(words))
            tick.setObjectName(f"privacy_{key}")
            tick.setAccessibleDescription(tr(hint))
            tick.toggled.connect(self._show)
            self.ticks[key] = tick
            column.addWidget(tick)
            under = QHBoxLayout()
            under.setContentsMargins(30, 0, 0, 4)
            under.addWidget(paragraph(tr(hint)), 1)
            column.addLayout(under)
        inside.setFixedWidth(self.card_width() - 2 * MARGIN)
        scroll = QScrollArea()
        scroll.setObjectName("privacy_options")
        scroll.setAccessibleName(tr("What may stay"))
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        scroll.setFixedHeight(max(160, min(330, self.most_height() - 400)))
        return scroll

    def _choose_source(self) -> None:
        found = self._choose(tr("Choose a folder with scans"))
        if found is not None:
            self._source = found
            self._target = self._target or free_folder(found.parent)
            self._show()

    def _choose_target(self) -> None:
        found = self._choose(tr("Choose where the new folder goes"))
        if found is not None:
            self._target = free_folder(found)
            self._show()

    def _date_chosen(self, key: str) -> None:
        self._dates = key
        self._show()

    def options(self) -> PrivacyOptions:
        """As they are ticked."""
        on = {key: tick.isChecked() for key, tick in self.ticks.items()}
        return PrivacyOptions(**on, **({self._dates: True} if self._dates != "removed" else {}))

    def _show(self) -> None:
        if self._source is not None:
            self._from.setText(str(self._source))
        if self._target is not None:
            self._to.setText(str(self._target))
        # a button that cannot be pressed says what it waits for
        missing = tr("Choose a folder with scans") if self._source is None else ""
        for button in (self._to_button, self._main):
            button.setEnabled(not missing)
            button.setToolTip(missing)
        self._date_hint.setText(tr(DATE_HINTS[self._dates]))
        self.warning.setVisible(bool(POINTING & set(self.options().named())))

    def _ask(self) -> None:
        assert self._source is not None
        assert self._target is not None
        wish = PrivacyWish(self._source, self._target, self.options())
        self.accept()
        self.asked.emit(wish)
