"""A report from a German window is German in every part; its tables for programs stay English."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cases import make_case
from kidney_case import kidney_document
from liver_case import liver_document
from roots import make_root
from tavr_results import full_results, poor_results

from app.i18n import tr, use_language
from app.report.content import Picture
from app.report.write import report_content, write_report
from planning.case.commands import SetPlan
from planning.case.document import Document
from planning.case.kidney_plans import kidney_record, kidney_roles
from planning.case.plans import WedgeAsked, liver_record, vessel_record
from planning.case.tavr_plans import tavr_record
from planning.geometry import Plane
from planning.liver.resection import AblationResection, PlaneResection, TerritoryResection, WedgeResection
from planning.tavr.inputs import TavrInputs

# words that no German sentence holds
ENGLISH = re.compile(
    r"\b(the|of|and|is|are|not|with|from|by|than|which|this|that|each|least|greatest|below|above|between|area|valve"
    r"|sheath|cut|kept|removed|tumours?|liver|vein|artery|branch|margin|measured|volume|diameter|height|length|width"
    r"|cusps?|edge|plane|wall|both|left|right|through|one|no|none|only|stays?|on|to|slices?|noise|yes|about)\b"
)
# fields that hold no words for a person
PLAIN = {"kind", "plan", "color", "keys", "origin", "status", "foot", "subject", "warnings"}
# texts of the made results that planning/ says in other words, and an author
INVENTED = re.compile(
    r"(Cusp|Tasche) 1[45][.,]\d mm|The annulus is largest|The scan ends|Two estimates are|leaflet's length is"
    r"|close to 5\.5|Kutikov"
)
TREES = {"portal": ["portal_vein"], "hepatic": ["hepatic_veins"]}


@pytest.fixture
def german() -> Iterator[None]:
    assert use_language("de") == "de"
    yield
    use_language("en")


@pytest.fixture(scope="module")
def heart(tmp_path_factory: pytest.TempPathFactory) -> Document:
    root = make_root(12.5, 10.0, (0.8, 0.8, 0.8), 12.0, seed=3)
    document = make_case(tmp_path_factory.mktemp("german") / "case.theatrum", root.volume)
    middle, normal = root.hinges_mm.mean(axis=0), np.asarray(root.normal)
    ostia = (middle + 13.0 * normal + np.array((11.0, 0, 0)), middle + 16.0 * normal - np.array((0, 11.0, 0)))
    inputs = TavrInputs(hinges_mm=root.hinges_mm, ostia_mm=ostia)
    document.do(SetPlan(tavr_record(document, "root", inputs, parts=frozenset())))
    document.do(SetPlan(vessel_record(document, "way", middle - 8 * normal, middle + 8 * normal)))
    return document


@pytest.fixture(scope="module")
def liver(tmp_path_factory: pytest.TempPathFactory) -> Document:
    document = liver_document(tmp_path_factory.mktemp("german") / "liver.theatrum")
    plane = PlaneResection(Plane((-14.0, 0.0, 0.0), (-1.0, 0.0, 0.0)))
    zone = AblationResection(np.array((22.0, -8.0, -6.0)), np.array((80.0, -60.0, -6.0)), 16.0, 15.0, "Sphere 30 mm")
    asked = {
        "A": [plane],
        "B": [WedgeResection(1, 5.0), WedgeResection(2, 5.0)],
        "C": [zone, TerritoryResection(("portal_1",))],
    }
    for name, resections in asked.items():
        document.do(SetPlan(liver_record(document, name, resections, weight_kg=60.0, height_cm=170.0, **TREES)))
    return document


@pytest.fixture(scope="module")
def kidney(tmp_path_factory: pytest.TempPathFactory) -> Document:
    document = kidney_document(tmp_path_factory.mktemp("german") / "kidney.theatrum")
    roles = kidney_roles(document.case)
    document.do(SetPlan(kidney_record(document, "A", roles, wedges=[WedgeAsked(5.0)])))
    document.do(SetPlan(kidney_record(document, "score", roles)))
    return document


def _words(value: Any) -> Iterator[str]:
    """Every text of a content that a person reads."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Picture):
        yield value.caption
    elif is_dataclass(value):
        for field in fields(value):
            if field.name not in PLAIN:
                yield from _words(getattr(value, field.name))
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _words(item)


def _english(document: Document, *plans: Any) -> list[str]:
    found = []
    for plan in plans or document.case.plans.values():
        content = report_content(document, plan, pictures=False)
        found += [text for text in map(tr, _words(content)) if ENGLISH.search(text) and not INVENTED.search(text)]
    return sorted(set(found))


def test_a_tavr_and_a_vessel_report_hold_no_english(heart: Document, german: None) -> None:
    before = heart.case.plans["root"]
    full = replace(before, results=full_results(before.results))
    poor = replace(before, results=poor_results(before.results))
    assert _english(heart, before, full, poor, heart.case.plans["way"]) == []


def test_a_liver_report_holds_no_english(liver: Document, german: None) -> None:
    assert _english(liver) == []


def test_a_kidney_report_holds_no_english(kidney: Document, german: None) -> None:
    assert _english(kidney) == []


def test_numbers_have_a_decimal_comma_on_paper_and_a_point_in_tables(
    kidney: Document, german: None, tmp_path: Path
) -> None:
    margin = kidney.case.plans["A"].results["margin"]["by_tumor"][0]["minimum_mm"]
    content = report_content(kidney, kidney.case.plans["A"], pictures=False)
    assert content.boxes[1].value.startswith(f"{margin:.1f}".replace(".", ","))
    write_report(kidney, ["A"], tmp_path / "german.json")
    write_report(kidney, ["A"], tmp_path / "german.csv")
    use_language("en")
    write_report(kidney, ["A"], tmp_path / "english.json")
    write_report(kidney, ["A"], tmp_path / "english.csv")
    told, wanted = (
        json.loads((tmp_path / f"{name}.json").read_text(encoding="utf-8")) for name in ("german", "english")
    )
    assert told["reports"] == wanted["reports"]
    assert (tmp_path / "german.csv").read_bytes() == (tmp_path / "english.csv").read_bytes()


def test_a_page_of_the_web_tells_its_language(kidney: Document, german: None, tmp_path: Path) -> None:
    write_report(kidney, ["score"], tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "<html lang='de'>" in page
    assert "Nur für Forschungszwecke" in page
    assert "Research use only" not in page
