"""The placed valve, the matrix of sizes and depths, and the obstruction rule, against geometry worked out by hand."""

from __future__ import annotations

import json

import numpy as np
import pytest

from planning.errors import InputError, MeasurementError
from planning.geometry import Grid
from planning.section import Frame, Measures, Sampler
from planning.tavr.devices import DEPTHS_MM, devices, find_device, size_devices
from planning.tavr.in_valve import in_valve_json, in_valve_risk
from planning.tavr.obstruction import obstruction_of, predict_obstruction
from planning.tavr.space import CalciumCloud, calcium_cloud, hinge_sigma_mm, root_space, valve_space
from planning.tavr.stent import frame_lines_mm, ring_mm
from planning.tavr.valve import (
    aligned_rotation_deg,
    distances,
    misalignment_deg,
    place_valve,
    proposed_valve,
    size_matrix,
    state_of,
    valve_results,
)
from planning.volume import Volume

ANNULUS = Measures(476.0, 78.2, 22.6, 26.4)
UNSURE = {"area_mm2": 9.0, "perimeter_mm": 0.8}
CENTER = np.array((12.0, -30.0, 55.0))
NORMAL = np.array((-0.60, -0.12, 0.79)) / np.linalg.norm((-0.60, -0.12, 0.79))
SIGMAS = (0.5, 0.5, 0.5)


def _frame() -> Frame:
    return Frame.of(CENTER, NORMAL)


def _point(angle_deg: float, radius: float, height: float) -> np.ndarray:
    a = np.radians(angle_deg)
    frame = _frame()
    return frame.to_world(np.array((radius * np.cos(a), radius * np.sin(a)))) + height * frame.normal


def _results(**changes):
    around = np.arange(0.0, 360.0, 3.0)
    landmarks = {
        **{f"hinge_{k}": _point(a, 12.0, 0.0) for k, a in (("ncc", 90.0), ("rcc", 210.0), ("lcc", 330.0))},
        **{f"commissure_{k}": _point(a, 13.0, 18.0) for k, a in (("nr", 150.0), ("rl", 270.0), ("ln", 30.0))},
        "ostium_left": _point(330.0, 18.8, 13.6),
        "ostium_right": _point(210.0, 19.6, 16.2),
    }
    results = {
        "annulus": {"centroid_mm": CENTER.tolist(), "normal": NORMAL.tolist(), **ANNULUS.as_json()},
        "landmarks": {key: {"position_mm": value.tolist()} for key, value in landmarks.items()},
        "stj": {"contour_mm": [_point(a, 15.7, 21.0).tolist() for a in around]},
        "septum": {"membranous_mm": 5.1, "uncertainty_mm": 0.9},
        "leaflets": {"lcc_mm": 14.2, "rcc_mm": 14.0, "uncertainty_mm": 0.6},
        "coronaries": {"left_height_mm": 13.6, "right_height_mm": 16.2},
        "calcium": {"by_region": {"lcc_mm3": 118.0, "rcc_mm3": 90.0}},
        "devices": size_devices(ANNULUS, UNSURE, True),
    }
    return {**results, **changes}


def test_distances_of_a_cylinder_are_the_radii_left_over() -> None:
    space = root_space(_results(), None, SIGMAS)
    found = distances(space, find_device("SAPIEN 3", "26"), DEPTHS_MM)
    assert found.values["vtc_left_mm"] == pytest.approx(18.8 - 13.0)
    assert found.values["vtc_right_mm"] == pytest.approx(19.6 - 13.0)
    assert found.values["vtstj_mm"] == pytest.approx(15.7 - 13.0)
    assert found.values["septum_minus_depth_mm"] == pytest.approx(5.1 - np.array(DEPTHS_MM))


def test_a_waisted_frame_is_as_wide_as_its_profile_at_the_height_of_the_ostium() -> None:
    space = root_space(_results(), None, SIGMAS)
    device = find_device("Evolut FX", "29")
    found = distances(space, device, (2.0, 6.0))
    # 13.6 + 2 lies between 29 mm at 4 and 23 mm at 17; 13.6 + 6 on the waist
    at = 29.0 + (15.6 - 4.0) / 13.0 * (23.0 - 29.0)
    assert found.values["vtc_left_mm"] == pytest.approx([18.8 - at / 2.0, 18.8 - 11.5])


def test_the_least_distance_to_an_uneven_junction_counts() -> None:
    wall = [_point(a, 15.7 - 1.2 * (a == 90), 21.0).tolist() for a in range(0, 360, 3)]
    space = root_space(_results(stj={"contour_mm": wall}), None, SIGMAS)
    assert distances(space, find_device("SAPIEN 3", "26"), [4.0]).values["vtstj_mm"] == pytest.approx([1.5])


