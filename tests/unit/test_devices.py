"""The valve catalogue, sizing by it, and the C-arm views of a plan."""

from __future__ import annotations

import numpy as np
import pytest

from planning.errors import InputError, UsageError
from planning.geometry import detector_direction
from planning.section import Measures
from planning.tavr.devices import VERIFY, catalogue, devices, find_device, parse_device, size_devices
from planning.tavr.projections import (
    RoomLimits,
    cusp_overlap_view,
    named_views,
    nearest_reachable,
    noncoronary_over_right_view,
    normal_covariance,
    parse_carm_angle,
    projections,
    s_circle,
    s_curve,
    spread_deg,
    three_cusp_view,
)

UNSURE = {"area_mm2": 14.0, "perimeter_mm": 1.1}


def _sized(area: float, perimeter: float | None = None, **options):
    round_perimeter = 2.0 * np.sqrt(np.pi * area)
    measures = Measures(area, perimeter or 1.01 * round_perimeter, 20.0, 26.0)
    rows = size_devices(measures, options.get("unsure", UNSURE), options.get("ok", True), options.get("sinuses"))
    return {f"{row['model']} {row['size']}": row for row in rows}


def test_every_row_has_maker_source_and_date_and_what_is_unchecked_says_so() -> None:
    rows = catalogue()["valves"]
    assert len({(row["model"], row["size"]) for row in rows}) == len(rows)
    assert {"SAPIEN 3", "Evolut FX", "Navitor", "ACURATE neo2", "Myval"} == {row["model"] for row in rows}
    for row in [*rows, *catalogue()["tav_in_sav"], *catalogue()["mitral"]]:
        assert row["maker"]
        assert row["date"] == "2026-11-25"
        assert row["checked"] or VERIFY in row["source"]
    assert len(devices()) == len(rows)


def test_a_wrong_row_is_refused_by_name() -> None:
    row = dict(catalogue()["valves"][0])
    for change in ({"range": [345, 273]}, {"by": "volume"}, {"source": ""}, {"frame_height_mm": 400}):
        with pytest.raises(InputError, match="SAPIEN 3 20"):
            parse_device({**row, **change})
    with pytest.raises(InputError, match="source does not say"):
        parse_device({**row, "checked": False})
    with pytest.raises(InputError, match="no valve SAPIEN 3 27"):
        find_device("SAPIEN 3", "27")


@pytest.mark.parametrize(("area", "sizes"), [(341.0, ("20", "23")), (543.0, ("26", "29"))])
def test_in_the_overlap_both_sizes_fit_and_the_family_adds_up_to_one(area, sizes) -> None:
    rows = _sized(area)
    fitting = {row["size"] for row in rows.values() if row["model"] == "SAPIEN 3" and row["fits"]}
    assert fitting == set(sizes)
    family = [row["probability"] for row in rows.values() if row["model"] == "SAPIEN 3"]
    assert sum(family) == pytest.approx(1.0)
    assert {row["size"] for row in rows.values() if row["model"] == "SAPIEN 3" and row["borderline"]} == set(sizes)


def test_a_size_in_the_middle_of_its_range_is_sure_and_one_between_ranges_is_not() -> None:
    assert _sized(485.0)["SAPIEN 3 26"]["probability"] > 0.99
    assert not _sized(485.0)["SAPIEN 3 26"]["borderline"]
    near = _sized(434.0)
    assert near["SAPIEN 3 23"]["borderline"]
    assert near["SAPIEN 3 26"]["borderline"]
    assert not near["SAPIEN 3 23"]["fits"]


def test_an_annulus_beyond_a_family_is_not_made_to_fit_it() -> None:
    rows = _sized(760.0)
    assert not rows["SAPIEN 3 29"]["fits"]
    assert rows["SAPIEN 3 29"]["probability"] < 1e-6


