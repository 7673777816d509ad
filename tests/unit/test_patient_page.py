"""The patient's page: one file, nothing from outside, right sides, sizes that are told as measured, and no identifiers."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from cases import add_structures, make_case
from installed import in_sources

from app.cli import main
from app.patient import page as pages
from app.patient.model import STEPS, PatientModel, packed, patient_model
from app.patient.words import LANGUAGES, is_own_name, name_and_note, page_words, title
from planning.geometry import Grid
from planning.printing.parts import PrintPart
from planning.volume import Mask, Volume

GRID = Grid.from_parts((64, 52, 48), (1.5, 1.5, 1.5), (-40.0, -190.0, 300.0))
SECRET = "Mustermann"


def _ball(center_index: tuple[float, float, float], radii: tuple[float, float, float]) -> Mask:
    k, j, i = np.indices(GRID.shape_kji)
    x, y, z = center_index
    a, b, c = radii
    return Mask.from_full(GRID, ((i - x) / a) ** 2 + ((j - y) / b) ** 2 + ((k - z) / c) ** 2 <= 1.0)


def _parts() -> list[PrintPart]:
    """A liver with a growth in its left part, and a spleen beside it, to the patient's left."""
    return [
        PrintPart("spleen", _ball((54, 30, 22), (6, 9, 10)), "#9A6AA8", "organ"),
        PrintPart("tumor_2", _ball((30, 25, 24), (4, 4, 4)), "#F5B83D", "lesion"),
        PrintPart("liver", _ball((24, 25, 24), (20, 18, 15)), "#DD8265", "organ"),
    ]


@pytest.fixture(scope="module")
def model() -> PatientModel:
    return patient_model(_parts(), "en")