def test_what_the_root_does_not_show_is_none_and_never_green() -> None:
    results = _results(septum=None, stj={})
    del results["landmarks"]["ostium_left"]
    space = root_space(results, None, SIGMAS)
    rows = size_matrix(space, results["devices"], ANNULUS)
    cell = next(row for row in rows if (row["model"], row["size"]) == ("SAPIEN 3", "26"))["cells"][2]
    assert cell["vtc_left_mm"] is None
    assert cell["septum_minus_depth_mm"] is None
    assert cell["vtstj_mm"] is None
    assert cell["state"] == "unknown"
    assert cell["value_mm"] is None
    close = _results(septum=None)
    close["landmarks"]["ostium_left"]["position_mm"] = _point(330.0, 15.0, 13.6).tolist()
    rows = size_matrix(root_space(close, None, SIGMAS), close["devices"], ANNULUS)
    cell = next(row for row in rows if (row["model"], row["size"]) == ("SAPIEN 3", "26"))["cells"][2]
    assert (cell["nearest"], cell["side"], cell["state"]) == ("VTC", "left", "bad")


def test_uncertainty_of_a_distance_is_what_redrawn_hinges_do() -> None:
    results = _results()
    device = find_device("SAPIEN 3", "26")
    hinges = np.array([results["landmarks"][f"hinge_{k}"]["position_mm"] for k in ("ncc", "rcc", "lcc")])
    ostium = np.array(results["landmarks"]["ostium_left"]["position_mm"])
    generator = np.random.default_rng(3)
    drawn = []
    for _ in range(3000):
        moved = hinges + generator.normal(size=(3, 3)) * 0.5
        n = np.cross(moved[1] - moved[0], moved[2] - moved[0])
        n /= np.linalg.norm(n)
        center = CENTER + generator.normal(size=3) * 0.25
        rest = ostium + generator.normal(size=3) * 0.5 - center
        # what is checked is the radius, half the frame's 26 mm drawn with its own spread
        drawn.append(np.linalg.norm(rest - (rest @ n) * n) - 13.0 - generator.normal() * 0.25)
    spread = distances(root_space(results, None, SIGMAS), device, [4.0]).spreads["vtc_left_mm"]
    assert spread == pytest.approx([2.0 * np.std(drawn)], rel=0.05)


def _block(center_mm, half_mm: float, step: float = 0.25) -> np.ndarray:
    side = np.arange(-half_mm + step / 2, half_mm, step)
    frame = _frame()
    axes = np.stack([frame.right, frame.up, frame.normal])
    grid = np.stack(np.meshgrid(side, side, side, indexing="ij"), -1).reshape(-1, 3)
    return center_mm + grid @ axes


def test_calcium_is_touched_where_the_frame_reaches_it() -> None:
    inside, outside, above = _point(0.0, 10.0, 5.0), _point(90.0, 18.0, 5.0), _point(0.0, 8.0, 24.0)
    points = np.concatenate([_block(at, 1.5) for at in (inside, outside, above)])
    space = root_space(_results(), CalciumCloud(points, 0.25**3), SIGMAS)
    short, tall = (distances(space, find_device(*name), [4.0]) for name in (("SAPIEN 3", "26"), ("Evolut FX", "29")))
    assert short.values["calcium_contact_mm3"] == pytest.approx([27.0], abs=0.5)
    assert tall.values["calcium_contact_mm3"] == pytest.approx([54.0], abs=0.5)
    cut = CalciumCloud(_block(_point(0.0, 13.5, 5.0), 1.0), 0.25**3)
    halved = distances(root_space(_results(), cut, SIGMAS), find_device("SAPIEN 3", "26"), [4.0])
    assert halved.values["calcium_contact_mm3"] == pytest.approx([4.0], abs=0.4)
    assert halved.spreads["calcium_contact_mm3"] == pytest.approx([2.0], abs=0.3)


def test_what_the_calcium_is_unsure_by_is_in_what_is_touched() -> None:
    cloud = CalciumCloud(_block(_point(0.0, 8.0, 5.0), 1.5), 0.25**3)
    results = _results(calcium={"total_mm3": 50.0, "uncertainty_mm3": 10.0, "by_region": {}})
    found = distances(root_space(results, cloud, SIGMAS), find_device("SAPIEN 3", "26"), [4.0])
    assert found.spreads["calcium_contact_mm3"] == pytest.approx([0.2 * 27.0], abs=0.2)


