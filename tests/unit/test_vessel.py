"""Length and least diameter of tubes against their truth."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from arteries import make_artery_beside_vein, make_ellipse_tube
from roots import make_tube
from scipy.spatial import cKDTree

from planning.errors import MeasurementError
from planning.mesh import SurfaceMesh
from planning.vessel.lumen import arcs_of
from planning.vessel.plan import find_centerline, find_way, make_vessel_plan
from planning.volume import Mask

T = np.linspace(0, 1, 2000)


def _straight(radius: float) -> tuple[np.ndarray, np.ndarray]:
    return np.stack([0 * T + 0.2, 0 * T - 0.1, 45 * T], 1), np.full(2000, radius)


def _stenosed_arc() -> tuple[np.ndarray, np.ndarray]:
    angle = 1.5 * T
    curve = np.stack([35 * np.cos(angle), 35 * np.sin(angle), 0 * T + 0.13], 1)
    return curve, 3.5 * (1 - 0.45 * np.exp(-(((T - 0.5) * 52 / 5) ** 2)))


def _short_stenosis() -> tuple[np.ndarray, np.ndarray]:
    curve, _ = _straight(4.0)
    return curve, 4.0 * (1 - 0.5 * np.exp(-(((T - 0.5) * 45 / 3) ** 2)))


def _helix() -> tuple[np.ndarray, np.ndarray]:
    angle = 7.0 * T
    return np.stack([14 * np.cos(angle), 14 * np.sin(angle), 34 * T], 1), np.full(2000, 3.25)


@pytest.mark.parametrize(
    ("curve", "radius"),
    [_straight(4.0), _stenosed_arc(), _straight(2.0), _short_stenosis(), _helix()],
    ids=["8mm", "stenosis", "4mm", "short", "helix"],
)
def test_length_and_least_diameter_are_the_tubes(curve: np.ndarray, radius: np.ndarray) -> None:
    volume = make_tube(curve, radius)
    start, end = curve[200], curve[-200]
    plan = make_vessel_plan(volume, start, end, step_mm=2.0)
    true_length = np.linalg.norm(np.diff(curve[200:-200], axis=0), axis=1).sum()
    assert plan["length_mm"] == pytest.approx(true_length, rel=0.01)
    assert plan["minimum"]["min_diameter_mm"] == pytest.approx(2 * radius[200:-200].min(), abs=0.3)
    assert all(
        station["min_diameter_mm"] <= station["max_diameter_mm"] for station in plan["stations"] if station["closed"]
    )
    assert plan["tortuosity"] >= 1.0
    # each number within its own ±, which is no wider than half a millimetre at voxels of 0.6 mm
    for key, width, true in (
        ("minimum", "min_diameter_mm", radius.min()),
        ("maximum", "max_diameter_mm", radius.max()),
    ):
        unsure = plan[key]["uncertainty_mm"]
        assert 0.2 < unsure < 0.5
        assert abs(plan[key][width] - 2 * true) <= unsure


def test_points_outside_a_vessel_are_refused() -> None:
    curve, radius = _straight(4.0)
    volume = make_tube(curve, radius)
    with pytest.raises(MeasurementError, match=r"contrast|vessel"):
        make_vessel_plan(volume, curve[200] + (14, 0, 0), curve[-200] + (14, 0, 0))
    with pytest.raises(MeasurementError, match="outside the scan"):
        make_vessel_plan(volume, curve[200], curve[-200] + (0, 0, 500))


def test_a_branch_neither_bends_the_centreline_nor_counts_as_vessel() -> None:
    trunk, radius = _straight(4.0)
    side = np.linspace(trunk[1000], trunk[1000] + (20.0, 3.0, 12.0), 900)
    both = np.concatenate([trunk, side]), np.concatenate([radius, np.full(900, 4.0)])
    plan = make_vessel_plan(make_tube(*both, noise_hu=10.0), trunk[200], trunk[-200])
    assert plan["length_mm"] == pytest.approx(np.linalg.norm(trunk[-200] - trunk[200]), rel=0.01)
    assert not all(station["closed"] for station in plan["stations"])
    assert "not_closed" in {warning["code"] for warning in plan["warnings"]}
    widest = max(station["max_diameter_mm"] for station in plan["stations"] if station["closed"])
    assert widest < 9.6
    assert plan["minimum"]["min_diameter_mm"] == pytest.approx(8.0, abs=0.3)


def test_a_structure_and_an_open_surface_are_measured_like_an_image() -> None:
    curve, radius = _straight(4.0)
    volume = make_tube(curve, radius)
    grid = volume.grid
    points = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T)
    inside = np.hypot(points[:, 0] - 0.2, points[:, 1] + 0.1) <= 4.0
    mask = Mask.from_full(grid, inside.reshape(grid.shape_kji))
    around = np.arange(64) * (2 * np.pi / 64)
    rings = np.stack(
        [
            np.stack([0.2 + 4 * np.cos(around), -0.1 + 4 * np.sin(around), np.full(64, z)], 1)
            for z in np.linspace(-6.0, 51.0, 58)
        ]
    ).reshape(-1, 3)
    own, next_one = np.arange(57 * 64), (np.arange(57 * 64) // 64) * 64 + (np.arange(57 * 64) + 1) % 64
    triangles = np.concatenate(
        [np.stack([own, next_one, own + 64], 1), np.stack([next_one, next_one + 64, own + 64], 1)]
    ).astype(np.int32)
    # a surface is as sure as whoever gave it knows
    for inside_of, is_sure in (({"mask": mask}, True), ({"mesh": SurfaceMesh(rings, triangles)}, False)):
        plan = make_vessel_plan(volume, curve[200], curve[-200], **inside_of)
        assert plan["length_mm"] == pytest.approx(45 * (1799 - 200) / 1999 + 45 / 1999, rel=0.01)
        assert plan["minimum"]["min_diameter_mm"] == pytest.approx(8.0, abs=0.3)
        assert (plan["minimum"]["uncertainty_mm"] is not None) == is_sure


def test_a_lumen_that_noise_nearly_hides_is_less_sure_and_said() -> None:
    curve, radius = _straight(2.5)
    clear, faint = (
        make_vessel_plan(make_tube(curve, radius, noise_hu=hu), curve[200], curve[-200]) for hu in (15.0, 80.0)
    )
    assert faint["minimum"]["uncertainty_mm"] > 1.5 * clear["minimum"]["uncertainty_mm"]
    assert [("faint_lumen" in {one["code"] for one in plan["warnings"]}) for plan in (clear, faint)] == [False, True]


def test_an_empty_structure_and_a_step_of_nothing_are_refused() -> None:
    curve, radius = _straight(4.0)
    volume = make_tube(curve, radius)
    empty = Mask.from_full(volume.grid, np.zeros(volume.grid.shape_kji))
    with pytest.raises(MeasurementError, match="empty"):
        make_vessel_plan(volume, curve[200], curve[-200], mask=empty)
    with pytest.raises(MeasurementError, match="Stations"):
        make_vessel_plan(volume, curve[200], curve[-200], step_mm=1e-6)
    with pytest.raises(MeasurementError, match="2 mm apart"):
        make_vessel_plan(volume, curve[200], curve[200])


@pytest.mark.parametrize(("a", "b"), [(4.0, 4.0), (4.0, 3.0)], ids=["round", "ellipse"])
def test_a_noisy_tube_is_as_wide_as_it_is(a: float, b: float) -> None:
    volume, start, end = make_ellipse_tube(a, b, noise_hu=25.0, seed=5)
    plan = make_vessel_plan(volume, start, end)
    widths = [station["area_diameter_mm"] for station in plan["stations"] if station["closed"]]
    assert np.median(widths) == pytest.approx(2.0 * np.sqrt(a * b), abs=0.1)
    least = [station["min_diameter_mm"] for station in plan["stations"] if station["closed"]]
    assert np.median(least) == pytest.approx(2.0 * b, abs=0.12)
    assert plan["minimum"]["min_diameter_mm"] == pytest.approx(2.0 * b, abs=0.15)
    assert plan["length_mm"] == pytest.approx(float(np.linalg.norm(end - start)), rel=0.006)


def test_the_neck_and_growth_are_told_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import json

    from app.cli import main
    from planning.files.volumes import write_volume

    t = np.linspace(0.0, 1.0, 2000)
    curve = np.stack([4 * np.sin(3 * t), 0 * t, 90 - 90 * t], 1)
    radius = 9.0 + 5.0 * np.clip((t - 0.4) / 0.15, 0.0, 1.0)
    volume = make_tube(curve, radius, spacing=1.2)
    write_volume(tmp_path / "a.nii.gz", volume.voxels, volume.grid)
    case = str(tmp_path / "a.theatrum")
    assert main(["import", str(tmp_path / "a.nii.gz"), "-o", case, "--quiet"]) == 0
    ends = ["--from=0.6,0,85", "--to=0.9,0,8", "--json", "--quiet"]
    assert main(["vessel", case, *ends, "--plan", "first"]) == 0
    capsys.readouterr()
    assert main(["vessel", case, *ends, "--plan", "second", "--evar=1,0,75", "--compare", "first", "--years", "2"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["evar"]["neck"]["d0_mm"] == pytest.approx(18.0, abs=0.4)
    assert found["evar"]["neck"]["length_mm"] == pytest.approx(75.0 - (90 - 90 * 0.454), abs=4.0)
    assert not found["comparison"]["greatest_growth"]["is_certain"]
    assert main(["vessel", case, *ends, "--compare", "nothing"]) == 3
    with monkeypatch.context() as patch:
        # what cannot be a renal artery of this vessel is told before anything is measured
        patch.setattr("planning.case.vessel_plans.measured_again", None)
        assert main(["vessel", case, *ends, "--evar=80,0,75"]) == 3
        assert main(["vessel", case, *ends, "--evar=13,0,40000"]) == 3
    assert main(["vessel", case, *ends, "--years", "2"]) == 2


def test_calcium_lies_where_its_arc_says() -> None:
    curve, radius = _straight(4.0)
    volume = make_tube(curve, radius)
    grid = volume.grid
    places = grid.to_world(np.argwhere(np.ones(volume.voxels.shape, dtype=bool))[:, ::-1])
    rest = places[:, :2] - curve[0, :2]
    away, side = np.linalg.norm(rest, axis=1), np.degrees(np.arctan2(rest[:, 1], rest[:, 0]))
    inside = (away > 4.2) & (away < 5.4) & (np.abs(side - 60.0) < 40.0) & (np.abs(places[:, 2] - 22.0) < 4.0)
    voxels = volume.voxels.copy()
    voxels.reshape(-1)[inside] = 1200
    plan = make_vessel_plan(replace(volume, voxels=voxels), curve[200], curve[-200])
    station = min(plan["stations"], key=lambda one: abs(one["position_mm"][2] - 22.0))
    ((start, end),) = station["calcium_arcs_deg"]
    assert end - start == pytest.approx(station["calcium_arc_deg"])
    assert end - start == pytest.approx(80.0, abs=25.0)
    contour = np.array(station["contour_mm"])
    # 0 degrees is the contour's first point, and angles run on as its points do
    point = contour[round((start + end) / 2.0 / 360.0 * len(contour)) % len(contour)] - contour.mean(axis=0)
    assert np.degrees(np.arctan2(point[1], point[0])) == pytest.approx(60.0, abs=12.0)
    beyond = min(plan["stations"], key=lambda one: abs(one["position_mm"][2] - 32.0))
    assert beyond["calcium_arcs_deg"] == []


def test_arcs_of_calcium_go_over_the_first_ray() -> None:
    rays = np.zeros(120, dtype=bool)
    assert arcs_of(rays) == ()
    rays[[118, 119, 0]] = True
    rays[20:30] = True
    arcs = arcs_of(rays)
    assert arcs == ((58.5, 88.5), (352.5, 361.5))
    assert sum(end - start for start, end in arcs) == 3.0 * rays.sum()
    assert arcs_of(np.ones(120, dtype=bool)) == ((0.0, 360.0),)


@pytest.mark.parametrize("gap_mm", [1.2, 0.4])
def test_a_vein_against_the_artery_does_not_take_its_centreline_over(gap_mm: float) -> None:
    volume, curve = make_artery_beside_vein(gap_mm)
    line = find_centerline(volume, curve[[20, -20]])
    assert cKDTree(curve).query(line.points_mm)[0].max() < 0.5


def test_where_two_ways_are_as_good_it_is_said() -> None:
    volume, curve = make_artery_beside_vein(1.2, least_mm=0.8)
    _, _, _, findings = find_way(volume, curve[[20, -20]])
    assert "two_ways" in {finding.code for finding in findings}
