"""Colours live in one place, contrast holds, and every icon, key and style rule that is named exists."""

from __future__ import annotations

import importlib.resources
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from app.actions import SPECS
from app.panes.plan_colors import plan_color
from app.theme.style import Look, make_style
from app.theme.tokens import DARK, LIGHT, LIGHT_PLANS, PLANS


def _luminance(color: str) -> float:
    parts = [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_colours_are_written_in_the_tokens_only(project_root: Path) -> None:
    wrong = []
    for package in ("app", "viewers"):
        for path in (project_root / package).rglob("*.py"):
            if path.name == "tokens.py":
                continue
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
                if re.search(r"[\"']#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})[\"']", line):
                    wrong.append(f"{path.relative_to(project_root)}:{number}")
    assert not wrong


@pytest.mark.parametrize(("plans", "grounds", "least"), [(PLANS, "dark", 4.0), (LIGHT_PLANS, "light", 4.0)])
def test_eight_plans_are_told_apart_by_colour(plans: dict[str, str], grounds: str, least: float) -> None:
    from skimage.color import deltaE_ciede2000, rgb2lab

    assert len(plans) >= 8
    rgb = np.array([[int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)] for color in plans.values()])
    lab = rgb2lab(rgb[None])[0]
    apart = [float(deltaE_ciede2000(lab[a], lab[b])) for a in range(len(lab)) for b in range(a)]
    assert min(apart) > 15.0
    surfaces = LIGHT if grounds == "light" else DARK
    for color in plans.values():
        assert min(_contrast(color, surfaces[name]) for name in ("s1", "s2", "s3")) > least


@pytest.mark.parametrize(
    "names",
    [
        tuple("ABCDEFGH"),
        ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"),
        ("A", "right side", "C", "H", "J", "Z", "two wedges", "cut 3"),
    ],
)
@pytest.mark.parametrize("on_panel", [False, True])
def test_no_two_of_eight_plans_share_a_colour(names: tuple[str, ...], on_panel: bool) -> None:
    assert len({plan_color(name, names, on_panel=on_panel) for name in names}) == 8
    assert plan_color("A", names) == PLANS["a"]


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_text_stands_out_from_every_surface(theme: dict[str, str]) -> None:
    for surface in ("window", "s1", "s2", "s3"):
        for text in ("t1", "t2", "t3", "acc", "ok", "warn", "bad"):
            assert _contrast(theme[text], theme[surface]) >= 4.3, (text, surface)
    assert theme.keys() == DARK.keys()


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("scale", [90, 100, 150])
def test_the_style_sheet_is_filled_in_whole(theme: str, scale: int) -> None:
    style = make_style(Look(theme, scale))
    rules = re.sub(r"/\*.*?\*/", "", style, flags=re.S)
    assert not re.findall(r"@\w+", rules)
    assert not re.findall(r"\b\d+tx", rules)
    assert rules.count("{") == rules.count("}")


def test_every_icon_that_is_named_is_there(project_root: Path) -> None:
    there = {path.name.removesuffix(".svg") for path in importlib.resources.files("assets").joinpath("icons").iterdir()}
    named = {spec.icon for spec in SPECS if spec.icon}
    pattern = re.compile(r"(?:\bicon|draw_icon|IconLabel|IconMark|IconButton)\((?:painter, )?\"([a-z0-9-]+)\"")
    for path in (project_root / "app").rglob("*.py"):
        named |= set(pattern.findall(path.read_text(encoding="utf-8")))
    named = {name for name in named if "_" not in name}
    assert named - there == set()


def test_no_two_actions_share_a_key_where_both_can_act() -> None:
    keys = Counter(key for spec in SPECS for key in spec.keys if key)
    assert [key for key, count in keys.items() if count > 1] == []
    assert len({spec.id for spec in SPECS}) == len(SPECS)
