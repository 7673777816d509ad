"""The neo-LVOT against cylinders cut by cylinders."""

from __future__ import annotations

import json

import numpy as np
import pytest
from beating import make_beating_root

from planning.errors import InputError, MeasurementError
from planning.geometry import Grid
from planning.section import Frame, Sampler, polar_points
from planning.tavr.inputs import TavrInputs
from planning.tavr.mitral import (
    MitralDevice,
    TractSection,
    find_mitral_device,
    mitral_devices,
    mitral_plane,
    neo_lvot,
    neo_lvot_in,
    neo_lvot_of_phases,
    place_mitral,
    read_tract,
    tract_sections,
)
from planning.tavr.mitral_plan import PlanTract, mitral_through_beat
from planning.tavr.phases import measure_phases
from planning.tavr.plan import make_tavr_plan, measure_annulus_live
from planning.volume import Volume

TRACT_MM = 12.0


def _device(diameter: float, height: float = 20.0) -> MitralDevice:
    return MitralDevice("Test", "1", "", height, ((0.0, diameter), (height, diameter)), 1.0, False, "", "")


def _sections(radius: float = TRACT_MM, length: float = 30.0, axis=(0.0, 0.0, 1.0)) -> list[TractSection]:
    along = np.asarray(axis) / np.linalg.norm(axis)
    outline = polar_points(np.full(360, radius))
    return [
        TractSection(float(s), Frame.of(s * along, along), outline)
        for s in np.arange(-length / 2, length / 2 + 0.5, 1.0)
    ]


def _lens(r: float, q: float, d: float) -> float:
    """Area that two circles r and q with their middles d apart share."""
    one = r * r * np.arccos((d * d + r * r - q * q) / (2 * d * r))
    two = q * q * np.arccos((d * d + q * q - r * r) / (2 * d * q))
    kite = 0.5 * np.sqrt((-d + r + q) * (d + r - q) * (d - r + q) * (d + r + q))
    return one + two - kite


@pytest.mark.parametrize("turn", [(0.0, 0.0, 1.0), (0.3, -0.5, 0.8)])
@pytest.mark.parametrize("apart", [10.0, 16.0, 22.0])
def test_parallel_cylinders_leave_the_circle_less_the_lens(apart, turn) -> None:
    axis = np.asarray(turn) / np.linalg.norm(turn)
    side = np.cross(axis, (0.0, 1.0, 0.0))
    side /= np.linalg.norm(side)
    sections = _sections(axis=axis)
    placed = place_mitral(_device(26.0), apart * side - 10.0 * axis, axis)
    found = neo_lvot(sections, placed, -TRACT_MM * side)
    assert found["area_mm2"] == pytest.approx(np.pi * TRACT_MM**2 - _lens(TRACT_MM, 13.0, apart), rel=0.01)
    assert found["lvot_mm2"] == pytest.approx(np.pi * TRACT_MM**2, rel=1e-3)
    # 20 mm of frame, and planes beyond its ends keep the whole tract
    cut = [row for row in found["sections"] if row["area_mm2"] < row["lvot_mm2"] - 1.0]
    assert len(cut) in (20, 21)
    json.dumps(found, allow_nan=False)


def test_a_cylinder_across_the_tract_leaves_a_segment_of_the_circle() -> None:
    # its axis along x, its surface at y = 3: the chord there leaves a segment on the septal side
    placed = place_mitral(_device(26.0, 60.0), (-30.0, 16.0, 0.0), (1.0, 0.0, 0.0))
    found = neo_lvot(_sections(), placed, (0.0, -TRACT_MM, 0.0))
    chord = 3.0
    removed = TRACT_MM**2 * np.arccos(chord / TRACT_MM) - chord * np.sqrt(TRACT_MM**2 - chord**2)
    assert found["area_mm2"] == pytest.approx(np.pi * TRACT_MM**2 - removed, rel=0.01)
    assert found["at_mm"] == pytest.approx(0.0)


def test_of_two_parts_the_septal_one_counts() -> None:
    placed = place_mitral(_device(8.0, 60.0), (-30.0, 4.0, 0.0), (1.0, 0.0, 0.0))
    septal = neo_lvot(_sections(), placed, (0.0, -TRACT_MM, 0.0))
    other = neo_lvot(_sections(), placed, (0.0, TRACT_MM, 0.0))
    half = np.pi * TRACT_MM**2 / 2.0
    segment = TRACT_MM**2 * np.arccos(8.0 / TRACT_MM) - 8.0 * np.sqrt(TRACT_MM**2 - 64.0)
    assert septal["area_mm2"] == pytest.approx(half, rel=0.01)
    assert other["area_mm2"] == pytest.approx(segment, rel=0.02)


