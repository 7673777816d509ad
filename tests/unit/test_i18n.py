"""The catalogue is whole and fresh, and texts, numbers and what planning says come in the language asked for."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import i18n, planner_words
from app.i18n import display_name, local, said, structure_name, text_quantity, tr, use_language
from viewers import language

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
import translations as catalogue

# the same text in both languages, or the catalogue's own words: what is German already must not be translated again
PLAIN = re.compile(r"^[\W\d]*$")


@pytest.fixture
def german() -> Iterator[None]:
    assert use_language("de") == "de"
    yield
    use_language("en")


def test_the_catalogue_knows_every_text_and_none_is_unfinished(tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.ts"
    shutil.copyfile(catalogue.CATALOGUE, fresh)
    catalogue.lupdate(fresh)
    before = {(entry.source, entry.comment) for entry in catalogue.read(catalogue.CATALOGUE)[1] if not entry.kind}
    after = {(entry.source, entry.comment) for entry in catalogue.read(fresh)[1] if entry.kind in ("", "unfinished")}
    assert sorted(after - before) == [], "run make translations, then fill in what tools/translations.py missing lists"


def test_no_translation_loses_a_hole_or_a_space() -> None:
    wrong = [
        fault for entry in catalogue.read(catalogue.CATALOGUE)[1] if not entry.kind for fault in catalogue.faults(entry)
    ]
    assert wrong == []


def test_the_compiled_catalogue_is_the_one_that_is_written(tmp_path: Path) -> None:
    compiled = tmp_path / "theatrum_de.qm"
    catalogue.lrelease(catalogue.CATALOGUE, compiled)
    assert compiled.read_bytes() == catalogue.CATALOGUE.with_suffix(".qm").read_bytes()


def test_the_templates_are_those_that_planning_can_say() -> None:
    missing = set(catalogue.planner_templates()) - set(planner_words.TEMPLATES)
    assert sorted(missing) == [], "run make translations"
    assert set(catalogue.structure_displays()) <= set(planner_words.STRUCTURES)


def test_what_is_german_is_not_translated_again(german: None) -> None:
    """Shared widgets say what they are given; a German word that is an English one with another meaning would turn."""
    twice = []
    for entry in catalogue.read(catalogue.CATALOGUE)[1]:
        if entry.kind or entry.comment or entry.is_plural:
            continue
        once = entry.target
        again = i18n.lookup(once)
        if again is not None and again != once:
            twice.append((entry.source, once, again))
    assert twice == []


def test_texts_plurals_and_numbers_are_german(german: None) -> None:
    assert tr("Open case") == "Fall öffnen"
    assert tr("%n slice(s) (is|are) interpolated", "", 1) == "1 Schicht ist interpoliert"
    assert tr("%n slice(s) (is|are) interpolated", "", 3) == "3 Schichten sind interpoliert"
    assert tr("turned {turn_deg:.0f}°", turn_deg=12.4) == "gedreht um 12°"
    assert tr("across × {scale:.1f}", scale=2.4) == "quer × 2,4"
    assert text_quantity(1234.56, "mm", 0.6) == "1\u202f234,6\u202fmm ± 0,6"
    assert local("version 1.2.3, 4.7 mm") == "version 1.2.3, 4,7 mm"


def test_english_is_the_source_and_needs_no_catalogue() -> None:
    assert tr("%n slice(s) (is|are) interpolated", "", 1) == "1 slice is interpolated"
    assert tr("%n slice(s) (is|are) interpolated", "", 2) == "2 slices are interpolated"
    assert tr("across × {scale:.1f}", scale=2.4) == "across × 2.4"
    assert said("The scan ends above the groin: the iliac arteries are not in it.").startswith("The scan ends")
    assert text_quantity(4.75, "mm") == "4.8\u202fmm"


@pytest.mark.parametrize(
    ("english", "wanted"),
    [
        ("The surface is not a closed solid", "Die Oberfläche ist kein geschlossener Körper"),
        ("The slices are tilted by 14.2°. The volume is straightened; look at the borders.", "um 14,2° geneigt"),
        ("There is no structure named 'liver'", "Es gibt keine Struktur namens"),
        ("Brush stroke on liver, axial H 27.8 mm", "Pinselstrich an Leber, axial H 27,8 mm"),
        # two sentences, each a text of its own
        ("Only 5 slices. A single image, not a volume.", "Nur 5 Schichten. Ein einzelnes Bild, kein Volumen."),
        # a short template takes a list whose parts are known by themselves
        (
            "Beside plan B it keeps 6 % more of the liver and crosses portal branch 1, hepatic vein 2.",
            "durchtrennt Pfortaderast 1, Lebervene 2.",
        ),
    ],
)
def test_what_planning_says_is_told_in_german(german: None, english: str, wanted: str) -> None:
    assert wanted in said(english)


def test_unknown_texts_and_names_stay_as_they_are(german: None) -> None:
    assert said("Something that nobody translated at 1.5 mm") == "Something that nobody translated at 1.5 mm"
    assert structure_name("my own thing") == "My own thing"


def test_places_under_the_hand_do_not_fill_the_memory(german: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "MOST_KNOWN", 50)
    for number in range(200):
        tr("Exported {name}", name=f"L {number}.5")
    assert len(language._speech.known) <= 50


def test_structures_are_named_in_german(german: None) -> None:
    assert structure_name("portal_vein") == "Pfortader"
    assert structure_name("tumor_2") == "Tumor 2"
    assert display_name("Left kidney") == "Linke Niere"


def test_the_command_line_loads_no_qt_for_its_texts(project_root: Path) -> None:
    script = "import app.i18n, sys; app.i18n.tr('Open case'); print('PySide6' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=project_root, capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert done.stdout.strip() == "False"


def test_every_finding_of_a_plan_has_a_name(project_root: Path) -> None:
    # without one its code would stand in the report, in English
    from app.report.describe import HEADS

    folders = ("access", "kidney", "liver", "tavr", "vessel")
    files = [file for folder in folders for file in (project_root / "planning" / folder).rglob("*.py")]
    codes = {code for file in files for code in re.findall(r'Finding\(\s*"(\w+)"', file.read_text(encoding="utf-8"))}
    assert len(codes) > 50
    # what guided segmenting says in its panel is no plan's
    assert codes - set(HEADS) <= {"edge_unsure", "liver_cut", "liver_small"}
