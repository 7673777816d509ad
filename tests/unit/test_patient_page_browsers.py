"""The patient's page under fingers, in both browsers that a home has: it draws, one finger turns, two fingers zoom and move."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import browsers
import numpy as np
import pytest

from app.patient import page as pages
from app.patient.model import patient_model
from planning.geometry import Grid
from planning.printing.parts import PrintPart
from planning.volume import Mask

GRID = Grid.from_parts((64, 52, 48), (1.5, 1.5, 1.5), (-40.0, -190.0, 300.0))
DOTS = """[...document.querySelectorAll("#lines circle")].map((dot) =>
    [Number(dot.getAttribute("cx")), Number(dot.getAttribute("cy"))])"""
EDGES = """["l", "r"].map((side) => document.querySelector("#edges ." + side).textContent)"""
STAGE = """(() => { const box = document.getElementById("canvas").getBoundingClientRect();
    return [box.left + box.width / 2, box.top + box.height / 2]; })()"""


def _kidney(x: int, z: int) -> Mask:
    k, j, i = np.indices(GRID.shape_kji)
    return Mask.from_full(GRID, ((i - x) / 8) ** 2 + ((j - 25) / 8) ** 2 + ((k - z) / 8) ** 2 <= 1.0)


def _between(browser: browsers.Browser) -> np.ndarray:
    """From the first part's mark to the second one's, and where their middle is: pixels, (2, 2)."""
    first, second = np.array(browser.value(DOTS), dtype=np.float64)
    return np.stack([second - first, (first + second) / 2])


def _after(browser: browsers.Browser, before: np.ndarray) -> np.ndarray:
    """The same once a hand's moves are drawn, which a busy machine does some time after the hand was lifted."""
    until, last = time.monotonic() + browsers.WAIT_S, before
    while time.monotonic() < until:
        now = _between(browser)
        if np.array_equal(now, last) and not np.array_equal(now, before):
            break
        last = now
        time.sleep(0.2)
    return last


@pytest.mark.parametrize("kind", [browsers.chromium, browsers.firefox], ids=["chromium", "firefox"])
def test_fingers_turn_move_and_zoom(
    kind: Callable[[Path, Path], AbstractContextManager[browsers.Browser]], tmp_path: Path
) -> None:
    parts = [
        PrintPart("kidney_right", _kidney(14, 24), "#B06050", "organ"),
        PrintPart("kidney_left", _kidney(48, 24), "#B06050", "organ"),
    ]
    page = tmp_path / "page.html"
    page.write_text(pages.page(patient_model(parts, "en"), "en", [b"x"] * 4, with_plan=False), encoding="utf-8")
    with kind(page, tmp_path) as browser:
        assert browsers.waited(browser, "document.documentElement.dataset.ready", "drawn") == "drawn"
        x, y = browser.value(STAGE)
        drawn = _between(browser)
        apart, _ = drawn
        assert apart[0] > 200.0
        assert browser.value(EDGES) == ["your right side", "your left side"]

        spread = [[(x - 40, y), (x - 80, y)], [(x + 40, y), (x + 80, y)]]
        browser.touch(*spread)
        drawn = _after(browser, drawn)
        nearer, middle = drawn
        assert nearer[0] == pytest.approx(2.0 * apart[0], rel=0.25)

        both = [[(x - 40, y), (x - 40, y + 60)], [(x + 40, y), (x + 40, y + 60)]]
        browser.touch(*both)
        drawn = _after(browser, drawn)
        _, moved = drawn
        assert moved[1] - middle[1] == pytest.approx(60.0, abs=15.0)

        # half a turn: what was at the left is at the right
        browser.touch([(x - 200, y), (x, y), (x + np.pi / 0.008 - 200, y)])
        turned, _ = _after(browser, drawn)
        assert turned[0] < -100.0
        assert browser.value(EDGES) == ["your left side", "your right side"]
