"""Who draws the 3D view. Two hosts behind one protocol; the scene does not know which.

ImageHost draws into an off-screen window and hands over a picture, which the pane paints: without a display, on
software OpenGL, on Wayland, in tests. InteractorHost is pyvistaqt's QtInteractor, a QOpenGLWidget, where the graphics
card does the work. Neither sees a mouse or a key: the pane handles those for both.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkFloatArray, vtkUnsignedCharArray

from viewers.scene.adapters.base import Box
from viewers.scene.driver import NoOpenGLError, is_software_driver
from viewers.scene.offscreen import offscreen_window
from viewers.scene.patch import Frame, look_at_patch, patch_of, seen_by, tiles_of
from viewers.scene.scene import Scene

# drawn at twice the size and averaged up to this many pixels; above, a filter smooths the edges at a quarter of it
MOST_SUPERSAMPLED_PX = 1_300_000
# while things move: half the resolution, and never more than this
MOST_MOVING_PX = 200_000
# rays that a card casts while things move; above, they lie farther apart, so that a large pane turns as quickly
MOST_MOVING_RAYS = 1_000_000
# of the empty picture that a driver is asked with
DRIVER_PX = 4
# every driver of OpenGL 3.2 draws this many columns and rows at once
MOST_SIDE_PX = 4096


class SceneHost(Protocol):
    """Draws one scene.

    widget: the child that shows the picture itself, or None when the pane paints `picture`. is_slow: the processor
    draws, so less is drawn while things move; of a card only the rays through the image are fewer meanwhile.
    """

    widget: QWidget | None
    is_slow: bool

    def render(self, width: float, height: float, ratio: float, full: bool) -> None:
        """Draw a pane of this many logical pixels: now, or at the child's next paint event."""

    def picture(self) -> QImage | None:
        """What was drawn last, for the pane to paint; None when the child shows it."""

    def grab(self, width: float, height: float, ratio: float, *, for_film: bool = False) -> QImage:
        """A picture in full quality at the pane's device pixels. for_film: its edges are smoothed by the filter alone."""

    def is_blank(self) -> bool:
        """Whether the picture that was drawn last is of one colour."""

    def window_size(self) -> tuple[int, int]:
        """Pixels of the render window, for picking."""

    def depth_at(self, x: float, y: float) -> float:
        """Depth buffer (0 near … 1 far) at a place given as shares of width and height from the upper left."""

    def close(self) -> None:
        """Let go of the graphics memory."""


