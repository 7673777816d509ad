"""The commands that picture the window: each in its own process, without a display, as outside checks call them."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest
from installed import program
from liver_case import liver_document
from PIL import Image

from planning.case.commands import SetPlan
from planning.case.plans import liver_record
from planning.geometry import Plane
from planning.liver.resection import PlaneResection

pytestmark = [pytest.mark.gui, pytest.mark.slow]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One home for the module, so that the samples are made once."""
    return tmp_path_factory.mktemp("shared-home")


def _theatrum(root: Path, home: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environment |= {"THEATRUM_HOME": str(home)}
    environment.pop("QT_QPA_PLATFORM", None)
    return subprocess.run(
        [*program(), *map(str, arguments)],
        cwd=root,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        timeout=600,
        check=False,
    )


@pytest.mark.parametrize(
    ("state", "scale", "size"),
    [
        ("start", 1, (1280, 800)),
        ("compare", 1, (1280, 800)),
        ("models", 1, (1280, 800)),
        ("strokes", 1, (1280, 800)),
        ("tavr", 2, (1280, 800)),
        ("browser", 1, (1920, 1080)),
    ],
)
def test_a_state_is_pictured(
    state: str, scale: int, size: tuple[int, int], project_root: Path, home: Path, tmp_path: Path
) -> None:
    out = tmp_path / f"{state}.png"
    text = f"{size[0]}x{size[1]}"
    done = _theatrum(project_root, home, "gui", "--screenshot", out, "--state", state, "--size", text, "--scale", scale)
    _is_a_picture(done, out, scale, size)


def _is_a_picture(done: subprocess.CompletedProcess[str], out: Path, scale: int, size: tuple[int, int]) -> None:
    assert done.returncode == 0, done.stderr
    with Image.open(out) as picture:
        assert picture.size == (size[0] * scale, size[1] * scale)
        pixels = np.asarray(picture.convert("L"))
    # text and image content on a dark ground, nothing left blank
    assert 8 < pixels.mean() < 120
    assert pixels.std() > 12


def test_a_given_case_is_pictured_at_its_resection_and_stays_as_it_is(
    project_root: Path, home: Path, tmp_path: Path
) -> None:
    # the sample's resections are made for "compare"; here a small liver stands at the same step as theirs
    case, out = tmp_path / "case.theatrum", tmp_path / "liver.png"
    with liver_document(case) as document:
        half = [PlaneResection(Plane((-10.0, 0.0, 0.0), (-1.0, 0.0, 0.0)))]
        document.do(SetPlan(liver_record(document, "A", half, portal=["portal_vein"], hepatic=["hepatic_veins"])))
    before = case.read_bytes()
    done = _theatrum(project_root, home, "gui", case, "--screenshot", out, "--state", "liver", "--size", "1280x800")
    _is_a_picture(done, out, 1, (1280, 800))
    assert case.read_bytes() == before


def test_a_case_that_cannot_be_opened_ends_the_picture(project_root: Path, home: Path, tmp_path: Path) -> None:
    (tmp_path / "damaged.theatrum").write_bytes(b"SQLite format 3\0" + bytes(4000))
    done = _theatrum(project_root, home, "gui", tmp_path / "damaged.theatrum", "--screenshot", tmp_path / "a.png")
    assert done.returncode == 3
    assert done.stderr.count("theatrum: error: ") == 1
    assert not (tmp_path / "a.png").exists()


def test_a_window_without_a_display_is_refused_calmly(project_root: Path, home: Path) -> None:
    done = _theatrum(project_root, home, "gui")
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1


def test_the_tour_does_the_whole_job(project_root: Path, home: Path, tmp_path: Path) -> None:
    done = _theatrum(project_root, home, "tour", "-o", tmp_path / "tour", "--json")
    assert done.returncode == 0, done.stderr[-800:]
    steps = json.loads(done.stdout)["steps"]
    assert len(steps) >= 20
    assert all(Path(step["file"]).stat().st_size > 20_000 for step in steps)