def test_tav_in_sav_rows_are_no_native_rows() -> None:
    rows = _sized(230.0, perimeter=55.0)
    assert not any(row["fits"] for row in rows.values() if row["model"] == "Evolut FX")


def test_no_size_is_proposed_on_a_scan_that_is_not_good_enough() -> None:
    rows = _sized(485.0, ok=False)
    assert not any(row["fits"] or row["probability"] or row["borderline"] for row in rows.values())


def test_oversizing_and_its_uncertainty() -> None:
    row = _sized(476.0)["SAPIEN 3 26"]
    assert row["oversizing_area_percent"] == pytest.approx(9.03, abs=0.01)
    # 100 · 519 · (1/(476 − 14) − 1/476) is 3.3
    assert row["oversizing_uncertainty_percent"] == pytest.approx(3.2, abs=0.05)
    evolut = _sized(476.0, perimeter=78.2)["Evolut FX 29"]
    assert evolut["oversizing_area_percent"] is None
    assert evolut["oversizing_perimeter_percent"] == pytest.approx(16.5, abs=0.05)


def test_small_sinuses_are_said_where_the_maker_asks_for_more() -> None:
    small = {f"{key}_mm": 26.0 for key in ("ncc", "rcc", "lcc")} | {
        f"height_{key}_mm": 18.0 for key in ("ncc", "rcc", "lcc")
    }
    row = _sized(476.0, perimeter=78.2, sinuses=small)["Evolut FX 29"]
    assert row["unmet"] == ["mean sinus diameter 26.0 mm under 29 mm"]
    assert row["fits"]


def _hinges(normal, radius: float = 12.0):
    n = np.asarray(normal) / np.linalg.norm(normal)
    forward = np.array((0.0, -1.0, 0.0)) - (-n[1]) * n
    forward /= np.linalg.norm(forward)
    side = np.cross(n, forward)
    # N, R, L turn counter-clockwise about n, the right cusp in front
    angles = np.radians((-120.0, 0.0, 120.0))
    return np.array([radius * (np.cos(a) * forward + np.sin(a) * side) for a in angles]), n


ROOT = (-0.66, -0.10, 0.74)


def test_named_views_show_what_their_names_say() -> None:
    hinges, n = _hinges(ROOT)
    assert np.cross(hinges[1] - hinges[0], hinges[2] - hinges[0]) @ n > 0
    for view, alone, pair in (
        (cusp_overlap_view(hinges, n), 0, (1, 2)),
        (noncoronary_over_right_view(hinges, n), 2, (0, 1)),
    ):
        d = detector_direction(view["lao_deg"], view["cra_deg"])
        a = np.radians(view["lao_deg"])
        across = hinges @ np.array((np.cos(a), np.sin(a), 0.0))
        assert d[1] <= 0
        assert d @ n == pytest.approx(0.0, abs=1e-12)
        assert np.linalg.norm(np.cross(hinges[pair[0]] - hinges[pair[1]], d)) == pytest.approx(0.0, abs=1e-9)
        assert abs(across[alone] - across[pair[0]]) > 5.0
    three = three_cusp_view(hinges, n)
    a = np.radians(three["lao_deg"])
    noncoronary, right, left = hinges @ np.array((np.cos(a), np.sin(a), 0.0))
    assert noncoronary < right < left


def test_spread_is_what_redrawn_hinges_do() -> None:
    hinges, n = _hinges(ROOT)
    sigmas = np.array((0.5, 0.8, 0.5))
    covariance = normal_covariance(hinges, sigmas)
    generator = np.random.default_rng(1)
    d = detector_direction(*three_cusp_view(hinges, n).values())
    misses = []
    for _ in range(4000):
        moved = hinges + generator.normal(size=(3, 3)) * sigmas[:, None]
        normal = np.cross(moved[1] - moved[0], moved[2] - moved[0])
        misses.append(d @ normal / np.linalg.norm(normal))
    expected = 2.0 * np.degrees(np.std(misses))
    view = three_cusp_view(hinges, n)
    assert spread_deg(covariance, view["lao_deg"], view["cra_deg"]) == pytest.approx(expected, rel=0.05)
    one = normal_covariance(hinges, (1.0, 0.0, 0.0))
    assert np.degrees(np.sqrt(np.trace(one))) == pytest.approx(3.2, abs=0.05)


