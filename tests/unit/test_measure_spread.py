"""How sure measured numbers are, numbers that are typed, and outlines that a hand draws."""

from __future__ import annotations

import numpy as np
import pytest

from planning.errors import MeasurementError
from planning.geometry import FloatArray, Grid, unit
from planning.measure.kinds import boxed_ellipse, boxed_rectangle, check, curve_mm, readings
from planning.measure.lumen import lumen_widths
from planning.measure.outlines import area_vector, crosses_itself, evenly, greatest_loop
from planning.measure.spread import off_across_slices_mm, with_spread
from planning.measure.typed import TYPED, with_typed
from planning.volume import Volume

RIGHT, DOWN = np.eye(3)[0], np.eye(3)[1]
GRID = Grid.from_parts((90, 90, 60), (0.7, 0.6, 1.5))
BOX = boxed_rectangle(np.zeros(3), np.array((12.0, 8.0, 0.0)), RIGHT)
OVAL = boxed_ellipse(np.zeros(3), np.array((12.0, 8.0, 0.0)), RIGHT, DOWN)
POINTS = {
    "distance": np.array([(0.0, 0, 0), (6, 3, 2)]),
    "polyline": np.array([(0.0, 0, 0), (6, 3, 2), (9, 3, 1), (12, 8, 4)]),
    "angle": np.array([(9.0, 0, 0), (0, 0, 0), (4, 7, 1)]),
    "cobb": np.array([(0.0, 0, 0), (9, 1, 0), (0, 20, 0), (9, 26, 0)]),
    "circle": np.array([(8.0, 0, 0), (-2, 7, 0), (-6, -4, 0)]),
    "diameter": np.array([(0.0, 0, 0), (6, 3, 2)]),
    "ellipse": OVAL,
    "oval": OVAL,
    "calliper": np.array([(0.0, 0, 0), (6, 3, 2)]),
    "polygon": np.array([(0.0, 0, 0), (9, 1, 0), (11, 8, 0), (4, 12, 0), (-3, 6, 0)]),
    "rectangle": BOX,
}


@pytest.mark.parametrize("kind", POINTS)
def test_the_plus_minus_is_what_points_within_their_voxels_give(kind: str) -> None:
    points = POINTS[kind]
    told = with_spread(kind, points, GRID)
    rng = np.random.default_rng(5)
    normal = unit(np.linalg.svd(points - points.mean(axis=0))[2][2])
    drawn = []
    for _ in range(1500):
        shifted = points + (rng.random(points.shape) - 0.5) * GRID.spacing_mm
        if kind in ("polygon", "rectangle", "ellipse", "oval", "circle"):
            # what is flat stays in its plane
            shifted -= ((shifted - points) @ normal)[:, None] * normal
        drawn.append([reading.value for reading in readings(kind, shifted)])
    deviations = 1.96 * np.std(drawn, axis=0)
    for reading, wanted in zip(told, deviations, strict=True):
        assert reading.plus_minus == pytest.approx(wanted, rel=0.12), reading.name


def test_a_distance_along_an_axis_knows_only_that_axis() -> None:
    across = with_spread("distance", np.array([(0.0, 0, 0), (20, 0, 0)]), GRID)[0]
    along = with_spread("distance", np.array([(0.0, 0, 0), (0, 0, 20)]), GRID)[0]
    assert across.plus_minus == pytest.approx(1.96 * 0.7 * np.sqrt(2 / 12), rel=1e-6)
    assert along.plus_minus == pytest.approx(1.96 * 1.5 * np.sqrt(2 / 12), rel=1e-6)
    assert with_spread("distance", np.array([(0.0, 0, 0), (20, 0, 0)]), None)[0].plus_minus is None


