"""Every colour of the program, once. Style sheets, palettes, pictures and reports take them from here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

DARK: Mapping[str, str] = MappingProxyType(
    {
        "window": "#0E1114",
        "pane": "#000000",
        "s1": "#14181D",
        "s2": "#1B2027",
        "s3": "#252C35",
        "line": "#262D36",
        "line2": "#3B4550",
        "t1": "#E9EDF1",
        "t2": "#AAB5C0",
        "t3": "#8A96A3",
        "acc": "#62ADFF",
        "fill": "#2570CC",
        "fillhover": "#1F60B0",
        "fillheld": "#1A5296",
        "hover": "#3B4550",
        "held": "#323B46",
        "soft": "#15293F",
        "ok": "#45C48F",
        "oks": "#11271F",
        "warn": "#F7C04A",
        "warns": "#2C2312",
        "bad": "#FF6A5C",
        "bads": "#341B1A",
    }
)
LIGHT: Mapping[str, str] = MappingProxyType(
    {
        "window": "#E9EDF1",
        "pane": "#000000",
        "s1": "#FFFFFF",
        "s2": "#F5F7F9",
        "s3": "#E8ECF1",
        "line": "#DAE0E7",
        "line2": "#B3BEC9",
        "t1": "#12171C",
        "t2": "#47525E",
        "t3": "#5F6B77",
        "acc": "#1A66C2",
        "fill": "#1D69C4",
        "fillhover": "#17559F",
        "fillheld": "#134783",
        "hover": "#DAE0E7",
        "held": "#C6CFD8",
        "soft": "#E3EEFB",
        "ok": "#0F7A52",
        "oks": "#E3F4EC",
        "warn": "#946000",
        "warns": "#FBF0DC",
        "bad": "#A8201A",
        "bads": "#FCE9E6",
    }
)
PLANES: Mapping[str, str] = MappingProxyType(
    {
        "axial": "#FF7B6E",
        "sagittal": "#FFD45E",
        "coronal": "#4CCFA2",
        "3d": "#9AA8B6",
    }
)
# of the plans A to H: every two are 18 or more apart (CIEDE2000), and none is a status or a structure beside it
PLANS: Mapping[str, str] = MappingProxyType(
    {
        "a": "#35D6E6",
        "b": "#FF9ED2",
        "c": "#C8E85A",
        "d": "#E8801F",
        "e": "#7F8FFF",
        "f": "#49F9C3",
        "g": "#A59578",
        "h": "#D763F2",
    }
)
HINGES: Mapping[str, str] = MappingProxyType({"rcc": "#9AF0BE", "lcc": "#F0568C", "ncc": "#FFC02E"})
# Couinaud's I to VIII, and the branches of a tree in their order: OKLCH lightness 0.76, chroma 0.11, hue 20 + 45 n
SEGMENTS: tuple[str, ...] = (
    "#EF9494",
    "#E1A263",
    "#B5B761",
    "#74C692",
    "#46C6CD",
    "#72B8F2",
    "#B0A5F2",
    "#DD96CD",
)
REMOVED = "#9FB0C4"
LOOSE_VESSEL = "#A6E07A"
# tools of a navigation system over the panes, in the order in which they came
TOOLS: tuple[str, ...] = ("#FF6BF0", "#9CFF6B", "#5CF0FF", "#FFE14D")
ON_FILL = "#FFFFFF"
DIMMED = "#000000"
# charts on light panels: the plans' own colours are too bright there
LIGHT_PLANS: Mapping[str, str] = MappingProxyType(
    {
        "a": "#007C89",
        "b": "#B03A78",
        "c": "#5F7A00",
        "d": "#B4540A",
        "e": "#3F49C8",
        "f": "#00523F",
        "g": "#5E5A52",
        "h": "#9A22C8",
    }
)


def tokens(theme: str) -> Mapping[str, str]:
    """The colours of a theme: "dark" or "light"."""
    return LIGHT if theme == "light" else DARK