def test_the_band_widens_where_the_curve_is_steep() -> None:
    hinges, n = _hinges((-0.95, -0.2, 0.2))
    plan = projections(hinges, n, (0.5, 0.5, 0.5))
    assert len(plan["band_deg"]) == len(plan["s_curve"])
    assert all(0.0 < width <= 90.0 for width in plan["band_deg"])
    flat = projections(*_hinges((-0.1, -0.1, 0.98)), (0.5, 0.5, 0.5))
    assert max(plan["band_deg"]) > 2.0 * max(flat["band_deg"])
    assert {view["key"] for view in plan["named"]} == {"three_cusp", "cusp_overlap", "ncc_over_rcc"}


@pytest.mark.parametrize("normal", [ROOT, (1.0, 0.0, 0.0), (0.7, 0.7, 0.0), (-0.8, -0.1, 0.02), (0.0, 0.0, 1.0)])
def test_the_circle_is_edge_on_and_has_no_gap(normal) -> None:
    n = np.asarray(normal) / np.linalg.norm(normal)
    circle = s_circle(n)
    d = np.array([detector_direction(*point) for point in circle])
    assert np.abs(d @ n).max() < 1e-9
    assert d[:, 1].max() < 1e-9
    steps = np.degrees(np.arccos(np.clip((d[1:] * d[:-1]).sum(axis=1), -1, 1)))
    assert steps.max() < 1.0
    assert all(np.isfinite(point["cra_deg"]) for point in s_curve(n))


def test_a_view_out_of_reach_gets_the_nearest_one_on_the_curve() -> None:
    hinges, n = _hinges(ROOT)
    room = RoomLimits(30.0, 15.0)
    for view in named_views(hinges, n, normal_covariance(hinges, (0.5,) * 3), room):
        if room.reaches(view["lao_deg"], view["cra_deg"]):
            assert view["reachable"] is None
            assert view["text"] == "in reach"
            continue
        instead = view["reachable"]
        assert room.reaches(instead["lao_deg"], instead["cra_deg"])
        assert instead["foreshortening"] < 1e-9
        assert "is beyond" in view["text"]
    wanted = (60.0, 40.0)
    found = nearest_reachable(n, *wanted, room)
    tried = [point for point in s_circle(n, 2000) if room.reaches(*point)]
    best = max(detector_direction(*point) @ detector_direction(*wanted) for point in tried)
    assert np.cos(np.radians(found.away_deg)) >= best - 1e-3


def test_a_room_that_reaches_none_of_the_curve_gets_the_least_foreshortening() -> None:
    n = np.array((0.0, -0.94, 0.34))
    found = nearest_reachable(n, 0.0, -70.0, RoomLimits(40.0, 30.0))
    assert found.foreshortening > 0.1
    assert RoomLimits(40.0, 30.0).reaches(found.lao_deg, found.cra_deg)


@pytest.mark.parametrize(
    ("text", "value"),
    [("LAO 13", 13), ("13 RAO", -13), ("-13", -13), ("\u221213", -13), ("rao 7,5°", -7.5), ("13", 13), ("l20", 20)],
)
def test_typed_angles(text, value) -> None:
    assert parse_carm_angle(text, "LAO", "RAO") == value


@pytest.mark.parametrize("text", ["", "abc", "CRA 4", "RAO -4", "LAO RAO", "LAO 3 RAO", "200", "1.2.3"])
def test_what_is_no_angle_is_refused(text) -> None:
    with pytest.raises(UsageError):
        parse_carm_angle(text, "LAO", "RAO")
