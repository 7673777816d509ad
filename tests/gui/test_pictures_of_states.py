"""The commands that picture the window: each in its own process, without a display, as outside checks call them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

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
        [sys.executable, "-m", "app", *map(str, arguments)],
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
        ("liver", 1, (1280, 800)),
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
    assert done.returncode == 0, done.stderr
    with Image.open(out) as picture:
        assert picture.size == (size[0] * scale, size[1] * scale)
        pixels = np.asarray(picture.convert("L"))
    # text and image content on a dark ground, nothing left blank
    assert 8 < pixels.mean() < 120
    assert pixels.std() > 12


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
