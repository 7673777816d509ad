"""A liver that is a ball with a tumour in it, and a plan that cuts it: little, and quickly planned."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from cases import add_structures, make_case

from planning.case.commands import SetPlan
from planning.case.plans import liver_record
from planning.geometry import Grid, Plane
from planning.liver.resection import PlaneResection
from planning.volume import Mask, Volume


def planned_ball(path: Path) -> Path:
    """The case's file, with plan "A"."""
    grid = Grid.from_parts((30, 30, 20), (2.0, 2.0, 2.0))
    k, j, i = np.indices(grid.shape_kji)
    liver = Mask.from_full(grid, np.hypot(np.hypot(i - 15, j - 15), k - 10) < 9)
    tumor = Mask.from_full(grid, np.hypot(np.hypot(i - 11, j - 15), k - 10) < 3)
    with make_case(path, Volume(grid, np.where(liver.full(), 100, -50).astype(np.int16))) as document:
        add_structures(document, {"liver": liver, "tumor_1": tumor})
        plane = Plane(np.array([36.0, 30.0, 20.0]), np.array([-0.6, 0.8, 0.0]))
        document.do(SetPlan(liver_record(document, "A", [PlaneResection(plane)], tumors=["tumor_1"])))
    return path