def test_the_cloud_holds_the_volume_of_the_calcium() -> None:
    grid = Grid.from_parts((90, 90, 90), (0.6, 0.6, 0.7), CENTER - (27, 27, 27))
    index = np.stack(np.meshgrid(*[np.arange(90)] * 3, indexing="ij"), -1)
    distance = np.linalg.norm(grid.to_world(index) - _point(40.0, 9.0, 4.0), axis=-1)
    values = 350.0 + 800.0 * np.clip((3.0 - distance) / 0.6 + 0.5, 0.0, 1.0)
    volume = Volume(grid, np.round(values).transpose(2, 1, 0).astype(np.int16))
    cloud = calcium_cloud(Sampler.around(volume, CENTER[None], 40.0), CENTER, NORMAL, 750.0)
    assert len(cloud.points_mm) * cloud.cell_mm3 == pytest.approx(4.0 / 3.0 * np.pi * 27.0, rel=0.03)
    none = calcium_cloud(Sampler.around(volume, CENTER[None], 40.0), CENTER, NORMAL, 3000.0)
    assert none.points_mm.shape == (0, 3)


def test_a_kept_plan_and_its_image_give_the_same_space() -> None:
    results = _results()
    for key in ("ncc", "rcc", "lcc"):
        results["landmarks"][f"hinge_{key}"]["source"] = "given"
    results["calcium"]["threshold_hu"] = 750.0
    grid = Grid.from_parts((80, 80, 80), (1.0, 1.0, 1.0), CENTER - (40, 40, 40))
    voxels = np.full((80, 80, 80), 350, np.int16)
    k, j, i = np.rint(grid.to_index(_point(0.0, 8.0, 5.0))[::-1]).astype(int)
    voxels[k - 1 : k + 2, j - 1 : j + 2, i - 1 : i + 2] = 1200
    volume = Volume(grid, voxels)
    space = valve_space(volume, results)
    np.testing.assert_allclose(space.tilt, root_space(results, None, [hinge_sigma_mm("given")] * 3).tilt)
    found = distances(space, find_device("SAPIEN 3", "26"), [4.0])
    assert found.values["calcium_contact_mm3"] == pytest.approx([27.0], abs=6.0)


def test_a_cell_holds_the_quantity_nearest_its_limit_in_units_of_its_uncertainty() -> None:
    results = _results()
    space = root_space(results, None, SIGMAS)
    rows = {f"{row['model']} {row['size']}": row for row in size_matrix(space, results["devices"], ANNULUS)}
    assert len(rows) == len(devices())
    cells = rows["SAPIEN 3 26"]["cells"]
    assert [cell["depth_mm"] for cell in cells] == list(DEPTHS_MM)
    for cell in cells:
        spread = distances(space, find_device("SAPIEN 3", "26"), [cell["depth_mm"]]).spreads
        margins = {
            "VTSTJ": (cell["vtstj_mm"] - 2.0) / spread["vtstj_mm"][0],
            "Septum": cell["septum_minus_depth_mm"] / spread["septum_minus_depth_mm"][0],
            "VTC": (cell["vtc_left_mm"] - 4.0) / spread["vtc_left_mm"][0],
        }
        assert cell["nearest"] == min(margins, key=margins.get)
    assert (cells[3]["nearest"], cells[3]["state"]) == ("Septum", "warn")
    assert (cells[4]["nearest"], cells[4]["state"]) == ("Septum", "bad")
    assert rows["SAPIEN 3 23"]["reason"] == "14.1 % under"
    assert rows["SAPIEN 3 29"]["reason"] == "36.3 % over"
    assert rows["Evolut FX 26"]["reason"] == "perimeter above 72.3 mm"
    assert rows["Evolut FX 34"]["reason"] == "perimeter below 81.7 mm"
    assert rows["SAPIEN 3 26"]["oversizing_percent"] == pytest.approx(9.0, abs=0.05)
    assert rows["Evolut FX 29"]["oversizing_percent"] == pytest.approx(16.5, abs=0.05)
    json.dumps(list(rows.values()), allow_nan=False)


@pytest.mark.parametrize(
    ("value", "spread", "limit", "state"),
    [(2.7, 0.4, 2.0, "ok"), (4.3, 0.6, 4.0, "warn"), (-0.9, 0.9, 0.0, "bad"), (None, None, 4.0, "unknown")],
)
def test_states(value, spread, limit, state) -> None:
    assert state_of(value, spread, limit) == state


