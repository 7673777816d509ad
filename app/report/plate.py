"""A grey picture with lines and words kept apart from its pixels, so that paper and page draw them as vectors."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from app.i18n import local
from app.report.content import Dot, Label, Picture, Stroke
from app.report.pictures import HEIGHT, WIDTH, View, picture_font, rgb
from app.theme.tokens import DARK
from planning.geometry import FloatArray, orientation_letters

NAME_AWAY_PX = 58.0
PIL_ANCHORS = {"left": "lm", "center": "mm", "right": "rm"}


class Plate:
    """A picture's pixels and what is drawn on them; places are LPS mm, dropped onto the view's plane."""

    def __init__(self, grey: npt.NDArray[np.uint8], view: View) -> None:
        self.pixels = np.repeat(grey[..., None], 3, axis=2)
        self.view = view
        self.marks: list[Stroke | Dot | Label] = []

    def paint(self, inside: npt.NDArray[np.bool_], color: str, share: float = 0.85) -> None:
        """Colour pixels, for calcium."""
        self.pixels[inside] = np.rint((1 - share) * self.pixels[inside] + share * np.array(rgb(color))).astype(np.uint8)

    def line(
        self, points_mm: npt.ArrayLike, color: str, *, closed: bool = False, width: float = 8.0, halo: bool = True
    ) -> None:
        """A curve."""
        self.stroke(self.view.pixels(points_mm), color, closed=closed, width=width, halo=halo)

    def stroke(
        self, pixels: npt.ArrayLike, color: str, *, closed: bool = False, width: float = 8.0, halo: bool = True
    ) -> None:
        """A curve in pixels."""
        points = [(float(x), float(y)) for x, y in np.asarray(pixels) if np.isfinite((x, y)).all()]
        if len(points) > 1:
            self.marks.append(Stroke([*points, points[0]] if closed else points, color, width, halo))

    def point(self, point_mm: npt.ArrayLike, color: str, label: str) -> None:
        """A disc with its name beside it, away from the middle."""
        x, y = (float(v) for v in self.view.pixels(point_mm))
        self.dot(x, y, color, label)

    def dot(self, x: float, y: float, color: str, label: str = "") -> None:
        """A disc in pixels with its name outwards of it."""
        if not (0 <= x <= WIDTH and 0 <= y <= HEIGHT):
            return
        self.marks.append(Dot(x, y, color))
        out = np.array((x - WIDTH / 2, y - HEIGHT / 2))
        step = out / max(float(np.linalg.norm(out)), 1.0) * NAME_AWAY_PX
        if label:
            align = "left" if step[0] > 25 else "right" if step[0] < -25 else "center"
            self.text(x + float(np.clip(step[0], -26, 26)), y + float(step[1]), label, align)

    def widths(self, lines_mm: Sequence[tuple[FloatArray, FloatArray]]) -> None:
        """Diameters: lines across, each with its value off the line near an end, as far from the others as it gets."""
        taken: list[FloatArray] = []
        for first_mm, last_mm in lines_mm:
            ends = self.view.pixels(np.stack([first_mm, last_mm]))
            self.stroke(ends, DARK["t1"], width=4.0)
            along = (ends[1] - ends[0]) / max(float(np.linalg.norm(ends[1] - ends[0])), 1.0)
            off = np.array((-along[1], along[0]))
            places = [
                end + 80 * inwards * along + 52 * side * off
                for end, inwards in ((ends[0], 1), (ends[1], -1))
                for side in (1, -1)
            ]
            # upper ends first where nothing is there yet
            place = max(
                places, key=lambda at: min((float(np.linalg.norm(at - other)) for other in taken), default=-at[1])
            )
            taken += [place, *ends]
            self.text(float(place[0]), float(place[1]), local(f"{float(np.linalg.norm(last_mm - first_mm)):.1f}"))

    def text(self, x: float, y: float, text: str, align: str = "center", color: str = DARK["t1"]) -> None:
        """Words at (x, y) pixels, y their middle; pushed inside the picture where they would leave it."""
        wide = float(picture_font().getlength(text))
        start = {"left": 0.0, "center": 0.5, "right": 1.0}[align] * wide
        x = float(np.clip(x, 14 + start, WIDTH - 14 - wide + start))
        self.marks.append(Label(x, float(np.clip(y, 26, HEIGHT - 26)), text, color, align))

    def letters(self) -> None:
        """Directions at the four edges, and a ruler."""
        view = self.view
        self.text(WIDTH / 2, 34, orientation_letters(-view.down))
        self.text(WIDTH / 2, HEIGHT - 34, orientation_letters(view.down))
        self.text(18, HEIGHT / 2, orientation_letters(-view.right), "left")
        self.text(WIDTH - 18, HEIGHT / 2, orientation_letters(view.right), "right")
        self.ruler(view.mm_per_px)

    def ruler(self, mm_per_px: float) -> None:
        """A round number of millimetres at the lower right."""
        length = next(mm for mm in (100.0, 50.0, 20.0, 10.0, 5.0, 2.0, 1.0) if mm / mm_per_px < 0.3 * WIDTH)
        end, y = WIDTH - 30.0, HEIGHT - 34.0
        self.stroke([(end - length / mm_per_px, y), (end, y)], DARK["t1"], width=5.0)
        self.text(end, y - 34, f"{length:g} mm", "right")

    def picture(self, caption: str) -> Picture:
        """The finished picture, with and without what is drawn on it; no metadata."""
        from PIL import Image

        bare = Image.fromarray(self.pixels)
        return Picture(caption, _png(_drawn(bare.copy(), self.marks)), WIDTH, HEIGHT, _png(bare), tuple(self.marks))


def _png(image: object) -> bytes:
    data = io.BytesIO()
    image.save(data, "PNG")  # type: ignore[attr-defined]
    return data.getvalue()


def _drawn(image: object, marks: Sequence[Stroke | Dot | Label]) -> object:
    """The marks as pixels, for a file of the picture alone."""
    from PIL import ImageDraw

    draw = ImageDraw.Draw(image)  # type: ignore[arg-type]
    for mark in marks:
        if isinstance(mark, Stroke):
            if mark.halo:
                draw.line(list(mark.points), fill=DARK["pane"], width=round(mark.width + 5), joint="curve")
            draw.line(list(mark.points), fill=mark.color, width=max(1, round(mark.width)), joint="curve")
    for mark in marks:
        if isinstance(mark, Dot):
            box = (mark.x - mark.radius, mark.y - mark.radius, mark.x + mark.radius, mark.y + mark.radius)
            draw.ellipse(box, fill=mark.color, outline=DARK["pane"], width=3)
        elif isinstance(mark, Label):
            draw.text(
                (mark.x, mark.y),
                mark.text,
                fill=mark.color,
                font=picture_font(round(mark.size)),
                anchor=PIL_ANCHORS[mark.align],
                stroke_width=5,
                stroke_fill=DARK["pane"],
            )
    return image
