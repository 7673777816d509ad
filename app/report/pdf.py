"""The PDF: page 1 decides, page 2 says where each number comes from, more pages only when tables are long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.i18n import local, tr
from app.report.blocks import (
    ROW,
    draw_header,
    draw_note,
    draw_number,
    draw_row,
    draw_table,
    fit_columns,
    note_height,
    shading,
    table_height,
)
from app.report.chart import draw_curve, draw_picture
from app.report.content import (
    DISCLAIMER,
    TOGETHER,
    Beside,
    Curve,
    Definition,
    KeyBox,
    Note,
    Numbers,
    Picture,
    ReportContent,
    Section,
    Status,
    Table,
)
from app.report.sheet import BOLD, HEIGHT, INNER, MARGIN, MEDIUM, REGULAR, Sheet, elide, register_fonts, wrap
from app.theme.tokens import LIGHT
from planning.provenance import APPLICATION_VERSION, now_utc

RIGHT = MARGIN + INNER
FOOT = HEIGHT - 40
MOST_NOTES = 3
SIGNATURES_HIGH = 54.0
NOTE_ROW, NOTE_MORE = 11.5, 9.5
BESIDE_HIGH, BESIDE_ROW = (90.0, 118.0), 10.2
PICTURE_WIDTH, PICTURE_HEIGHT = 152.5, 126.0
COLUMN = MARGIN + 2 * PICTURE_WIDTH + 17.0
ASPECT = PICTURE_HEIGHT / PICTURE_WIDTH
DEFINITION_STOPS = (MARGIN + 4, MARGIN + 92, MARGIN + 346, MARGIN + 353, MARGIN + 374, MARGIN + 406)


def write_pdf(contents: Sequence[ReportContent], path: Path) -> None:
    """Write all reports into one PDF at `path`. The file's metadata names the program and nobody else."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    register_fonts()
    canvas = Canvas(str(path), pagesize=A4, pageCompression=1, invariant=0)
    canvas.setTitle(tr("Theatrum report"))
    canvas.setAuthor("")
    canvas.setSubject(tr("Research use only, not a medical device"))
    canvas.setCreator(f"Theatrum {APPLICATION_VERSION}")
    for content in contents:
        _Report(canvas, content, _page_count(content)).draw()
    canvas.save()


def _page_count(content: ReportContent) -> int:
    """Pages of one plan's report, found by drawing it once without its pictures."""
    import io

    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    sections = [
        replace(section, rows=[[_pale(item) for item in row] for row in section.rows]) for section in content.sections
    ]
    pale = replace(content, pictures=[_pale(item) for item in content.pictures], sections=sections)
    report = _Report(Canvas(io.BytesIO(), pagesize=A4), pale, 0)
    report.draw()
    return report.page - 1


def _pale(item: Any) -> Any:
    """A picture of the same size that costs nothing to draw."""
    return replace(item, png=b"", bare_png=b"", marks=()) if isinstance(item, Picture) else item


GRAVITY: dict[Status, int] = {"bad": 0, "warn": 1, "": 2, "ok": 3}