def test_posts_and_commissures() -> None:
    space = root_space(_results(), None, SIGMAS)
    assert misalignment_deg(space, 0.0) == pytest.approx(0.0, abs=1e-9)
    assert misalignment_deg(space, 12.0) == pytest.approx(12.0)
    assert misalignment_deg(space, -130.0) == pytest.approx(10.0)
    assert aligned_rotation_deg(space) == pytest.approx(0.0)
    uneven = _results()
    uneven["landmarks"]["commissure_nr"]["position_mm"] = _point(156.0, 13.0, 18.0).tolist()
    assert misalignment_deg(root_space(uneven, None, SIGMAS), 0.0) == pytest.approx(2.0)
    del uneven["landmarks"]["commissure_nr"]
    assert misalignment_deg(root_space(uneven, None, SIGMAS), 0.0) is None


def test_the_frame_that_is_drawn_stands_where_it_says() -> None:
    results = _results()
    space = root_space(results, None, SIGMAS)
    for model, size in (("SAPIEN 3", "26"), ("Evolut FX", "29")):
        device = find_device(model, size)
        valve = place_valve(space, device, 3.5, 20.0, ANNULUS)
        json.dumps(valve, allow_nan=False)
        struts, posts = frame_lines_mm(valve)
        assert len(posts) == 3
        lines = np.concatenate([*struts, *posts])
        height = (lines - CENTER) @ NORMAL
        radius = np.linalg.norm(lines - CENTER - height[:, None] * NORMAL, axis=1)
        assert height.min() == pytest.approx(-3.5)
        assert height.max() == pytest.approx(device.frame_height_mm - 3.5)
        np.testing.assert_allclose(radius, device.outer_radius_mm(height + 3.5), atol=1e-9)
        ring = ring_mm(valve, 0.0)
        assert np.abs((ring - CENTER) @ NORMAL).max() < 1e-9
        first = _frame().to_plane(posts[0])
        # the RCC–LCC commissure stands at 270°
        assert np.degrees(np.arctan2(first[0, 1], first[0, 0])) % 360.0 == pytest.approx(290.0)


def test_valve_results_propose_only_what_fits_and_take_what_is_chosen() -> None:
    results = _results()
    found = valve_results(results, root_space(results, None, SIGMAS), None)
    # the only size with every distance surely over its limit, at its maker's target
    assert (found["valve"]["model"], found["valve"]["size"], found["valve"]["chosen"]) == ("Evolut FX", "29", False)
    assert found["valve"]["depth_mm"] == 3.0
    assert found["obstruction"]["left"]["predicted"] is False
    chosen = {"model": "Evolut FX", "size": "29", "depth_mm": 0.0, "rotation_deg": 5.0}
    found = valve_results(results, root_space(results, None, SIGMAS), chosen)
    assert (found["valve"]["size"], found["valve"]["depth_mm"], found["valve"]["chosen"]) == ("29", 0.0, True)
    poor = _results(devices=size_devices(ANNULUS, UNSURE, False))
    found = valve_results(poor, root_space(poor, None, SIGMAS), None)
    assert found["valve"] is None
    assert found["obstruction"]["left"]["predicted"] is None
    with pytest.raises(InputError, match="no valve"):
        valve_results(results, root_space(results, None, SIGMAS), {"model": "X", "size": "1", "depth_mm": 3.0})


def test_no_size_in_red_is_proposed_while_another_fits() -> None:
    results = _results()
    rows = results["devices"]

    def cells(state: str) -> list[dict]:
        return [{"depth_mm": float(depth), "state": state, "advised_depth": depth <= 4} for depth in DEPTHS_MM]

    def matrix(**states: str) -> list[dict]:
        return [
            {**{key: row[key] for key in ("model", "size", "fits", "borderline", "probability")}}
            | {"cells": cells(states.get(row["model"].split()[0], "bad"))}
            for row in rows
        ]

    device, _ = proposed_valve(rows, matrix(SAPIEN="bad", ACURATE="warn"))  # type: ignore[misc]
    assert device.model == "ACURATE neo2"
    # all alike: the catalogue's first, at an advised depth
    device, depth = proposed_valve(rows, matrix())  # type: ignore[misc]
    assert (device.model, depth) == ("SAPIEN 3", 4.0)
    assert proposed_valve([], []) is None


def test_moving_and_turning_everything_changes_no_number() -> None:
    results = _results()
    generator = np.random.default_rng(5)
    turn, _ = np.linalg.qr(generator.normal(size=(3, 3)))
    turn *= np.sign(np.linalg.det(turn))

    def moved(value):
        return (np.asarray(value) @ turn.T + (40.0, -7.0, 12.0)).tolist()

    other = _results(
        annulus={"centroid_mm": moved(CENTER), "normal": (turn @ NORMAL).tolist()},
        landmarks={k: {"position_mm": moved(v["position_mm"])} for k, v in results["landmarks"].items()},
        stj={"contour_mm": [moved(point) for point in results["stj"]["contour_mm"]]},
    )
    for device in devices()[::5]:
        one, two = (distances(root_space(r, None, SIGMAS), device, DEPTHS_MM) for r in (results, other))
        for key, values in one.values.items():
            np.testing.assert_allclose(values, two.values[key], atol=1e-9)
            np.testing.assert_allclose(one.spreads[key], two.spreads[key], atol=1e-9)


