"""Where a hand that presses nothing points to in a pane."""

from __future__ import annotations

from dataclasses import dataclass

from planning.geometry import Vector


@dataclass(frozen=True, slots=True, eq=False)
class Pointing:
    """A place under the hand and the line of sight through it.

    pane: its name. place_mm: on a slice's plane, or in 3D anywhere on the line. toward: (3,) unit vector to the viewer.
    mm_per_px: size of a logical pixel there.
    """

    pane: str
    place_mm: Vector
    toward: Vector
    mm_per_px: float
