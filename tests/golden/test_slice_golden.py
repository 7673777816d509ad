"""Slice panes as a person last saw them: structures and cut, annulus with hinges, turned planes, glass, empty."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from golden import check_golden
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractButton, QApplication
from scipy import ndimage

from app.theme.fonts import FAMILY, load_fonts
from app.theme.tokens import DARK, HINGES, PLANES, PLANS, REMOVED
from planning.geometry import Grid, Plane, unit
from planning.volume import Mask, Volume
from viewers.overlay import (
    ContourItem,
    CutItem,
    DistanceItem,
    LabelItem,
    PaneContent,
    PathItem,
    PlanItem,
    PointItem,
)
from viewers.pane_look import PaneLook
from viewers.slice_pane import SlicePane
from viewers.view_state import SLICES, PaneView, ViewModel, ViewState, aligned_frame, vec

pytestmark = pytest.mark.gui

SIZE_PX = (338, 356)
LOOK = PaneLook(
    accent=DARK["acc"],
    text=DARK["t1"],
    text_soft=DARK["t2"],
    halo=DARK["pane"],
    warn=DARK["warn"],
    plane_colors=PLANES,
    font_family=FAMILY,
)
GRID = Grid.from_parts((150, 120, 80), (1.8, 1.8, 2.5), (-135.0, -108.0, -100.0))
NORMAL = unit((-0.55, -0.1, 0.83))


def ellipsoid(center: tuple[float, float, float], radii: tuple[float, float, float]) -> np.ndarray:
    k, j, i = np.indices(GRID.shape_kji)
    places = GRID.to_world(np.stack([i, j, k], axis=-1))
    return (((places - np.array(center)) / np.array(radii)) ** 2).sum(axis=-1) < 1.0


@pytest.fixture(scope="module")
def trunk() -> PaneContent:
    """A trunk with liver, tumour, vessel and spine, cut by a plane."""
    body, liver = ellipsoid((0, 0, 0), (125, 95, 400)), ellipsoid((-45, -12, 0), (65, 55, 80))
    tumour, vessel, spine = (
        ellipsoid((-70, 5, 10), (14, 14, 16)),
        ellipsoid((-20, 10, 0), (9, 9, 400)),
        ellipsoid((0, 62, 0), (17, 17, 400)),
    )
    values = np.full(GRID.shape_kji, -1000.0)
    for mask, value in ((body, -60), (liver, 110), (tumour, 60), (vessel, 220), (spine, 500)):
        values[mask] = value
    noise = np.random.default_rng(5).normal(0, 30, values.shape)
    values = ndimage.gaussian_filter(values + noise, 0.6)
    organ = Mask.from_full(GRID, liver)
    plane = Plane(np.array((-45.0, -12.0, 0.0)), unit((-0.9, 0.35, 0.25)))
    labels = (
        LabelItem(key="liver", mask=organ, color="#DD8265", split=(plane,), split_color=REMOVED),
        LabelItem(key="tumour", mask=Mask.from_full(GRID, tumour), color="#FFD65C"),
        LabelItem(key="vessel", mask=Mask.from_full(GRID, vessel), color="#3B82E0"),
    )
    items: tuple[PlanItem, ...] = (
        CutItem(key="cut", plane=plane, organ=organ, color=PLANS["a"]),
        DistanceItem(
            key="margin",
            ends_mm=np.array([(-57.0, 2.0, 3.0), (-46.5, -2.0, 1.0)]),
            color=DARK["bad"],
            text="4.7 mm",
            pill=True,
        ),
        DistanceItem(
            key="distance", ends_mm=np.array([(20.0, -60.0, 0.0), (75.0, -40.0, 0.0)]), color=DARK["t1"], text="58.5 mm"
        ),
        PathItem(
            key="path",
            points_mm=np.stack([np.linspace(40, 90, 60), np.linspace(10, 40, 60), np.linspace(-8, 6, 60)], axis=1),
            color=PLANS["a"],
        ),
    )
    return PaneContent(volume=Volume(GRID, values.astype(np.int16), phase="35 %"), labels=labels, items=items)


@pytest.fixture(scope="module")
def annulus(trunk: PaneContent) -> PaneContent:
    """An ellipse across a tilted plane with three hinges and its diameters."""
    right, down = (np.array(axis) for axis in aligned_frame(NORMAL)[:2])
    angle = np.linspace(0, 2 * np.pi, 240, endpoint=False)
    long_axis, short_axis = (right + down) / np.sqrt(2), (right - down) / np.sqrt(2)
    ring = 13.8 * np.cos(angle)[:, None] * long_axis + 10.9 * np.sin(angle)[:, None] * short_axis
    contour = ContourItem(
        key="annulus",
        points_mm=ring,
        color=PLANS["a"],
        diameters=((ring[[0, 120]], "27.7"), (ring[[60, 180]], "21.9")),
    )
    hinges = [
        PointItem(key=key, position_mm=ring[at], color=HINGES[key], label=key.upper())
        for key, at in (("rcc", 150), ("lcc", 10), ("ncc", 80))
    ]
    return PaneContent(volume=trunk.volume, items=(contour, *hinges))


@pytest.fixture
def paint(qapp) -> Iterator[Callable[..., QImage]]:
    load_fonts()
    made: list[SlicePane] = []

    def make(
        name: str, state: ViewState, content: PaneContent, act: Callable[[SlicePane], None] | None = None
    ) -> QImage:
        model = ViewModel(state)
        pane = SlicePane(name, model, LOOK)
        model.setParent(pane)
        made.append(pane)
        pane.resize(*SIZE_PX)
        pane.set_content(content)
        if act is None:
            return pane.grab_picture()
        pane.show()
        QApplication.processEvents()
        act(pane)
        # they follow the screen's real pointer
        for button in pane.findChildren(QAbstractButton):
            button.hide()
        return pane.grab().toImage()

    yield make
    for pane in made:
        pane.close()
        pane.deleteLater()


def side_by_side(images: list[QImage]) -> QImage:
    ratio = images[0].devicePixelRatio()
    sheet = QImage(sum(image.width() for image in images), images[0].height(), QImage.Format.Format_RGB32)
    painter = QPainter(sheet)
    x = 0
    for image in images:
        plain = QImage(image)
        plain.setDevicePixelRatio(1.0)
        painter.drawImage(x, 0, plain)
        x += image.width()
    painter.end()
    sheet.setDevicePixelRatio(ratio)
    return sheet


LIVER_VIEW = ViewState(cross_mm=(-45.0, 2.0, 0.0), window=360, level=70, active="axial")


def annulus_view(**changes: object) -> ViewState:
    state = ViewState(
        frame=aligned_frame(NORMAL), frame_name="annulus", window=900, level=100, selected_point="ncc", active="axial"
    )
    for name, scale in zip(SLICES, (0.166, 0.36, 0.36), strict=True):
        state = state.with_pane(name, PaneView(center_mm=(0.0, 0.0, 0.0), mm_per_px=scale))
    return replace(state, **changes)  # type: ignore[arg-type]


def test_liver_with_a_cut_in_three_planes(paint: Callable[..., QImage], trunk: PaneContent) -> None:
    images = [paint(name, LIVER_VIEW, trunk) for name in SLICES]
    check_golden(side_by_side(images), "slices_liver")


def test_annulus_and_its_long_axes(paint: Callable[..., QImage], annulus: PaneContent) -> None:
    images = [paint(name, annulus_view(), annulus) for name in SLICES]
    check_golden(side_by_side(images), "slices_annulus")


def test_turned_planes_and_plain_pixels_without_fill(paint: Callable[..., QImage], trunk: PaneContent) -> None:
    turned = LIVER_VIEW.with_turn("axial", 0.4).with_turn("coronal", -0.25)
    plain = replace(LIVER_VIEW, smooth_pixels=False, label_style="outline", show_labels=False, selected="tumour")
    plain = plain.with_pane("axial", PaneView(center_mm=(-60.0, 0.0, 0.0), mm_per_px=0.25))
    images = [paint("axial", turned, trunk), paint("sagittal", turned, trunk), paint("axial", plain, trunk)]
    check_golden(side_by_side(images), "slices_turned_and_plain")


def test_the_glass_over_a_dragged_hinge(paint: Callable[..., QImage], annulus: PaneContent) -> None:
    def drag(pane: SlicePane) -> None:
        item = pane.item("lcc")
        assert isinstance(item, PointItem)
        start = pane.geometry_px().to_screen(item.position_mm) - 0.5
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        for kind, place, button, held in (
            (QEvent.Type.MouseMove, start, none, none),
            (QEvent.Type.MouseButtonPress, start, left, left),
            (QEvent.Type.MouseMove, start + (9.0, -4.0), none, left),
        ):
            at = QPointF(*place.tolist())
            QApplication.sendEvent(
                pane, QMouseEvent(kind, at, pane.mapToGlobal(at), button, held, Qt.KeyboardModifier.NoModifier)
            )

    check_golden(paint("axial", annulus_view(selected_point=""), annulus, drag), "slice_glass")


def test_an_empty_pane_says_only_its_name(paint: Callable[..., QImage]) -> None:
    check_golden(paint("coronal", ViewState(cross_mm=vec((1.0, 2.0, 3.0))), PaneContent()), "slice_empty")
