"""The PDF: page 1 decides, page 2 says where each number comes from, more pages only when tables are long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.report.chart import draw_curve
from app.report.content import (
    DISCLAIMER,
    Cell,
    Curve,
    Definition,
    KeyBox,
    Note,
    NumberRow,
    Numbers,
    Picture,
    ReportContent,
    Table,
)
from app.report.describe import bare
from app.report.sheet import BOLD, HEIGHT, INNER, MARGIN, MEDIUM, REGULAR, STATUS_COLORS, Sheet, register_fonts, wrap
from app.theme.tokens import LIGHT
from planning.provenance import APPLICATION_VERSION, now_utc

RIGHT = MARGIN + INNER
FOOT = HEIGHT - 40
ROW = 12.6
MOST_NOTES = 3
SIGNATURES_HIGH = 62.0
PICTURE_WIDTH, PICTURE_HEIGHT = 152.5, 126.0
COLUMN = MARGIN + 2 * PICTURE_WIDTH + 17.0


def write_pdf(contents: Sequence[ReportContent], path: Path) -> None:
    """Write all reports into one PDF at `path`. The file's metadata names the program and nobody else."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    register_fonts()
    canvas = Canvas(str(path), pagesize=A4, pageCompression=1, invariant=0)
    canvas.setTitle("Theatrum report")
    canvas.setAuthor("")
    canvas.setSubject("Research use only, not a medical device")
    canvas.setCreator(f"Theatrum {APPLICATION_VERSION}")
    for content in contents:
        _Report(canvas, content, _page_count(content)).draw()
    canvas.save()


