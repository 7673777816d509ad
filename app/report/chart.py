"""Charts and pictures of a report, drawn as vectors with whatever sheet there is: paper or SVG."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from app.i18n import local, tr
from app.report.content import Curve, Dot, Label, Line, Picture, Stroke
from app.report.sheet import BOLD, REGULAR, Sheet, text_width
from app.theme.tokens import LIGHT

SMALL = 6.2
Frame = tuple[float, float, float, float]
Place = Callable[[float, float], tuple[float, float]]


def draw_picture(sheet: Sheet, picture: Picture, x: float, y: float, width: float, height: float) -> None:
    """A picture into the rectangle with its top left corner at (x, y), its lines and words as vectors over it."""
    sheet.image(x, y, width, height, picture.bare_png or picture.png, LIGHT["line"])
    if not picture.bare_png:
        return
    scale = width / picture.width_px
    strokes = [mark for mark in picture.marks if isinstance(mark, Stroke)]
    for stroke in strokes:
        points = [(x + scale * a, y + scale * b) for a, b in _clipped(stroke, picture)]
        if len(points) < 2:
            continue
        if stroke.halo:
            sheet.line(points, scale * (stroke.width + 5.0), LIGHT["pane"])
        sheet.line(points, scale * stroke.width, stroke.color)
    for mark in picture.marks:
        if isinstance(mark, Dot):
            sheet.circle(
                x + scale * mark.x, y + scale * mark.y, scale * mark.radius, LIGHT["pane"], mark.color, 3.0 * scale
            )
        elif isinstance(mark, Label):
            size = scale * mark.size
            sheet.haloed(x + scale * mark.x, y + scale * mark.y + 0.36 * size, mark.text, size, mark.color, mark.align)


def _clipped(stroke: Stroke, picture: Picture) -> list[tuple[float, float]]:
    """The stroke's points inside the picture; what leaves it ends at the last point inside."""
    return [(a, b) for a, b in stroke.points if 0 <= a <= picture.width_px and 0 <= b <= picture.height_px]


def draw_curve(sheet: Sheet, curve: Curve, x: float, y: float, width: float, height: float) -> None:
    """Draw a chart into the rectangle with its top left corner at (x, y)."""
    left, right, top, bottom = x + 28, x + width - 9, y + (9 if curve.angles else 15), y + height - 19
    (x0, x1), (y0, y1) = curve.x_range, curve.y_range
    frame = (left, right, top, bottom)

    def place(a: float, b: float) -> tuple[float, float]:
        return left + (a - x0) / (x1 - x0) * (right - left), bottom - (b - y0) / (y1 - y0) * (bottom - top)

    sheet.box(x, y, width, height, stroke=LIGHT["line"], line_width=0.5)
    sheet.box(left, top, right - left, bottom - top, fill=LIGHT["s3"] if curve.window else None)
    if curve.window:
        a0, a1, b0, b1 = curve.window
        (wx0, wy1), (wx1, wy0) = place(max(a0, x0), max(b0, y0)), place(min(a1, x1), min(b1, y1))
        sheet.box(wx0, wy0, wx1 - wx0, wy1 - wy0, fill=LIGHT["s1"])
    if curve.band:
        _draw_band(sheet, curve, place)
    _draw_ticks(sheet, curve, place, frame)
    taken: list[Frame] = []
    if curve.window:
        sheet.text(wx0 + 3, wy0 + 8, tr("in reach"), SMALL, color=LIGHT["t3"])
        taken.append((wx0 + 1, wy0 + 1, wx0 + 3 + text_width(tr("in reach"), REGULAR, SMALL), wy0 + 10))
    for level, words in curve.levels:
        px, py = place(x0, level)
        if top <= py <= bottom:
            sheet.line([(px, py), (right, py)], 0.8, LIGHT["warn"], (5.0, 2.5))
            below = py + 8 if py + 10 < bottom else py - 3
            sheet.text(px + 3, below, words, SMALL, color=LIGHT["warn"])
            taken.append((px + 3, below - 6, px + 3 + text_width(words, REGULAR, SMALL), below + 2))
    _draw_lines(sheet, curve, place)
    if curve.lines:
        _draw_legend(sheet, curve, right, top)
    drawn = [part for line in curve.lines or (Line("", curve.points),) for part in _visible_parts(line, curve)]
    path = [place(*point) for part in drawn for point in _dense(part)]
    for number, (a, b, label) in enumerate(curve.marks):
        px, py = place(min(max(a, x0), x1), min(max(b, y0), y1))
        sheet.mark(px, py, number if curve.angles else 0)
        tx, ty = _label_place(px, py, text_width(label, BOLD, SMALL), frame, taken, path)
        if not curve.angles:
            sheet.box(tx - 1, ty - 6, text_width(label, BOLD, SMALL) + 2, 8, fill=LIGHT["s1"])
        sheet.text(tx, ty, label, SMALL, BOLD)