def test_a_device_that_fills_the_tract_leaves_nothing_and_one_far_away_all() -> None:
    assert neo_lvot(_sections(), place_mitral(_device(40.0), (0, 0, -10.0), (0, 0, 1)))["area_mm2"] == 0.0
    far = neo_lvot(_sections(), place_mitral(_device(26.0), (60.0, 0, -10.0), (0, 0, 1)))
    assert far["area_mm2"] == pytest.approx(np.pi * TRACT_MM**2, rel=1e-3)
    assert [threshold["state"] for threshold in far["thresholds"]] == ["ok", "ok"]


def test_thresholds_are_said_with_their_source() -> None:
    found = neo_lvot(_sections(), place_mitral(_device(26.0), (12.0, 0, -10.0), (0, 0, 1)), (-TRACT_MM, 0, 0))
    assert found["area_mm2"] < 170.0 + 100.0
    sources = [threshold["source"] for threshold in found["thresholds"]]
    assert any("Yoon 2019" in source for source in sources)
    assert any("Wang 2018" in source for source in sources)
    for threshold in found["thresholds"]:
        assert threshold["state"] == (
            "bad"
            if found["area_mm2"] <= threshold["limit_mm2"]
            else "warn"
            if found["area_mm2"] - found["uncertainty_mm2"] <= threshold["limit_mm2"]
            else "ok"
        )


def test_every_phase_is_given_and_the_least_named() -> None:
    rows = [{"label": label, "area_mm2": area} for label, area in (("10 %", 240.0), ("35 %", 190.0), ("60 %", None))]
    found = neo_lvot_of_phases(rows)
    assert [row["label"] for row in found["rows"]] == ["10 %", "35 %", "60 %"]
    assert found["least"] == {"label": "35 %", "area_mm2": 190.0}
    assert found["mean_mm2"] == 215.0
    assert "60 %" in found["warnings"][0]["text"]
    assert neo_lvot_of_phases(rows[2:])["least"] is None


def test_the_outline_of_what_is_left_holds_its_area() -> None:
    side = np.array((1.0, 0.0, 0.0))
    placed = place_mitral(_device(26.0), 16.0 * side - (0, 0, 10.0), (0.0, 0.0, 1.0))
    found = neo_lvot(_sections(), placed, -TRACT_MM * side)
    outline = np.array(found["left_mm"])[:, :2]
    following = np.roll(outline, -1, axis=0)
    area = 0.5 * abs((outline[:, 0] * following[:, 1] - following[:, 0] * outline[:, 1]).sum())
    assert area == pytest.approx(found["area_mm2"], rel=0.02)
    assert found["touched"]


def test_the_tract_s_own_waist_is_not_the_device_s_work() -> None:
    wide, narrow = _sections(12.0, 10.0), _sections(7.0, 10.0)
    moved = [
        TractSection(30.0 + s.s_mm, Frame.of(s.frame.origin_mm + (0, 0, 30.0), s.frame.normal), s.outline_mm)
        for s in narrow
    ]
    placed = place_mitral(_device(26.0), (16.0, 0.0, -10.0), (0.0, 0.0, 1.0))
    found = neo_lvot([*wide, *moved], placed, (-TRACT_MM, 0.0, 0.0))
    assert found["lvot_mm2"] == pytest.approx(np.pi * 12.0**2, rel=1e-3)


def test_the_plane_of_unevenly_placed_points_has_the_middle_of_their_outline() -> None:
    angles = np.radians([0, 10, 20, 30, 60, 120, 180, 240, 300])
    axis = np.array((0.2, 0.4, -0.9)) / np.linalg.norm((0.2, 0.4, -0.9))
    frame = Frame.of(np.array((5.0, 6.0, 7.0)), axis)
    points = frame.to_world(18.0 * np.stack([np.cos(angles), np.sin(angles)], -1))
    center, into = mitral_plane(points, frame.origin_mm + 30.0 * axis)
    assert np.linalg.norm(center - frame.origin_mm) < 1.5
    np.testing.assert_allclose(into, axis, atol=1e-9)
    with pytest.raises(MeasurementError, match="six points"):
        mitral_plane(points[:4], (0, 0, 0))
    with pytest.raises(MeasurementError, match="on a line"):
        mitral_plane(np.outer(np.arange(8.0), (1, 2, 3)), (0, 0, 0))


def test_every_mitral_row_has_to_be_verified() -> None:
    assert len(mitral_devices()) >= 4
    assert not any(device.checked for device in mitral_devices())
    assert find_mitral_device("SAPIEN M3", "29").frame_height_mm == 22.5
    with pytest.raises(InputError, match="no mitral valve"):
        find_mitral_device("X", "1")


