"""What a case holds and where it came from; the patient's identity only when it was kept, and only on asking."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from app.dialogs.sheet import Sheet, close_button
from app.i18n import local, mark, text_value, tr
from app.panels.labels import FactRow, IconButton, IconMark, paragraph
from app.session import Session
from app.texts import person_text
from app.theme.style import set_kind
from planning.case.commands import SetLabel
from planning.case.model import Case, Image
from planning.case.untrue_slices import has_lost_slices
from planning.units import THIN_SPACE

STUDY_WORDS = (
    ("kernel", mark("Kernel")),
    ("kvp", mark("Tube voltage")),
    ("slice_thickness_mm", mark("Slice thickness")),
    ("contrast", mark("Contrast")),
    ("manufacturer", mark("Maker")),
    ("scanner", mark("Scanner")),
    ("year", mark("Year")),
    ("description", mark("Description")),
)
UNITS = {"kvp": "kV", "slice_thickness_mm": "mm"}


def image_facts(image: Image) -> list[tuple[str, str]]:
    """(name, value) of what the image is: size, voxel, phases, and what its files said."""
    size = " × ".join(text_value(value, 0) for value in image.grid.size_ijk)
    voxel = " × ".join(text_value(float(value), 2) for value in image.grid.spacing_mm)
    rows = [(tr("Image"), f"{image.modality}, {size}"), (tr("Voxel"), f"{voxel}{THIN_SPACE}mm")]
    person = person_text(image.study)
    if person:
        rows.append((tr("Patient"), person))
    labels = [label for label in image.phases if label]
    if len(image.arrays) > 1:
        rows.append((tr("Phases"), _phases_words(labels, len(image.arrays))))
    elif labels:
        rows.append((tr("Phase"), labels[0]))
    for key, name in STUDY_WORDS:
        value = image.study.get(key, "")
        if value:
            rows.append((tr(name), f"{local(value)}{THIN_SPACE}{UNITS[key]}" if key in UNITS else value))
    if image.filled_slices and has_lost_slices(image):
        rows.append((tr("Lost"), tr("%n slice(s) (is|are) lost and (holds|hold) air", "", len(image.filled_slices))))
    elif image.filled_slices:
        rows.append((tr("Filled in"), tr("%n slice(s) (is|are) interpolated", "", len(image.filled_slices))))
    return rows


def _phases_words(labels: list[str], count: int) -> str:
    if not labels:
        return f"{count}"
    return tr("{count}, {first} to {last}", count=count, first=labels[0], last=labels[-1])


class CaseDetailsDialog(Sheet):
    """The label to edit, the facts, what the import had to say, and the identity behind a click."""

    enter_accepts = False

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent, "case_details", tr("Case details"), 560)
        self._session = session
        self.add_heading(tr("Case details"))
        self._label = QLineEdit(session.case.label)
        self._label.setObjectName("case_label")
        self._label.setAccessibleName(tr("Label of the case"))
        self._label.setPlaceholderText(session.path.stem)
        self._label.setReadOnly(session.document.read_only)
        line = QHBoxLayout()
        line.setSpacing(12)
        name = QLabel(tr("Label"))
        set_kind(name, "label")
        name.setBuddy(self._label)
        line.addWidget(name)
        line.addWidget(self._label, 1)
        self.body.addLayout(line)
        self.body.addWidget(paragraph(tr("The label is shown everywhere. The patient's name does not belong in it.")))
        self._inside = QWidget()
        set_kind(self._inside, "clear")
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 4, 12, 0)
        self._column.setSpacing(8)
        for image in session.case.images.values():
            self._column.addWidget(self._card(image_facts(image), "case_facts"))
        self._add_findings(session.case)
        self._add_identity(session.case)
        self._column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._inside)
        self._scroll.setAccessibleName(tr("Facts of the case"))
        self.body.addWidget(self._scroll)
        self._close = close_button(self, tr("Done"))
        self.add_buttons(self._close)
        self.finished.connect(self._keep_label)
        self._label.editingFinished.connect(self._keep_label)
        self._fit_scroll()

    def first_focus(self) -> QWidget | None:
        """The way out."""
        return self._close

    def _keep_label(self) -> None:
        text = self._label.text().strip()
        if text and text != self._session.case.label and not self._session.document.read_only:
            self._session.do(SetLabel(text))

    def _card(self, rows: Sequence[tuple[str, str]], name: str) -> QFrame:
        card = QFrame()
        card.setObjectName(name)
        set_kind(card, "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(12, 9, 12, 9)
        column.setSpacing(6)
        for text, value in rows:
            column.addWidget(FactRow(text, value))
        return card

    def _add_findings(self, case: Case) -> None:
        for image in case.images.values():
            for finding in image.findings:
                line = QHBoxLayout()
                line.setSpacing(9)
                line.addWidget(IconMark("triangle-alert", "warn", 16), 0, Qt.AlignmentFlag.AlignTop)
                line.addWidget(paragraph(finding.text, "label"), 1)
                self._column.addLayout(line)

    def _add_identity(self, case: Case) -> None:
        if not case.identifiers_kept:
            line = QHBoxLayout()
            line.setSpacing(9)
            line.addWidget(IconMark("shield", "t3", 16), 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(paragraph(tr("Name and number were removed on import.")), 1)
            self._column.addLayout(line)
            return
        rows = [(name[:1].upper() + name[1:], value) for name, value in case.identifiers.items()]
        card = self._card(rows, "case_identity")
        card.hide()
        show = IconButton("case_identity_show", tr("Show name and number"), "user")

        def reveal() -> None:
            card.show()
            show.hide()
            self._fit_scroll()

        show.clicked.connect(reveal)
        self._column.addWidget(show, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(card)

    def _fit_scroll(self) -> None:
        self._inside.setFixedWidth(self.card_width() - 2 * 24)
        self._column.activate()
        wanted = self._column.totalHeightForWidth(self._inside.width())
        most = self.most_height() - 260
        self._column.setContentsMargins(0, 4, 12 if wanted > most else 0, 0)
        self._scroll.setFixedHeight(min(wanted + 4, most))