def test_an_angle_that_can_only_grow_is_not_sure_of_itself() -> None:
    """Parallel lines and a straight arm: the derivative in the middle is nothing, the doubt is not."""
    parallel = np.array([(0.0, 0, 0), (30, 0, 0), (0, 20, 0), (30, 20, 0)])
    straight = np.array([(20.0, 0, 0), (0, 0, 0), (-20, 0, 0)])
    for kind, points in (("cobb", parallel), ("angle", straight)):
        now = readings(kind, points)[0].value
        rng = np.random.default_rng(2)
        drawn = [
            readings(kind, points + (rng.random(points.shape) - 0.5) * GRID.spacing_mm)[0].value for _ in range(2000)
        ]
        told = with_spread(kind, points, GRID)[0].plus_minus
        assert told == pytest.approx(np.quantile(np.abs(np.array(drawn) - now), 0.95), rel=0.25), kind


def test_a_rectangle_is_as_sure_as_its_two_corners() -> None:
    first, last = np.zeros(3), np.array((12.0, 8.0, 0.0))
    rng = np.random.default_rng(3)
    areas = []
    for _ in range(2000):
        ends = np.array([first, last]) + (rng.random((2, 3)) - 0.5) * GRID.spacing_mm * (1, 1, 0)
        areas.append(readings("rectangle", boxed_rectangle(ends[0], ends[1], RIGHT))[0].value)
    assert with_spread("rectangle", BOX, GRID)[0].plus_minus == pytest.approx(1.96 * np.std(areas), rel=0.1)


def test_many_places_of_one_stroke_are_not_surer_than_a_voxel_each() -> None:
    curve = curve_mm("oval", 4.0 * OVAL)
    assert curve is not None
    coarse, fine = (with_spread("freehand", evenly(curve, step), GRID)[0].plus_minus for step in (0.66, 0.05))
    assert coarse is not None
    assert fine is not None
    assert fine == pytest.approx(coarse, rel=0.2)


def test_a_measured_edge_has_no_hands_plus_minus() -> None:
    outline = curve_mm("ellipse", OVAL)
    assert outline is not None
    found = with_spread("calliper", OVAL, GRID, outline, is_found=True)
    assert [reading.name for reading in found] == ["Least", "Greatest", "Area diameter", "Area"]
    assert all(reading.plus_minus is None for reading in found)
    # widths that a hand has moved since are as sure as any other, the edge's own area is still the image's
    moved = with_spread("calliper", OVAL, GRID, outline)
    assert [reading.plus_minus is None for reading in moved] == [False, False, True, True]
    assert moved[:2] == with_spread("calliper", OVAL, GRID)


@pytest.mark.parametrize("kind", TYPED)
def test_a_typed_number_is_what_is_read(kind: str) -> None:
    for name in TYPED[kind]:
        now = next(reading.value for reading in readings(kind, POINTS[kind]) if reading.name == name)
        # a lesser width stays the lesser one
        wanted = 0.8 * now if name == "Least" else 1.15 * now
        points = with_typed(kind, POINTS[kind], name, wanted)
        again = next(reading.value for reading in readings(kind, points) if reading.name == name)
        assert again == pytest.approx(wanted, rel=1e-9)
        if kind in ("distance", "calliper", "angle"):
            assert points[:1] == pytest.approx(POINTS[kind][:1])
        else:
            assert points.mean(axis=0) == pytest.approx(POINTS[kind].mean(axis=0)) or kind == "circle"


def test_numbers_that_cannot_be_typed_are_refused_in_words() -> None:
    with pytest.raises(MeasurementError, match="follows from the points"):
        with_typed("polygon", POINTS["polygon"], "Area", 20.0)
    with pytest.raises(MeasurementError, match="lies between 1 and 180°"):
        with_typed("angle", POINTS["angle"], "Angle", 200.0)
    with pytest.raises(MeasurementError, match="mm"):
        with_typed("distance", POINTS["distance"], "Distance", 0.0)
    with pytest.raises(MeasurementError, match="follows from the points"):
        with_typed("calliper", OVAL, "Width", 5.0)
    for kind in ("oval", "rectangle"):
        with pytest.raises(MeasurementError, match="above the greatest"):
            with_typed(kind, POINTS[kind], "Least", 13.0)
        with pytest.raises(MeasurementError, match="above the greatest"):
            with_typed(kind, POINTS[kind], "Greatest", 7.0)


