"""Words are read on every surface of both themes: contrast by WCAG 2, computed from the tokens."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from app.theme.style import Look, make_style
from app.theme.tokens import DARK, LIGHT, LIGHT_PLANS, ON_FILL, PLANES, PLANS

SURFACES = ("window", "s1", "s2", "s3")
# token → (least, most) over the surfaces, to a tenth
EXPECTED = {
    "dark": {
        "t1": (12.0, 16.1),
        "t2": (6.8, 9.1),
        "t3": (4.7, 6.3),
        "acc": (6.0, 8.1),
        "ok": (6.4, 8.6),
        "warn": (8.5, 11.4),
        "bad": (5.0, 6.7),
    },
    "light": {
        "t1": (15.2, 18.0),
        "t2": (6.7, 8.0),
        "t3": (4.6, 5.4),
        "acc": (4.8, 5.6),
        "ok": (4.5, 5.3),
        "warn": (4.5, 5.3),
        "bad": (6.1, 7.3),
    },
}
THEMES: dict[str, Mapping[str, str]] = {"dark": DARK, "light": LIGHT}


def luminance(color: str) -> float:
    """Relative luminance of "#RRGGBB"."""
    shares = [int(color[n : n + 2], 16) / 255.0 for n in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2's contrast of two colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("token", ["t1", "t2", "t3", "acc", "ok", "warn", "bad"])
def test_words_stand_out_on_every_surface(theme: str, token: str) -> None:
    colors = THEMES[theme]
    found = [contrast(colors[token], colors[surface]) for surface in SURFACES]
    assert min(found) >= 4.5
    least, most = EXPECTED[theme][token]
    assert min(found) == pytest.approx(least, abs=0.12)
    assert max(found) == pytest.approx(most, abs=0.12)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_words_stand_out_on_what_is_chosen_or_has_a_state(theme: str) -> None:
    colors = THEMES[theme]
    for fill in ("fill", "fillhover", "fillheld"):
        assert contrast(ON_FILL, colors[fill]) >= 4.5
    for surface in ("hover", "held"):
        assert contrast(colors["t1"], colors[surface]) >= 4.5
        # the hand sees that it is over a button, and that it holds one
        assert contrast(colors["s3"], colors[surface]) >= 1.1
    assert contrast(colors["hover"], colors["held"]) >= 1.1
    assert contrast(colors["t1"], colors["soft"]) >= 4.5
    for state in ("ok", "warn", "bad"):
        assert contrast(colors["t1"], colors[f"{state}s"]) >= 4.5
        assert contrast(colors[state], colors[f"{state}s"]) >= 4.5
    # the ring alone tells where the keyboard is
    assert min(contrast(colors["acc"], colors[surface]) for surface in SURFACES) >= 3.0


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_what_the_hand_is_over_is_read_and_told(theme: str) -> None:
    """Lists' rows lie on s1 and are s3 under the hand, steps are s2 and get "hover": words 4.5, signs and edges 3."""
    colors = THEMES[theme]
    for words in ("t1", "t2", "t3"):
        assert contrast(colors[words], colors["s3"]) >= 4.5
    for sign in ("t1", "ok", "acc"):
        assert contrast(colors[sign], colors["hover"]) >= 3.0
    assert contrast(colors["t1"], colors["hover"]) >= 4.5
    for resting, touched in (("s1", "s3"), ("s2", "hover"), ("oks", "hover")):
        assert contrast(colors[resting], colors[touched]) >= 1.1
    # a field's edge under the hand, and the arrow of a chooser in both states
    sheet = make_style(Look(theme))
    (rule,) = [line for line in sheet.splitlines() if line.startswith("QLineEdit:hover")]
    edge = re.findall("border-color: (#[0-9A-F]{6});", rule)
    arrows = {Path(found) for found in re.findall(r'url\("([^"]*chevron[^"]*)"\)', sheet)}
    assert len(edge) == len(arrows) == 1
    inks = [*edge, *re.findall('stroke="(#[0-9A-F]{6})"', arrows.pop().read_text(encoding="utf-8"))]
    assert len(inks) == 2
    for ink in inks:
        assert min(contrast(ink, colors[surface]) for surface in ("s1", "s2", "s3")) >= 3.0


def test_what_is_drawn_over_an_image_stands_out_on_black() -> None:
    black = DARK["pane"]
    for color in (*PLANES.values(), *PLANS.values(), DARK["t1"], DARK["t2"], DARK["acc"]):
        assert contrast(color, black) >= 4.5
    for color in LIGHT_PLANS.values():
        assert contrast(color, LIGHT["s1"]) >= 4.5