class ImageHost:
    """An off-screen window whose picture the pane paints. Raises NoOpenGLError where VTK could only fall.

    A frame in full quality is kept: where only parts of the scene changed since, only these are drawn again.
    """

    def __init__(self, scene: Scene, drawn: Callable[[], None]) -> None:
        self.widget: QWidget | None = None
        self._scene = scene
        self._drawn = drawn
        window = offscreen_window()
        if window is None:
            raise NoOpenGLError
        self._window = window
        # known before the first picture: a card's would be drawn by the processor's rays, without dark hollows
        self.is_slow = is_software_driver(_driver_of(window))
        scene.use_gpu(not self.is_slow)
        self._window.AddRenderer(scene.renderer)
        self._picture: QImage | None = None
        self._frame: Frame | None = None
        # where the kept frame is out of date; None for everywhere
        self._stale: list[Box] | None = None

    def render(self, width: float, height: float, ratio: float, full: bool) -> None:
        """Draw now; on a fast driver all but rays in full quality always."""
        self._render(width, height, ratio, full, for_film=False)

    def _render(self, width: float, height: float, ratio: float, full: bool, *, for_film: bool) -> None:
        stale = self._scene.take_stale()
        self._stale = None if stale is None or self._stale is None else [*self._stale, *stale]
        pixels = self._draw(width, height, ratio, full, for_film=for_film and self.is_slow)
        self._picture = _image(pixels)
        self._picture.setDevicePixelRatio(pixels.shape[1] / max(width, 1.0))
        self._drawn()

    def picture(self) -> QImage | None:
        """The last one."""
        return self._picture

    def grab(self, width: float, height: float, ratio: float, *, for_film: bool = False) -> QImage:
        """Drawn anew in full quality; a film's many pictures are not drawn at twice the size where the processor draws."""
        self._render(width, height, ratio, True, for_film=for_film)
        assert self._picture is not None
        return self._picture

    def is_blank(self) -> bool:
        """Read back from the picture: a driver that fails says nothing."""
        return self._picture is None or _is_of_one_color(self._picture)

    def window_size(self) -> tuple[int, int]:
        """As last drawn."""
        wide, tall = self._window.GetSize()
        return int(wide), int(tall)

    def depth_at(self, x: float, y: float) -> float:
        """One value of the kept frame's depths, or of the window's own."""
        return _depth_at(self._window, x, y) if self._frame is None else _kept_depth(self._frame.depths, x, y)

    def close(self) -> None:
        """Finalize while the context is still there."""
        self._window.RemoveRenderer(self._scene.renderer)
        self._window.Finalize()

    def _draw(self, width: float, height: float, ratio: float, full: bool, *, for_film: bool) -> npt.NDArray[np.uint8]:
        wide, tall = max(round(width * ratio), 2), max(round(height * ratio), 2)
        rays_px = None if full else rays_apart_px(wide, tall)
        full = full or not self.is_slow
        doubled = full and not for_film and 4 * wide * tall <= MOST_SUPERSAMPLED_PX
        self._scene.set_quality(full, smooth_edges=full and not doubled, pixels=2 if doubled else 1, rays_px=rays_px)
        if not full:
            self._frame = None
            share = min(0.5, (MOST_MOVING_PX / (wide * tall)) ** 0.5)
            pixels = self._drawn_pixels(max(round(wide * share), 2), max(round(tall * share), 2))
            return np.ascontiguousarray(pixels[::-1])
        scale = 2 if doubled else 1
        size = (scale * wide, scale * tall)
        if self.is_slow or max(size) > MOST_SIDE_PX:
            pixels = self._full_frame(size, doubled).pixels[::-1]
        else:
            # a card draws all of it sooner than the depths of a kept frame are read back
            self._frame, self._stale = None, []
            pixels = self._drawn_pixels(*size)[::-1]
        if not doubled:
            return np.ascontiguousarray(pixels)
        halves = pixels.astype(np.uint16)
        sums = halves[::2, ::2] + halves[1::2, ::2] + halves[::2, 1::2] + halves[1::2, 1::2]
        return np.asarray((sums + 2) // 4, dtype=np.uint8)

    def _full_frame(self, size: tuple[int, int], doubled: bool) -> Frame:
        """All of it, or the kept frame with the parts that changed drawn into it."""
        camera = self._scene.renderer.GetActiveCamera()
        look, kept, stale = seen_by(camera), self._frame, self._stale
        patch = None
        if kept is not None and stale and kept.is_of(look, size, doubled):
            patch = patch_of(stale, camera, size)
        if patch is None or kept is None:
            self._frame = Frame(*self._whole(size), look, doubled)
        elif patch.wide and patch.tall:
            scale = camera.GetParallelScale()
            look_at_patch(camera, patch, size)
            whole, own = patch.kept(size)
            kept.pixels[whole] = self._drawn_pixels(patch.wide, patch.tall)[own]
            kept.depths[whole] = self._depths()[own]
            camera.SetParallelScale(scale)
            camera.SetWindowCenter(0.0, 0.0)
            # picking asks the window for its size
            self._window.SetSize(*size)
        self._stale = []
        assert self._frame is not None
        return self._frame

    def _whole(self, size: tuple[int, int]) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float32]]:
        """Pixels and depths of a frame of `size` (columns, rows), tile by tile where no driver may draw it at once."""
        if max(size) <= MOST_SIDE_PX:
            return self._drawn_pixels(*size), self._depths()
        camera = self._scene.renderer.GetActiveCamera()
        scale = camera.GetParallelScale()
        pixels, depths = np.empty((size[1], size[0], 3), np.uint8), np.empty((size[1], size[0]), np.float32)
        reach_px = math.ceil(self._scene.reach_mm * size[1] / (2.0 * scale))
        for tile in tiles_of(size, MOST_SIDE_PX, reach_px):
            look_at_patch(camera, tile, size)
            whole, own = tile.kept(size)
            pixels[whole] = self._drawn_pixels(tile.wide, tile.tall)[own]
            depths[whole] = self._depths()[own]
            camera.SetParallelScale(scale)
        camera.SetWindowCenter(0.0, 0.0)
        return pixels, depths

    def _drawn_pixels(self, wide: int, tall: int) -> npt.NDArray[np.uint8]:
        """(tall, wide, 3), the lowest row first."""
        self._window.SetSize(wide, tall)
        self._window.Render()
        buffer = vtkUnsignedCharArray()
        self._window.GetPixelData(0, 0, wide - 1, tall - 1, 0, buffer, 0)
        return np.array(vtk_to_numpy(buffer).reshape(tall, wide, 3))

    def _depths(self) -> npt.NDArray[np.float32]:
        """(tall, wide) of what was drawn last, the lowest row first."""
        wide, tall = self._window.GetSize()
        buffer = vtkFloatArray()
        self._window.GetZbufferData(0, 0, wide - 1, tall - 1, buffer)
        return np.array(vtk_to_numpy(buffer).reshape(tall, wide))


