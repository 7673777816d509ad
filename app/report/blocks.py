"""Tables and number lists of the PDF, drawn into a column. What is too wide gives way from its names, never its values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.report.content import Cell, NumberRow, Table
from app.report.describe import bare
from app.report.sheet import BOLD, REGULAR, STATUS_COLORS, Sheet, text_width, wrap
from app.theme.tokens import LIGHT

ROW = 12.6
SIZES = (7.4, 7.0, 6.6, 6.2)
GAP = 7.0
ICON = 10.0
LEAST_HEAD, LEAST_NAME = 14.0, 30.0
NOTE_SIZE, NOTE_LINE = 6.5, 8.0


@dataclass(frozen=True, slots=True)
class Columns:
    """Where a table's columns start and how wide they are, and the type size they hold."""

    starts: Sequence[float]
    widths: Sequence[float]
    size: float


def fit_columns(table: Table, x0: float, x1: float) -> Columns:
    """Columns as wide as their text; type gets smaller, then column heads give way, then names in the first and last."""
    room = x1 - x0 - 8.0 - GAP * (len(table.header) - 1)
    widths: list[float] = []
    size = SIZES[0]
    for size in SIZES:
        widths = [_natural(table, n, size) for n in range(len(table.header))]
        if sum(widths) <= room:
            break
    over = sum(widths) - room
    if over > 0.0:
        cells = [max(_cells_width(table, n, size), LEAST_HEAD) for n in range(len(widths))]
        spare = [max(0.0, width - own) for width, own in zip(widths, cells)]
        share = min(1.0, over / sum(spare)) if sum(spare) else 0.0
        widths = [width - share * extra for width, extra in zip(widths, spare)]
        over = sum(widths) - room
    while over > 0.01 and max(widths[0], widths[-1]) > LEAST_NAME:
        n = max({0, len(widths) - 1}, key=lambda column: widths[column])
        cut = min(over, widths[n] - LEAST_NAME)
        widths[n] -= cut
        over -= cut
    spread = max(0.0, room - sum(widths)) / max(1, len(widths) - 1)
    starts, x = [], x0 + 4.0
    for width in widths:
        starts.append(x)
        x += width + GAP + spread
    return Columns(starts, widths, size)


def _natural(table: Table, n: int, size: float) -> float:
    return max(text_width(table.header[n], REGULAR, 7.0) + 0.1, _cells_width(table, n, size))


def _cells_width(table: Table, n: int, size: float) -> float:
    """Width of the widest cell, its icon included."""
    cells = [row[n] for row in table.rows if n < len(row)]
    icon = ICON if any(cell.status for cell in cells) else 0.0
    # tabular figures are as wide in both cuts, blanks are not
    widths = [max(text_width(cell.text, font, size) for font in (BOLD, REGULAR)) + icon for cell in cells]
    return max(widths, default=0.0) + 0.1


def table_height(table: Table, x0: float, x1: float, row: float = ROW) -> float:
    """Height of a table with its own small title and note, in points."""
    title = 11.0 if table.title else 0.0
    if not table.rows:
        return title + 10.0 * len(wrap(table.empty, REGULAR, 7.2, x1 - x0 - 8)) + 4.0
    return title + header_height(table) + row * len(table.rows) + note_height(table.note, x0, x1)


def header_height(table: Table) -> float:
    """Height of the column heads; none where all are empty."""
    return 12.5 if any(table.header) else 0.0


def note_height(note: str, x0: float, x1: float) -> float:
    """Height of a note below a table."""
    return NOTE_LINE * len(wrap(note, REGULAR, NOTE_SIZE, x1 - x0 - 8)) + 3.0 if note else 0.0


def draw_table(sheet: Sheet, table: Table, x0: float, x1: float, y: float, row: float = ROW) -> float:
    """A whole table with its small title; answers where the next thing goes."""
    if table.title:
        sheet.text(x0 + 4, y + 8, table.title, 7.4, BOLD, width=x1 - x0 - 8)
        y += 11.0
    if not table.rows:
        for line in wrap(table.empty, REGULAR, 7.2, x1 - x0 - 8):
            sheet.text(x0 + 4, y + 8, line, 7.2, color=LIGHT["t3"])
            y += 10.0
        return y + 4.0
    columns = fit_columns(table, x0, x1)
    y = draw_header(sheet, table, columns, y)
    for n, (cells, shaded) in enumerate(zip(table.rows, shading(table), strict=True)):
        draw_row(sheet, table, columns, cells, (x0, x1), y, n, shaded=shaded, row=row)
        y += row
    return draw_note(sheet, table.note, x0, x1, y)


