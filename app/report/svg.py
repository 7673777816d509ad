"""The drawing vocabulary of a report as inline SVG, so that the web page's charts are those of the PDF."""

from __future__ import annotations

import base64
from html import escape

from app.report.sheet import BOLD, MEDIUM, REGULAR, Sheet, elide
from app.theme.tokens import LIGHT

WEIGHTS = {REGULAR: 400, MEDIUM: 500, BOLD: 600}
ANCHORS = {"left": "start", "center": "middle", "right": "end"}


class SvgSheet(Sheet):
    """Collects SVG elements; the same calls as on paper, y counted downwards."""

    def __init__(self, width: float, height: float) -> None:
        super().__init__(None)
        self.width, self.height = width, height
        self.parts: list[str] = []

    def svg(self, name: str) -> str:
        """The finished drawing, as wide as where it stands; name: what a screen reader says."""
        return (
            f"<svg viewBox='0 0 {self.width:g} {self.height:g}' role='img' aria-label='{escape(name, quote=True)}'>"
            f"{''.join(self.parts)}</svg>"
        )

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
        shown = text if width is None else elide(text, font, size, width)
        self._text(x, y, shown, size, color, align, f"font-weight='{WEIGHTS[font]}'")

    def haloed(self, x: float, y: float, text: str, size: float, color: str, align: str = "left") -> None:
        """Semi-bold text over a black rim."""
        rim = f"font-weight='600' paint-order='stroke' stroke='{LIGHT['pane']}' stroke-width='1.5' stroke-linejoin='round'"
        self._text(x, y, text, size, color, align, rim)

    def _text(self, x: float, y: float, text: str, size: float, color: str, align: str, more: str) -> None:
        self.parts.append(
            f"<text x='{x:.2f}' y='{y:.2f}' font-size='{size:g}' fill='{color}' text-anchor='{ANCHORS[align]}' {more}>"
            f"{escape(text)}</text>"
        )

    def line(
        self,
        points: list[tuple[float, float]],
        width: float = 1.0,
        color: str = LIGHT["t1"],
        dash: tuple[float, float] | None = None,
    ) -> None:
        """A polyline with round joins."""
        dashed = f" stroke-dasharray='{dash[0]:g} {dash[1]:g}'" if dash else ""
        self.parts.append(
            f"<polyline points='{_pairs(points)}' fill='none' stroke='{color}' stroke-width='{width:g}' "
            f"stroke-linejoin='round'{dashed}/>"
        )

    def area(self, points: list[tuple[float, float]], fill: str) -> None:
        """A filled polygon."""
        self.parts.append(f"<polygon points='{_pairs(points)}' fill='{fill}'/>")

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
        self.parts.append(
            f"<rect x='{x:.2f}' y='{y:.2f}' width='{width:.2f}' height='{height:.2f}' rx='{radius:g}' "
            f"fill='{fill or 'none'}' stroke='{stroke or 'none'}' stroke-width='{line_width:g}'/>"
        )

    def circle(
        self, x: float, y: float, radius: float, stroke: str = LIGHT["t1"], fill: str = LIGHT["s1"], width: float = 1.0
    ) -> None:
        """A ring or disc."""
        self.parts.append(
            f"<circle cx='{x:.2f}' cy='{y:.2f}' r='{radius:.2f}' fill='{fill}' stroke='{stroke}' stroke-width='{width:g}'/>"
        )

    def image(self, x: float, y: float, width: float, height: float, png: bytes, border: str | None = None) -> None:
        """A PNG stretched to the rectangle."""
        data = base64.b64encode(png).decode("ascii")
        self.parts.append(
            f"<image x='{x:.2f}' y='{y:.2f}' width='{width:.2f}' height='{height:.2f}' preserveAspectRatio='none' "
            f"href='data:image/png;base64,{data}'/>"
        )
        if border:
            self.box(x, y, width, height, stroke=border, line_width=0.5)


def _pairs(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