class _Page(HTMLParser):
    """What a browser would load, and what stands in the elements that are asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.held: dict[str, str] = {}
        self._open = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        self.loads += [str(found[name]) for name in ("src", "href", "srcset", "data") if found.get(name)]
        self._open = found.get("id") or tag if tag in ("script", "style") else ""

    def handle_endtag(self, tag: str) -> None:
        self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open:
            self.held[self._open] = self.held.get(self._open, "") + data


def _read(text: str) -> _Page:
    found = _Page()
    found.feed(text)
    return found


def test_what_is_told_of_the_simplifying_was_measured(model: PatientModel) -> None:
    assert 0.0 < model.deviation_mm <= 0.5
    liver = next(part for part in model.parts if part.key == "liver")
    middle = GRID.to_world(np.array([[24.0, 25.0, 24.0]]))[0]
    radii = np.array((30.0, 27.0, 22.5))
    # how far from the ellipsoid that was drawn: half a voxel of the mask and what the simplifying took
    off = np.abs(np.linalg.norm((liver.mesh.points_mm - middle) / radii, axis=1) - 1.0) * 22.5
    assert off.max() < 0.75 + model.deviation_mm
    text = pages.page(model, "de", [], with_plan=False)
    told = float(re.search(r"höchstens (\d+,\d) mm", text)[1].replace(",", "."))  # type: ignore[index]
    assert model.deviation_mm <= told < model.deviation_mm + 0.1


def test_the_packed_model_is_the_model(model: PatientModel) -> None:
    rows, block = packed(model)
    assert [row["label"] for row in rows] == ["Liver", "Growth 2", "Spleen"]
    for row, part in zip(rows, model.parts, strict=True):
        at, count = row["points"]
        steps = np.frombuffer(block, "<u2", 3 * count, at).reshape(-1, 3)
        points = np.array(row["low"]) + steps * np.array(row["step"])
        np.testing.assert_allclose(points, part.mesh.points_mm, atol=2e-3)
        at, count, size = row["corners"]
        assert at % size == 0
        corners = np.frombuffer(block, f"<u{size}", count, at).reshape(-1, 3)
        np.testing.assert_array_equal(corners, part.mesh.triangles)
        assert max(row["step"]) * STEPS < 100.0


def test_an_organ_that_others_lie_in_is_seen_through_and_others_wait(model: PatientModel) -> None:
    liver, tumor, spleen = model.parts
    assert (liver.through, tumor.through, spleen.through) == (True, False, False)
    assert (liver.shown, tumor.shown, spleen.shown) == (True, True, False)
    assert (tumor.label, liver.label) == ("Growth 2", "Liver")
    assert model.organ == "liver"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_needs_and_may_load_nothing_from_anywhere(model: PatientModel, language: str) -> None:
    text = pages.page(model, language, [b"RIFF....WEBP"] * 4, with_plan=True)
    found = _read(text)
    assert all(one.startswith("data:image/webp;base64,") for one in found.loads)
    assert len(found.loads) == 4
    # nothing that a browser could fetch; the SVG's name is one, and is never fetched
    addresses = set(re.findall(r"\b\w+://[^\s\"'<]*", text)) - {"http://www.w3.org/2000/svg"}
    assert not addresses
    assert not re.search(r"fetch\(|XMLHttpRequest|WebSocket|sendBeacon|import\(|localStorage|document\.cookie", text)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)[1]  # type: ignore[index]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert pages._hash(found.held["script"]) in policy
    assert pages._hash(found.held["style"]) in policy
    assert f'<html lang="{language}">' in text
    assert page_words(language)["research"] in text
    assert page_words(language)["with_plan"] in text
    assert len(base64.b64decode(found.held["model"])) == len(packed(model)[1])


def test_a_name_cannot_break_out_of_the_page() -> None:
    mask = _ball((24, 25, 24), (8, 8, 8))
    part = PrintPart("</script><img src=x onerror=alert(1)>", mask, "#DD8265", "other")
    text = pages.page(patient_model([part], "en"), "en", [], with_plan=False)
    found = _read(text)
    assert not found.loads
    assert len(json.loads(found.held["data"])["parts"]) == 1


def test_a_name_that_a_person_gave_is_replaced_by_plain_words_or_told() -> None:
    mask = _ball((24, 25, 24), (8, 8, 8))
    parts = [PrintPart(name, mask, "#DD8265", "lesion") for name in ("mustermann_tumor", "liver_tumor_3")]
    text = pages.page(patient_model(parts, "en"), "en", [], with_plan=False)
    assert SECRET.lower() not in text.lower()
    assert "Growth in the liver 3" in text
    assert is_own_name("mustermann_cyst")
    assert not any(is_own_name(name) for name in ("mustermann_tumor", "body_rest", "liver", "tumor_4"))


def test_every_structure_and_text_has_words_in_every_language() -> None:
    words = json.loads((Path(pages.__file__).parents[2] / "assets/patient/words.json").read_text(encoding="utf-8"))
    titles = words["page"].pop("organ_title")
    for row in [*words["page"].values(), *titles.values(), *words["structures"].values()]:
        assert set(row) == set(LANGUAGES)
    rows = json.loads((Path(pages.__file__).parents[2] / "assets/structures.json").read_text(encoding="utf-8"))
    assert not {row["name"] for row in rows["structures"]} - set(words["structures"])
    assert name_and_note("Tumor 3", "de")[0] == "Geschwulst 3"
    assert name_and_note("odd thing", "de")[1] == ""
    assert title("nothing known", "en") == title("other", "en")


def test_still_pictures_are_named_by_the_side_they_are_seen_from() -> None:
    from viewers.scene.camera import STANDARD_VIEWS, fitted, orbited

    sides = {"front": "A", "right": "R", "back": "P", "left": "L"}
    start = fitted(None, np.zeros(3), np.ones(3), 1.0)
    for number, key in enumerate(pages.STILL_KEYS):
        seen = orbited(start, 360.0 * number / len(pages.STILL_KEYS), 0.0, (0.5, 0.5, 0.5)).direction
        np.testing.assert_allclose(seen, STANDARD_VIEWS[sides[key]][1], atol=1e-9)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("patient") / f"{SECRET}.theatrum"
    with make_case(path, Volume(GRID, np.full(GRID.shape_kji, 60, np.int16))) as document:
        add_structures(document, {part.name: part.mask for part in _parts()})
    return path


def test_the_command_writes_page_and_film_whole_and_without_identifiers(
    case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import app.patient.pictures as pictures
    from app.studio import FRAMES_PER_S

    in_sources(monkeypatch, "app.patient.pictures.FILM_SECONDS", 0.15)
    page, film = tmp_path / "page.html", tmp_path / "turn.webp"
    call = ["patient-page", str(case), "-o", str(page), "--movie", str(film), "--language", "de", "--json", "--quiet"]
    assert main(call) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == "theatrum.patient-page/1"
    assert told["files"] == [str(page), str(film)]
    assert told["bytes"] == page.stat().st_size < 15_000_000
    assert [row["name"] for row in told["parts"]] == ["liver", "tumor_2", "spleen"]
    text = page.read_text(encoding="utf-8")
    assert SECRET not in text
    assert text.count('<img alt="') == 4
    from PIL import Image

    with Image.open(film) as moving:
        assert moving.n_frames == round(pictures.FILM_SECONDS * FRAMES_PER_S)
        assert moving.size[0] == pictures.FILM_PX[0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["page.html", "turn.webp"]
    assert main(call) == 3
    assert "exists already" in capsys.readouterr().err


def test_a_full_disk_is_told_with_the_persons_own_file(
    case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno

    import app.studio as studio

    def full(shot: studio.Shot, film: studio.Film, out: Path, *rest: object) -> None:
        assert shot.foot == "Nur zu Forschungszwecken, kein Medizinprodukt."
        raise studio._unwritten(out, errno.ENOSPC)

    monkeypatch.setattr(studio, "_run", full)
    assert main(["patient-page", str(case), "--movie", str(tmp_path / "grandma.webp"), "--language", "de"]) == 3
    assert "grandma.webp cannot be written: the disk is full" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ([], 2, "Nothing is to be written"),
        (["-o", "page.pdf"], 2, "ends in .html"),
        (["--movie", "film.mp4"], 2, "ends in .gif or .webp"),
        (["-o", "none/page.html"], 3, "does not exist"),
        (["-o", "page.html", "--structures", "spine"], 3, "spine"),
        (["-o", "page.html", "--plan", "A"], 3, "no plan named"),
        (["-o", "page.html", "--language", "fr"], 2, "fr"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_leaves_nothing(
    case: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    options: list[str],
    code: int,
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["patient-page", str(case), "--quiet", *options]) == code
    error = capsys.readouterr().err
    assert words in error
    assert len(error.strip().splitlines()) == 1
    assert not list(tmp_path.iterdir())


BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def _in_browser(page: Path, folder: Path, *options: str) -> str:
    """What the page became in a real browser without a network."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        pytest.skip("needs Chromium: apt-get install chromium")
    flags = ["--headless=new", "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
    flags += [f"--user-data-dir={folder / 'profile'}", "--window-size=1280,800", "--virtual-time-budget=5000"]
    done = subprocess.run(
        [browser, *flags, *options, "--dump-dom", page.as_uri()],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        timeout=120,
    )
    return done.stdout


def _place_px(dom: str, label: str) -> tuple[float, float]:
    """Where a name was written: from the left and from the top of the picture."""
    found = re.search(rf"<span[^>]*translate\(([\d.-]+)px, ([\d.-]+)px\)[^>]*visible[^>]*>{label}</span>", dom)
    found = found or re.search(rf"<span[^>]*visible[^>]*translate\(([\d.-]+)px, ([\d.-]+)px\)[^>]*>{label}</span>", dom)
    assert found, label
    return float(found[1]), float(found[2])


def test_a_browser_draws_it_with_names_at_the_right_sides(tmp_path: Path) -> None:
    # seen from the front the patient's left is at the right, the head at the top
    parts = [
        PrintPart("kidney_left", _ball((48, 25, 16), (8, 8, 8)), "#B06050", "organ"),
        PrintPart("kidney_right", _ball((14, 25, 34), (8, 8, 8)), "#B06050", "organ"),
    ]
    page = tmp_path / "page.html"
    page.write_text(pages.page(patient_model(parts, "en"), "en", [b"x"] * 4, with_plan=False), encoding="utf-8")
    dom = _in_browser(page, tmp_path)
    assert 'data-ready="drawn"' in dom
    left, right = _place_px(dom, "Left kidney"), _place_px(dom, "Right kidney")
    assert left[0] > right[0] + 300.0
    assert left[1] > right[1]
    assert re.search(r'<span class="l">your right side</span><span class="r">your left side</span>', dom)
    assert '<span class="t">head</span>' in dom
    assert 'type="checkbox" aria-label="Show Left kidney"' in dom


def test_a_browser_without_3d_shows_the_still_pictures(model: PatientModel, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(pages.page(model, "en", [b"x"] * 4, with_plan=False), encoding="utf-8")
    dom = _in_browser(page, tmp_path, "--disable-gpu", "--disable-webgl", "--disable-3d-apis")
    assert 'data-ready="still"' in dom
    assert not re.search(r'<html[^>]*class="gl"', dom)
    assert dom.count("<figure>") == 4
