"""What the segment editor's tools are set to, and which tools there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.i18n import mark
from app.panels.segment.by_hand_parts import HandTool

Slices = Literal["axial", "coronal", "sagittal"]
PAINT, ERASE, THRESHOLD, SCISSORS = "paint", "erase", "threshold", "scissors"
ISLANDS, GROW, SMOOTH, FILL = "islands", "grow", "smooth", "fill_holes"
BETWEEN, SEEDS, COMBINE, HOLLOW = "fill_between", "seeds", "combine", "hollow"

TOOLS = (
    HandTool(PAINT, mark("Paint"), mark("Paint with a brush"), "brush", "B"),
    HandTool(ERASE, mark("Erase"), mark("Erase with a brush"), "eraser", "Shift+B"),
    HandTool(THRESHOLD, mark("Threshold"), mark("Take what lies between two values"), "contrast"),
    HandTool(SCISSORS, mark("Scissors"), mark("Cut along an outline, in a slice or in 3D"), "scissors", "Y"),
    HandTool(ISLANDS, mark("Islands"), mark("Keep, remove or part what does not hang together"), "split"),
    HandTool(GROW, mark("Grow"), mark("Grow or shrink by millimetres"), "expand"),
    HandTool(SMOOTH, mark("Smooth"), mark("Smooth the surface"), "waves"),
    HandTool(FILL, mark("Fill"), mark("Fill holes"), "paint-bucket", "F"),
    HandTool(BETWEEN, mark("Between"), mark("Fill between the slices that are painted"), "layers"),
    HandTool(SEEDS, mark("Seeds"), mark("Grow several structures from what is painted of each"), "sprout"),
    HandTool(COMBINE, mark("Combine"), mark("Add, subtract or intersect with another structure"), "combine"),
    HandTool(HOLLOW, mark("Hollow"), mark("Leave a wall only"), "circle-dashed"),
)
BRUSHES = (PAINT, ERASE)
# they show what they would do before it is done
COMPUTING = (THRESHOLD, ISLANDS, GROW, SMOOTH, FILL, BETWEEN, SEEDS, COMBINE, HOLLOW)
# where new voxels may go: everywhere; everywhere, other structures lose them; where nothing is
EVERYWHERE, GIVE_WAY, EMPTY = "everywhere", "give_way", "empty"
# with a structure's name after it: where nothing is or this one is; only in this one
AND, INSIDE = "and:", "inside:"
FIRST_BRUSH_MM, LEAST_MM, MOST_MM = 12.0, 0.2, 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HandSettings:
    """Lengths in mm, volumes in ml, values in the image's own unit.

    over: what may be painted over. banded: the brush takes only values of `band_hu`. threshold_hu: of the
    threshold, threshold_in: the structure in which it looks, "" for the whole image; threshold_adds: to what is
    there. cut_does: "erase", "keep" or "fill" what lies inside an outline; cut_depth_mm: to both sides of the
    slice, None for through all. seeds_reach_mm: seeds grow in a box so much larger than all of them. seeds_with,
    smooth_with: names of the structures that grow, or are smoothed, with the chosen one. with_other: the other
    structure to combine with. painted_normal: LPS normal of the plane that was painted in last.
    """

    ball: bool = True
    smart: bool = False
    banded: bool = False
    band_hu: tuple[float, float] = (100.0, 250.0)
    over: str = EVERYWHERE
    threshold_hu: tuple[float, float] = (150.0, 400.0)
    threshold_in: str = ""
    threshold_adds: bool = False
    by_corners: bool = False
    cut_does: Literal["erase", "keep", "fill"] = "erase"
    cut_depth_mm: float | None = None
    islands: Literal["largest", "keep", "remove", "small", "split"] = "largest"
    least_ml: float = 0.5
    grow_mm: float = 2.0
    shrinks: bool = False
    smooth_how: Literal["median", "gaussian", "open", "close"] = "median"
    smooth_mm: float = 2.0
    fill_how: Literal["3d", "axial", "coronal", "sagittal"] = "3d"
    between: Slices = "axial"
    painted_normal: tuple[float, float, float] | None = None
    smooth_with: frozenset[str] = frozenset()
    seeds_with: frozenset[str] = frozenset()
    seeds_reach_mm: float = 20.0
    combine_how: Literal["add", "subtract", "intersect", "invert"] = "add"
    with_other: str = ""
    wall_mm: float = 2.0
    wall_where: Literal["inside", "outside", "centred"] = "inside"
