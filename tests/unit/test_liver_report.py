"""A liver report says every kind of resection in words, the tumours' vessels, ablation's error model, plans compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from liver_case import liver_document

from app.panels.liver.compare_rows import column_of, row_names
from app.panels.liver.draft import draft_of
from app.report.liver_content import liver_content
from app.report.liver_details import _chart, place_words
from planning.case.commands import SetPlan
from planning.case.document import Document
from planning.case.liver_asides import choose_plan, graft_asked, growth_asked, remnant_after_asked, with_asides
from planning.case.plans import liver_record
from planning.geometry import Plane
from planning.liver.compare import Limits, PlanRow, compare_plans
from planning.liver.describe import branch_words, say_resection, say_resections
from planning.liver.limit import RemnantLimit
from planning.liver.resection import AblationResection, PlaneResection, TerritoryResection, WedgeResection
from planning.liver.sheet import flat_sheet
from planning.liver.staging import Occlusion
from planning.liver.volumetry import SizeFormulas

TREES = {"portal": ["portal_vein"], "hepatic": ["hepatic_veins"]}
CUT = PlaneResection(Plane((-14.0, 0.0, 0.0), (-1.0, 0.0, 0.0)))


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory):
    """Plans: A a plane, B two wedges (chosen, with growth and graft), C an ablation zone and a territory."""
    made = liver_document(tmp_path_factory.mktemp("report") / "liver.theatrum")
    first = liver_record(made, "A", [CUT], weight_kg=60.0, height_cm=170.0, **TREES)
    made.do(SetPlan(first))
    wedges = liver_record(made, "B", [WedgeResection(1, 5.0), WedgeResection(2, 5.0)], **TREES)
    asked = {"growth": growth_asked(first, date(2026, 3, 1), date(2026, 3, 22)), "graft": graft_asked(30.0, 0.9)}
    made.do(SetPlan(with_asides(wedges, asked)))
    zone = AblationResection(np.array((22.0, -8.0, -6.0)), np.array((80.0, -60.0, -6.0)), 16.0, 15.0, "Sphere 30 mm")
    made.do(SetPlan(liver_record(made, "C", [zone, TerritoryResection(("portal_1",))], **TREES)))
    step = choose_plan(made.case, "B")
    assert step is not None
    made.do(step)
    yield made
    made.close()


def _tables(document: Document, name: str) -> dict:
    content = liver_content(document, document.case.plans[name], [])
    return {table.title: table for table in (*content.tables, *content.detail_tables)}


def test_territories_tell_what_goes_and_what_loses_its_flow(document: Document) -> None:
    table = next(table for name, table in _tables(document, "A").items() if name.startswith("Territories: "))
    assert [row[0].text for row in table.rows] == ["Whole", "Removed", "Congested", "No inflow"]
    assert table.header[-1] == "all"
    results = document.case.plans["A"].results
    assert table.rows[1][-1].text == f"{results['removed_ml']:.1f}"
    details = _tables(document, "A")["Territories"]
    assert details.header == ("", "Whole, ml", "Removed, ml", "Congested, ml", "No inflow, ml")


def test_a_plan_of_an_earlier_version_keeps_its_territories(document: Document) -> None:
    plan = document.case.plans["A"]
    old = [{key: row[key] for key in ("name", "tree", "volume_ml")} for row in plan.results["territories"]]
    content = liver_content(document, replace(plan, results={**plan.results, "territories": old}), [])
    assert [row[0].text for row in content.tables[0].rows] == ["Whole"]


def _words(table: object) -> str:
    return " ".join(cell.text for row in table.rows for cell in row)  # type: ignore[attr-defined]


def test_every_kind_is_said_in_the_head_and_among_the_edits(document: Document) -> None:
    heads = {name: liver_content(document, plan, []).lines[1] for name, plan in document.case.plans.items()}
    assert heads["A"].endswith("Plane · one of 3 plans")
    assert heads["B"].endswith("Wedges about T1 and T2 · chosen from 3 plans")
    assert "Ablation zone, territory of portal branch 1" in heads["C"]
    edits = dict(liver_content(document, document.case.plans["C"], []).edits)
    assert edits["Cut 1"].startswith("ablation zone, Sphere 30 mm, 32 × 30 mm")
    assert edits["Cut 2"].startswith("territory of portal branch 1: removes")


def test_tumours_tell_place_and_vessels_and_ablation_its_error_model(document: Document) -> None:
    tables = _tables(document, "C")
    assert "%" in _words(tables["Tumours"])
    assert "cm²" in _words(tables["Vessels near the tumours"])
    ablation = tables["Ablation"]
    assert "2.95 mm" in ablation.note
    assert "10.3389/fonc.2021.713685" in ablation.note
    assert "T2" in _words(ablation)
    assert "Ablation" not in _tables(document, "A")


def test_plans_are_compared_with_a_plot_and_reasons(document: Document) -> None:
    content = liver_content(document, document.case.plans["B"], [])
    assert content.beside is not None
    assert content.beside.curve is not None
    assert content.beside.table is not None
    assert content.beside.table.chosen == 1
    assert {label.partition(",")[0] for _, _, label in content.beside.curve.marks} <= {"A", "B", "C"}
    order = _tables(document, "B")["Plans in their order"]
    assert [row[0].text for row in order.rows if row[0].text] == ["1", "2", "3"]
    # a long reason goes on in rows below its plan
    assert order.rows[-1][3].text.endswith(".")


def test_growth_and_graft_stand_against_their_limits(document: Document) -> None:
    tables = _tables(document, "B")
    assert "2026-03-01 to 2026-03-22 (21 days), against plan A" in tables["Growth of the remnant"].note
    assert "Shindoh" in tables["Growth of the remnant"].note
    assert "0.8 %" in _words(tables["Living donor"])
    assert not {"Growth of the remnant", "Living donor"} & set(_tables(document, "A"))


def test_a_staged_plan_tells_its_steps_its_formulas_and_what_was_measured_later(tmp_path: Path) -> None:
    with liver_document(tmp_path / "staged.theatrum") as made:
        cuts = [
            PlaneResection(Plane((34.0, 0, 0), (1.0, 0, 0))),
            CUT,
            PlaneResection(Plane((-20.0, 0, 0), (-1.0, 0, 0))),
        ]
        record = liver_record(
            made, "S", cuts, stages=[1, 2, 2], occlusion=Occlusion(("portal_1",), "before"), weight_kg=60.0,
            height_cm=165.0, formulas=SizeFormulas("urata", "dubois"), limit=RemnantLimit.of_condition("normal"),
            **TREES,
        )  # fmt: skip
        later = remnant_after_asked(210.0, date(2026, 3, 1), date(2026, 3, 22))
        made.do(SetPlan(with_asides(record, {"remnant_after": later})))
        content = liver_content(made, made.case.plans["S"], [])
        assert "Two stages, portal branches occluded: three planes" in content.lines[1]
        assert content.tables[0].title == "Stages"
        tables = {table.title: table for table in content.detail_tables}
        stages = tables["Stages"]
        assert stages.header == ("", "After the occlusion", "After stage 1", "After stage 2")
        assert "cut 2, cut 3" in _words(stages)
        assert "Portal branch 1, embolised before stage 1" in stages.note
        body = tables["Remnant against the body"]
        assert body.rows[0][0].text == "sFLR, Urata (leads)"
        assert "Kishi" in body.note
        assert "Du Bois" in body.note
        assert "210.0 ml" in _words(tables["Remnant on a later study"])
        definition = next(row for row in content.definitions if row.name == "sFLR")
        assert "Urata: 706.2 · BSA + 2.4, Du Bois" in definition.definition
        edits = dict(content.edits)
        # the farther plane removes nothing that the nearer one does not
        assert edits["Cut 3, stage 2"].endswith(", 0.0\u202fml of it no other removes")
        assert edits["Occlusion"] == "portal branch 1, embolised before stage 1"


def test_a_limit_of_the_standard_volume_decides_in_the_report(document: Document) -> None:
    plan = document.case.plans["A"]
    limit = {
        "of": "sflr_percent",
        "measured_percent": 50.0,
        "viable_percent": 35.0,
        "enough": True,
        "enough_viable": False,
    }
    told = {"condition": "own", "least_percent": 40.0, "denominator": "standard liver volume", "source": None}
    results = {**plan.results, "viable_flr_percent": 60.0, "remnant_limit": {**told, **limit}}
    content = liver_content(document, replace(plan, results=results), [])
    box = next(box for box in content.boxes if box.title == "Viable remnant")
    assert box.status == "bad"
    assert box.note.startswith("40 % asked, sFLR 35.0")
    rows = {row.name: row.status for row in content.numbers[0].rows}
    assert rows["Standardised FLR"] == "ok"
    assert rows["Future remnant, FLR"] == ""
    assert rows["Viable remnant"] == "bad"


def test_a_plan_of_an_earlier_version_is_reported_and_compared_as_before(document: Document) -> None:
    plan = document.case.plans["A"]
    sizes = {
        key: value
        for key, value in plan.results["body_size"].items()
        if key not in ("sflr_by_formula_percent", "standard_formula", "surface_formula", "body_surface_mosteller_m2")
    }
    rows = [{key: value for key, value in row.items() if key != "only_ml"} for row in plan.results["resections"]]
    earlier = replace(plan, results={**plan.results, "body_size": sizes, "resections": rows})
    content = liver_content(document, earlier, [])
    titles = [table.title for table in content.detail_tables]
    assert not {"Stages", "Remnant against the body", "Remnant on a later study"} & set(titles)
    assert any("Vauthey: −794.41 + 1267.28 · BSA, Mosteller" in row.definition for row in content.definitions)
    names = row_names([earlier])
    assert "sFLR Vauthey, %" in names
    assert "Stages" not in names
    (row,) = compare_plans([("A", earlier.results)])
    column = column_of(earlier, row, Limits(5.0, 40.0), ["A"], names)
    assert len(column.cells) == len(names)
    assert draft_of(earlier).limit.least_percent == 40.0
    assert not draft_of(earlier).staging.is_staged


def test_words_of_resections() -> None:
    rows = [PlaneResection(Plane((float(n), 0.0, 0.0), (1.0, 0.0, 0.0))).as_json() for n in range(3)]
    assert say_resections(rows) == "Three planes"
    corners = np.array([(-50.0, -50.0, -50.0), (50.0, 50.0, 50.0)])
    sheet = flat_sheet(CUT, corners).as_json()
    assert say_resections([sheet, rows[0]]) == "Deformable cut, plane"
    assert say_resection(sheet).startswith("deformable cut, net of ")
    assert branch_words("hepatic_2") == "Hepatic vein 2"
    assert branch_words("VII") == "segment VII"
    assert branch_words("portal_trunk") == "Portal trunk"
    names = tuple(f"portal_{n}" for n in range(1, 7))
    assert say_resections([TerritoryResection(names).as_json()]).endswith("portal branch 3 and 3 more")


def test_shares_are_said_largest_first_whatever_the_file_s_order() -> None:
    assert place_words({"territories": {"couinaud": {"VII": 0.35, "VIII": 0.65}}}) == "segment VIII 65 %, VII 35 %"
    assert place_words({"territories": {"portal": {"portal_2": 1.0}}}) == "portal branch 2 100 %"
    assert place_words({}) == ""


def test_a_report_of_each_plan_is_written(document: Document, tmp_path: Path) -> None:
    from app.report.write import write_report

    for ending in ("pdf", "html", "csv"):
        out = tmp_path / f"all.{ending}"
        write_report(document, list(document.case.plans), out)
        assert out.stat().st_size > 2000


def test_a_chart_of_plans_of_which_one_alone_has_both_numbers_is_drawn() -> None:
    one = PlanRow(
        name="A",
        margin_mm=6.0,
        margin_uncertainty_mm=0.5,
        remnant_percent=45.0,
        is_viable=True,
        removed_ml=100.0,
        left=(),
        cut_names=(),
        sure_mm=None,
        to_standard=None,
        beaten_by=(),
    )
    other = replace(one, name="B", margin_mm=None, margin_uncertainty_mm=None)
    chart = _chart([one, other], Limits(margin_mm=5.0, remnant_percent=30.0))
    assert chart is not None
    assert _chart([other], Limits(margin_mm=5.0, remnant_percent=30.0)) is None