class InteractorHost:
    """pyvistaqt's widget as a child of the pane, deaf to mouse and keys.

    QtInteractor takes 1.0 s of processor time to import, so it is made after the first frame only.
    """

    def __init__(self, scene: Scene, drawn: Callable[[], None], parent: QWidget, is_slow: bool) -> None:
        from pyvistaqt import QtInteractor

        class QuietInteractor(QtInteractor):
            """Draws when asked to, not whenever something over it is repainted."""

            is_asked = True

            def initializeGL(self) -> None:
                self.is_asked = True
                super().initializeGL()

            def paintGL(self) -> None:
                if self.is_asked:
                    self.is_asked = False
                    super().paintGL()

            def resizeGL(self, width: int, height: int) -> None:
                self.is_asked = True
                super().resizeGL(width, height)

        self.is_slow = is_slow
        scene.use_gpu(not is_slow)
        self._scene = scene
        self._drawn = drawn
        interactor: Any = QuietInteractor(parent, auto_update=False, multi_samples=0)
        # what was drawn stays in its buffer
        interactor.setUpdateBehavior(interactor.UpdateBehavior.PartialUpdate)
        # pyvista binds letters of its own
        interactor.iren.clear_key_event_callbacks()
        interactor.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        interactor.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        interactor.setAcceptDrops(False)
        self.widget: QWidget | None = interactor
        self._interactor = interactor
        self._window = interactor.GetRenderWindow()
        self._window.SetAlphaBitPlanes(1)
        for other in list(self._window.GetRenderers()):
            self._window.RemoveRenderer(other)
        self._window.AddRenderer(scene.renderer)
        self._tag = scene.renderer.AddObserver("EndEvent", lambda *_: self._drawn())

    def render(self, width: float, height: float, ratio: float, full: bool) -> None:
        """Ask the child to paint; it sizes itself in device pixels."""
        rays_px = None if full else rays_apart_px(width * ratio, height * ratio)
        full = full or not self.is_slow
        self._scene.set_quality(full, smooth_edges=full, rays_px=rays_px)
        self._interactor.is_asked = True
        self._interactor.update()

    def picture(self) -> QImage | None:
        """The child shows it."""
        return None

    def grab(self, width: float, height: float, ratio: float, *, for_film: bool = False) -> QImage:
        """Drawn anew into the child's own buffer."""
        self._scene.set_quality(True, smooth_edges=True)
        self._interactor.is_asked = True
        image: QImage = self._interactor.grabFramebuffer()
        image.setDevicePixelRatio(image.width() / max(width, 1.0))
        return image

    def is_blank(self) -> bool:
        """Read back from the child's buffer."""
        self._interactor.is_asked = True
        return _is_of_one_color(self._interactor.grabFramebuffer())

    def window_size(self) -> tuple[int, int]:
        """As the child sized it."""
        wide, tall = self._window.GetSize()
        return int(wide), int(tall)

    def depth_at(self, x: float, y: float) -> float:
        """One value of the depth buffer."""
        return _depth_at(self._window, x, y)

    def close(self) -> None:
        """Close the child, which frees its memory with its context current."""
        self._scene.renderer.RemoveObserver(self._tag)
        self._interactor.close()


def rays_apart_px(wide: float, tall: float) -> float:
    """Distance of the rays that a card casts through a picture of this many pixels while things move."""
    return max(1.0, float(wide * tall / MOST_MOVING_RAYS) ** 0.5)


def _driver_of(window: Any) -> str:
    """What a window's OpenGL calls itself; "" where it does not say."""
    # a window that never drew has none
    window.SetSize(DRIVER_PX, DRIVER_PX)
    window.Render()
    found = re.search(r"OpenGL renderer string:\s*(.*)", window.ReportCapabilities())
    return str(found[1]) if found else ""


def _depth_at(window: Any, x: float, y: float) -> float:
    wide, tall = window.GetSize()
    column, row = int(x * wide), int((1.0 - y) * tall)
    if not (0 <= column < wide and 0 <= row < tall):
        return 1.0
    return float(window.GetZbufferDataAtPoint(column, row))


def _kept_depth(depths: npt.NDArray[np.float32], x: float, y: float) -> float:
    tall, wide = depths.shape
    column, row = int(x * wide), int((1.0 - y) * tall)
    return float(depths[row, column]) if 0 <= column < wide and 0 <= row < tall else 1.0


def _is_of_one_color(image: QImage) -> bool:
    colors = np.frombuffer(image.convertToFormat(QImage.Format.Format_RGB32).constBits(), dtype=np.uint32)
    return bool(colors.size == 0 or (colors == colors[0]).all())


def _image(pixels: npt.NDArray[np.uint8]) -> QImage:
    tall, wide, _ = pixels.shape
    shared = QImage(pixels.data, wide, tall, 3 * wide, QImage.Format.Format_RGB888)
    # a copy of its own in the format that is painted fastest
    return shared.convertToFormat(QImage.Format.Format_RGB32)
