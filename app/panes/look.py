"""Colours and type of panes, from the theme."""

from __future__ import annotations

from dataclasses import replace

from app.theme.fonts import FAMILY
from app.theme.style import current_look
from app.theme.tokens import DARK, PLANES, PLANS, tokens
from viewers.pane_look import PaneLook


def pane_look() -> PaneLook:
    """Panes lie on black in both themes, so they take the dark tokens always."""
    return PaneLook(
        accent=DARK["acc"],
        text=DARK["t1"],
        text_soft=DARK["t2"],
        halo=DARK["pane"],
        warn=DARK["warn"],
        plane_colors=PLANES,
        font_family=FAMILY,
        text_scale=current_look().text_scale_percent / 100.0,
        ok=DARK["ok"],
        bad=DARK["bad"],
        plan=PLANS["a"],
    )


def panel_look() -> PaneLook:
    """Panes that hold a chart or a table lie on a panel and take the theme's own tokens; their ground is the halo."""
    shown = tokens(current_look().theme)
    return replace(
        pane_look(),
        accent=shown["acc"],
        text=shown["t1"],
        text_soft=shown["t2"],
        halo=shown["s1"],
        warn=shown["warn"],
        ok=shown["ok"],
        bad=shown["bad"],
    )
