"""Sections pulled by hand: what was drawn is what is measured, near and far, and the image's own is never lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cases import make_case
from roots import make_tube

from app.cli import main
from app.report.edited_lumen import route_changes, vessel_edits
from planning.case.model import PlanRecord
from planning.errors import InputError
from planning.provenance import Provenance, now_utc
from planning.units import text_position
from planning.vessel.edits import (
    HELD_MM,
    REACH_MM,
    WIDTH_UNCERTAINTY_MM,
    LumenEdit,
    automatic_station,
    edit_at,
    edit_stations,
    edits_of,
    handles_at,
    weight_at,
    with_lumen_edits,
    with_pin,
)
from planning.vessel.plan import make_vessel_plan

T = np.linspace(0, 1, 2000)
CURVE = np.stack([0 * T + 0.2, 0 * T - 0.1, 45 * T], 1)
RADIUS = 3.5 * (1 - 0.4 * np.exp(-(((T - 0.5) * 45 / 5) ** 2)))


@pytest.fixture(scope="module")
def plan() -> dict[str, Any]:
    """A tube 7 mm wide with a narrowing to 4.2 mm in its middle."""
    return make_vessel_plan(make_tube(CURVE, RADIUS), CURVE[200], CURVE[-200])


def _pull(stations: Any, number: int, by_mm: float, handles: range = range(8)) -> LumenEdit:
    """Some handles of a station moved outwards."""
    found = handles_at(stations, number)
    assert found is not None
    middle, places = found[0], np.array([handle.place_mm for handle in found[1]])
    out = places - middle
    pins = places + by_mm * out / np.linalg.norm(out, axis=1)[:, None]
    station = stations[number]
    return LumenEdit(np.array(station["position_mm"]), np.array(station["tangent"]), pins[list(handles)])


def _narrowest(plan: dict[str, Any]) -> int:
    return int(np.argmin([abs(station["s_mm"] - plan["minimum"]["s_mm"]) for station in plan["stations"]]))


def test_a_section_pulled_all_round_has_the_pulled_area(plan: dict[str, Any]) -> None:
    number = _narrowest(plan)
    before = plan["stations"][number]
    edited, lumen = with_lumen_edits(plan, [_pull(plan["stations"], number, 0.8)])
    station = edited["stations"][number]
    radius = before["area_diameter_mm"] / 2.0 + 0.8
    assert station["edited"] == "here"
    assert station["area_mm2"] == pytest.approx(np.pi * radius**2, rel=0.01)
    assert station["area_diameter_mm"] == pytest.approx(2.0 * radius, abs=0.03)
    assert station["min_diameter_mm"] == pytest.approx(before["min_diameter_mm"] + 1.6, abs=0.06)
    assert station["automatic"]["area_mm2"] == before["area_mm2"]
    assert station["calcium_arcs_deg"] == before["calcium_arcs_deg"]
    assert len(lumen.edits) == 1
    assert not lumen.findings


def test_one_pulled_place_is_on_the_contour_and_the_far_side_stays(plan: dict[str, Any]) -> None:
    edit = _pull(plan["stations"], 5, 1.2, range(2, 3))
    after = edit_stations(plan["stations"], [edit]).stations[5]
    contour, was = (np.array(one["contour_mm"]) for one in (after, plan["stations"][5]))
    assert np.linalg.norm(contour - edit.pins_mm[0], axis=1).min() < 0.25
    across = np.linalg.norm(was - edit.pins_mm[0], axis=1) > 5.0
    assert np.linalg.norm(contour - was, axis=1)[across].max() < 0.12
    assert after["perimeter_mm"] > plan["stations"][5]["perimeter_mm"]


def test_an_edit_reaches_four_millimetres_and_no_farther(plan: dict[str, Any]) -> None:
    number = 12
    edited = edit_stations(plan["stations"], [_pull(plan["stations"], number, 1.0)]).stations
    at = plan["stations"][number]["s_mm"]
    for before, after in zip(plan["stations"], edited, strict=True):
        away = abs(before["s_mm"] - at)
        gained = (after["area_diameter_mm"] - before["area_diameter_mm"]) / 2.0
        assert gained == pytest.approx(weight_at(away), abs=0.06)
        if away >= REACH_MM:
            assert after == before
        elif away > 0.5:
            assert after["edited"] == "near"
            assert after["automatic"]["contour_mm"] == before["contour_mm"]
    assert weight_at(HELD_MM) == 1.0


def test_the_least_diameter_follows_what_was_drawn(plan: dict[str, Any]) -> None:
    # another place is pulled in until it is the least
    number = 8
    tight = _pull(plan["stations"], number, -2.2)
    edited, _ = with_lumen_edits(plan, [tight])
    own = edited["stations"][number]["min_diameter_mm"]
    assert edited["minimum"]["min_diameter_mm"] == pytest.approx(own, abs=0.15)
    assert edited["minimum"]["s_mm"] == pytest.approx(plan["stations"][number]["s_mm"], abs=HELD_MM)
    assert edited["minimum"]["edited"] is True
    assert edited["automatic"]["minimum"] == plan["minimum"]
    # far from the narrowing the image's own least stays to the last digit
    wide, _ = with_lumen_edits(plan, [_pull(plan["stations"], number, 0.5)])
    assert wide["minimum"] == {**plan["minimum"], "edited": False}
    # the narrowing drawn wide is no longer one
    narrowest = _narrowest(plan)
    opened, _ = with_lumen_edits(plan, [_pull(plan["stations"], narrowest, 1.4)])
    assert opened["minimum"]["min_diameter_mm"] > plan["minimum"]["min_diameter_mm"] + 0.5


def test_edits_are_taken_back_to_the_last_digit(plan: dict[str, Any]) -> None:
    edited, lumen = with_lumen_edits(plan, [_pull(plan["stations"], 8, 0.5), _pull(plan["stations"], 10, -0.4)])
    assert [automatic_station(station) for station in edited["stations"]] == plan["stations"]
    back, _ = with_lumen_edits(edited, [])
    assert back == plan
    # the same edits on edited numbers give the same numbers
    again, _ = with_lumen_edits(edited, edits_of([edit.as_json() for edit in lumen.edits]))
    assert again == edited


def test_edits_beside_each_other_hold_both(plan: dict[str, Any]) -> None:
    first, second = _pull(plan["stations"], 8, 0.6), _pull(plan["stations"], 10, 0.6)
    edited = edit_stations(plan["stations"], [first, second]).stations
    for number, edit in ((8, first), (10, second)):
        contour = np.array(edited[number]["contour_mm"])
        away = np.linalg.norm(contour[:, None] - edit.pins_mm[None], axis=2).min(axis=0)
        assert away.max() < 0.25
    # between them the pulls are not added up
    gained = edited[9]["area_diameter_mm"] - plan["stations"][9]["area_diameter_mm"]
    assert gained == pytest.approx(1.2, abs=0.1)


def test_an_edit_off_the_vessel_is_dropped_and_told(plan: dict[str, Any]) -> None:
    kept = _pull(plan["stations"], 8, 0.5)
    gone = LumenEdit(kept.position_mm + (0.0, 0.0, 100.0), kept.normal, kept.pins_mm + (0.0, 0.0, 100.0))
    askew = LumenEdit(kept.position_mm, np.array((1.0, 0.0, 0.0)), kept.pins_mm)
    far = LumenEdit(kept.position_mm, kept.normal, kept.pins_mm + (20.0, 0.0, 0.0))
    edited, lumen = with_lumen_edits(plan, [gone, askew, far, kept])
    assert len(lumen.edits) == 1
    told = [one["text"] for one in edited["warnings"] if one["code"] == "edit_dropped"]
    assert len(told) == 3
    assert "does not go through it any more" in told[0]
    assert "too far from the lumen's edge" in told[2]
    # the next edit does not repeat what was told before
    assert not [one for one in with_lumen_edits(edited, [kept])[0]["warnings"] if one["code"] == "edit_dropped"]


def test_a_section_that_the_image_left_open_can_be_drawn(plan: dict[str, Any]) -> None:
    opened = [dict(station) for station in plan["stations"]]
    opened[6] |= dict.fromkeys(("area_mm2", "perimeter_mm", "area_diameter_mm", "min_diameter_mm", "max_diameter_mm"))
    opened[6] |= {"closed": False, "contour_mm": []}
    edited = edit_stations(opened, [_pull(opened, 6, 0.3)]).stations
    assert edited[6]["closed"]
    between = (opened[5]["area_diameter_mm"] + opened[7]["area_diameter_mm"]) / 2.0
    assert edited[6]["area_diameter_mm"] == pytest.approx(between + 0.6, abs=0.1)
    assert not automatic_station(edited[6])["closed"]


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"position_mm": [0, 0, 0], "normal": [0, 0, 0], "pins_mm": []},
        {"position_mm": [0, 0], "normal": [0, 0, 1], "pins_mm": [[0, 0, 0]]},
        {"position_mm": [0, 0, 0], "normal": [0, 0, 1], "pins_mm": [["a", 0, 0]]},
        "nothing",
    ],
)
def test_what_is_no_edit_is_refused(row: Any) -> None:
    with pytest.raises(InputError):
        edits_of([row])


def test_the_command_line_takes_edited_sections_and_places_on_the_way(
    plan: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = tmp_path / "tube.theatrum"
    make_case(case, make_tube(CURVE, RADIUS)).close()
    edit = _pull(plan["stations"], _narrowest(plan), 0.8)
    edits = tmp_path / "edits.json"
    edits.write_text(json.dumps([edit.as_json()]), encoding="utf-8")
    ends = [
        f"--{name}={','.join(str(v) for v in place)}" for name, place in (("from", CURVE[200]), ("to", CURVE[-200]))
    ]
    asked = ["vessel", str(case), *ends, f"--via={','.join(str(v) for v in CURVE[900])}", "--json", "--quiet"]
    assert main([*asked, "--edits", str(edits)]) == 0
    found = json.loads(capsys.readouterr().out)
    expected, _ = with_lumen_edits(plan, [edit])
    assert found["minimum"]["uncertainty_mm"] == pytest.approx(expected["minimum"]["uncertainty_mm"], abs=0.05)
    # a hand that makes the least lumen is less sure than the image
    narrower, _ = with_lumen_edits(plan, [_pull(plan["stations"], _narrowest(plan), -0.5)])
    assert narrower["minimum"]["uncertainty_mm"] == WIDTH_UNCERTAINTY_MM > plan["minimum"]["uncertainty_mm"]
    assert found["minimum"]["min_diameter_mm"] == pytest.approx(expected["minimum"]["min_diameter_mm"], abs=0.1)
    assert found["automatic"]["minimum"]["min_diameter_mm"] == pytest.approx(
        plan["minimum"]["min_diameter_mm"], abs=0.1
    )
    # what was drawn goes on from an exported plan
    exported = tmp_path / "plan.json"
    assert main(["export", str(case), str(exported), "--plan", found["plan"]]) == 0
    capsys.readouterr()
    assert main([*asked, "--edits", str(exported)]) == 0
    assert json.loads(capsys.readouterr().out)["minimum"] == found["minimum"]
    # without the option the plan follows the image alone
    assert main(asked) == 0
    assert "automatic" not in json.loads(capsys.readouterr().out)
    edits.write_text("{}", encoding="utf-8")
    assert main([*asked, "--edits", str(edits)]) == 3


def test_a_handle_stays_where_it_was_pulled_to_and_can_be_let_go(plan: dict[str, Any]) -> None:
    stations = plan["stations"]
    found = handles_at(stations, 9)
    assert found is not None
    middle, handles = found
    assert [handle.angle_deg for handle in handles] == [45.0 * n for n in range(8)]
    out = handles[2].place_mm - middle
    place = handles[2].place_mm + 1.1 * out / np.linalg.norm(out)
    edits = with_pin(stations, [], 9, handles[2].angle_deg, place)
    edited = edit_stations(stations, edits).stations
    after = handles_at(edited, 9, edit_at(edited, edits, 9))
    assert after is not None
    assert [round(handle.angle_deg) for handle in after[1]] == [45 * n for n in range(8)]
    assert [handle.is_pulled for handle in after[1]] == [n == 2 for n in range(8)]
    assert after[1][2].place_mm == pytest.approx(place, abs=0.02)
    # a handle at 0° does not become one at 360°
    first = handles[0].place_mm + 0.5 * (handles[0].place_mm - middle) / np.linalg.norm(handles[0].place_mm - middle)
    first = first - 1e-5 * np.cross(np.array(stations[9]["tangent"]), handles[0].place_mm - middle)
    at_zero = with_pin(stations, [], 9, 0.0, first)
    shown = handles_at(edit_stations(stations, at_zero).stations, 9, at_zero[0])
    assert shown is not None
    assert [handle.angle_deg for handle in shown[1]] == [45.0 * n for n in range(8)]
    assert shown[1][0].is_pulled
    # pulled again it is the same handle, and a second one is beside it
    again = with_pin(edited, edits, 9, after[1][2].angle_deg, place + 0.2 * out / np.linalg.norm(out))
    assert len(again[0].pins_mm) == 1
    both = with_pin(edited, again, 9, 180.0, after[1][4].place_mm)
    assert len(both) == 1
    assert len(both[0].pins_mm) == 2
    assert with_pin(edited, with_pin(edited, both, 9, 180.0, None), 9, 90.0, None) == ()
    # another section is another edit
    assert len(with_pin(edited, again, 20, 0.0, handles_at(edited, 20)[1][0].place_mm)) == 2  # type: ignore[index]


def _record(kind: str, inputs: dict[str, Any], results: dict[str, Any]) -> PlanRecord:
    provenance = Provenance("test")
    return PlanRecord(
        name=kind, kind=kind, inputs=inputs, results=results, created=now_utc(), edited=True, provenance=provenance
    )


def test_the_report_says_what_was_drawn_led_and_excluded(plan: dict[str, Any]) -> None:
    number = _narrowest(plan)
    edited, lumen = with_lumen_edits(plan, [_pull(plan["stations"], number, 0.8)])
    inputs = {"via_mm": [[1.0, 2.0, 3.0]], "lumen_edits": [edit.as_json() for edit in lumen.edits]}
    record = _record("vessel", inputs, edited)
    lines = dict(vessel_edits(record))
    assert lines["Through 1"] == text_position((1.0, 2.0, 3.0))
    assert lines["Sections drawn by hand"] == f"at {plan['stations'][number]['s_mm']:.0f} mm"
    assert lines["Least diameter"].startswith(f"{plan['minimum']['min_diameter_mm']:.1f}")
    route = {"key": "left_femoral", **edited, "automatic": {"minimum": plan["minimum"]}}
    heart = _record(
        "tavr",
        {
            "access": {"left_femoral": {"from_mm": [0, 0, 0], "to_mm": [0, 0, 9], "via_mm": [[0, 0, 5]]}},
            "lumen_edits": {"left_femoral": inputs["lumen_edits"]},
            "excluded": {"right_femoral": "graft"},
        },
        {"access": {"routes": [route]}},
    )
    told = [(change.name, change.what) for change in route_changes(heart)]
    assert told == [
        ("left femoral", "ends placed by hand, led through 1 place"),
        ("left femoral", f"sections drawn at {plan['stations'][number]['s_mm']:.0f} mm"),
        ("right femoral", "excluded: graft"),
    ]
