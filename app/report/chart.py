"""Curves of a report, drawn as vectors: the S-curve and the diameter along a vessel."""

from __future__ import annotations

from app.report.content import Curve
from app.report.sheet import BOLD, REGULAR, Sheet, text_width
from app.theme.tokens import LIGHT

SMALL = 6.2


def draw_curve(sheet: Sheet, curve: Curve, x: float, y: float, width: float, height: float) -> None:
    """Draw a chart into the rectangle with its top left corner at (x, y)."""
    left, right, top, bottom = x + 26, x + width - 8, y + 10, y + height - 20
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
    for number, (a, b, label) in enumerate(curve.marks):
        px, py = place(min(max(a, x0), x1), min(max(b, y0), y1))
        sheet.circle(px, py, 2.6, LIGHT["t1"], LIGHT["s1"], 1.1)
        wide = text_width(label, BOLD, SMALL)
        on_right = px + 6 + wide < right and number % 2 == 0
        tx = px + 6 if on_right else px - 6 - wide
        sheet.text(tx, py + (9 if number % 2 == 0 else -5), label, SMALL, BOLD)


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
        if span / step <= 6:
            return float(step)
    return 500.0


def _draw_ticks(sheet: Sheet, curve: Curve, place: object, frame: tuple[float, float, float, float]) -> None:
    left, right, top, bottom = frame
    assert callable(place)
    for axis, (low, high) in enumerate((curve.x_range, curve.y_range)):
        step = _step(high - low)
        value = -(-low // step) * step
        while value <= high + 1e-9:
            px, py = place(value, curve.y_range[0]) if axis == 0 else place(curve.x_range[0], value)
            text = f"{abs(value):.0f}" if curve.angles else f"{value:.0f}"
            if axis == 0:
                sheet.line([(px, top), (px, bottom)], 0.4, LIGHT["line"])
                sheet.text(px, bottom + 8, text, SMALL, color=LIGHT["t2"], align="center")
            else:
                sheet.line([(left, py), (right, py)], 0.4, LIGHT["line"])
                sheet.text(left - 4, py + 2, text, SMALL, color=LIGHT["t2"], align="right")
            value += step
    if curve.angles:
        sheet.text(left, bottom + 16, "RAO", SMALL, REGULAR, LIGHT["t2"])
        sheet.text(right, bottom + 16, "LAO", SMALL, REGULAR, LIGHT["t2"], "right")
        sheet.text(left - 4, top - 3, "CRA", SMALL, REGULAR, LIGHT["t2"], "right")
        sheet.text(left - 4, bottom + 8, "CAU", SMALL, REGULAR, LIGHT["t2"], "right")
    else:
        sheet.text(right, bottom + 16, curve.x_label, SMALL, REGULAR, LIGHT["t2"], "right")
        sheet.text(left - 4, top - 3, curve.y_label, SMALL, REGULAR, LIGHT["t2"], "right")
