"""Routes as a person corrects them: what was drawn decides ratio, state and rank, and a route can be excluded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cases import make_case
from roots import make_tube

from app.cli import main
from planning.access.corrections import corrected, decided_routes
from planning.access.plan import find_access, judge_route, ranked, sheath_table
from planning.access.sheaths import choose_sheath
from planning.errors import InputError
from planning.phantoms.cardiac import cardiac_phantom
from planning.vessel.edits import WIDTH_UNCERTAINTY_MM, handles_at

T = np.linspace(0.0, 1.0, 400)
SHEATH = "eSheath 14F"
ANGLES = np.radians(np.arange(0.0, 360.0, 12.0))


def _station(s_mm: float, diameter_mm: float, aside_mm: float) -> dict[str, Any]:
    around = 0.5 * diameter_mm * np.stack([np.cos(ANGLES), np.sin(ANGLES), 0.0 * ANGLES], 1)
    return {
        "s_mm": s_mm,
        "position_mm": [aside_mm, 0.0, -s_mm],
        "tangent": [0.0, 0.0, 1.0],
        "area_mm2": np.pi * diameter_mm**2 / 4.0,
        "perimeter_mm": np.pi * diameter_mm,
        "area_diameter_mm": diameter_mm,
        "min_diameter_mm": diameter_mm,
        "max_diameter_mm": diameter_mm,
        "closed": True,
        "calcium_arc_deg": 40.0,
        "calcium_arcs_deg": [[10.0, 50.0]],
        "uncertainty_mm": 0.4,
        "contour_mm": (around + (aside_mm, 0.0, -s_mm)).tolist(),
    }


def _route(key: str, aside_mm: float, least_mm: float) -> dict[str, Any]:
    """A straight artery of 8 mm that narrows at 30 mm."""
    along = np.arange(0.0, 61.0)
    widths = 8.0 - (8.0 - least_mm) * np.exp(-(((along - 30.0) / 8.0) ** 2))
    stations = [_station(float(s), float(width), aside_mm) for s, width in zip(along, widths, strict=True)]
    least = stations[30]
    return {
        "key": key,
        "name": key.replace("_", " ").capitalize(),
        "rank": 0,
        "from_mm": stations[0]["position_mm"],
        "to_mm": stations[-1]["position_mm"],
        "source": "automatic",
        "reaches_groin": True,
        "length_mm": 60.0,
        "chord_mm": 60.0,
        "tortuosity": 1.0,
        "minimum": {
            "s_mm": 30.0,
            "min_diameter_mm": least_mm,
            "uncertainty_mm": 0.4,
            "position_mm": least["position_mm"],
            "calcium_arc_deg": 40.0,
            "area_diameter_mm": least_mm,
        },
        "bends_deg": [],
        "bends_at_mm": [],
        "sharpest_bend_deg": 5.0,
        "angle_sum_deg": 0.0,
        "stations": stations,
        "centerline_mm": [station["position_mm"] for station in stations],
        "closed_at_mm": None,
        "calcium": {"greatest_arc_deg": 40.0, "circumferential_mm": 0.0},
    }


@pytest.fixture(scope="module")
def access() -> dict[str, Any]:
    """Right 6.4 mm, left 5.0 mm."""
    sheath = choose_sheath(SHEATH, None)
    rows = [
        judge_route(_route("right_femoral", -30.0, 6.4), sheath),
        judge_route(_route("left_femoral", 30.0, 5.0), sheath),
    ]
    rows = ranked(rows)
    return {"routes": rows, "missing": [], "sheath_table": sheath_table(rows), "sheath": None, "warnings": []}


def _rows(access: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["key"]: row for row in access["routes"]}


def _edit(row: dict[str, Any], number: int, by_mm: float) -> dict[str, Any]:
    found = handles_at(row["stations"], number)
    assert found is not None
    middle, places = found[0], np.array([handle.place_mm for handle in found[1]])
    out = places - middle
    pins = places + by_mm * out / np.linalg.norm(out, axis=1)[:, None]
    station = row["stations"][number]
    return {"position_mm": station["position_mm"], "normal": station["tangent"], "pins_mm": pins.tolist()}


def test_a_stenosis_drawn_wider_changes_ratio_state_rank_and_words(access: dict[str, Any]) -> None:
    before = _rows(access)
    assert [row["key"] for row in access["routes"]] == ["right_femoral", "left_femoral"]
    edits = {"left_femoral": [_edit(before["left_femoral"], n, 0.9) for n in (26, 30, 34)]}
    found = corrected(access, lumen_edits=edits, sheath=SHEATH)
    left = _rows(found.access)["left_femoral"]
    assert left["minimum"]["min_diameter_mm"] == pytest.approx(6.8, abs=0.1)
    assert left["minimum"]["edited"] is True
    assert left["minimum"]["uncertainty_mm"] == WIDTH_UNCERTAINTY_MM
    assert left["automatic"]["minimum"] == before["left_femoral"]["minimum"]
    assert left["sheath_ratio"] == pytest.approx(6.0 / left["minimum"]["min_diameter_mm"])
    assert (left["rank"], left["state"]) == (1, "ok")
    assert "Edited by hand at 26, 30, 34 mm (least 5.0 mm before)." in left["reason"]
    assert left["calcium"] == before["left_femoral"]["calcium"]
    (row,) = [row for row in found.access["sheath_table"] if row["name"] == SHEATH]
    assert row["ratio"]["left_femoral"] == left["sheath_ratio"]
    # what nobody touched is the same to the last digit
    assert {**_rows(found.access)["right_femoral"], "rank": 1} == before["right_femoral"]


def test_a_place_drawn_narrow_is_the_least_wherever_it_lies(access: dict[str, Any]) -> None:
    edits = {"right_femoral": [_edit(_rows(access)["right_femoral"], 50, -2.4)]}
    right = _rows(corrected(access, lumen_edits=edits, sheath=SHEATH).access)["right_femoral"]
    assert right["minimum"]["s_mm"] == 50.0
    assert right["minimum"]["min_diameter_mm"] == pytest.approx(8.0 - 4.8, abs=0.15)
    assert right["state"] == "bad"


def test_edits_stay_with_another_sheath_and_go_without_a_trace(access: dict[str, Any]) -> None:
    edits = {"left_femoral": [_edit(_rows(access)["left_femoral"], 30, 0.5)]}
    first = corrected(access, lumen_edits=edits, sheath=SHEATH)
    other = corrected(first.access, lumen_edits=first.lumen_edits, sheath="eSheath 16F")
    assert _rows(other.access)["left_femoral"]["minimum"] == _rows(first.access)["left_femoral"]["minimum"]
    assert other.access["sheath"]["name"] == "eSheath 16F"
    assert other.lumen_edits == first.lumen_edits
    back = corrected(other.access, sheath=SHEATH)
    assert back.access["routes"] == access["routes"]
    assert not back.lumen_edits


def test_an_excluded_route_is_last_and_says_why(access: dict[str, Any]) -> None:
    found = corrected(access, excluded={"right_femoral": "graft in the groin"}, sheath=SHEATH)
    assert [row["key"] for row in found.access["routes"]] == ["left_femoral", "right_femoral"]
    right = _rows(found.access)["right_femoral"]
    assert (right["state"], right["text"], right["rank"]) == ("excluded", "excluded: graft in the groin", 2)
    # its numbers stay
    assert right["minimum"] == _rows(access)["right_femoral"]["minimum"]
    assert _rows(corrected(found.access, sheath=SHEATH).access)["right_femoral"]["state"] == "ok"


def test_an_edit_off_the_route_is_dropped_once(access: dict[str, Any]) -> None:
    edit = _edit(_rows(access)["left_femoral"], 30, 0.5)
    found = corrected(access, lumen_edits={"right_femoral": [edit]}, sheath=SHEATH)
    assert [one["code"] for one in found.access["warnings"]] == ["edit_dropped"]
    assert not found.lumen_edits
    assert found.access["routes"] == access["routes"]
    assert not corrected(found.access, sheath=SHEATH).access["warnings"]


def test_what_was_decided_is_read_from_a_file_or_refused() -> None:
    ends = {"from_mm": [0, 0, 0], "to_mm": [0, 0, -50], "via_mm": [[1, 0, -20]]}
    found = decided_routes({"inputs": {"access": {"left_femoral": ends}, "excluded": {"right_femoral": "graft"}}})
    assert found == {"access": {"left_femoral": ends}, "lumen_edits": None, "excluded": {"right_femoral": "graft"}}
    for wrong in (
        [],
        {},
        {"access": {"left_leg": ends}},
        {"access": [ends]},
        {"access": {"left_femoral": {"from_mm": [0, 0, 0]}}},
        {"access": {"left_femoral": {"from_mm": [0, 0], "to_mm": [0, 0]}}},
        {"lumen_edits": {"left_femoral": [{}]}},
        {"excluded": {"left_femoral": None}},
    ):
        with pytest.raises(InputError):
            decided_routes(wrong)


def test_a_route_led_through_a_place_is_measured_there() -> None:
    curve = np.stack([0.0 * T, 0.0 * T, -60.0 * T], 1)
    detour = np.stack([22.0 * np.sin(np.pi * T), 0.0 * T, -60.0 * T], 1)
    stem = np.stack([0.0 * T, 0.0 * T, 12.0 * T], 1)
    tail = np.stack([0.0 * T, 0.0 * T, -60.0 - 12.0 * T], 1)
    volume = make_tube(np.concatenate([curve, detour, stem, tail]), np.full(1600, 3.5), spacing=0.8)
    ends = {"from_mm": [0.0, 0.0, 10.0], "to_mm": [0.0, 0.0, -70.0]}
    both = {
        key: {**ends, "via_mm": via} for key, via in (("left_femoral", []), ("right_femoral", [[22.0, 0.0, -30.0]]))
    }
    rows = _rows(find_access(volume, ends=both))
    assert rows["left_femoral"]["length_mm"] == pytest.approx(80.0, abs=2.0)
    assert rows["right_femoral"]["length_mm"] > 90.0
    astray = {"left_femoral": {**ends, "via_mm": [[60.0, 0.0, -30.0]]}}
    missing = find_access(volume, ends={**both, **astray})["missing"]
    assert any(one["key"] == "left_femoral" and "outside" in one["text"] for one in missing)


@pytest.mark.slow
def test_the_command_line_takes_routes_as_they_were_corrected(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    phantom = cardiac_phantom(root_only=True)
    case, routes = tmp_path / "heart.theatrum", tmp_path / "routes.json"
    make_case(case, phantom.volume).close()
    middle, up = phantom.truth.hinges_mm.mean(axis=0), phantom.truth.normal
    # the ascending aorta stands in for a neck artery
    ends = {"from_mm": (middle + 4.0 * up).tolist(), "to_mm": (middle + 45.0 * up).tolist()}
    routes.write_text(json.dumps({"access": {"left_carotid": ends}, "excluded": {"left_carotid": "stent"}}))
    hinges = " ".join(",".join(str(float(v)) for v in place) for place in phantom.truth.hinges_mm)
    asked = ["tavr", str(case), "--hinges", hinges, "--quiet", "--json", "--routes", str(routes)]
    assert main(asked) == 0
    found = json.loads(capsys.readouterr().out)["access"]["routes"]
    assert [(row["key"], row["text"]) for row in found] == [("left_carotid", "excluded: stent")]
    routes.write_text(json.dumps({"access": {"left_leg": ends}}))
    assert main(asked) == 3
    assert "There is no route 'left_leg'" in capsys.readouterr().err
