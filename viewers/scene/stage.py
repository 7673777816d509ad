"""When the 3D picture is drawn and how well: loads VTK beside the event loop, holds scene and host, draws once a turn.

Nothing is drawn that did not change. Where the processor draws, moving things get less (half the resolution,
translucent things in rough order), and the full picture follows at rest; a card casts fewer rays through the image meanwhile.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QRect, QThreadPool, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from planning.geometry import FloatArray, Vector
from planning.loading import load
from viewers.overlay import SceneContent
from viewers.rendering import seen_along
from viewers.scene.camera import Projection
from viewers.scene.driver import Driver, NoOpenGLError, find_driver

if TYPE_CHECKING:
    from viewers.scene.adapters.margin import Bands
    from viewers.scene.host import SceneHost
    from viewers.scene.scene import Scene

LIBRARIES = ("vtkmodules.vtkCommonCore", "vtkmodules.util.numpy_support", "viewers.scene.host")
# at rest, and while a hand holds something in another pane, or surfaces come one after another: the next may take longer
REST_MS, HELD_REST_MS = 120, 600
# what comes faster than this is a movement, and moving things are drawn at most at this rate on slow drivers
MOVEMENT_S, SLOW_FRAME_MS = 0.2, 66
# a scene holds some 60 MB of the driver's; who looks at 3D again sooner than this finds it ready
AWAY_MS = 60_000
# a name is left out when its point lies this far behind the surface that covers it
COVERED_MM = 15.0
# a ray begins this far before the middle of the picture
BEFORE_ALL_MM = 4000.0


class _Loader(QObject):
    """Imports VTK beside the event loop; the window answers meanwhile."""

    loaded = Signal(object)

    def load(self, driver: Driver) -> None:
        load(LIBRARIES)
        if driver.use_widget:
            try:
                load(("pyvistaqt",))
            except ImportError:
                driver = Driver(False, driver.is_software, driver.renderer)
        self.loaded.emit(driver)


class Stage(QObject):
    """Draws a scene for a pane. space: how the pane looks at it now.

    drawn: a frame is done and its depth can be read. overlay_stale: what is painted over it is out of date.
    """

    opened = Signal()
    drawn = Signal()
    overlay_stale = Signal()

    def __init__(self, pane: QWidget, space: Callable[[], Projection], bands: Bands) -> None:
        super().__init__(pane)
        self._pane, self._space, self._bands = pane, space, bands
        self.scene: Scene | None = None
        self.host: SceneHost | None = None
        self.failed = False
        self.is_held = False
        self._expects_movement, self._rest_ms = False, REST_MS
        # the newest content is the first whole one
        self._grew = False
        self._content = SceneContent()
        self._hidden: tuple[frozenset[str], bool] = (frozenset(), True)
        self._wanted = self._closed = self._checked = self._reduced = False
        self._dirty = True
        self._last_change = self._last_frame = 0.0
        self._frame_timer = QTimer(self, singleShot=True)
        self._frame_timer.timeout.connect(self._draw)
        self._rest_timer = QTimer(self, singleShot=True)
        self._rest_timer.timeout.connect(self._draw_full)
        self._away_timer = QTimer(self, singleShot=True, interval=AWAY_MS)
        self._away_timer.timeout.connect(self._let_go)
        self._idle_timer = QTimer(self, singleShot=True, interval=AWAY_MS)
        self._idle_timer.timeout.connect(self._make_again)
        self._pictures = 0
        self._left: QImage | None = None
        self._loader = _Loader()
        self._loader.loaded.connect(self._open)

    @property
    def is_settled(self) -> bool:
        """Whether the last picture is up to date and in full quality."""
        if self.failed:
            return True
        waiting = self._frame_timer.isActive() or self._rest_timer.isActive()
        return self.host is not None and not (self._dirty or self._reduced or waiting)

    @property
    def _casts_rays(self) -> bool:
        return self.scene is not None and self.scene.casts_rays

    @property
    def pictures(self) -> int:
        """How many were drawn since the driver's memory was made: at most one where nobody moved anything for a minute."""
        return self._pictures if self.host is not None else 0

    def start(self) -> None:
        """Load VTK, now or when the pane is shown."""
        self._wanted = True
        self.pane_shown()

    def pane_shown(self) -> None:
        """The pane is on the screen (again)."""
        self._away_timer.stop()
        if self.host is not None:
            # nothing may have to be drawn: what it drew before it was hidden goes all the same
            self._idle_timer.start()
        if self._wanted and self.host is None and not self._closed and self._pane.isVisible():
            self._wanted = False
            driver, loader = find_driver(), self._loader
            QThreadPool.globalInstance().start(lambda: loader.load(driver))
        if self._dirty:
            self.changed()

    def pane_hidden(self) -> None:
        """The pane left the screen; what is still owed is drawn when it comes back."""
        self._rest_timer.stop()
        self._idle_timer.stop()
        self._dirty = self._dirty or self._reduced
        self._away_timer.start()

    def _let_go(self) -> None:
        """Nobody looks: what the processor draws with is given back, its last picture stays until there is a new one."""
        if self.host is None or self.host.widget is not None or self.failed or self._closed:
            return
        self._left = self.host.picture()
        self.host.close()
        self.host = self.scene = None
        self._wanted = self._dirty = True

    def _make_again(self) -> None:
        """Nobody moved anything for a minute: the processor's drawing memory is made anew for what is shown now.

        Pictures of other sizes, of moving things, with translucent things and without leave 40 to 90 MB in the driver
        (programs, layers, frames) beside the 60 that the shown one needs, and a few are enough. It takes a tenth of a second.
        """
        host = self.host
        if host is None or host.widget is not None or not host.is_slow or self._closed:
            return
        if self._pictures <= 1 or not self._pane.isVisible():
            return
        if not self.is_settled or self.is_held:
            # a hand that holds something draws nothing more when it lets go
            self._idle_timer.start()
            return
        self._let_go()
        # at once: who points or saves a picture never finds none
        self._wanted = False
        self._open(Driver(False, True))
        self._frame_timer.stop()
        self._reduced = False
        self._draw()

    def show(self, content: SceneContent) -> None:
        """Another content; draws when anything of it is new.

        While surfaces come one after another the picture is drawn as if it moved: a full one for each would keep the
        processor from making the next. The first content that is whole is drawn in full quality at once.
        """
        self._grew, self._content = self._content.is_growing and not content.is_growing, content
        if self.scene is not None and self.scene.set_content(content):
            self.changed()

    def hide(self, hidden: frozenset[str], plan_shown: bool) -> None:
        """Leave out these keys, and all plan items unless they are shown."""
        self._hidden = (hidden, plan_shown)
        if self.scene is not None and self.scene.set_hidden(hidden, plan_shown):
            self.changed()

    def set_bands(self, bands: Bands) -> None:
        """Other colours of the margin map."""
        self._bands = bands
        if self.scene is not None:
            self.scene.set_bands(bands)
        self.changed()

    def expect_movement(self) -> None:
        """A hand drags something in another pane: the next change is part of that, however long its numbers take."""
        self._expects_movement = True

    def changed(self, by_hand: bool = False) -> None:
        """Something that VTK draws is different; drawn once for each turn of the event loop."""
        now = time.monotonic()
        # counted from the last picture's end: where one takes long, the next change of a drag comes after it
        growing = self._content.is_growing
        soon = now - max(self._last_change, self._last_frame) < MOVEMENT_S and not self._grew
        moving = by_hand or self._expects_movement or growing or soon
        self._rest_ms = HELD_REST_MS if self._expects_movement or growing else REST_MS
        self._grew = False
        self._last_change, self._expects_movement = now, False
        self._dirty = True
        self._reduced = moving and self.host is not None and (self.host.is_slow or self._casts_rays)
        self.overlay_stale.emit()
        if self.host is None or self._frame_timer.isActive():
            return
        wait = 0.0
        if self._reduced and self.host.is_slow and not by_hand:
            wait = SLOW_FRAME_MS - (now - self._last_frame) * 1000.0
        self._frame_timer.start(max(round(wait), 0))

    def place(self, rectangle: QRect) -> None:
        """Where the host's own widget lies, if it has one."""
        if self.host is not None and self.host.widget is not None:
            self.host.widget.setGeometry(rectangle)

    def picture(self) -> QImage | None:
        """What the pane paints; None when there is nothing, or the host's widget shows it."""
        if self.failed:
            return None
        drawn = self.host.picture() if self.host is not None else None
        return drawn or self._left

    def grab(self, *, for_film: bool = False) -> QImage | None:
        """A picture in full quality, drawn now; for_film: as one of many."""
        if self.host is None or self.scene is None:
            return None
        space = self._look()
        image = self.host.grab(space.width, space.height, self._pane.devicePixelRatioF(), for_film=for_film)
        # what the driver made for it, many times the pane's size for some, goes with what other pictures left there
        self._pictures += 1
        self._idle_timer.start()
        return image

    def grab_over(self, ground: tuple[float, float, float]) -> QImage | None:
        """The same over another ground (red, green, blue, 0 … 1)."""
        if self.scene is None:
            return None
        self.scene.set_ground(ground)
        image = self.grab()
        self.scene.set_ground((0.0, 0.0, 0.0))
        return image

    def pick(self, x: float, y: float) -> Vector | None:
        """The place under a logical pixel on the nearest surface, or where half of what the image shows lies before it."""
        if self.host is None or self.scene is None:
            return None
        space = self._look()
        wide, tall = self.host.window_size()
        on_surface = self.scene.pick(x / max(space.width, 1.0) * wide, (1.0 - y / max(space.height, 1.0)) * tall)
        seen = self._content.volume
        if seen is None:
            return on_surface
        back = np.asarray(space.camera.direction)
        start = space.to_world(x, y, BEFORE_ALL_MM)
        reach = np.inf if on_surface is None else float((start - on_surface) @ back)
        in_image = seen_along(seen.volume, seen.stops, start, -back, seen.keep, reach)
        return on_surface if in_image is None else in_image

    def box(self) -> tuple[Vector, Vector] | None:
        """Lowest and highest corner of what is shown."""
        return self.scene.box() if self.scene is not None else None

    def sheet_corners(self, key: str) -> FloatArray | None:
        """(N, 3) corners of a plane's sheet, None when it is not shown."""
        return self.scene.sheet_corners(key) if self.scene is not None else None

    def is_covered(self, position_mm: Vector) -> bool:
        """Whether a place lies far behind a surface; call it from `drawn` only."""
        assert self.host is not None
        assert self.scene is not None
        space = self._space()
        x, y = space.to_screen(position_mm)
        seen = self.host.depth_at(float(x) / max(space.width, 1.0), float(y) / max(space.height, 1.0))
        if seen >= 1.0:
            return False
        camera = self.scene.renderer.GetActiveCamera()
        near, far = camera.GetClippingRange()
        offset = np.asarray(camera.GetPosition()) - np.asarray(position_mm)
        distance = float(offset @ np.asarray(space.camera.direction))
        return distance - (near + seen * (far - near)) > COVERED_MM

    def close(self) -> None:
        """Let go of the graphics memory for good."""
        self._closed = True
        for timer in (self._frame_timer, self._rest_timer, self._away_timer, self._idle_timer):
            timer.stop()
        if self.host is not None:
            self.host.close()
        self.host = self.scene = None

    def _look(self) -> Projection:
        assert self.scene is not None
        space = self._space()
        self.scene.set_camera(space.camera, space.mm_per_px)
        return space

    def _open(self, driver: Driver) -> None:
        if self._closed:
            return
        from viewers.scene.host import ImageHost, InteractorHost
        from viewers.scene.scene import Scene

        scene = Scene(self._bands)
        if driver.use_widget:
            self.host = InteractorHost(scene, self._after_frame, self._pane, driver.is_software)
            assert self.host.widget is not None
            self.host.widget.show()
        else:
            try:
                self.host = ImageHost(scene, self._after_frame)
            except NoOpenGLError:
                self._give_up()
                return
        self.scene, self._pictures = scene, 0
        scene.set_hidden(*self._hidden)
        scene.set_content(self._content)
        self.opened.emit()
        self.changed()

    def _draw(self) -> None:
        if self.host is None or self.failed or not self._pane.isVisible():
            return
        space = self._look()
        self._dirty = False
        self.host.render(space.width, space.height, self._pane.devicePixelRatioF(), not self._reduced)
        self._last_frame = time.monotonic()
        if self._reduced:
            self._rest_timer.start(self._rest_ms)
        else:
            self._rest_timer.stop()
        self._pictures += 1
        self._idle_timer.start()
        self._pane.update()

    def _draw_full(self) -> None:
        if self.is_held:
            # the hand rests but still holds; the better picture comes when it lets go
            self._rest_timer.start(self._rest_ms)
            return
        self._reduced = False
        self._dirty = True
        self._draw()

    def _after_frame(self) -> None:
        if self.host is None or self.scene is None:
            return
        self._left = None
        self.drawn.emit()
        if not self._checked and self.scene.has_surface():
            self._checked = True
            QTimer.singleShot(0, self._check_pixels)

    def _check_pixels(self) -> None:
        """A driver that fails leaves an empty picture and no error, so the pixels are read back once."""
        host, box = self.host, self.box()
        if host is None or box is None:
            return
        # a child may have painted before the pane ever told where it looks from
        space = self._look()
        if not host.is_blank():
            return
        x, y = space.to_screen((box[0] + box[1]) / 2.0)
        if not (0 <= x < space.width and 0 <= y < space.height):
            # there may be nothing to see from here; asked again with the next frame
            self._checked = False
            return
        host.close()
        self.host = self.scene = None
        if host.widget is None:
            self._give_up()
            return
        host.widget.hide()
        self._checked = False
        self._open(Driver(False, True))

    def _give_up(self) -> None:
        """Nothing can be drawn; the pane says so."""
        self.failed = True
        self._pane.update()
        self.overlay_stale.emit()
