"""A4 sheets: fonts, colours and the small drawing vocabulary of the PDF. Distances are points from the top left."""

from __future__ import annotations

import importlib.resources
import io
from collections.abc import Mapping
from typing import Any

from app.report.letters import ASIAN, runs
from app.theme.tokens import LIGHT

WIDTH, HEIGHT, MARGIN = 595.28, 841.89, 34.0
INNER = WIDTH - 2 * MARGIN
REGULAR, MEDIUM, BOLD = "InterReport-Regular", "InterReport-Medium", "InterReport-SemiBold"

STATUS_COLORS: Mapping[str, str] = {"ok": LIGHT["ok"], "warn": LIGHT["warn"], "bad": LIGHT["bad"], "": LIGHT["t2"]}


def register_fonts() -> None:
    """Make the report's cuts known to reportlab; harmless when done before."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.ttfonts import TTFont

    known = set(pdfmetrics.getRegisteredFontNames())
    for name in {REGULAR, MEDIUM, BOLD} - known:
        data = importlib.resources.files("assets").joinpath(f"fonts/{name}.ttf").read_bytes()
        pdfmetrics.registerFont(TTFont(name, io.BytesIO(data)))
    for name in {font for _, font in ASIAN} - known:
        pdfmetrics.registerFont(UnicodeCIDFont(name))


def text_width(text: str, font: str, size: float) -> float:
    """Advance of a text in points."""
    from reportlab.pdfbase import pdfmetrics

    return float(sum(pdfmetrics.stringWidth(piece, own, size) for piece, own in runs(text, font)))


def elide(text: str, font: str, size: float, width: float) -> str:
    """The text, or its beginning with an ellipsis where it is wider than `width`."""
    if text_width(text, font, size) <= width:
        return text
    while text and text_width(text + "…", font, size) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def wrap(text: str, font: str, size: float, width: float) -> list[str]:
    """Lines of at most `width` points, broken at blanks, and within a word that is wider than a line."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        while text_width(word, font, size) > width and len(word) > 1:
            if line:
                lines.append(line)
                line = ""
            fits = next((n for n in range(len(word) - 1, 1, -1) if text_width(word[:n], font, size) <= width), 1)
            lines.append(word[:fits])
            word = word[fits:]
        longer = f"{line} {word}" if line else word
        if line and text_width(longer, font, size) > width:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line] if line else lines


