"""The TAVR report: everything a plan may hold finds its place, nothing overlaps, and what is missing says why."""

from __future__ import annotations

import csv
import json
import re
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from cases import make_case
from roots import make_root
from tavr_results import full_results, plain, poor_results

from app.report.content import Cell, ReportContent, Table
from app.report.describe import plan_state, spread_of
from app.report.page import write_html
from app.report.pdf import write_pdf
from app.report.pictures import ball_surface
from app.report.sheet import HEIGHT, MARGIN, WIDTH, Sheet, elide, text_width
from app.report.surfaces import render_surfaces
from app.report.tavr_content import tavr_content
from app.report.tavr_pictures import TavrPictures, tavr_pictures
from app.report.write import report_content, write_report
from planning.case.commands import SetPlan
from planning.case.document import Document
from planning.case.model import PlanRecord
from planning.case.tavr_plans import tavr_record
from planning.tavr.in_valve import in_valve_json
from planning.tavr.inputs import TavrInputs
from viewers.overlay import SurfaceItem

OPTIONAL = (
    "lvot_report",
    "sinuses",
    "stj",
    "ascending_aorta",
    "leaflets",
    "septum",
    "bicuspid",
    "calcium",
    "coronaries",
    "devices",
    "valve",
    "matrix",
    "obstruction",
    "access",
    "phases",
    "root",
    "warnings",
)
VALVE: dict[str, Any] = {
    "model": "SAPIEN 3",
    "size": "23",
    "depth_mm": 4.0,
    "rotation_deg": 12.0,
    "chosen": True,
    "oversizing_percent": 9.0,
    "oversizing_basis": "area",
    "septum_minus_depth_mm": 1.1,
    "vtc_left_mm": 5.8,
    "vtc_right_mm": 6.6,
    "vtstj_mm": 2.7,
    "calcium_contact_mm3": 86.0,
    "commissure_deg": 4.0,
    "uncertainty": {"septum_minus_depth_mm": 0.9, "vtc_left_mm": 0.6, "vtc_right_mm": 0.6, "vtstj_mm": 0.4},
    "states": {"vtc_left_mm": "ok", "vtc_right_mm": "ok", "vtstj_mm": "ok", "septum_minus_depth_mm": "ok"},
    "checked": True,
}


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Document:
    root = make_root(12.5, 10.0, (0.8, 0.8, 0.8), 12.0, seed=3)
    document = make_case(tmp_path_factory.mktemp("report") / "case.theatrum", root.volume)
    middle, normal = root.hinges_mm.mean(axis=0), np.asarray(root.normal)
    ostia = [
        middle + 13.0 * normal + 11.0 * np.array((1.0, 0, 0)),
        middle + 16.0 * normal - 11.0 * np.array((0, 1.0, 0)),
    ]
    ostia_mm = [point.tolist() for point in ostia]
    document.do(SetPlan(_record(document, root.hinges_mm.tolist(), ostia_mm)))
    return document


def _record(document: Document, hinges_mm: list[list[float]], ostia_mm: list[list[float]]) -> PlanRecord:
    left, right = (np.array(point) for point in ostia_mm)
    inputs = TavrInputs(hinges_mm=np.array(hinges_mm), ostia_mm=(left, right))
    return tavr_record(document, "root", inputs, parts=frozenset())


@pytest.fixture(scope="module")
def plan(document: Document) -> PlanRecord:
    before = document.case.plans["root"]
    results = full_results(before.results)
    results["valve"] = None
    return replace(before, results=results)


@pytest.fixture(scope="module")
def pictures(document: Document, plan: PlanRecord) -> TavrPictures:
    # the valve of the plan itself: its frame lies in this image
    valve = document.case.plans["root"].results.get("valve")
    return tavr_pictures(document, replace(plan, results={**plan.results, "valve": valve}))


def _chosen(plan: PlanRecord) -> PlanRecord:
    return replace(plan, results={**plan.results, "valve": VALVE})


def _pages(path: Path) -> list[str]:
    from pypdf import PdfReader

    return [page.extract_text().replace("\u202f", " ") for page in PdfReader(path).pages]


def _row(content: ReportContent, name: str) -> Any:
    return next(row for numbers in content.numbers for row in numbers.rows if row.name == name)