def _draw_band(sheet: Sheet, curve: Curve, place: Place) -> None:
    (x0, x1), (y0, y1) = curve.x_range, curve.y_range
    inside = [(a, max(low, y0), min(high, y1)) for a, low, high in curve.band if x0 <= a <= x1]
    inside = [row for row in inside if row[1] < row[2]]
    if len(inside) > 1:
        outline = [place(a, high) for a, _, high in inside] + [place(a, low) for a, low, _ in reversed(inside)]
        sheet.area(outline, LIGHT["soft"])


def _draw_lines(sheet: Sheet, curve: Curve, place: Place) -> None:
    lines = curve.lines or (Line("", curve.points),)
    # the first line lies on top of the others
    for line in reversed(lines):
        color = LIGHT["acc"] if line.accent else LIGHT["t1"]
        for part in _visible_parts(line, curve):
            sheet.line([place(*point) for point in part], 1.3, color, (3.2, 1.8) if line.dashed else None)


def _draw_legend(sheet: Sheet, curve: Curve, right: float, top: float) -> None:
    """Names of the lines over the chart, from the right."""
    x = right - text_width(curve.y_label, REGULAR, SMALL)
    sheet.text(right, top - 5, curve.y_label, SMALL, color=LIGHT["t3"], align="right")
    for line in reversed([line for line in curve.lines if line.name]):
        x -= text_width(line.name, REGULAR, SMALL) + 10
        sheet.text(x, top - 5, line.name, SMALL, color=LIGHT["t1"])
        color = LIGHT["acc"] if line.accent else LIGHT["t1"]
        sheet.line([(x - 18, top - 7), (x - 4, top - 7)], 1.3, color, (3.2, 1.8) if line.dashed else None)
        x -= 22


def _label_place(
    x: float,
    y: float,
    wide: float,
    frame: Frame,
    taken: list[Frame],
    path: Sequence[tuple[float, float]] = (),
) -> tuple[float, float]:
    """Where a mark's label fits: right below, left above, right above or left below; else wherever it stays inside.

    Places that the curve, given as points of its path, does not cross come first.
    """
    left, right, top, bottom = frame
    sides = (x + 5, x - 5 - wide)
    places = [(sides[0], y + 10), (sides[1], y - 5), (sides[0], y - 5), (sides[1], y + 10)]
    places += [(x + 1 - wide, y - 8), (x - 1, y + 13), (x - wide / 2, y - 8), (x - wide / 2, y + 13)]
    # farther off, where the curve runs past the mark
    places += [(x - 20 - wide, y + 9), (x + 20, y - 4), (x - 20 - wide, y - 4), (x + 20, y + 9)]
    crossed = [sum(tx - 1 < a < tx + wide + 1 and ty - 7 < b < ty + 2 for a, b in path) for tx, ty in places]
    # beside marks that lie together the names stand below each other
    places += [(side, y - 1 + 8.5 * step) for step in (2, -2, 3, -3, 4, -4, 5, -5) for side in sides]
    for n in sorted(range(len(places)), key=lambda n: 3 if n >= len(crossed) else 2 * (crossed[n] > 0) + (n >= 8)):
        tx, ty = places[n]
        box = (tx, ty - 6, tx + wide, ty + 2)
        clear = all(box[2] < other[0] or other[2] < box[0] or box[3] < other[1] or other[3] < box[1] for other in taken)
        if box[0] >= left + 2 and box[2] <= right - 2 and box[1] >= top and box[3] <= bottom and clear:
            taken.append(box)
            return tx, ty
    return min(max(left + 2, x - wide / 2), right - 2 - wide), min(max(y - 6, top + 7), bottom - 3)


