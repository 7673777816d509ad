"""Curves of a report, drawn as vectors: the S-curve and the diameter along a vessel."""

from __future__ import annotations

from app.report.content import Curve
from app.report.sheet import BOLD, REGULAR, Sheet, text_width
from app.theme.tokens import LIGHT

SMALL = 6.2


def draw_curve(sheet: Sheet, curve: Curve, x: float, y: float, width: float, height: float) -> None:
    """Draw a chart into the rectangle with its top left corner at (x, y)."""
    left, right, top, bottom = x + 28, x + width - 9, y + (9 if curve.angles else 15), y + height - 19
    (x0, x1), (y0, y1) = curve.x_range, curve.y_range

    def place(a: float, b: float) -> tuple[float, float]:
        return left + (a - x0) / (x1 - x0) * (right - left), bottom - (b - y0) / (y1 - y0) * (bottom - top)

    sheet.box(x, y, width, height, stroke=LIGHT["line"], line_width=0.5)
    sheet.box(left, top, right - left, bottom - top, fill=LIGHT["s3"] if curve.window else None)
    if curve.window:
        a0, a1, b0, b1 = curve.window
        (wx0, wy1), (wx1, wy0) = place(max(a0, x0), max(b0, y0)), place(min(a1, x1), min(b1, y1))
        sheet.box(wx0, wy0, wx1 - wx0, wy1 - wy0, fill=LIGHT["s1"])
        sheet.text(wx0 + 3, wy0 + 8, "in reach", SMALL, color=LIGHT["t3"])
    _draw_ticks(sheet, curve, place, (left, right, top, bottom))
    for part in _visible_parts(curve):
        sheet.line([place(*point) for point in part], 1.3)
    taken: list[tuple[float, float, float, float]] = []
    for number, (a, b, label) in enumerate(curve.marks):
        px, py = place(min(max(a, x0), x1), min(max(b, y0), y1))
        sheet.mark(px, py, number)
        tx, ty = _label_place(px, py, text_width(label, BOLD, SMALL), (left, right, top, bottom), taken)
        sheet.text(tx, ty, label, SMALL, BOLD)


def _label_place(
    x: float,
    y: float,
    wide: float,
    frame: tuple[float, float, float, float],
    taken: list[tuple[float, float, float, float]],
) -> tuple[float, float]:
    """Where a mark's label fits: right below, left above, right above or left below; else wherever it stays inside."""
    left, right, top, bottom = frame
    for tx, ty in ((x + 5, y + 10), (x - 5 - wide, y - 5), (x + 5, y - 5), (x - 5 - wide, y + 10)):
        box = (tx, ty - 6, tx + wide, ty + 2)
        clear = all(box[2] < other[0] or other[2] < box[0] or box[3] < other[1] or other[3] < box[1] for other in taken)
        if box[0] >= left + 2 and box[2] <= right - 2 and box[1] >= top and box[3] <= bottom and clear:
            taken.append(box)
            return tx, ty
    return min(max(left + 2, x - wide / 2), right - 2 - wide), min(max(y - 6, top + 7), bottom - 3)


def _visible_parts(curve: Curve) -> list[list[tuple[float, float]]]:
    (x0, x1), (y0, y1) = curve.x_range, curve.y_range
    parts: list[list[tuple[float, float]]] = [[]]
    for point in curve.points:
        if x0 <= point[0] <= x1 and y0 <= point[1] <= y1:
            parts[-1].append(point)
        elif parts[-1]:
            parts.append([])
    return [part for part in parts if len(part) > 1]


def _step(span: float) -> float:
    for step in (1, 2, 5, 10, 20, 50, 100, 200):
        if span / step <= 6.5:
            return float(step)
    return 500.0


def _draw_ticks(sheet: Sheet, curve: Curve, place: object, frame: tuple[float, float, float, float]) -> None:
    left, right, top, bottom = frame
    assert callable(place)
    for axis, (low, high) in enumerate((curve.x_range, curve.y_range)):
        step = _step(high - low)
        ticks = [value * step for value in range(int(-(-low // step)), int(high // step) + 1)]
        if curve.angles and axis == 0:
            ticks = [value for value in ticks if low < value < high]
        for value in ticks:
            px, py = place(value, curve.y_range[0]) if axis == 0 else place(curve.x_range[0], value)
            text = f"{abs(value):.0f}" if curve.angles else f"{value:.0f}"
            if axis == 0:
                if curve.angles and value == ticks[0]:
                    text = f"RAO {text}"
                elif curve.angles and value == ticks[-1]:
                    text = f"LAO {text}"
                sheet.line([(px, top), (px, bottom)], 0.4, LIGHT["line"])
                sheet.text(px, bottom + 9, text, SMALL, color=LIGHT["t2"], align="center")
            else:
                sheet.line([(left, py), (right, py)], 0.4, LIGHT["line"])
                sheet.text(left - 4, py + 2, text, SMALL, color=LIGHT["t2"], align="right")
                if curve.angles and value in (ticks[0], ticks[-1]):
                    up = 9 if value == ticks[-1] else -7
                    sheet.text(
                        left - 4, py + 2 + up, "CRA" if value > 0 else "CAU", SMALL, color=LIGHT["t2"], align="right"
                    )
    if not curve.angles:
        sheet.text(right, bottom + 16, curve.x_label, SMALL, REGULAR, LIGHT["t2"], "right")
        sheet.text(left - 18, top - 5, curve.y_label, SMALL, REGULAR, LIGHT["t2"])