def _page_count(content: ReportContent) -> int:
    """Pages of one plan's report, found by drawing it once without its pictures."""
    import io

    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    report = _Report(Canvas(io.BytesIO(), pagesize=A4), replace(content, pictures=()), 0)
    report.draw()
    return report.page - 1


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
        self._head(self.content.title, self.content.lines)
        self._boxes(self.content.boxes)
        top = self.y
        below_pictures = self._pictures(self.content.pictures, top)
        self.y = top
        for numbers in self.content.numbers:
            self._numbers(numbers, COLUMN, RIGHT)
        self.y = max(self.y, below_pictures) + 4
        for table in self.content.tables:
            self._table(table)
        self._notes(sorted(self.content.notes, key=lambda note: note.status != "bad")[:MOST_NOTES])
        self._signatures()
        self._finish_page()
        self._head(
            "Where each number comes from",
            (
                self.content.title,
                f"A automatic · E edited by hand · G given · u from: {self.content.uncertainty_letters}",
            ),
        )
        self._definitions(self.content.definitions)
        self._origins()
        self._finish_page()
        others = sorted(self.content.notes, key=lambda note: note.status != "bad")[MOST_NOTES:]
        if self.content.detail_tables or others:
            self._head(f"{self.content.title}: details", self.content.lines)
            for table in self.content.detail_tables:
                self._table(table)
            self._notes(others, "Further notes")
            self._finish_page()

    def _head(self, title: str, lines: Sequence[str]) -> None:
        sheet = self.sheet
        sheet.text(MARGIN, 46, title, 19, BOLD, width=370)
        sheet.text(MARGIN, 61, self.content.subject, 9, MEDIUM, width=370)
        for number, line in enumerate(lines[:2]):
            sheet.text(MARGIN, 73 + 11 * number, line, 7.8, color=LIGHT["t2"], width=400)
        sheet.box(RIGHT - 150, 30, 150, 28, stroke=LIGHT["bad"], radius=3, line_width=1.0)
        sheet.text(RIGHT - 75, 42, "Research use only", 8.5, BOLD, LIGHT["bad"], "center")
        sheet.text(RIGHT - 75, 52, "Not a medical device", 7.2, REGULAR, LIGHT["bad"], "center")
        sheet.text(
            RIGHT, 73, f"Theatrum {APPLICATION_VERSION} · {self.made} UTC", 7.8, color=LIGHT["t3"], align="right"
        )
        page = f"Page {self.page} of {self.pages}" if self.pages else ""
        sheet.text(RIGHT, 84, page, 7.8, color=LIGHT["t3"], align="right")
        sheet.rule(MARGIN, RIGHT, 93, 1.2)
        self.y = 101.0

    def _finish_page(self) -> None:
        sheet = self.sheet
        sheet.rule(MARGIN, RIGHT, FOOT + 4, 0.4, LIGHT["line2"])
        sheet.text(MARGIN, FOOT + 14, DISCLAIMER, 7.2, MEDIUM, LIGHT["bad"])
        sheet.text(MARGIN, FOOT + 24, self.content.foot, 6.8, color=LIGHT["t3"], width=400)
        if self.page == 1:
            sheet.text(
                RIGHT,
                FOOT + 24,
                "Definitions and origin of each number: page 2",
                6.8,
                color=LIGHT["t3"],
                align="right",
            )
        sheet.canvas.showPage()
        self.page += 1

    def _need(self, height: float) -> None:
        if self.y + height > FOOT - 4:
            self._finish_page()
            self._head(f"{self.content.title}, continued", self.content.lines)

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
        self.y += 59

    def _pictures(self, pictures: Sequence[Picture | Curve], top: float) -> float:
        y = top
        for number, picture in enumerate(pictures[:4]):
            x = MARGIN + (number % 2) * (PICTURE_WIDTH + 6)
            y = top + (number // 2) * (PICTURE_HEIGHT + 18)
            if isinstance(picture, Curve):
                draw_curve(self.sheet, picture, x, y, PICTURE_WIDTH, PICTURE_HEIGHT)
            else:
                self.sheet.image(x, y, PICTURE_WIDTH, PICTURE_HEIGHT, picture.png, LIGHT["line"])
            self.sheet.text(
                x, y + PICTURE_HEIGHT + 9, f"{number + 1}  {picture.caption}", 7.2, MEDIUM, width=PICTURE_WIDTH
            )
        return y + PICTURE_HEIGHT + 18

    def _numbers(self, numbers: Numbers, x0: float, x1: float) -> None:
        sheet = self.sheet
        self._heading(numbers.title, x0, x1)
        if any(row.plus_minus is not None for row in numbers.rows):
            sheet.text(x1 - 26, self.y - 7.5, "±", 7, color=LIGHT["t3"], align="right")
        if any(row.mark is None for row in numbers.rows):
            sheet.text(x1 - 6, self.y - 7.5, "from", 7, color=LIGHT["t3"], align="right")
        for number, row in enumerate(numbers.rows):
            if number % 2 == 0:
                sheet.box(x0, self.y, x1 - x0, ROW, fill=LIGHT["s2"])
            self._number_row(row, x0, x1)
            self.y += ROW
        self.y += 3
        for line in wrap(numbers.note, REGULAR, 6.5, x1 - x0):
            sheet.text(x0, self.y + 5, line, 6.5, color=LIGHT["t3"])
            self.y += 8
        self.y += 4

    def _number_row(self, row: NumberRow, x0: float, x1: float) -> None:
        sheet, baseline = self.sheet, self.y + 8.8
        sheet.icon(x1 - 5, self.y + ROW / 2, row.status, 6.2)
        if row.mark is not None:
            sheet.mark(x0 + 7, self.y + ROW / 2, row.mark)
            sheet.text(x0 + 16, baseline, row.name, 7.6, color=LIGHT["t2"])
            sheet.text(x1 - 14, baseline, row.text, 7.6, BOLD, align="right")
            return
        has_value = row.value is not None
        value = (row.text or bare(row.value, row.unit)) if has_value else "–"
        sheet.text(x1 - 73, baseline, value, 7.6, BOLD, LIGHT["t1"] if has_value else LIGHT["t3"], "right")
        room = x1 - 73 - _wide(value, BOLD, 7.6) - 6 - (x0 + 4)
        sheet.text(x0 + 4, baseline, row.name, 7.6, color=LIGHT["t2"], width=room)
        if not has_value:
            return
        sheet.text(x1 - 70, baseline, row.unit, 6.5, color=LIGHT["t3"])
        sheet.text(x1 - 14, baseline, row.origin, 7, color=LIGHT["t2"], align="right")
        if row.plus_minus is not None:
            spread = row.spread or bare(row.plus_minus, row.unit)
            sheet.text(x1 - 26, baseline, spread, 7, color=LIGHT["t3"], align="right")

    def _table(self, table: Table) -> None:
        self._need(44)
        self._heading(table.title)
        if not table.rows:
            self.sheet.text(MARGIN + 4, self.y + 9, table.empty, 7.6, color=LIGHT["t3"])
            self.y += 18
            return
        stops = _column_stops(table)
        if any(table.header):
            for column, name in zip(stops, table.header):
                self.sheet.text(column, self.y + 9, name, 7, color=LIGHT["t3"])
            self.y += 12.5
        for number, row in enumerate(table.rows):
            self._need(ROW + 4)
            self._row(row, stops, number == table.chosen, number % 2 == 0, table.right_aligned)
        if table.note:
            self.sheet.text(MARGIN + 4, self.y + 8, table.note, 6.5, color=LIGHT["t3"], width=INNER)
            self.y += 10
        self.y += 8

    def _row(
        self, row: Sequence[Cell], stops: Sequence[float], chosen: bool, shaded: bool, right_aligned: bool = False
    ) -> None:
        if chosen or shaded:
            self.sheet.box(MARGIN, self.y, INNER, ROW, fill=LIGHT["soft"] if chosen else LIGHT["s2"])
        ends = [*stops[1:], RIGHT]
        for number, (cell, start, end) in enumerate(zip(row, stops, ends)):
            x = start
            if right_aligned and number > 0:
                self.sheet.text(
                    end - 6, self.y + 8.8, cell.text, 7.4, BOLD if cell.strong else REGULAR, LIGHT["t1"], "right"
                )
                continue
            if cell.status:
                self.sheet.icon(x + 3.5, self.y + ROW / 2, cell.status, 6.2)
                x += 10
            font = BOLD if cell.strong or chosen else REGULAR
            color = STATUS_COLORS[cell.status] if cell.status else LIGHT["t1"]
            self.sheet.text(x, self.y + 8.8, cell.text, 7.4, font, color, width=end - x - 4)
        self.y += ROW

    def _notes(self, notes: Sequence[Note], heading: str = "Look at these before you sign") -> None:
        if not notes:
            return
        self._need(20 + 13 * min(len(notes), 3))
        self._heading(heading)
        for note in notes:
            head = f"{note.head}."
            indent = MARGIN + 14
            used = _wide(head, BOLD, 7.6) + 4
            lines = wrap(note.text, REGULAR, 7.6, INNER - 18 - used)
            if len(lines) > 1:
                lines = [lines[0], *wrap(" ".join(lines[1:]), REGULAR, 7.6, INNER - 18)]
            self._need(12 * len(lines) + 2)
            self.sheet.icon(MARGIN + 5, self.y + 6.5, note.status)
            self.sheet.text(indent, self.y + 9, head, 7.6, BOLD)
            for number, line in enumerate(lines):
                self.sheet.text(indent + (used if number == 0 else 0), self.y + 9, line, 7.6, color=LIGHT["t2"])
                self.y += 11.5 if number == len(lines) - 1 else 9.5
        self.y += 8

    def _signatures(self) -> None:
        self._need(SIGNATURES_HIGH)
        # they stand at the foot of the page, where a hand looks for them
        self.y = max(self.y, FOOT - SIGNATURES_HIGH)
        self._heading(self.content.signature_title)
        width = INNER / len(self.content.signatures)
        for number, name in enumerate(self.content.signatures):
            x = MARGIN + number * width
            self.sheet.text(x, self.y + 8, name, 7.2, color=LIGHT["t3"])
            self.sheet.rule(x, x + width - 12, self.y + 38, 0.8, LIGHT["t2"])
        self.y += 46

    def _definitions(self, definitions: Sequence[Definition]) -> None:
        stops = (MARGIN + 4, MARGIN + 96, MARGIN + 356, MARGIN + 364, MARGIN + 388, MARGIN + 416)
        for x, name, align in zip(
            stops,
            ("Number", "Definition", "Value ± 95 %", "From", "u", "Taken at (patient mm)"),
            ("left", "left", "right", "left", "left", "left"),
        ):
            self.sheet.text(x, self.y + 9, name, 7, color=LIGHT["t3"], align=align)
        self.y += 13
        self.sheet.rule(MARGIN, RIGHT, self.y, 0.8)
        self.y += 2
        for number, row in enumerate(definitions):
            lines = wrap(row.definition, REGULAR, 7.2, 186) or [""]
            height = 14.0 + 8.5 * (len(lines) - 1)
            self._need(height + 4)
            if number % 2 == 0:
                self.sheet.box(MARGIN, self.y, INNER, height, fill=LIGHT["s2"])
            self.sheet.text(stops[0], self.y + 9.5, row.name, 7.4, MEDIUM, width=90)
            for extra, line in enumerate(lines):
                self.sheet.text(stops[1], self.y + 9.5 + 8.5 * extra, line, 7.2, color=LIGHT["t2"])
            self.sheet.text(stops[2], self.y + 9.5, row.value, 7.2, BOLD, align="right")
            self.sheet.text(
                stops[3], self.y + 9.5, row.origin if row.value or row.place else "", 7.2, color=LIGHT["t2"]
            )
            self.sheet.text(stops[4], self.y + 9.5, row.uncertainty_from, 7.2, color=LIGHT["t2"])
            self.sheet.text(stops[5], self.y + 9.5, row.place, 7.2, color=LIGHT["t2"], width=RIGHT - stops[5] - 2)
            self.y += height
        self.y += 14

    def _origins(self) -> None:
        """What the ± is made of beside edits and provenance, then the second estimate and the limits."""
        parts = [(name, value) for name, value in self.content.uncertainty_parts if value is not None]
        edits = self.content.edits
        self._need(60 + 13 * max(len(parts) + 2, len(self.content.program) + len(edits) + 2))
        top = self.y
        self._parts(parts)
        below = self.y
        self.y = top
        left = MARGIN + INNER * 0.53
        self._heading("Placed and edited by hand", left, RIGHT)
        for name, value in edits:
            self.sheet.text(left + 4, self.y + 9, name, 7.2, color=LIGHT["t3"])
            for line in wrap(value, MEDIUM, 7.2, RIGHT - left - 64):
                self.sheet.text(left + 62, self.y + 9, line, 7.2, MEDIUM)
                self.y += 10
            self.y += 2
        others = (
            "All other numbers are as the program found them."
            if edits
            else "All numbers are as the program found them."
        )
        self.sheet.text(left + 4, self.y + 9, others, 7.2, color=LIGHT["t3"])
        self.y += 20
        self._heading("Program and data", left, RIGHT)
        for name, value in self.content.program:
            self.sheet.text(left + 4, self.y + 9, name, 7.2, color=LIGHT["t3"])
            self.sheet.text(left + 62, self.y + 9, value, 7.2, MEDIUM, width=RIGHT - left - 64)
            self.y += 12
        self.y = max(self.y, below) + 12
        self._need(40)
        self._heading("Second estimate")
        self.sheet.text(MARGIN + 4, self.y + 9, self.content.second_estimate, 7.4, color=LIGHT["t3"])
        self.y += 24
        self._need(24 + 12 * len(self.content.limits))
        self._heading("Limits of this plan")
        for limit in self.content.limits:
            for number, line in enumerate(wrap(limit, REGULAR, 7.4, INNER - 14)):
                if number == 0:
                    self.sheet.circle(MARGIN + 6, self.y + 6.5, 0.9, LIGHT["t2"], LIGHT["t2"])
                self.sheet.text(MARGIN + 13, self.y + 9, line, 7.4, color=LIGHT["t2"])
                self.y += 11

    def _parts(self, parts: Sequence[tuple[str, float | None]]) -> None:
        right = MARGIN + INNER * 0.49
        self._heading(self.content.uncertainty_title or "What the ± is made of", MARGIN, right)
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
            self.sheet.text(
                right, self.y + 9, f"{value or 0.0:.1f} {self.content.uncertainty_unit}", 7.2, MEDIUM, align="right"
            )
            self.y += 13
        summed = sum((value or 0.0) ** 2 for _, value in parts) ** 0.5
        words, total = self.content.uncertainty_total or ("together (root of the sum of squares)", summed)
        self.sheet.rule(bars, right, self.y + 1, 0.4, LIGHT["line2"])
        self.sheet.text(MARGIN + 4, self.y + 11, words, 7.2, color=LIGHT["t2"])
        self.sheet.text(right, self.y + 11, f"{total:.1f} {self.content.uncertainty_unit}", 7.2, BOLD, align="right")
        self.y += 20
        for line in wrap(self.content.uncertainty_note, REGULAR, 6.5, right - MARGIN - 4):
            self.sheet.text(MARGIN + 4, self.y + 5, line, 6.5, color=LIGHT["t3"])
            self.y += 8


def _wide(text: str, font: str, size: float) -> float:
    from app.report.sheet import text_width

    return text_width(text, font, size)


def _column_stops(table: Table) -> list[float]:
    columns = len(table.header)
    widths = [
        max(
            [
                _wide(table.header[n], REGULAR, 7),
                *(_wide(row[n].text, BOLD, 7.4) + 12 * bool(row[n].status) for row in table.rows),
            ]
        )
        for n in range(columns)
    ]
    spare = max(0.0, INNER - 8 - sum(widths)) / columns
    shrink = min(1.0, (INNER - 8 - 6 * columns) / sum(widths)) if spare < 6 else 1.0
    stops, x = [], MARGIN + 4
    for width in widths:
        stops.append(x)
        x += width * shrink + (spare if shrink == 1.0 else 6)
    return stops