RULE = [
    (14.2, 13.6, 5.8, 118.0, False, "ok"),
    (14.2, 13.6, 4.0, 118.0, True, "bad"),
    (14.2, 13.6, 5.8, 601.0, True, "bad"),
    (12.0, 13.6, 5.8, 118.0, False, "ok"),
    (12.0, 13.6, 2.0, 118.0, False, "warn"),
    (12.0, 13.6, None, 118.0, None, "unknown"),
    (14.2, 13.6, None, 118.0, None, "unknown"),
    (14.2, 13.6, None, 700.0, True, "bad"),
    (None, 13.6, 2.0, 118.0, None, "unknown"),
    (14.2, None, 2.0, 118.0, None, "unknown"),
    (14.2, 13.6, 5.8, None, None, "unknown"),
    (14.2, 13.6, 3.0, None, True, "bad"),
]


@pytest.mark.parametrize(("cusp", "height", "vtc", "calcium", "predicted", "state"), RULE)
def test_the_native_rule(cusp, height, vtc, calcium, predicted, state) -> None:
    found = predict_obstruction("left", cusp, height, vtc, calcium)
    assert (found.predicted, found.state) == (predicted, state)
    assert found.text.endswith(".")
    assert found.headline.startswith("Left: ")


def test_the_rule_is_close_where_the_uncertainty_reaches_the_limit() -> None:
    assert predict_obstruction("right", 14.2, 13.6, 4.4, 50.0, vtc_uncertainty_mm=0.6).state == "warn"
    assert predict_obstruction("right", 14.2, 13.6, 4.4, 50.0, vtc_uncertainty_mm=0.3).state == "ok"
    text = predict_obstruction("left", 14.2, 13.6, 5.8, 118.0).text
    assert text == (
        "Cusp 14.2 mm is above the ostium 13.6 mm, but VTC 5.8 mm is over 4 mm and calcium 118 mm³ under 600 mm³."
    )
    assert predict_obstruction("left", None, 13.6, None, 1.0).text == (
        "The leaflet's length and the distance of the valve are missing."
    )


def test_valve_in_valve_rule() -> None:
    sure = {"vtc": 0.0, "vtstj": 0.0}
    assert in_valve_risk("left", 3.9, 5.0, sure)["state"] == "bad"
    assert in_valve_risk("left", 5.0, 1.9, sure)["predicted"] is True
    assert in_valve_risk("left", 3.0, None, sure)["predicted"] is True
    assert in_valve_risk("left", 5.0, 3.0, sure)["state"] == "warn"
    assert in_valve_risk("left", 4.4, 6.0, {"vtc": 0.6, "vtstj": 0.5})["state"] == "warn"
    # far from every limit is still not safe: the wall below the junction was not measured
    far = in_valve_risk("right", 8.0, 6.0, sure)
    assert (far["state"], far["predicted"]) == ("unknown", None)
    assert "not measured" in far["text"]
    assert "VTC is missing" in in_valve_risk("right", None, 6.0, sure)["text"]


def test_the_true_inner_diameter_chooses_the_rows_for_a_surgical_valve() -> None:
    assert in_valve_json(None) is None
    inside = in_valve_json({"inner_diameter_mm": 18.0})
    assert inside is not None
    assert [row["fits"] for row in inside["sizes"]] == [True]
    assert inside["perimeter_mm"] == pytest.approx(np.pi * 18.0)
    larger = in_valve_json({"inner_diameter_mm": 23.0})
    assert larger is not None
    assert not any(row["fits"] for row in larger["sizes"])
    with pytest.raises(MeasurementError, match="inner diameter of 8"):
        in_valve_json({"inner_diameter_mm": 8.0})


def test_the_rule_of_a_valve_in_a_valve_is_taken_where_a_prosthesis_is_said() -> None:
    valve = {"vtc_left_mm": 3.0, "vtc_right_mm": 7.0, "vtstj_mm": 5.0, "uncertainty": {}}
    found = obstruction_of({"valve": valve, "in_valve": in_valve_json({"inner_diameter_mm": 21.0})})
    assert found["left"]["headline"] == "Left: high risk of obstruction"
    assert found["right"]["state"] == "unknown"
