"""A case opens in fresh processes, however threads take turns; again it finds what was kept of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from liver_case import liver_document
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.paths import cache_folder
from app.warming import Warming
from tests.benchmarks.bench_opening import one_opening

pytestmark = pytest.mark.gui
LARGE = (
    "scipy",
    "SimpleITK",
    "vtkmodules",
    "skimage",
    "sklearn",
    "torch",
    "openvino",
    "matplotlib",
    "highdicom",
    "pydicom",
)


def test_a_case_opens_in_a_fresh_process_and_is_kept_for_the_next(tmp_path: Path) -> None:
    case = tmp_path / "liver.theatrum"
    with liver_document(case) as document:
        drawn = sum(structure.voxel_count > 0 for structure in document.case.structures.values())
    found, wrong = one_opening(case, "hard")
    assert wrong == ""
    assert {"slices", "3D"} <= found.keys()
    kept = {path: path.stat().st_mtime_ns for path in cache_folder().iterdir()}
    assert len(kept) == drawn
    found, wrong = one_opening(case, "plain")
    assert wrong == ""
    assert "3D" in found
    again = {path: path.stat().st_mtime_ns for path in cache_folder().iterdir()}
    # read, which counts as used, and not made again
    assert again.keys() == kept.keys()
    assert all(again[path] > kept[path] for path in kept)


def test_what_is_loaded_beforehand_is_the_windows_own_code_only(project_root: Path) -> None:
    code = (
        "import importlib, sys\nfrom app.warming import MODULES\nfor name in MODULES: importlib.import_module(name)\n"
        f"print([name for name in {LARGE} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=project_root, capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("opens_case", [False, True])
def test_only_what_was_there_before_a_case_is_kept_from_the_collector(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, opens_case: bool
) -> None:
    frozen: list[bool] = []
    monkeypatch.setattr("app.warming.MODULES", ("json", "gc"))
    monkeypatch.setattr("app.warming.gc.freeze", lambda: frozen.append(True))
    window = QWidget()
    qtbot.addWidget(window)
    warming = Warming(window, lambda: not opens_case)
    assert not warming.is_done
    window.show()
    qtbot.waitUntil(lambda: warming.is_done, timeout=10_000)
    assert frozen == ([] if opens_case else [True])