def _tract_image(opens_below_mm: float = -99.0) -> Volume:
    """A tube along z; below a height it opens into a cavity as wide as the image."""
    grid = Grid.from_parts((90, 90, 60), (0.6, 0.6, 0.8), (-27, -27, -24))
    index = np.stack(np.meshgrid(*[np.arange(n) for n in grid.size_ijk], indexing="ij"), -1)
    world = grid.to_world(index)
    radius = np.where(world[..., 2] < opens_below_mm, 0.0, np.hypot(world[..., 0], world[..., 1]))
    noise = np.random.default_rng(0).normal(size=radius.shape) * 15.0
    values = 60.0 + 320.0 * np.clip((TRACT_MM - radius) / 0.7 + 0.5, 0.0, 1.0) + noise
    return Volume(grid, np.round(values).transpose(2, 1, 0).astype(np.int16))


LINE = np.array([(0.5, 0.3, z) for z in np.linspace(-15.0, 15.0, 7)])


def test_the_tract_is_cut_from_an_image_and_the_device_out_of_it() -> None:
    sampler = Sampler.around(_tract_image(), np.zeros((1, 3)), 40.0)
    sections, open_at = tract_sections(sampler, LINE, 3.0)
    assert len(sections) == 11
    assert open_at.shape == (0, 3)
    placed = place_mitral(_device(26.0), (16.0, 0.0, -10.0), (0.0, 0.0, 1.0))
    found = neo_lvot(sections, placed, (-TRACT_MM, 0.0, 0.0))
    truth = np.pi * TRACT_MM**2 - _lens(TRACT_MM, 13.0, 16.0)
    assert found["area_mm2"] == pytest.approx(truth, rel=0.02)
    assert abs(found["area_mm2"] - truth) < found["uncertainty_mm2"]


def test_planes_that_open_into_the_ventricle_are_said() -> None:
    angles = np.radians(np.arange(0, 360, 40))
    annulus = np.stack([16.0 + 14.0 * np.cos(angles), 14.0 * np.sin(angles), np.full(len(angles), 6.0)], -1)
    found = neo_lvot_in(
        read_tract(_tract_image(-8.0), LINE),
        _device(26.0),
        annulus_mm=annulus,
        ventricle_mm=(16.0, 0.0, -20.0),
        septum_mm=(-TRACT_MM, 0.0, 0.0),
        phase="35 %",
    )
    truth = np.pi * TRACT_MM**2 - _lens(TRACT_MM, 13.0, 16.0)
    assert found["area_mm2"] == pytest.approx(truth, rel=0.03)
    assert found["phase"] == "35 %"
    assert "The device stands there" in found["warnings"][0]["text"]


def test_every_phase_of_a_moving_scan_has_its_neo_lvot() -> None:
    root = make_beating_root(phases=2, spacing_mm=(1.3, 1.3, 1.3), seed=3, size_mm=70.0)
    sizes = measure_phases(
        lambda phase: root.volumes[phase],
        root.labels,
        0,
        root.hinges_mm[0],
        lambda volume, hinges: _ring_of(volume, hinges),
    )
    plan = make_tavr_plan(root.volumes[0], TavrInputs(hinges_mm=root.hinges_mm[0]))
    normal = np.asarray(plan["annulus"]["normal"])
    side = np.cross(normal, (0.0, 0.0, 1.0))
    side /= np.linalg.norm(side)
    angles = np.radians(np.arange(0, 360, 45))[:, None]
    # beside the tract and a little below the annulus, looking into it
    middle = np.asarray(plan["annulus"]["centroid_mm"]) + 20.0 * side - 4.0 * normal
    asked = {
        "model": "SAPIEN M3",
        "size": "29",
        "annulus_mm": middle + 12.0 * (np.cos(angles) * side + np.sin(angles) * np.cross(normal, side)),
    }
    found = PlanTract.of(root.volumes[0], plan, root.labels[0]).neo_lvot(asked)
    assert found["touched"]
    assert 0.0 < found["area_mm2"] < found["lvot_mm2"]
    results = {**plan, "phases": sizes, "mitral": found}
    phases = mitral_through_beat(lambda phase: root.volumes[phase], root.labels, 0, asked, results)
    assert [row["phase"] for row in phases["rows"]] == [0, 1]
    assert all(row["area_mm2"] is not None for row in phases["rows"]), [row["reason"] for row in phases["rows"]]
    # the plan's own phase reads alike both ways
    assert phases["rows"][0]["area_mm2"] == pytest.approx(found["area_mm2"], rel=0.05)
    assert phases["least"]["area_mm2"] == min(row["area_mm2"] for row in phases["rows"])
    with pytest.raises(MeasurementError, match="not followed"):
        mitral_through_beat(lambda phase: root.volumes[phase], root.labels, 0, asked, {**plan, "mitral": found})


def _ring_of(volume: Volume, hinges: np.ndarray) -> dict:
    return {**measure_annulus_live(volume, hinges).as_json()}