def _eight(wide_mm: float, narrow_mm: float) -> FloatArray:
    """A line that closes too late: a large loop with a small one at its end."""
    angles = np.linspace(0.1, 2.0 * np.pi - 0.1, 120)
    large = wide_mm * np.stack([np.cos(angles), np.sin(angles), 0 * angles], axis=1)
    tail = np.array([(wide_mm + narrow_mm, narrow_mm, 0.0), (wide_mm + narrow_mm, -narrow_mm, 0.0)])
    return np.concatenate([large, tail])


def test_a_line_that_closes_too_late_keeps_its_greater_loop() -> None:
    drawn = _eight(10.0, 2.0)
    assert crosses_itself(drawn)
    loop = greatest_loop(drawn)
    assert not crosses_itself(loop)
    assert float(np.linalg.norm(area_vector(loop))) == pytest.approx(np.pi * 100.0, rel=0.02)
    with pytest.raises(MeasurementError, match="crosses itself"):
        check("polygon", drawn)
    simple = POINTS["polygon"]
    assert greatest_loop(simple) == pytest.approx(simple)
    assert not crosses_itself(simple)


def test_widths_across_slices_that_lie_far_apart_may_be_off() -> None:
    thick = Grid.from_parts((40, 40, 20), (0.4, 0.4, 5.0))
    # seen along the slices' own axis only fine pixels count; across it, slices
    assert off_across_slices_mm(thick, np.array((0.0, 0.0, 1.0))) == 0.0
    assert off_across_slices_mm(thick, np.array((1.0, 0.0, 0.0))) == pytest.approx(1.5)
    assert off_across_slices_mm(thick, np.array((0.0, 0.6, 0.8))) == pytest.approx(0.9)
    # however the scan is stored
    turned = Grid.from_parts(
        (20, 40, 40), (5.0, 0.4, 0.4), direction=np.array(((0, 1, 0), (0, 0, 1), (1, 0, 0)), dtype=float)
    )
    assert off_across_slices_mm(turned, np.array((1.0, 0.0, 0.0))) == pytest.approx(1.5)
    assert off_across_slices_mm(Grid.from_parts((9, 9, 9), (0.4, 0.4, 1.25)), np.array((1.0, 0.0, 0.0))) == 0.0


@pytest.mark.parametrize("radius_mm", [3.0, 6.0])
def test_a_tube_along_thick_slices_is_off_by_no_more_than_is_told(radius_mm: float) -> None:
    grid = Grid.from_parts((70, 70, 16), (0.6, 0.6, 3.0))
    axis = unit((1.0, 0.35, 0.3))
    k, j, i = np.indices(grid.shape_kji)
    lit = np.zeros(grid.shape_kji)
    shares = np.linspace(-0.46, 0.46, 12)
    for share in shares:
        # a slice is a mean over its thickness
        points = grid.to_world(np.stack([i, j, k + share], axis=-1)) - grid.center_mm - (0.2, 0.1, 0.9)
        away = np.linalg.norm(points - (points @ axis)[..., None] * axis, axis=-1)
        lit += 1.0 / (1.0 + np.exp((away - radius_mm) / 0.35))
    voxels = np.rint(30 + 370 * lit / len(shares)).astype(np.int16)
    found = lumen_widths(Volume(grid, voxels), grid.center_mm + (0.2, 0.1, 0.9), axis)
    told = off_across_slices_mm(grid, axis)
    widths = {reading.name: reading.value for reading in readings("calliper", found.points_mm, found.outline_mm)}
    assert 0.5 < told < 1.0
    for name in ("Least", "Greatest"):
        assert widths[name] == pytest.approx(2 * radius_mm, abs=told)