def _texts_drawn(contents: list[ReportContent], path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """(canvas, page, x0, y0, x1, y1, text) of every line of text that the PDF holds."""
    drawn: list[tuple[Any, ...]] = []
    original: Callable[..., None] = Sheet.text

    def noted(self: Sheet, x: float, y: float, text: str, size: float = 8.0, *rest: Any, **more: Any) -> None:
        font = rest[0] if rest else more.get("font", "InterReport-Regular")
        align = more.get("align", rest[2] if len(rest) > 2 else "left")
        width = more.get("width", rest[3] if len(rest) > 3 else None)
        shown = text if width is None else elide(text, font, size, width)
        wide = text_width(shown, font, size)
        left = x - {"left": 0.0, "center": 0.5, "right": 1.0}[align] * wide
        if shown.strip():
            page = self.canvas.getPageNumber()
            drawn.append((self.canvas, page, left, y - 0.72 * size, left + wide, y + 0.1 * size, shown))
        original(self, x, y, text, size, *rest, **more)

    monkeypatch.setattr(Sheet, "text", noted)
    write_pdf(contents, path)
    return [item for item in drawn if item[0] is drawn[-1][0]]


def _collisions(drawn: list[tuple[Any, ...]]) -> list[str]:
    found = []
    for n, (_, page, x0, y0, x1, y1, text) in enumerate(drawn):
        if x0 < MARGIN - 0.6 or x1 > WIDTH - MARGIN + 0.6 or y0 < 0 or y1 > HEIGHT - 8:
            found.append(f"page {page}: '{text}' leaves the page's margins")
        for _, other, a0, b0, a1, b1, words in drawn[n + 1 :]:
            if other == page and x0 < a1 - 0.4 and a0 < x1 - 0.4 and y0 < b1 - 0.3 and b0 < y1 - 0.3:
                found.append(f"page {page}: '{text}' lies over '{words}'")
    return found


def _longer(text: str) -> str:
    """A third longer, as German is."""
    return text + "-" + "undweiter"[: max(2, len(text) // 3)] if text else text


def _in_german(content: ReportContent) -> ReportContent:
    """All names longer by a third; numbers stay."""

    def table(item: Table) -> Table:
        rows = [(replace(row[0], text=_longer(row[0].text)), *row[1:]) for row in item.rows]
        return replace(item, rows=rows, header=[_longer(name) for name in item.header])

    numbers = [
        replace(part, rows=[replace(row, name=_longer(row.name)) for row in part.rows]) for part in content.numbers
    ]
    boxes = [replace(box, title=_longer(box.title), note=_longer(box.note)) for box in content.boxes]
    sections = [
        replace(
            section,
            title=_longer(section.title),
            rows=[[table(item) if isinstance(item, Table) else item for item in row] for row in section.rows],
        )
        for section in content.sections
    ]
    definitions = [
        replace(row, name=_longer(row.name), definition=_longer(row.definition)) for row in content.definitions
    ]
    return replace(
        content,
        subject="Klinikum-Musterstadt-Herzzentrum-Fall-0147-2026-03-11-Erstuntersuchung " * 3,
        numbers=numbers,
        boxes=boxes,
        tables=[table(item) for item in content.tables],
        sections=sections,
        definitions=definitions,
        notes=[replace(note, head=_longer(note.head)) for note in content.notes],
    )


def _asides(plan: PlanRecord) -> PlanRecord:
    """The plan with a mitral valve, a prosthesis and a score."""
    limits = [
        {"limit_mm2": 170.0, "state": "ok", "source": "Yoon 2019, n = 194: sensitivity 96.2 %, specificity 92.3 %"},
        {"limit_mm2": 189.4, "state": "warn", "source": "Wang 2018, n = 38: sensitivity 100 %, specificity 96.8 %"},
    ]
    phase = {"phase": 0, "label": "20 % of R–R", "area_mm2": 201.0, "uncertainty_mm2": 21.0, "reason": ""}
    lost = {**phase, "label": "70 % of R–R", "area_mm2": None, "reason": "the heart could not be followed"}
    mitral = {
        "model": "SAPIEN 3 in calcified mitral annulus",
        "size": "29",
        "area_mm2": 201.0,
        "uncertainty_mm2": 21.0,
        "position_mm": [1.0, 2.0, 3.0],
        "lvot_mm2": 402.0,
        "left_percent": 50.0,
        "annulus": {"area_mm2": 912.0, "mean_diameter_mm": 34.1},
        "thresholds": limits,
        "phases": {"rows": [phase, lost], "mean_mm2": 201.0},
    }
    score = {
        "score": 1523.0,
        "volume_mm3": 1100.0,
        "image": "CT without contrast 3.0",
        "islands": [{}] * 4,
        "reach_mm": 25.0,
        "center_mm": [1.0, 2.0, 3.0],
        "severe_likely_from": {"men": 2000.0, "women": 1200.0},
        "severe_likely": {"men": False, "women": True},
        "warnings": [],
    }
    asked = {
        "mitral": {"model": "SAPIEN M3", "size": "29", "annulus_mm": [[0.0, 0.0, 0.0]] * 6},
        "in_valve": {"inner_diameter_mm": 18.0},
        "agatston": {"image": score["image"], "phase": 0, "center_mm": [1.0, 2.0, 3.0]},
    }
    results = {**plan.results, "mitral": mitral, "in_valve": in_valve_json(asked["in_valve"]), "agatston": score}
    return replace(plan, results=results, inputs={**plan.inputs, **asked})


def test_what_was_asked_for_beside_the_root_is_told(
    document: Document, plan: PlanRecord, pictures: TavrPictures, tmp_path: Path
) -> None:
    content = tavr_content(document, _asides(plan), pictures)
    titles = [section.title for section in content.sections]
    assert {"Mitral valve: neo-LVOT", "Prosthesis in place", "Agatston score"} <= set(titles)
    keys = {key for row in content.definitions for key in row.keys}
    assert {"mitral.area_mm2", "in_valve.inner_diameter_mm", "agatston.score"} <= keys
    write_pdf([content], tmp_path / "r.pdf")
    text = " ".join(" ".join(_pages(tmp_path / "r.pdf")).split())
    for words in (
        "201 ± 21 mm²",
        "the heart could not be followed",
        "1 523",
        "true inner diameter 18.0 mm",
        "6 points",
    ):
        assert words in text, words
    assert "Mitral valve: neo-LVOT" not in [section.title for section in tavr_content(document, plan, None).sections]


@pytest.mark.parametrize("german", [False, True])
@pytest.mark.parametrize("kind", ["full", "poor", "chosen", "asides"])
def test_no_text_lies_over_another_or_leaves_the_page(
    document: Document,
    plan: PlanRecord,
    pictures: TavrPictures,
    kind: str,
    german: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    poor = replace(plan, results=poor_results(plan.results))
    shown = {"full": plan, "chosen": _chosen(plan), "poor": poor, "asides": _asides(plan)}[kind]
    content = tavr_content(document, shown, pictures)
    drawn = _texts_drawn([_in_german(content) if german else content], tmp_path / "r.pdf", monkeypatch)
    assert not _collisions(drawn)


def test_page_one_holds_what_a_heart_team_signs(
    document: Document, plan: PlanRecord, pictures: TavrPictures, tmp_path: Path
) -> None:
    shown = _chosen(plan)
    write_pdf([tavr_content(document, shown, pictures)], tmp_path / "r.pdf")
    pages = _pages(tmp_path / "r.pdf")
    first = " ".join(pages[0].split())
    for words in (
        "23 mm",
        "+9.0 %",
        "depth 4.0 mm",
        "Right femoral",
        "least 5.8 ± 0.3 mm, ratio 1.03",
        "1.05 · 1.45",
        "0.3 under 5.5",
        "fits, chosen",
        "Two estimates are 1.8 mm apart. If the other one is right, the area is 483 mm²",
        "Heart team",
        "Read by, date",
        # of what the case holds: readings that came later are not in it
        plan_state(document.case.plans[shown.name]),
        "Septum length",
        "Calcium above 539 HU (lumen × 1.25)",
    ):
        assert words in first, words
    assert "Second estimate, shown because it disagrees" in pages[1]
    assert "automatic" in pages[1]
    assert "moved 0.9 mm" in pages[1]
    assert "Limits of this plan" in pages[1]
    rest = "\n".join(pages[2:])
    for title in (
        "Levels of the root",
        "Outflow tract",
        "Cusps, septum and aorta",
        "Calcium",
        "Coronary obstruction",
        "Size and depth",
        "Fluoroscopy",
        "Through the heartbeat",
        "All routes",
        "Stations along the routes",
    ):
        assert title in rest, title


def test_a_poor_scan_proposes_no_size_and_says_what_is_missing(
    document: Document, plan: PlanRecord, pictures: TavrPictures, tmp_path: Path
) -> None:
    shown = replace(plan, results=poor_results(plan.results))
    content = tavr_content(document, shown, pictures)
    assert (content.boxes[0].status, content.boxes[1].value, content.boxes[1].status) == ("bad", "not proposed", "bad")
    assert content.boxes[2].value == "not in this scan"
    write_pdf([content], tmp_path / "r.pdf")
    first = " ".join(_pages(tmp_path / "r.pdf")[0].split())
    assert "No size is proposed" in first
    assert "Sizes can be off by 2 mm or more" in first
    assert "Not in this scan. The scan ends above the groin." in first
    assert not re.search(r"fits|chosen|drawn", first)


def test_access_that_nobody_asked_for_is_not_called_missing_from_the_scan(
    document: Document, plan: PlanRecord, pictures: TavrPictures, tmp_path: Path
) -> None:
    nothing = {"routes": [], "missing": [{"key": "all", "text": "Access was not measured."}], "sheath": None}
    shown = replace(plan, results={**plan.results, "access": nothing})
    content = tavr_content(document, shown, pictures)
    assert content.boxes[2].value == "not measured"
    write_pdf([content], tmp_path / "r.pdf")
    first = " ".join(_pages(tmp_path / "r.pdf")[0].split())
    assert "Access was not measured." in first
    assert "Not in this scan" not in first


@pytest.mark.parametrize("missing", OPTIONAL)
def test_every_part_may_be_missing(document: Document, plan: PlanRecord, missing: str, tmp_path: Path) -> None:
    for empty in (None, "gone"):
        results = {key: value for key, value in plan.results.items() if key != missing or empty is None}
        if empty is None:
            results[missing] = None
        shown = replace(plan, results=results)
        content = tavr_content(document, shown, None)
        write_pdf([content], tmp_path / "r.pdf")
        write_html([content], tmp_path / "r.html")
        words = re.sub(r"base64,[A-Za-z0-9+/=]*", "", (tmp_path / "r.html").read_text(encoding="utf-8"))
        assert not re.search(r">[^<]*\b(nan|None)\b", words)


def test_an_unknown_never_reads_as_met(document: Document, plan: PlanRecord) -> None:
    states = {**VALVE["states"], "septum_minus_depth_mm": "unknown"}
    shown = replace(plan, results={**plan.results, "valve": {**VALVE, "states": states, "septum_minus_depth_mm": None}})
    assert tavr_content(document, shown, None).boxes[1].status == "warn"
    closed = plain(plan.results)
    for route in closed["access"]["routes"]:
        route |= {"state": "bad", "closed_at_mm": 84.0}
    content = tavr_content(document, replace(plan, results=closed), None)
    assert (content.boxes[2].value, content.boxes[2].status) == ("none is wide enough", "bad")
    assert "closed at 84" in content.boxes[2].note
    assert content.beside is not None
    assert content.beside.table is not None
    assert content.beside.table.rows[0][1].text == "closed at 84"


def test_a_gap_in_a_route_stays_a_gap(document: Document, plan: PlanRecord) -> None:
    content = tavr_content(document, plan, None)
    assert content.beside is not None
    assert content.beside.curve is not None
    line = content.beside.curve.lines[0]
    assert None in line.points
    assert all(point is None or not 100 < point[0] < 106 for point in line.points)


def test_a_size_that_fits_is_not_green_when_the_valve_comes_too_near(document: Document, plan: PlanRecord) -> None:
    results = plain(plan.results)
    device = next(row for row in results["devices"] if row["fits"])
    cell = {
        "depth_mm": 3.0,
        "nearest": "VTC",
        "value_mm": 3.1,
        "state": "bad",
        "vtstj_mm": 4.0,
        "septum_minus_depth_mm": None,
    }
    results["matrix"] = [{**device, "cells": [cell], "oversizing_percent": 9.0, "basis": "area"}]
    content = tavr_content(document, replace(plan, results=results), None)
    sizes = next(table for table in content.tables if table.title.startswith("Valve"))
    name = f"{device['model']}, {device['size']}"
    row = next(row for row in sizes.rows if row[0].text.startswith(name))
    assert row[-1].status == "bad"
    assert row[-1].text.endswith("VTC 3.1 under 4")


def test_rows_that_nobody_checked_are_marked(document: Document, plan: PlanRecord) -> None:
    results = plain(plan.results)
    for row in results["devices"]:
        row["checked"] = False
    sizes = tavr_content(document, replace(plan, results=results), None).tables[0]
    assert all(row[0].text.endswith(" *") for row in sizes.rows)
    assert "ranges with * are not checked, verify against the IFU" in sizes.note


def test_the_table_of_numbers_has_key_unit_spread_origin_definition_and_place(
    document: Document, plan: PlanRecord, tmp_path: Path
) -> None:
    from app.report.rows import write_csv

    shown = _chosen(plan)
    write_csv([shown], [tavr_content(document, shown, None)], tmp_path / "r.csv")
    rows = {row["number"]: row for row in csv.DictReader((tmp_path / "r.csv").open(encoding="utf-8"))}
    area = rows["annulus.area_mm2"]
    assert (area["unit"], area["origin"], area["name"]) == ("mm²", "A", "Annulus area")
    assert float(area["uncertainty_95"]) == shown.results["annulus"]["uncertainty"]["area_mm2"]
    assert "blood edge" in area["definition"]
    assert area["place"]
    assert rows["coronaries.left_height_mm"]["origin"] == "E"
    assert float(rows["coronaries.left_height_mm"]["uncertainty_95"]) == 0.6
    assert float(rows["valve.vtc_left_mm"]["uncertainty_95"]) == 0.6
    assert rows["access.routes.0.stations.3.min_diameter_mm"]["unit"] == "mm"
    assert [key for key in rows if "contour" in key or "band" in key] == []


def test_json_holds_the_content_and_every_number(document: Document, tmp_path: Path) -> None:
    told = write_report(document, ["root"], tmp_path / "r.json")
    assert told["files"] == [str(tmp_path / "r.json")]
    whole = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    report = whole["reports"][0]
    assert report["title"] == "TAVR plan"
    assert report["boxes"][0]["title"] == "Annulus area"
    facts = {fact["number"]: fact for fact in report["facts"]}
    annulus = document.case.plans["root"].results["annulus"]
    assert facts["annulus.area_mm2"]["value"] == annulus["area_mm2"]
    assert facts["annulus.area_mm2"]["definition"]


def test_the_same_plan_gives_the_same_report(
    document: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    for module in ("pdf", "tree"):
        monkeypatch.setattr(f"app.report.{module}.now_utc", lambda: "2026-03-12T10:58:00")
    for ending in ("pdf", "html", "csv", "json"):
        for name in ("a", "b"):
            write_report(document, ["root"], tmp_path / f"{name}.{ending}")
        assert (tmp_path / f"a.{ending}").read_bytes() == (tmp_path / f"b.{ending}").read_bytes(), ending


def test_the_page_draws_vectors_and_needs_nothing_from_outside(
    document: Document, plan: PlanRecord, pictures: TavrPictures, tmp_path: Path
) -> None:
    write_html([tavr_content(document, plan, pictures)], tmp_path / "r.html")
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "http" not in re.sub(r"base64,[A-Za-z0-9+/=]*", "", text)
    assert text.count("<svg") >= 7
    assert "polyline" in text
    assert "@media print" in text
    for words in ("Heart team", "Stations along the routes", "Where each number comes from", "S-curve"):
        assert words in text


def test_what_a_part_holds_as_uncertainty_is_found() -> None:
    assert spread_of({"a_mm": 1.0, "uncertainty": {"a_mm": 0.3}}, "a_mm") == 0.3
    assert spread_of({"left_height_mm": 1.0, "left_uncertainty_mm": 0.6}, "left_height_mm") == 0.6
    assert spread_of({"membranous_mm": 5.0, "uncertainty_mm": 0.8}, "membranous_mm") == 0.8
    assert spread_of({"area_mm2": 5.0, "uncertainty_mm": 0.8}, "area_mm2") is None
    assert spread_of({"angulation_deg": 5.0, "angulation_uncertainty_deg": 1.0}, "angulation_deg") == 1.0
    calcium = {"total_mm3": 310.0, "above_850_mm3": 124.0, "uncertainty_mm3": 48.0}
    assert spread_of(calcium, "total_mm3") == 48.0
    assert spread_of(calcium, "above_850_mm3") is None, "the total's ± is no other number's"


def test_the_state_names_inputs_and_results(plan: PlanRecord) -> None:
    other = replace(plan, results={**plan.results, "angulation_deg": 1.0})
    assert plan_state(plan) != plan_state(other)
    assert plan_state(plan) == plan_state(replace(plan, created="2030-01-01T00:00:00"))
    # as a renamed structure leaves it, until the case is read again
    assert plan_state(plan) == plan_state(replace(plan, inputs=MappingProxyType(dict(plan.inputs))))


def _ball(radius_mm: float, at: tuple[float, float, float], color: str, opacity: float = 1.0) -> SurfaceItem:
    return SurfaceItem(key=color, mesh=ball_surface(np.array(at), radius_mm), color=color, opacity=opacity)


def test_a_surface_has_its_size_and_the_nearer_one_hides_the_farther() -> None:
    red, blue = "#FF0000", "#0000FF"
    items = [_ball(10.0, (0, 0, 0), red), _ball(6.0, (0, -20.0, 0), blue)]
    frame = (np.zeros(3), 20.0)
    image = render_surfaces(items, size_px=(200, 200), background="#FFFFFF", within_mm=frame)
    drawn = (image != 255).any(axis=2)
    assert drawn.sum() == pytest.approx(np.pi * 50.0**2, rel=0.05)
    assert image[100, 100, 2] > 150 > image[100, 100, 0]
    assert image[60, 100, 0] > 100 > image[60, 100, 2]
    behind = render_surfaces(items, size_px=(200, 200), background="#FFFFFF", from_direction=(0, 1, 0), within_mm=frame)
    assert behind[100, 100, 0] > 150 > behind[100, 100, 2]


def test_what_is_seen_through_shows_what_lies_inside() -> None:
    items = [_ball(10.0, (0, 0, 0), "#FF0000", 0.4), _ball(4.0, (0, 0, 0), "#0000FF")]
    image = render_surfaces(items, size_px=(120, 120), background="#FFFFFF", within_mm=(np.zeros(3), 15.0))
    assert image[60, 60, 2] > 60
    assert image[60, 60, 0] > 40
    outside = image[60, 60 + 28]
    assert outside[0] > outside[2]
    # no holes in what is opaque
    solid = render_surfaces(
        [_ball(10.0, (0, 0, 0), "#FF0000")], size_px=(120, 120), background="#FFFFFF", within_mm=(np.zeros(3), 15.0)
    )
    rows, columns = np.indices((120, 120))
    inside = np.hypot(rows - 59.5, columns - 59.5) < 37.0
    assert (solid[inside][:, 2] < 200).all()


def test_surfaces_may_be_drawn_in_a_jobs_thread() -> None:
    items = [_ball(10.0, (0, 0, 0), "#FF0000")]
    answers: list[Any] = []
    worker = threading.Thread(
        target=lambda: answers.append(render_surfaces(items, size_px=(80, 80), background="#FFFFFF"))
    )
    worker.start()
    worker.join()
    np.testing.assert_array_equal(answers[0], render_surfaces(items, size_px=(80, 80), background="#FFFFFF"))


def test_a_plan_of_today_is_reported_whole(document: Document, tmp_path: Path) -> None:
    content = report_content(document, document.case.plans["root"])
    assert len(content.pictures) == 4
    assert all(isinstance(cell, Cell) for table in content.tables for row in table.rows for cell in row)
    write_report(document, ["root"], tmp_path / "r.pdf")
    assert len(_pages(tmp_path / "r.pdf")) >= 3
