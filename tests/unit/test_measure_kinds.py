"""Measurements taken by hand: what the points read, how they follow a dragged one, and a lumen's widths in any plane."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from planning.errors import MeasurementError
from planning.geometry import Grid, unit
from planning.measure.kinds import (
    boxed_ellipse,
    center_mm,
    check,
    curve_mm,
    moved,
    pairs,
    plane_normal,
    readings,
)
from planning.measure.lumen import lumen_widths
from planning.volume import Volume
from viewers.measures import TOOLS, begun_items

FEET_HEAD = np.array((0.0, 0.0, 1.0))


def _tube(wide_mm: float, narrow_mm: float, axis: np.ndarray) -> Volume:
    """An elliptic tube of 350 HU through the middle, blurred and noisy; wide towards the left."""
    grid = Grid.from_parts((72, 72, 60), (0.7, 0.7, 0.8), (-25.0, -25.0, -24.0))
    n = unit(axis)
    right = unit(np.array((1.0, 0.0, 0.0)) - n[0] * n)
    up = np.cross(n, right)
    steps = (np.arange(3) - 1.0) / 3.0
    share = np.zeros(grid.shape_kji)
    index = np.indices(grid.shape_kji).reshape(3, -1)[::-1].T
    for di in steps:
        for dj in steps:
            points = grid.to_world(index + (di, dj, 0.0)).reshape(*grid.shape_kji, 3)
            share += ((points @ right) / (wide_mm / 2)) ** 2 + ((points @ up) / (narrow_mm / 2)) ** 2 <= 1.0
    blurred = ndimage.gaussian_filter(share / 9.0, 0.6 / np.array((0.8, 0.7, 0.7)))
    noise = np.random.default_rng(4).normal(0.0, 20.0, grid.shape_kji)
    return Volume(grid, np.rint(40.0 + 310.0 * blurred + noise).astype(np.int16))


def test_each_kind_reads_what_its_points_say() -> None:
    assert [(r.name, r.value) for r in readings("distance", [(0, 0, 0), (3, 4, 0)])] == [("Distance", 5.0)]
    circle = readings("circle", [(5, 0, 2), (0, 5, 2), (-5, 0, 2)])
    assert circle[0].value == pytest.approx(10.0)
    assert circle[1].value == pytest.approx(25 * np.pi)
    ellipse = boxed_ellipse(np.array((-4.0, -3.0, 1.0)), np.array((4.0, 3.0, 1.0)), np.eye(3)[0], np.eye(3)[1])
    by_name = {r.name: r.value for r in readings("ellipse", ellipse)}
    assert by_name == pytest.approx(
        {"Area diameter": np.sqrt(48.0), "Least": 6.0, "Greatest": 8.0, "Area": 12.0 * np.pi}
    )
    outline = curve_mm("ellipse", ellipse)
    assert outline is not None
    calliper = {r.name: r.value for r in readings("calliper", ellipse, outline)}
    assert calliper["Least"] == pytest.approx(6.0)
    assert calliper["Area diameter"] == pytest.approx(np.sqrt(48.0), rel=1e-3)
    assert [r.name for r in readings("calliper", ellipse[:2])] == ["Width"]


def test_an_ellipse_stays_square_and_its_other_axis_keeps_its_length() -> None:
    ellipse = boxed_ellipse(np.array((-4.0, -3.0, 1.0)), np.array((4.0, 3.0, 1.0)), np.eye(3)[0], np.eye(3)[1])
    turned = moved("ellipse", ellipse, 1, np.array((5.0, 4.0, 1.0)))
    assert turned[0] == pytest.approx(ellipse[0])
    assert turned[1] == pytest.approx((5.0, 4.0, 1.0))
    first, second = (ends[1] - ends[0] for ends in pairs("ellipse", turned))
    assert first @ second == pytest.approx(0.0, abs=1e-9)
    assert np.linalg.norm(second) == pytest.approx(6.0)
    assert second @ (0.0, 1.0, 0.0) > 0
    lifted = moved("ellipse", ellipse, 2, ellipse[2] + 0.25 * FEET_HEAD)
    assert lifted - ellipse == pytest.approx(np.tile((0.0, 0.0, 0.25), (4, 1)))
    whole = moved("ellipse", ellipse, 4, np.array((1.0, 2.0, 3.0)))
    assert center_mm("ellipse", whole) == pytest.approx((1.0, 2.0, 3.0))
    assert readings("ellipse", whole)[0].value == pytest.approx(readings("ellipse", ellipse)[0].value)


def test_a_circle_goes_through_its_points_and_moves_as_a_whole() -> None:
    points = np.array([(5.0, 0.0, 2.0), (0.0, 5.0, 2.0), (-5.0, 0.0, 2.0)])
    curve = curve_mm("circle", points)
    assert curve is not None
    for place in points:
        assert np.linalg.norm(curve - place, axis=1).min() < 0.1
    assert plane_normal("circle", points, -FEET_HEAD) == pytest.approx(-FEET_HEAD)
    away = moved("circle", points, 3, np.array((10.0, 0.0, 2.0)))
    assert center_mm("circle", away) == pytest.approx((10.0, 0.0, 2.0))
    assert readings("circle", away)[0].value == pytest.approx(10.0)


def test_points_that_make_nothing_are_refused() -> None:
    for kind, points in (
        ("circle", [(0, 0, 0), (1, 0, 0), (2, 0, 0)]),
        ("distance", [(1, 1, 1), (1, 1, 1)]),
        ("ellipse", [(0, 0, 0), (1, 0, 0), (0, 0, 0), (0, 0, 0)]),
        ("angle", [(0, 0, 0), (1, 0, 0)]),
        ("distance", [(0, 0, 0), (np.nan, 0, 0)]),
    ):
        with pytest.raises(MeasurementError):
            check(kind, points)


@pytest.mark.parametrize("axis", [(0.0, 0.0, 1.0), (0.3, -0.4, 1.0)])
def test_a_lumen_is_measured_across_in_any_plane(axis: tuple[float, float, float]) -> None:
    volume = _tube(12.0, 9.0, np.array(axis))
    normal = unit(axis)
    aside = 2.5 * unit(np.cross(normal, (1.0, 0.0, 0.0)))
    found = lumen_widths(volume, aside, normal)
    by_name = {r.name: r.value for r in readings("calliper", found.points_mm, found.outline_mm)}
    assert by_name["Least"] == pytest.approx(9.0, abs=0.25)
    assert by_name["Greatest"] == pytest.approx(12.0, abs=0.25)
    assert by_name["Area diameter"] == pytest.approx(np.sqrt(108.0), abs=0.15)
    assert found.unclear < 0.1
    assert np.abs((found.outline_mm - aside) @ normal).max() < 1e-6
    assert plane_normal("calliper", found.points_mm, normal) == pytest.approx(normal)


def test_where_nothing_is_bright_the_words_say_so() -> None:
    volume = _tube(12.0, 9.0, FEET_HEAD)
    with pytest.raises(MeasurementError, match="No contrast here"):
        lumen_widths(volume, (15.0, 15.0, 0.0), FEET_HEAD)
    with pytest.raises(MeasurementError, match="outside the scan"):
        lumen_widths(volume, (100.0, 0.0, 0.0), FEET_HEAD)


@pytest.mark.parametrize("kind", TOOLS)
def test_a_measurement_that_is_only_begun_can_be_drawn(kind: str) -> None:
    points = np.array([[1.0, 2.0, 3.0], [9.0, 4.0, 3.0], [12.0, 16.0, 3.0], [2.0, 15.0, 3.0]])
    right, down, normal = np.eye(3)
    for count in range(1, len(points) + 1):
        assert begun_items(kind, points[:count], right, down, normal, "#FFFFFF") is not None