def draw_header(sheet: Sheet, table: Table, columns: Columns, y: float) -> float:
    """The column heads, over their numbers where those stand at the right."""
    if not any(table.header):
        return y
    for n, (name, start, width) in enumerate(zip(table.header, columns.starts, columns.widths)):
        right = table.right_aligned and n > 0
        inset = ICON if right and _has_icon(table, n) else 0.0
        x = start + width - inset if right else start
        sheet.text(x, y + 9, name, 7, color=LIGHT["t3"], align="right" if right else "left", width=width)
    return y + 12.5


def _has_icon(table: Table, n: int) -> bool:
    return any(n < len(row) and row[n].status for row in table.rows)


def shading(table: Table) -> list[bool]:
    """Which rows are shaded: every other one, and what goes on under a row that names it is shaded as that one."""
    named = [bool(cells[0].text or cells[0].status) for cells in table.rows]
    if not any(named):
        return [number % 2 == 0 for number in range(len(named))]
    found, shaded = [], False
    for is_named in named:
        shaded = not shaded if is_named or not found else shaded
        found.append(shaded)
    return found


def draw_row(
    sheet: Sheet,
    table: Table,
    columns: Columns,
    cells: Sequence[Cell],
    span: tuple[float, float],
    y: float,
    number: int,
    *,
    shaded: bool,
    row: float = ROW,
) -> None:
    """One row, shaded or not; the chosen one stands out."""
    chosen = number == table.chosen
    if chosen or shaded:
        sheet.box(span[0], y, span[1] - span[0], row, fill=LIGHT["soft"] if chosen else LIGHT["s2"])
    baseline = y + row / 2 + 2.5
    for n, (cell, start, width) in enumerate(zip(cells, columns.starts, columns.widths)):
        font = BOLD if cell.strong or chosen else REGULAR
        if table.right_aligned and n > 0:
            icon = ICON if _has_icon(table, n) else 0.0
            sheet.icon(start + width - 3.5, y + row / 2, cell.status, 6.2)
            sheet.text(
                start + width - icon, baseline, cell.text, columns.size, font, LIGHT["t1"], "right", width - icon
            )
            continue
        icon = ICON if cell.status else 0.0
        if cell.status:
            sheet.icon(start + 3.5, y + row / 2, cell.status, 6.2)
        color = STATUS_COLORS[cell.status] if cell.status and not cell.strong else LIGHT["t1"]
        sheet.text(start + icon, baseline, cell.text, columns.size, font, color, width=width - icon + 1)


def draw_note(sheet: Sheet, note: str, x0: float, x1: float, y: float) -> float:
    """A note below a table, wrapped."""
    if not note:
        return y
    for line in wrap(note, REGULAR, NOTE_SIZE, x1 - x0 - 8):
        sheet.text(x0 + 4, y + 8, line, NOTE_SIZE, color=LIGHT["t3"])
        y += NOTE_LINE
    return y + 3.0


def draw_number(sheet: Sheet, row: NumberRow, x0: float, x1: float, y: float) -> None:
    """A line of the number list: name, value, unit, ±, origin, and a check where a person accepted it."""
    baseline = y + 8.8
    sheet.icon(x1 - 5, y + ROW / 2, row.status, 6.2)
    if row.mark is not None:
        sheet.mark(x0 + 7, y + ROW / 2, row.mark)
        room = x1 - 18 - text_width(row.text, BOLD, 7.6) - x0 - 16
        sheet.text(x0 + 16, baseline, row.name, 7.6, color=LIGHT["t2"], width=room)
        sheet.text(x1 - 14, baseline, row.text, 7.6, BOLD, align="right")
        return
    has_value = row.value is not None
    value = (row.text or bare(row.value, row.unit)) if has_value else "–"
    spread = "" if row.plus_minus is None or not has_value else row.spread or bare(row.plus_minus, row.unit)
    # several ± beside several values need more room than one
    right = x1 - 26 - max(24.0, text_width(spread, REGULAR, 7) + 4.0) - text_width(row.unit, REGULAR, 6.5) - 6.0
    right = min(right, x1 - 73)
    sheet.text(right, baseline, value, 7.6, BOLD, LIGHT["t1"] if has_value else LIGHT["t3"], "right")
    room = right - text_width(value, BOLD, 7.6) - 6 - (x0 + 4)
    sheet.text(x0 + 4, baseline, row.name, 7.6, color=LIGHT["t2"], width=room)
    if not has_value:
        return
    sheet.text(right + 3, baseline, row.unit, 6.5, color=LIGHT["t3"])
    sheet.text(x1 - 14, baseline, row.origin, 7, color=LIGHT["t2"], align="right")
    sheet.text(x1 - 26, baseline, spread, 7, color=LIGHT["t3"], align="right")
