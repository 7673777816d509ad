"""Which OpenGL there is, asked through Qt, without VTK."""

from __future__ import annotations

import os
from dataclasses import dataclass

from PySide6.QtGui import QGuiApplication, QOffscreenSurface, QOpenGLContext

SOFTWARE_DRIVERS = ("llvmpipe", "softpipe", "swrast", "swr", "software", "gdi generic")
# windows of these platforms have no native OpenGL to lend, or one that is not to be mixed with painting
IMAGE_PLATFORMS = ("offscreen", "minimal", "vnc", "wayland", "linuxfb")
SWITCH = "THEATRUM_GL"
GL_RENDERER = 0x1F01


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
    renderer = _ask_renderer()
    is_software = is_software_driver(renderer)
    return Driver(bool(renderer) and (wanted == "hardware" or not is_software), is_software, renderer)


def _ask_renderer() -> str:
    surface = QOffscreenSurface()
    surface.create()
    context = QOpenGLContext()
    if not context.create() or not surface.isValid() or not context.makeCurrent(surface):
        return ""
    # without a current context this call ends the process
    name = context.functions().glGetString(GL_RENDERER)
    context.doneCurrent()
    return str(name or "")
