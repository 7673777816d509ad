"""Fill between painted planes that are turned against the scan's own slices: a leaning cone comes back from its discs."""

from __future__ import annotations

import numpy as np
import pytest

from app.panels.segment.by_hand_compute import Task, compute
from app.panels.segment.by_hand_settings import HandSettings
from planning.by_hand.between_planes import fill_between_planes, painted_normal
from planning.by_hand.rules import Rules
from planning.errors import InputError
from planning.geometry import FloatArray, Grid, unit
from planning.progress import CancelToken, no_progress
from planning.volume import Mask

HEIGHTS = (-20.3, -9.1, 0.4, 8.8, 21.2)


def turned_by(deg: float) -> FloatArray:
    angle = np.radians(deg)
    return unit((0.3 * np.sin(angle), np.sin(angle), np.cos(angle)))


def cone(grid: Grid, normal: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Of every voxel (k, j, i): its height along the normal, and how far it lies outside a cone about it, in mm."""
    places = grid.to_world(np.indices(grid.shape_kji)[::-1].reshape(3, -1).T) - grid.center_mm
    height = places @ normal
    outside = np.linalg.norm(places - height[:, None] * normal, axis=1) - (14.0 + 0.2 * height)
    return height.reshape(grid.shape_kji), outside.reshape(grid.shape_kji)


def discs(grid: Grid, normal: FloatArray) -> Mask:
    height, outside = cone(grid, normal)
    half = float(np.abs(normal @ grid.direction) @ grid.spacing_mm) / 2.0
    near = np.min([np.abs(height - one) for one in HEIGHTS], axis=0) <= half
    return Mask.from_full(grid, near & (outside < 0))


def filled(mask: Mask, drawn: FloatArray | None) -> Mask:
    task = Task(
        tool="fill_between",
        name="liver",
        settings=HandSettings(between="axial", painted_normal=None if drawn is None else tuple(drawn.tolist())),
        masks={"liver": mask},
        rules=Rules(),
        volume=None,
    )
    return compute(task, no_progress, CancelToken()).after


def overlap(mask: Mask, grid: Grid, normal: FloatArray) -> float:
    height, outside = cone(grid, normal)
    between = (height >= HEIGHTS[0]) & (height <= HEIGHTS[-1])
    found, truth = mask.full() & between, (outside < 0) & between
    return 2 * np.count_nonzero(found & truth) / (np.count_nonzero(found) + np.count_nonzero(truth))


@pytest.mark.parametrize("deg", [0.5, 2.0, 5.0, 10.0, 30.0])
@pytest.mark.parametrize("spacing_mm", [(1.0, 1.0, 1.5), (0.7, 0.7, 2.5)])
def test_turned_discs_become_the_cone_that_they_were_painted_in(
    deg: float, spacing_mm: tuple[float, float, float]
) -> None:
    grid = Grid.from_parts((80, 80, 60) if spacing_mm[0] == 1.0 else (110, 110, 40), spacing_mm, (3.0, 4.0, 5.0))
    normal = turned_by(deg)
    assert overlap(filled(discs(grid, normal), normal), grid, normal) > 0.975


def test_the_patients_slices_of_a_tilted_scan_are_filled_and_its_own_slices_too() -> None:
    tilt = np.radians(8.0)
    turn = np.array([[1, 0, 0], [0, np.cos(tilt), -np.sin(tilt)], [0, np.sin(tilt), np.cos(tilt)]])
    grid = Grid.from_parts((80, 80, 60), (1.0, 1.0, 1.5), direction=turn)
    upright = np.array([0.0, 0.0, 1.0])
    # opened again nobody knows what was painted in: the planes tell it themselves
    assert overlap(filled(discs(grid, upright), None), grid, upright) > 0.975
    own = grid.direction[:, 2]
    assert painted_normal(discs(grid, own), "k", [upright]) is None
    assert overlap(filled(discs(grid, own), upright), grid, own) > 0.95


def test_one_plane_has_nothing_between() -> None:
    grid = Grid.from_parts((40, 40, 40))
    normal = turned_by(20.0)
    height, outside = cone(grid, normal)
    with pytest.raises(InputError, match="No empty slices"):
        fill_between_planes(Mask.from_full(grid, (np.abs(height) < 0.6) & (outside < 0)), normal)