class _Report:
    """Draws one plan; `y` is where the next thing goes."""

    def __init__(self, canvas: Any, content: ReportContent, pages: int) -> None:
        self.sheet = Sheet(canvas)
        self.content = content
        self.pages = pages
        self.page = 1
        self.y = 0.0
        self.made = now_utc().replace("T", " ")[:16]

    def draw(self) -> None:
        content = self.content
        self._head(content.title, content.lines)
        self._boxes(content.boxes)
        top = self.y
        below_pictures = self._pictures(content.pictures, top)
        self.y = top
        for numbers in content.numbers:
            self._numbers(numbers, COLUMN, RIGHT)
        self.y = max(self.y, below_pictures) + 2
        for table in content.tables:
            self._table(table)
        notes = sorted(content.notes, key=lambda note: GRAVITY[note.status])
        first = notes[:MOST_NOTES]
        if content.beside is not None:
            self._beside(content.beside, first)
        cut = self._first_notes(first, len(notes))
        self._signatures()
        self._finish_page()
        self._head(
            tr("Where each number comes from"),
            (
                content.title,
                tr(
                    "A automatic · E edited by hand · G given · u from: {letters}",
                    letters=tr(content.uncertainty_letters),
                ),
            ),
        )
        self._definitions(content.definitions)
        self._origins()
        self._finish_page()
        others = notes if cut else notes[MOST_NOTES:]
        if content.detail_tables or content.sections or others:
            self._head(tr("{title}: details", title=content.title), content.lines)
            for table in content.detail_tables:
                self._table(table)
            for section in content.sections:
                self._section(section)
            self._notes(others, tr("All notes") if cut else tr("Further notes"))
            self._finish_page()

    def _head(self, title: str, lines: Sequence[str]) -> None:
        sheet = self.sheet
        sheet.text(MARGIN, 46, title, 19, BOLD, width=370)
        sheet.text(MARGIN, 61, self.content.subject, 9, MEDIUM, width=370)
        for number, line in enumerate(lines[:2]):
            sheet.text(MARGIN, 73 + 11 * number, line, 7.8, color=LIGHT["t2"], width=400)
        sheet.box(RIGHT - 150, 30, 150, 28, stroke=LIGHT["bad"], radius=3, line_width=1.0)
        sheet.text(RIGHT - 75, 42, tr("Research use only"), 8.5, BOLD, LIGHT["bad"], "center")
        sheet.text(RIGHT - 75, 52, tr("Not a medical device"), 7.2, REGULAR, LIGHT["bad"], "center")
        sheet.text(
            RIGHT,
            73,
            f"Theatrum {APPLICATION_VERSION} · {self.made} UTC",
            7.8,
            color=LIGHT["t3"],
            align="right",
        )
        page = tr("Page {page} of {pages}", page=self.page, pages=self.pages) if self.pages else ""
        sheet.text(RIGHT, 84, page, 7.8, color=LIGHT["t3"], align="right")
        sheet.rule(MARGIN, RIGHT, 93, 1.2)
        self.y = 101.0

    def _finish_page(self) -> None:
        sheet = self.sheet
        sheet.rule(MARGIN, RIGHT, FOOT + 4, 0.4, LIGHT["line2"])
        sheet.text(MARGIN, FOOT + 14, tr(DISCLAIMER), 7.2, MEDIUM, LIGHT["bad"])
        sheet.text(MARGIN, FOOT + 24, self.content.foot, 6.8, color=LIGHT["t3"], width=400)
        if self.page == 1:
            sheet.text(
                RIGHT,
                FOOT + 24,
                tr("Definitions and origin of each number: page 2"),
                6.8,
                color=LIGHT["t3"],
                align="right",
            )
        sheet.canvas.showPage()
        self.page += 1

    def _need(self, height: float) -> bool:
        """Make room on a new page where this one is full; True when it did."""
        if self.y + height <= FOOT - 4:
            return False
        self._finish_page()
        self._head(tr("{title}, continued", title=self.content.title), self.content.lines)
        return True

    def _heading(self, title: str, x0: float = MARGIN, x1: float = RIGHT, aside: str = "") -> None:
        self.sheet.text(x0, self.y + 9, title, 9.5, BOLD)
        if aside:
            self.sheet.text(x1, self.y + 9, aside, 6.8, color=LIGHT["t3"], align="right")
        self.sheet.rule(x0, x1, self.y + 13.5, 0.8)
        self.y += 16.5

    def _boxes(self, boxes: Sequence[KeyBox]) -> None:
        gap = 7.0
        width = (INNER - gap * (len(boxes) - 1)) / len(boxes)
        for number, box in enumerate(boxes):
            x, sheet = MARGIN + number * (width + gap), self.sheet
            sheet.box(x, self.y, width, 49, fill=LIGHT["s2"], radius=4)
            sheet.text(x + 9, self.y + 13.5, box.title, 7.8, color=LIGHT["t2"], width=width - 28)
            sheet.icon(x + width - 12, self.y + 11, box.status)
            size = 15.0
            while size > 9.0 and _wide(box.value, BOLD, size) > width - 18:
                size -= 0.5
            sheet.text(x + 9, self.y + 31, box.value, size, BOLD)
            used = _wide(box.value, BOLD, size) + 4
            if used + 14 < width:
                sheet.text(x + 9 + used, self.y + 31, box.beside, 8.5, color=LIGHT["t3"], width=width - 14 - used)
            sheet.text(x + 9, self.y + 43, box.note, 7, color=LIGHT["t2"], width=width - 14)
        self.y += 58

    def _pictures(self, pictures: Sequence[Picture | Curve], top: float) -> float:
        y = top
        for number, picture in enumerate(pictures[:4]):
            x = MARGIN + (number % 2) * (PICTURE_WIDTH + 6)
            y = top + (number // 2) * (PICTURE_HEIGHT + 17)
            if isinstance(picture, Curve):
                draw_curve(self.sheet, picture, x, y, PICTURE_WIDTH, PICTURE_HEIGHT)
            else:
                draw_picture(self.sheet, picture, x, y, PICTURE_WIDTH, PICTURE_HEIGHT)
            self.sheet.text(
                x, y + PICTURE_HEIGHT + 9, f"{number + 1}  {picture.caption}", 7.2, MEDIUM, width=PICTURE_WIDTH
            )
        return y + PICTURE_HEIGHT + 15

    def _numbers(self, numbers: Numbers, x0: float, x1: float) -> None:
        sheet = self.sheet
        self._heading(numbers.title, x0, x1)
        if any(row.plus_minus is not None for row in numbers.rows):
            sheet.text(x1 - 26, self.y - 7.5, "±", 7, color=LIGHT["t3"], align="right")
        if any(row.mark is None for row in numbers.rows):
            sheet.text(x1 - 6, self.y - 7.5, tr("from", "who made a number"), 7, color=LIGHT["t3"], align="right")
        for number, row in enumerate(numbers.rows):
            if number % 2 == 0:
                sheet.box(x0, self.y, x1 - x0, ROW, fill=LIGHT["s2"])
            draw_number(sheet, row, x0, x1, self.y)
            self.y += ROW
        self.y += 3
        for line in wrap(numbers.note, REGULAR, 6.5, x1 - x0):
            sheet.text(x0, self.y + 5, line, 6.5, color=LIGHT["t3"])
            self.y += 8
        self.y += 4

    def _table(self, table: Table) -> None:
        """A table over the page's width under its heading; long ones go on over the page."""
        self._need(16.5 + min(table_height(replace(table, title=""), MARGIN, RIGHT), 80.0))
        if table.title:
            self._heading(table.title)
        self._rows(replace(table, title=""))
        self.y += 6

    def _rows(self, table: Table) -> None:
        if not table.rows:
            self.y = draw_table(self.sheet, table, MARGIN, RIGHT, self.y)
            return
        columns = fit_columns(table, MARGIN, RIGHT)
        self.y = draw_header(self.sheet, table, columns, self.y)
        for number, (row, shaded) in enumerate(zip(table.rows, shading(table), strict=True)):
            if self._need(ROW + 4):
                self.y = draw_header(self.sheet, table, columns, self.y)
            draw_row(self.sheet, table, columns, row, (MARGIN, RIGHT), self.y, number, shaded=shaded)
            self.y += ROW
        self.y = draw_note(self.sheet, table.note, MARGIN, RIGHT, self.y)

    def _beside(self, beside: Beside, notes: Sequence[Note]) -> None:
        """A chart with its table at the right, as high as the notes below leave it."""
        self._heading(beside.title)
        if beside.curve is None and beside.table is None:
            for line in wrap(beside.empty, REGULAR, 7.6, INNER - 8):
                self.sheet.text(MARGIN + 4, self.y + 9, line, 7.6, color=LIGHT["t3"])
                self.y += 10
            self.y += 8
            return
        middle = MARGIN + 0.575 * INNER
        left = MARGIN if beside.curve is None else middle + 8
        below = SIGNATURES_HIGH + 24 + NOTE_ROW * len(notes)
        least = BESIDE_HIGH[0]
        if beside.table is not None:
            least = max(least, table_height(beside.table, left, RIGHT, BESIDE_ROW) + 2)
        height = min(max(least, FOOT - below - self.y - 6), max(least, BESIDE_HIGH[1]))
        self._need(height)
        if beside.curve is not None:
            draw_curve(self.sheet, beside.curve, MARGIN, self.y, middle - MARGIN, height)
        if beside.table is not None:
            draw_table(self.sheet, beside.table, left, RIGHT, self.y, BESIDE_ROW)
        self.y += height + 6

    def _section(self, section: Section) -> None:
        """A part of the details: rows of pictures, charts and tables side by side."""
        rows = [row for row in section.rows if row]
        if not rows:
            self._need(34)
            self._heading(section.title)
            for line in wrap(section.empty, REGULAR, 7.4, INNER - 8):
                self.sheet.text(MARGIN + 4, self.y + 9, line, 7.4, color=LIGHT["t3"])
                self.y += 10
            self.y += 8
            return
        for number, row in enumerate(rows):
            spans = _spans(row)
            height = max(_height(item, x0, x1) for item, (x0, x1) in zip(row, spans))
            note = note_height(section.note, MARGIN, RIGHT) if number == len(rows) - 1 else 0.0
            self._need((16.5 if number == 0 else 0.0) + min(height + note + 4, 600.0))
            if number == 0:
                self._heading(section.title)
            if len(row) == 1 and isinstance(row[0], Table):
                if row[0].title:
                    self.sheet.text(MARGIN + 4, self.y + 8, row[0].title, 7.4, BOLD, width=INNER - 8)
                    self.y += 11
                self._rows(replace(row[0], title=""))
                self.y += 5
                continue
            self.y += 2
            for item, (x0, x1) in zip(row, spans):
                self._item(item, x0, x1)
            self.y += height + 5
        self.y = draw_note(self.sheet, section.note, MARGIN, RIGHT, self.y) + 5

    def _item(self, item: Picture | Curve | Table, x0: float, x1: float) -> None:
        if isinstance(item, Table):
            draw_table(self.sheet, item, x0, x1, self.y)
            return
        height = (x1 - x0) * ASPECT
        if isinstance(item, Curve):
            draw_curve(self.sheet, item, x0, self.y, x1 - x0, height)
        else:
            draw_picture(self.sheet, item, x0, self.y, x1 - x0, height)
        self.sheet.text(x0, self.y + height + 9, item.caption, 7.2, MEDIUM, width=x1 - x0)

    def _first_notes(self, notes: Sequence[Note], count: int) -> bool:
        """The notes of page 1; True when one was cut to a line because the page is full."""
        if not notes:
            return False
        room = FOOT - SIGNATURES_HIGH - self.y - 19
        # the signatures stay on this page, whatever else it holds
        notes = notes[: max(1, int(room // NOTE_ROW))]
        lines = [self._note_lines(note) for note in notes]
        cut = sum(NOTE_ROW + NOTE_MORE * (len(own) - 1) for own in lines) > room and any(len(own) > 1 for own in lines)
        shown = [[_one_line(own, note)] if cut else own for own, note in zip(lines, notes)]
        aside = tr("all notes at the end of the details") if count > len(notes) or cut else ""
        self._heading(tr("Look at these before you sign"), aside=aside)
        for note, own in zip(notes, shown):
            self._note(note, own)
        self.y += 3
        return cut or count > len(notes)

    def _note_lines(self, note: Note) -> list[str]:
        """The note's text in lines; the first stands beside its head."""
        used = _wide(f"{note.head}.", BOLD, 7.6) + 4
        lines = wrap(note.text, REGULAR, 7.6, INNER - 18 - used)
        return lines[:1] + wrap(" ".join(lines[1:]), REGULAR, 7.6, INNER - 18) if len(lines) > 1 else lines or [""]

    def _note(self, note: Note, lines: Sequence[str]) -> None:
        head, indent = f"{note.head}.", MARGIN + 14
        used = _wide(head, BOLD, 7.6) + 4
        self.sheet.icon(MARGIN + 5, self.y + 6.5, note.status)
        self.sheet.text(indent, self.y + 9, head, 7.6, BOLD)
        for number, line in enumerate(lines):
            self.sheet.text(indent + (used if number == 0 else 0), self.y + 9, line, 7.6, color=LIGHT["t2"])
            self.y += NOTE_ROW if number == len(lines) - 1 else NOTE_MORE

    def _notes(self, notes: Sequence[Note], heading: str) -> None:
        if not notes:
            return
        self._need(20 + 13 * min(len(notes), 3))
        self._heading(heading)
        for note in notes:
            lines = self._note_lines(note)
            self._need(12 * len(lines) + 2)
            self._note(note, lines)
        self.y += 8

    def _signatures(self) -> None:
        self._need(SIGNATURES_HIGH - 10)
        # they stand at the foot of the page, where a hand looks for them
        self.y = max(self.y, FOOT - SIGNATURES_HIGH)
        self._heading(self.content.signature_title)
        width = INNER / len(self.content.signatures)
        for number, name in enumerate(self.content.signatures):
            x = MARGIN + number * width
            self.sheet.text(x, self.y + 8, name, 7.2, color=LIGHT["t3"])
            self.sheet.rule(x, x + width - 12, self.y + 35, 0.8, LIGHT["t2"])
        self.y += 46

    def _definitions(self, definitions: Sequence[Definition]) -> None:
        for x, name, align in zip(
            DEFINITION_STOPS,
            (tr("Number"), tr("Definition"), tr("Value ± 95 %"), tr("From"), "u", tr("Taken at (patient mm)")),
            ("left", "left", "right", "left", "left", "left"),
        ):
            self.sheet.text(x, self.y + 9, name, 7, color=LIGHT["t3"], align=align)
        self.y += 13
        self.sheet.rule(MARGIN, RIGHT, self.y, 0.8)
        self.y += 2
        for number, row in enumerate(definitions):
            self._definition(row, number % 2 == 0)
        self.y += 10

    def _definition(self, row: Definition, shaded: bool) -> None:
        stops, sheet = DEFINITION_STOPS, self.sheet
        room = stops[2] - _wide(row.value, BOLD, 7.2) - 6 - stops[1]
        lines = wrap(row.definition, REGULAR, 7.2, room) or [""]
        height = 12.3 + 8.5 * (max(len(lines), 2 if row.automatic else 1) - 1)
        self._need(height + 4)
        if shaded:
            sheet.box(MARGIN, self.y, INNER, height, fill=LIGHT["s2"])
        top = self.y + 8.7
        sheet.text(stops[0], top, row.name, 7.4, MEDIUM, width=stops[1] - stops[0] - 3)
        for extra, line in enumerate(lines):
            sheet.text(stops[1], top + 8.5 * extra, line, 7.2, color=LIGHT["t2"])
        sheet.text(stops[2], top, row.value, 7.2, BOLD, align="right")
        if row.automatic:
            sheet.text(stops[2], top + 8.5, row.automatic, 6.5, color=LIGHT["t3"], align="right")
        sheet.text(stops[3], top, row.origin if row.value or row.place else "", 7.2, color=LIGHT["t2"])
        sheet.text(stops[4], top, row.uncertainty_from, 7.2, color=LIGHT["t2"])
        sheet.text(stops[5], top, row.place.replace("  ", " "), 7.2, color=LIGHT["t2"], width=RIGHT - stops[5] - 2)
        self.y += height

    def _origins(self) -> None:
        """What the ± is made of beside edits and provenance, then the second estimate and the limits."""
        parts = [(name, value) for name, value in self.content.uncertainty_parts if value is not None]
        edits, changes = self.content.edits, self.content.changes
        self._need(60 + 12 * max(len(parts) + 2, len(self.content.program) + len(edits) + len(changes) + 2))
        top = self.y
        self._parts(parts)
        below = self.y
        self.y = top
        left = MARGIN + INNER * 0.53
        self._heading(tr("Placed and edited by hand"), left, RIGHT)
        for name, value in edits:
            self.sheet.text(left + 4, self.y + 9, name, 7.2, color=LIGHT["t3"])
            for line in wrap(value, MEDIUM, 7.2, RIGHT - left - 64):
                self.sheet.text(left + 62, self.y + 9, line, 7.2, MEDIUM)
                self.y += 10
            self.y += 2
        for change in changes:
            self._change(change.name, change.what, change.effect, left)
        others = (
            tr("All other numbers are as the program found them.")
            if edits or changes
            else tr("All numbers are as the program found them.")
        )
        self.sheet.text(left + 4, self.y + 9, others, 7.2, color=LIGHT["t3"])
        self.y += 20
        self._heading(tr("Program and data"), left, RIGHT)
        for name, value in self.content.program:
            self.sheet.text(left + 4, self.y + 9, name, 7.2, color=LIGHT["t3"])
            self.sheet.text(left + 62, self.y + 9, value, 7.2, MEDIUM, width=RIGHT - left - 64)
            self.y += 12
        self.y = max(self.y, below) + 12
        self._need(40)
        if self.content.second is not None:
            self._table(self.content.second)
        else:
            self._heading(tr("Second estimate"))
            self.sheet.text(MARGIN + 4, self.y + 9, tr(self.content.second_estimate), 7.4, color=LIGHT["t3"])
            self.y += 22
        self._need(24 + 12 * len(self.content.limits))
        self._heading(tr("Limits of this plan"))
        for limit in self.content.limits:
            for number, line in enumerate(wrap(limit, REGULAR, 7.4, INNER - 14)):
                if number == 0:
                    self.sheet.circle(MARGIN + 6, self.y + 6.5, 0.9, LIGHT["t2"], LIGHT["t2"])
                self.sheet.text(MARGIN + 13, self.y + 9, line, 7.4, color=LIGHT["t2"])
                self.y += 11

    def _change(self, name: str, what: str, effect: str, left: float) -> None:
        """An edit: what it was about, what was done, and at the right the number before and after."""
        used = _wide(effect, REGULAR, 7.2) + (6 if effect else 0)
        lines = wrap(what, MEDIUM, 7.2, RIGHT - left - 64 - used) or [""]
        self.sheet.text(left + 4, self.y + 9, name, 7.2, color=LIGHT["t3"], width=56)
        self.sheet.text(RIGHT - 4, self.y + 9, effect, 7.2, color=LIGHT["t2"], align="right")
        for line in lines:
            self.sheet.text(left + 62, self.y + 9, line, 7.2, MEDIUM)
            self.y += 10
        self.y += 1.5

    def _parts(self, parts: Sequence[tuple[str, float | None]]) -> None:
        right = MARGIN + INNER * 0.49
        self._heading(self.content.uncertainty_title or tr("What the ± is made of"), MARGIN, right)
        if not parts:
            for line in wrap(self.content.uncertainty_note, REGULAR, 7.2, right - MARGIN - 4):
                self.sheet.text(MARGIN + 4, self.y + 9, line, 7.2, color=LIGHT["t3"])
                self.y += 10
            return
        most = max(value or 0.0 for _, value in parts) or 1.0
        bars = MARGIN + 10 + max(_wide(name, REGULAR, 7.2) for name, _ in parts)
        for name, value in parts:
            self.sheet.text(MARGIN + 4, self.y + 9, name, 7.2, color=LIGHT["t2"])
            self.sheet.box(bars, self.y + 3.5, max(0.5, 100 * (value or 0.0) / most), 6.5, fill=LIGHT["fill"])
            words = local(f"{value:.1f} {self.content.uncertainty_unit}") if value else tr("none")
            self.sheet.text(right, self.y + 9, words, 7.2, MEDIUM, align="right")
            self.y += 13
        total = sum((value or 0.0) ** 2 for _, value in parts) ** 0.5
        self.sheet.rule(bars, right, self.y + 1, 0.4, LIGHT["line2"])
        self.sheet.text(MARGIN + 4, self.y + 11, tr(TOGETHER), 7.2, color=LIGHT["t2"])
        self.sheet.text(
            right, self.y + 11, local(f"{total:.1f} {self.content.uncertainty_unit}"), 7.2, BOLD, align="right"
        )
        self.y += 20
        for line in wrap(self.content.uncertainty_note, REGULAR, 6.5, right - MARGIN - 4):
            self.sheet.text(MARGIN + 4, self.y + 5, line, 6.5, color=LIGHT["t3"])
            self.y += 8


def _wide(text: str, font: str, size: float) -> float:
    from app.report.sheet import text_width

    return text_width(text, font, size)


def _one_line(lines: Sequence[str], note: Note) -> str:
    """The note's first line, with an ellipsis where there is more."""
    if len(lines) < 2:
        return lines[0]
    room = INNER - 18 - _wide(f"{note.head}.", BOLD, 7.6) - 4
    return elide(lines[0] + " " + lines[1], REGULAR, 7.6, room)


def _spans(row: Sequence[Picture | Curve | Table]) -> list[tuple[float, float]]:
    """Left and right end of each item; pictures take a third of the page, tables share the rest."""
    gap = 9.0
    third = (INNER - 2 * gap) / 3
    drawn = [not isinstance(item, Table) for item in row]
    tables = drawn.count(False)
    wide = (INNER - gap * (len(row) - 1) - third * sum(drawn)) / max(tables, 1)
    if not tables:
        wide = third if len(row) > 2 else (INNER - gap) / 2
        drawn = [False] * len(row)
    spans, x = [], MARGIN
    for is_drawn in drawn:
        width = third if is_drawn else wide
        spans.append((x, x + width))
        x += width + gap
    return spans


def _height(item: Picture | Curve | Table, x0: float, x1: float) -> float:
    return table_height(item, x0, x1) if isinstance(item, Table) else (x1 - x0) * ASPECT + 14.0
