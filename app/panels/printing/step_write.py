"""The last step of printing: the file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.i18n import mark, text_value, tr
from app.panels.guide import Step, StepActions
from app.panels.notes import problem_words
from app.panels.parts import Callout, HeroNumber, NumberTable, PanelAction, TableRow, number_row, page, paragraph
from app.panels.printing.troubles import proof_of
from app.panels.printing.wish import FILES
from app.panels.rows import FieldRow, choice_box

if TYPE_CHECKING:
    from app.panels.printing.panel import PrintPanel

WRITE_WORDS = {
    ".3mf": mark("Millimetres, names and colours; what slicers read best."),
    ".stl": mark("Millimetres of the scan; names, unit and colours stand in a text beside it."),
    ".obj": mark("Millimetres of the scan, with colours."),
    ".ply": mark("Millimetres of the scan, with colours."),
    ".glb": mark("Metres, for viewers and headsets."),
    ".usdz": mark("Metres, for phones and headsets."),
}


class WriteStep(Step):
    """4: the file."""

    name = mark("Write file")

    def __init__(self, panel: PrintPanel) -> None:
        super().__init__(panel)
        self.panel = panel
        self.hero = self._hero = HeroNumber()
        self.file = choice_box("print_file", tr("File"), tuple(tr(words) for words in FILES))
        self.file.activated.connect(lambda n: panel.ask(replace(panel.wish, ending=list(FILES.values())[n])))
        self._about = paragraph("", "hint")
        self._table = NumberTable()
        self.note = Callout("print_file")
        self.note.followed.connect(panel.show_folder)
        self._limit = paragraph(tr("Digital step only. The printer adds its own error, about 0.3 mm."), "hint")
        self.body = page(FieldRow(tr("File"), self.file, wide=True), self._about, self._table, self.note, self._limit)

    def is_reachable(self) -> bool:
        """Once everything that is not met was repaired or accepted; another kind of file is measured here."""
        panel = self.panel
        if panel.draft is None:
            return panel.step is self
        return not panel.open_troubles()

    def result(self) -> str:
        """The file's name."""
        return self.panel.written[0].name if self.panel.written else ""

    def entered(self) -> None:
        """What is written was checked in this kind of file."""
        if self.panel.draft is None and not self.panel.is_checking:
            self.panel.check_again()

    def refresh(self) -> None:
        """What is written and where it went."""
        panel, draft, written = self.panel, self.panel.draft, self.panel.written
        ending = panel.wish.ending
        self.file.setCurrentIndex(list(FILES.values()).index(ending))
        self._about.setText(tr(WRITE_WORDS[ending]))
        files = 0 if draft is None else len(draft.files)
        self._hero.set_text(
            tr("To write"),
            "–" if draft is None else str(files),
            tr("file") if files == 1 else tr("files"),
            note=ending[1:].upper(),
        )
        rows = [] if draft is None else draft.rows
        triangles = sum(row["triangles"] for row in rows)
        self._table.set_rows(
            [
                TableRow("objects", tr("Objects"), str(len(rows)), clickable=False),
                TableRow("triangles", tr("Triangles"), text_value(triangles, 0), clickable=False),
                number_row("material", tr("Volume"), sum(row["volume_ml"] for row in rows), "ml", clickable=False),
                TableRow("accepted", tr("Accepted as is"), str(panel.accepted_count()), clickable=False),
            ]
            if draft is not None
            else []
        )
        problem = panel.write_problem or panel.problem
        if problem is not None:
            self.note.show_note(*problem_words(problem), "bad")
        elif draft is None:
            self.note.show_note(tr("Measuring again"), tr("A draft in this format is written and read back."), "warn")
        elif written:
            proof = proof_of(draft)
            more = tr(" and {written} more", written=len(written) - 1) if len(written) > 1 else ""
            self.note.show_note(
                f"{written[0].name}{more}",
                tr("Read back and compared: {words}.", words=proof.words),
                proof.state,
                tr("Show in folder"),
            )
        else:
            self.note.clear()

    def actions(self) -> StepActions:
        """Write file."""
        waiting = tr("Measuring") if self.panel.draft is None else ""
        writing = tr("Writing") if self.panel.is_writing else waiting
        return StepActions(
            PanelAction("write_model", tr("Write file"), self.panel.write_file, blocked=writing, key="Enter"),
            hint=tr("Enter writes"),
            back=tr("Back: check"),
        )
