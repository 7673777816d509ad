"""Places beside the steps say what they are, and their words stand out in both themes as they are painted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from accessible import faults_of
from liver_case import liver_document
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel, QToolButton, QWidget
from two_series import image_of, opened, shut

from app.panels.liver import COMPARE, LiverPanel
from app.settings import Settings
from app.theme.style import color
from app.window_states import turn, wait_settled, wait_until
from app.workstation import Workstation
from planning.case.commands import AddImage, AddMeasurement, SetPlan
from planning.case.model import Measurement
from planning.case.plans import liver_record
from planning.geometry import Grid, Plane
from planning.liver.resection import PlaneResection, WedgeResection
from planning.volume import Volume

pytestmark = pytest.mark.gui
TREES = {"portal": ["portal_vein"], "hepatic": ["hepatic_veins"]}
# WCAG asks 4.5 of the colours (tests/unit/test_contrast.py); the softened edge of a thin letter takes some of it away
LEAST_PAINTED = 3.3


def _case(path: Path) -> Path:
    """A liver with two plans, a measurement and a second series."""
    with liver_document(path) as document:
        half = [PlaneResection(Plane((-10.0, 0.0, 0.0), (-1.0, 0.0, 0.0)))]
        document.do(SetPlan(liver_record(document, "A", half, weight_kg=60.0, **TREES)))
        document.do(SetPlan(liver_record(document, "B", [WedgeResection(1, 5.0), WedgeResection(2, 5.0)], **TREES)))
        ends = ((-20.0, 0.0, 0.0), (10.0, 5.0, 0.0))
        document.do(
            AddMeasurement(Measurement(name="Distance 1", kind="distance", points_mm=ends, value=30.4, unit="mm"))
        )
        grid = Grid.from_parts((40, 40, 30), (3.0, 3.0, 3.0), (-58.0, -58.0, -43.0))
        voxels = np.random.default_rng(2).normal(60, 20, grid.shape_kji).astype(np.int16)
        reference = document.store.put_array(voxels)
        document.do(AddImage(image_of(reference, "CT 2", "CT", Volume(grid, voxels), "HU", frame="ab")))
    return path


@pytest.fixture(scope="module")
def window(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workstation]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("THEATRUM_HOME", str(tmp_path_factory.mktemp("home")))
        made = opened(None, _case(tmp_path_factory.mktemp("case") / "liver.theatrum"))
        yield made
        made.apply_settings(Settings())
        shut(made)


def _luminance(image: QImage, place: QRect) -> np.ndarray:
    """Relative luminance by WCAG 2 of the pixels of a place."""
    part = image.copy(place).convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(part.constBits(), dtype=np.uint8).reshape(part.height(), part.bytesPerLine())
    blue, green, red = (rows[:, n : 4 * part.width() : 4] / 255.0 for n in range(3))
    red, green, blue = (np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4) for c in (red, green, blue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(image: QImage, place: QRect) -> float:
    """Of the pixel that stands out most from the place's commonest."""
    found = _luminance(image, place).ravel()
    levels, counts = np.unique(found.round(4), return_counts=True)
    ground = levels[counts.argmax()]
    low, high = np.minimum(found, ground), np.maximum(found, ground)
    return float(((high + 0.05) / (low + 0.05)).max())


def _faint(root: QWidget, place: str) -> set[str]:
    """Words of labels and buttons that can be used and do not stand out where they are painted."""
    faults, image = set(), root.grab().toImage()
    for widget in (*root.findChildren(QLabel), *root.findChildren(QAbstractButton)):
        text = widget.text().strip()
        is_sign = isinstance(widget, QToolButton) and not widget.icon().isNull()
        if not text or is_sign or not widget.isVisible() or not widget.isEnabled():
            continue
        seen = widget.visibleRegion().boundingRect()
        if seen.height() < 10 or seen.width() < 10:
            continue
        shown = seen.translated(widget.mapTo(root, QPoint(0, 0)))
        found = _contrast(image, shown)
        if found < LEAST_PAINTED:
            faults.add(f"{place}: {widget.objectName()} {text[:40]!r} stands out by {found:.1f}")
    return faults


def _looked_at(root: QWidget, place: str) -> set[str]:
    return faults_of(root, place) | _faint(root, place)


def _places(window: Workstation, theme: str) -> set[str]:
    page = window.page
    assert page is not None
    page.session.view.set(layout="2x2")
    page.show_module("study")
    wait_settled(window)
    assert page.session.case.measurements
    faults = _looked_at(window, f"{theme} study and measurements")
    page.toggle_rendering()
    wait_settled(window)
    assert page.findChild(QWidget, "panel_render").isVisible()
    faults |= _looked_at(window, f"{theme} transfer editor, pictures and films")
    page.toggle_rendering()
    page.session.view.set(layout="compare")
    wait_settled(window)
    assert page.findChild(QWidget, "compare_bar").isVisible()
    faults |= _looked_at(window, f"{theme} compared series")
    page.session.view.set(layout="2x2")
    page.show_module("liver")
    panel = page.panel("liver")
    assert isinstance(panel, LiverPanel)
    wait_until(lambda: panel.work.model is not None, "the model", 60.0)
    panel.go_to(COMPARE)
    wait_settled(window)
    assert "compare_table" in page.grid.shown
    faults |= _looked_at(window, f"{theme} compared plans")
    for action in ("settings", "shortcuts", "jobs", "case_details"):
        window.actions_[action].trigger()
        turn(80)
        sheets = [one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible()]
        for sheet in sheets:
            faults |= _looked_at(sheet, f"{theme} {action}")
            sheet.reject()
        assert sheets or action == "jobs", action
        turn(60)
    return faults


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_places_beside_the_steps_are_told_and_read(window: Workstation, theme: str) -> None:
    window.apply_settings(Settings(theme=theme))
    faults = _places(window, theme)
    assert not faults, "\n".join(sorted(faults))


def test_words_that_are_too_faint_are_found(window: Workstation) -> None:
    label = QLabel("hardly seen", window)
    label.setStyleSheet(f"background: {color('s1')}; color: {color('line2')}")
    label.setGeometry(20, 10, 120, 20)
    label.show()
    label.raise_()
    assert any("hardly seen" in fault for fault in _faint(window, "here"))
    label.deleteLater()
