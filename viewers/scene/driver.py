"""Which OpenGL there is, asked through Qt, without VTK."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from PySide6.QtGui import QGuiApplication, QOffscreenSurface, QOpenGLContext, QSurfaceFormat

SOFTWARE_DRIVERS = ("llvmpipe", "softpipe", "swrast", "swr", "software", "gdi generic")
# windows of these platforms have no native OpenGL to lend, or one that is not to be mixed with painting
IMAGE_PLATFORMS = ("offscreen", "minimal", "vnc", "wayland", "linuxfb")
SWITCH = "THEATRUM_GL"
GL_RENDERER, GL_VERSION = 0x1F01, 0x1F02
# what VTK needs
LEAST_VERSION = (3, 2)


class NoOpenGLError(RuntimeError):
    """Nothing can be drawn in 3D here."""


@dataclass(frozen=True, slots=True)
class Driver:
    """use_widget: a QOpenGLWidget pays. is_software: the processor draws. renderer: the driver's own name, or ""."""

    use_widget: bool
    is_software: bool
    renderer: str = ""


def is_software_driver(renderer: str) -> bool:
    """Whether a renderer string names a driver that draws on the processor; none at all counts too."""
    name = renderer.lower()
    return not name or any(word in name for word in SOFTWARE_DRIVERS)


def find_driver() -> Driver:
    """The road to take here. THEATRUM_GL=hardware or =software overrules what is found."""
    wanted = os.environ.get(SWITCH, "")
    if wanted == "software" or (wanted != "hardware" and QGuiApplication.platformName().startswith(IMAGE_PLATFORMS)):
        return Driver(False, True)
    renderer, version = _ask_driver()
    is_software = is_software_driver(renderer)
    usable = bool(renderer) and version >= LEAST_VERSION
    return Driver(usable and (wanted == "hardware" or not is_software), is_software, renderer)


def _ask_driver() -> tuple[str, tuple[int, int]]:
    """Name and version of what a core context gets; nothing at all where none can be made."""
    wanted = QSurfaceFormat()
    wanted.setRenderableType(QSurfaceFormat.RenderableType.OpenGL)
    wanted.setProfile(QSurfaceFormat.OpenGLContextProfile.CoreProfile)
    wanted.setVersion(*LEAST_VERSION)
    surface = QOffscreenSurface()
    surface.setFormat(wanted)
    surface.create()
    context = QOpenGLContext()
    context.setFormat(wanted)
    if not context.create() or not surface.isValid() or not context.makeCurrent(surface):
        return "", (0, 0)
    # without a current context these calls end the process
    functions = context.functions()
    name, version = functions.glGetString(GL_RENDERER), functions.glGetString(GL_VERSION)
    context.doneCurrent()
    found = re.match(r"(\d+)\.(\d+)", str(version or ""))
    return str(name or ""), (int(found[1]), int(found[2])) if found else (0, 0)