def _dense(part: Sequence[tuple[float, float]], steps: int = 8) -> list[tuple[float, float]]:
    """The points of a line with some between them."""
    between = [
        (a0 + (a1 - a0) * n / steps, b0 + (b1 - b0) * n / steps)
        for (a0, b0), (a1, b1) in pairwise(part)
        for n in range(steps)
    ]
    return [*between, part[-1]]


def _visible_parts(line: Line, curve: Curve) -> list[list[tuple[float, float]]]:
    (x0, x1), (y0, y1) = curve.x_range, curve.y_range
    parts: list[list[tuple[float, float]]] = [[]]
    for point in line.points:
        if point is not None and x0 <= point[0] <= x1 and y0 <= point[1] <= y1:
            parts[-1].append(point)
        elif parts[-1]:
            parts.append([])
    return [part for part in parts if len(part) > 1]


def _step(span: float) -> float:
    for step in (0.5, 1, 2, 5, 10, 20, 50, 100, 200):
        if span / step <= 6.5:
            return float(step)
    return 500.0


def _draw_ticks(sheet: Sheet, curve: Curve, place: Place, frame: Frame) -> None:
    left, right, top, bottom = frame
    _draw_x_ticks(sheet, curve, place, (top, bottom))
    low, high = curve.y_range
    step = _step(high - low)
    ticks = [value * step for value in range(int(-(-low // step)), int(high // step) + 1)]
    for value in ticks:
        _, py = place(curve.x_range[0], value)
        sheet.line([(left, py), (right, py)], 0.4, LIGHT["line"])
        text = f"{abs(value):.0f}" if curve.angles else local(f"{value:.{int(step < 1)}f}")
        sheet.text(left - 4, py + 2, text, SMALL, color=LIGHT["t2"], align="right")
        if curve.angles and value in (ticks[0], ticks[-1]):
            up = 9 if value == ticks[-1] else -7
            sheet.text(left - 4, py + 2 + up, "CRA" if value > 0 else "CAU", SMALL, color=LIGHT["t2"], align="right")
    if not curve.angles:
        sheet.text(right, bottom + 16, curve.x_label, SMALL, REGULAR, LIGHT["t2"], "right")
        if not curve.lines:
            sheet.text(left - 18, top - 5, curve.y_label, SMALL, REGULAR, LIGHT["t2"])


def _draw_x_ticks(sheet: Sheet, curve: Curve, place: Place, span: tuple[float, float]) -> None:
    low, high = curve.x_range
    step = _step(high - low)
    values = [value * step for value in range(int(-(-low // step)), int(high // step) + 1)]
    if curve.angles:
        values = [value for value in values if low < value < high]
    ticks = [(value, f"{abs(value):.0f}" if curve.angles else local(f"{value:.{int(step < 1)}f}")) for value in values]
    if curve.angles and ticks:
        ticks[0] = (ticks[0][0], f"RAO {ticks[0][1]}")
        ticks[-1] = (ticks[-1][0], f"LAO {ticks[-1][1]}")
    end = float("-inf")
    for value, text in curve.tick_labels or ticks:
        px, _ = place(value, curve.y_range[0])
        sheet.line([(px, span[0]), (px, span[1])], 0.4, LIGHT["line"])
        half = text_width(text, REGULAR, SMALL) / 2
        if px - half > end + 3:
            sheet.text(px, span[1] + 9, text, SMALL, color=LIGHT["t2"], align="center")
            end = px + half
