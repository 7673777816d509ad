"""Words as solids: outlines of the program's own font, made thick. In mm about the words' own middle."""

from __future__ import annotations

import functools
import importlib.resources
import io
from typing import Any

import numpy as np

from planning.geometry import FloatArray

FONT = "Inter-SemiBold.ttf"
CURVE_STEPS = 6
CAP_SHARE = 0.727
"""Of the font's size a capital letter is so high (Inter)."""


@functools.cache
def _font() -> Any:
    from fontTools.ttLib import TTFont

    data = importlib.resources.files("assets").joinpath("fonts", FONT).read_bytes()
    return TTFont(io.BytesIO(data), lazy=True)


def can_write(words: str) -> bool:
    """Whether the font has all letters."""
    known = _font().getBestCmap()
    return all(ord(letter) in known for letter in words)


def outline_of(words: str, height_mm: float) -> Any:
    """A manifold3d CrossSection of words in one line, capitals `height_mm` high, its box's middle at (0, 0).

    Letters that the font has not are left out; nothing left gives an empty one.
    """
    import manifold3d

    contours = _contours(words)
    if not contours:
        return manifold3d.CrossSection()
    scale = height_mm / (CAP_SHARE * float(_font()["head"].unitsPerEm))
    outline = manifold3d.CrossSection([contour * scale for contour in contours], manifold3d.FillRule.NonZero)
    low_x, low_y, high_x, high_y = outline.bounds()
    return outline.translate((-(low_x + high_x) / 2.0, -(low_y + high_y) / 2.0))


def _contours(words: str) -> list[FloatArray]:
    from fontTools.pens.recordingPen import DecomposingRecordingPen

    glyphs, names = _font().getGlyphSet(), _font().getBestCmap()
    found: list[FloatArray] = []
    along = 0.0
    for letter in words:
        name = names.get(ord(letter))
        if name is None:
            continue
        pen = DecomposingRecordingPen(glyphs)
        glyphs[name].draw(pen)
        found += [contour + (along, 0.0) for contour in _flattened(pen.value)]
        along += glyphs[name].width
    return found


def _flattened(steps: list[tuple[str, Any]]) -> list[FloatArray]:
    """Straight lines for a glyph's curves (TrueType: lines and quadratic curves)."""
    contours: list[list[Any]] = []
    for kind, points in steps:
        if kind == "moveTo":
            contours.append([points[0]])
        elif kind == "lineTo":
            contours[-1].append(points[0])
        elif kind == "qCurveTo" and points[-1] is not None:
            contours[-1] += _curve(contours[-1][-1], points)
        elif kind == "qCurveTo":
            # a contour of curves alone: its points on the line are half-way between the others
            off = [np.asarray(point, dtype=np.float64) for point in points[:-1]]
            start = (off[-1] + off[0]) / 2.0
            contours.append([start])
            contours[-1] += _curve(start, (*off, start))
    return [np.asarray(contour, dtype=np.float64) for contour in contours if len(contour) > 2]


def _curve(start: Any, points: Any) -> list[FloatArray]:
    """Points on a row of quadratic curves with implied points between the control points."""
    last = np.asarray(start, dtype=np.float64)
    controls = [np.asarray(point, dtype=np.float64) for point in points[:-1]]
    end = np.asarray(points[-1], dtype=np.float64)
    made: list[FloatArray] = []
    for number, control in enumerate(controls):
        goal = end if number == len(controls) - 1 else (control + controls[number + 1]) / 2.0
        for share in np.arange(1, CURVE_STEPS + 1) / CURVE_STEPS:
            made.append((1 - share) ** 2 * last + 2 * share * (1 - share) * control + share**2 * goal)
        last = goal
    return made or [end]