class Sheet:
    """Draws on a reportlab canvas with y counted downwards from the page's top."""

    def __init__(self, canvas: Any) -> None:
        self.canvas = canvas

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 8.0,
        font: str = REGULAR,
        color: str = LIGHT["t1"],
        align: str = "left",
        width: float | None = None,
    ) -> None:
        """One line with its baseline at y; elided to `width` when given."""
        if width is not None:
            text = elide(text, font, size, width)
        from reportlab.pdfbase import pdfmetrics

        self.canvas.setFillColor(color)
        left = x - {"left": 0.0, "center": 0.5, "right": 1.0}[align] * text_width(text, font, size)
        for piece, own in runs(text, font):
            self.canvas.setFont(own, size)
            self.canvas.drawString(left, HEIGHT - y, piece)
            left += pdfmetrics.stringWidth(piece, own, size)

    def haloed(self, x: float, y: float, text: str, size: float, color: str, align: str = "left") -> None:
        """A line of text in the semi-bold cut over a black rim, for words on a picture."""
        left = x - {"left": 0.0, "center": 0.5, "right": 1.0}[align] * text_width(text, BOLD, size)
        self.canvas.setLineWidth(1.5)
        self.canvas.setLineJoin(1)
        # one text object: a new one takes it for granted that letters are filled
        words = self.canvas.beginText(left, HEIGHT - y)
        for mode, ink in ((1, LIGHT["pane"]), (0, color)):
            words.setTextOrigin(left, HEIGHT - y)
            words.setTextRenderMode(mode)
            words.setFillColor(ink)
            words.setStrokeColor(ink)
            for piece, own in runs(text, BOLD):
                words.setFont(own, size)
                words.textOut(piece)
        self.canvas.drawText(words)

    def area(self, points: list[tuple[float, float]], fill: str) -> None:
        """A filled polygon."""
        path = self.canvas.beginPath()
        path.moveTo(points[0][0], HEIGHT - points[0][1])
        for x, y in points[1:]:
            path.lineTo(x, HEIGHT - y)
        path.close()
        self.canvas.setFillColor(fill)
        self.canvas.drawPath(path, stroke=0, fill=1)

    def rule(self, x0: float, x1: float, y: float, width: float = 0.6, color: str = LIGHT["t1"]) -> None:
        """A horizontal line."""
        self.line([(x0, y), (x1, y)], width, color)

    def line(
        self,
        points: list[tuple[float, float]],
        width: float = 1.0,
        color: str = LIGHT["t1"],
        dash: tuple[float, float] | None = None,
    ) -> None:
        """A polyline with round joins."""
        path = self.canvas.beginPath()
        path.moveTo(points[0][0], HEIGHT - points[0][1])
        for x, y in points[1:]:
            path.lineTo(x, HEIGHT - y)
        self.canvas.setStrokeColor(color)
        self.canvas.setLineWidth(width)
        self.canvas.setLineJoin(1)
        self.canvas.setDash(*dash) if dash else self.canvas.setDash()
        self.canvas.drawPath(path)
        self.canvas.setDash()

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: str | None = None,
        stroke: str | None = None,
        radius: float = 0.0,
        line_width: float = 0.6,
    ) -> None:
        """A rectangle with its top left corner at (x, y)."""
        if fill:
            self.canvas.setFillColor(fill)
        if stroke:
            self.canvas.setStrokeColor(stroke)
            self.canvas.setLineWidth(line_width)
        self.canvas.roundRect(
            x, HEIGHT - y - height, width, height, radius, stroke=int(bool(stroke)), fill=int(bool(fill))
        )

    def circle(
        self, x: float, y: float, radius: float, stroke: str = LIGHT["t1"], fill: str = LIGHT["s1"], width: float = 1.0
    ) -> None:
        """A ring or disc."""
        self.canvas.setStrokeColor(stroke)
        self.canvas.setFillColor(fill)
        self.canvas.setLineWidth(width)
        self.canvas.circle(x, HEIGHT - y, radius, stroke=1, fill=1)

    def mark(self, x: float, y: float, number: int, size: float = 5.4) -> None:
        """The mark of a curve's named point, by its number: ring, square, triangle."""
        half = size / 2
        if number == 0:
            self.circle(x, y, half, LIGHT["t1"], LIGHT["s1"], 1.1)
        elif number == 1:
            self.box(x - half, y - half, size, size, fill=LIGHT["s1"], stroke=LIGHT["t1"], line_width=1.1)
        else:
            corners = [(x, y - half), (x + half, y + half), (x - half, y + half)]
            self.area(corners, LIGHT["s1"])
            self.line([*corners, corners[0]], 1.1)

    def icon(self, x: float, y: float, status: str, size: float = 7.0) -> None:
        """A status mark centred at (x, y): ring with check, triangle or octagon with an exclamation mark."""
        color, half = STATUS_COLORS[status], size / 2
        if status == "ok":
            self.circle(x, y, half, color, LIGHT["s1"], 0.9)
            self.line(
                [
                    (x - 0.45 * half, y + 0.02 * half),
                    (x - 0.1 * half, y + 0.4 * half),
                    (x + 0.5 * half, y - 0.35 * half),
                ],
                0.9,
                color,
            )
            return
        if status == "warn":
            self.line(
                [(x, y - half), (x + half, y + 0.8 * half), (x - half, y + 0.8 * half), (x, y - half)], 0.9, color
            )
        elif status == "bad":
            cut = 0.42 * half
            corners = [
                (-cut, -half),
                (cut, -half),
                (half, -cut),
                (half, cut),
                (cut, half),
                (-cut, half),
                (-half, cut),
                (-half, -cut),
                (-cut, -half),
            ]
            self.line([(x + a, y + b) for a, b in corners], 0.9, color)
        else:
            return
        self.line([(x, y - 0.35 * half), (x, y + 0.2 * half)], 0.9, color)
        self.circle(x, y + 0.5 * half, 0.25, color, color, 0.4)

    def image(self, x: float, y: float, width: float, height: float, png: bytes, border: str | None = None) -> None:
        """A PNG stretched to the rectangle; only its frame without one."""
        from reportlab.lib.utils import ImageReader

        if not png:
            return
        # a hair inside its frame, so that no pixel of it shows outside
        self.canvas.drawImage(
            ImageReader(io.BytesIO(png)), x + 0.3, HEIGHT - y - height + 0.3, width - 0.6, height - 0.6
        )
        if border:
            self.box(x, y, width, height, stroke=border, line_width=0.5)
