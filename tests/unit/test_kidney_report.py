"""A kidney plan's report: what it says, its pictures, and the plan again from the file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from kidney_case import kidney_document
from pypdf import PdfReader

from app.report.write import report_content, report_pictures, write_report
from planning.case.commands import SetPlan
from planning.case.document import Document
from planning.case.kidney_plans import kidney_record, kidney_roles
from planning.case.plans import WedgeAsked


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Document:
    made = kidney_document(tmp_path_factory.mktemp("kidney") / "kidney.theatrum")
    roles = kidney_roles(made.case)
    made.do(SetPlan(kidney_record(made, "A", roles, wedges=[WedgeAsked(5.0)])))
    made.do(SetPlan(kidney_record(made, "score", roles)))
    return made


def test_the_first_page_holds_the_score_and_four_proofs(document: Document) -> None:
    plan = document.case.plans["A"]
    content = report_content(document, plan)
    renal = plan.results["tumors"][0]["renal"]
    assert [box.title for box in content.boxes][:3] == [
        "R.E.N.A.L. of T1",
        "Least margin, T1 to cut",
        "Kept parenchyma",
    ]
    assert content.boxes[0].value == f"{renal['total']}{renal['suffix']}"
    assert [picture.caption[:4] for picture in content.pictures] == ["T1 R", "T1 E", "T1 N", "T1 L"]
    assert [section.title for section in content.sections] == [
        "T1: the slice that proves each letter",
        "Clamps",
        "Resection",
    ]
    letters = content.tables[0].rows[0]
    value = next(one["value"] for one in renal["letters"] if one["letter"] == "N")
    assert letters[3].text == f"{value:.1f} mm (1)"
    assert any(row[1].text == "clamped" for row in content.tables[1].rows)


def test_plans_stand_beside_each_other_and_each_number_tells_its_value(document: Document) -> None:
    plan = document.case.plans["A"]
    content = report_content(document, plan, pictures=False)
    beside = content.tables[2]
    assert [row[0].text for row in beside.rows] == ["A", "score"]
    assert beside.chosen == 0
    assert beside.rows[0][1].text == "Wedge about T1"
    assert beside.rows[1][2].text == "–"
    assert content.lines[1] == "Wedge about T1 · one of 2 plans"
    assert dict(content.edits)["Cut 1"].startswith("wedge about T1 with 5 mm, out towards ")
    values = {one.name: one.value for one in content.definitions}
    assert "±" in values["Contact surface"]
    assert "±" in values["Least margin"]
    assert "±" in values["R, greatest diameter"]
    assert values["h"] in ("yes", "no")
    assert not [name for name, value in values.items() if not value]


def test_a_score_without_a_cut_has_its_contact_and_clamps_at_the_head(document: Document) -> None:
    content = report_content(document, document.case.plans["score"], pictures=False)
    assert [box.title for box in content.boxes][1:3] == ["Contact surface", "Kept without blood"]
    assert not content.pictures
    assert not content.sections


def test_files_say_the_same_numbers(document: Document, tmp_path: Path) -> None:
    write_report(document, ["A"], tmp_path / "kidney.pdf")
    words = "\n".join(page.extract_text() for page in PdfReader(tmp_path / "kidney.pdf").pages)
    assert "Research use only" in words
    assert "Kutikov and Uzzo" in words
    kept = document.case.plans["A"].results["kept_parenchyma_percent"]
    assert f"{kept:.1f}" in words
    write_report(document, ["A", "score"], tmp_path / "kidney.json")
    assert "R.E.N.A.L." in json.dumps(json.loads((tmp_path / "kidney.json").read_text(encoding="utf-8")))
    write_report(document, ["A"], tmp_path / "kidney.csv")
    write_report(document, ["A"], tmp_path / "kidney.html")
    assert "polar lines" in (tmp_path / "kidney.html").read_text(encoding="utf-8")
    assert len(report_pictures(document, document.case.plans["A"])) == 9
