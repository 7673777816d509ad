"""What an archive is asked for: the fields of a search, with what is wrong said below the field."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.archive.asking import date_wish, days_wish, name_wish, text_wish
from app.i18n import mark, said, tr
from app.panels.labels import ElidedLabel, IconButton
from app.panels.rows import choice_box
from app.theme.style import set_kind
from planning.errors import InputError
from planning.pacs.query import Wish

ANY_DATE, TODAY, WEEK, MONTH, BETWEEN = range(5)
DATES = (mark("Any day"), mark("Today"), mark("Last 7 days"), mark("Last 30 days"), mark("From … to …"))
DAYS = {TODAY: 0, WEEK: 7, MONTH: 30}
MODALITIES = ("", "CT", "MR", "PT", "US", "XA", "SEG", "SR")


class QueryForm(QWidget):
    """`asked` by the button or Enter in a field."""

    asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_kind(self, "clear")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.name = self._field("archive_name", tr("Patient’s name"), tr("Begins with; * for any letters"))
        self.number = self._line("archive_patient_id", tr("Patient ID"))
        self.accession = self._line("archive_accession", tr("Accession number"))
        self._add_pair((tr("Patient ID"), self.number), (tr("Accession"), self.accession))
        self.description = self._field("archive_description", tr("Study description"), tr("Words in it"))
        self.date = choice_box("archive_date", tr("Study date"), DATES)
        self.modality = choice_box("archive_modality", tr("Modality"), [])
        for modality in MODALITIES:
            self.modality.addItem(modality or tr("Any", "modality"), modality)
        self._add_pair((tr("Study date"), self.date), (tr("Modality"), self.modality))
        self.begin = self._line("archive_date_from", tr("From"), "2026-03-01")
        self.end = self._line("archive_date_to", tr("To"), "2026-03-31")
        for widget in (self.begin, self.end):
            self._column.addWidget(widget)
            widget.hide()
        self.date.currentIndexChanged.connect(self._show_days)
        self.complaint = QLabel()
        self.complaint.setObjectName("archive_complaint")
        self.complaint.setWordWrap(True)
        set_kind(self.complaint, "hint", "bad")
        self.complaint.hide()
        self._column.addWidget(self.complaint)
        self._column.addSpacing(8)
        self.button = IconButton("archive_search", tr("Search"), kind="main")
        self.button.setToolTip(tr("Ask the archive (Enter)"))
        self.button.clicked.connect(self.asked)
        self._column.addWidget(self.button)

    def _line(self, identifier: str, name: str, example: str = "") -> QLineEdit:
        field = QLineEdit()
        field.setObjectName(identifier)
        field.setAccessibleName(name)
        field.setPlaceholderText(example)
        field.setMaxLength(64)
        field.setToolTip(name if not example else f"{name}: {example}")
        return field

    def _field(self, identifier: str, name: str, hint: str = "") -> QLineEdit:
        field = self._line(identifier, name, hint)
        self._add(name, field)
        return field

    def _add(self, name: str, field: QLineEdit | QComboBox) -> None:
        label = QLabel(name)
        set_kind(label, "heading")
        label.setBuddy(field)
        if self._column.count():
            self._column.addSpacing(4)
        self._column.addWidget(label)
        self._column.addWidget(field)

    def _add_pair(self, *pair: tuple[str, QLineEdit | QComboBox]) -> None:
        """Two short fields beside each other."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        for column, (name, field) in enumerate(pair):
            label = ElidedLabel(name, "heading")
            label.setBuddy(field)
            field.setMinimumWidth(40)
            grid.addWidget(label, 0, column)
            grid.addWidget(field, 1, column)
            grid.setColumnStretch(column, 1)
        self._column.addSpacing(4)
        self._column.addLayout(grid)

    def _show_days(self, which: int) -> None:
        self.begin.setVisible(which == BETWEEN)
        self.end.setVisible(which == BETWEEN)

    def wish(self) -> Wish | None:
        """What is asked for; None, and said, where something typed cannot be asked."""
        self.complaint.hide()
        which = self.date.currentIndex()
        try:
            days = days_wish(DAYS[which]) if which in DAYS else ""
            if which == BETWEEN:
                days = date_wish(self.begin.text(), self.end.text())
            return Wish(
                patient_id=self.number.text().strip(),
                patient_name=name_wish(self.name.text()),
                accession=self.accession.text().strip(),
                date=days,
                modality=str(self.modality.currentData()),
                description=text_wish(self.description.text()),
            )
        except InputError as error:
            self.complaint.setText(f"{said(error.what)}. {said(error.hint)}.")
            self.complaint.show()
            return None

    def clear(self) -> None:
        """Nothing in particular."""
        for field in (self.name, self.number, self.accession, self.description, self.begin, self.end):
            field.clear()
        self.date.setCurrentIndex(ANY_DATE)
        self.modality.setCurrentIndex(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in a field asks."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.asked.emit()
            return
        super().keyPressEvent(event)
