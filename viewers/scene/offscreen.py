"""Drawing without a window: for the image host, for reports, for the self-test. No Qt here."""

from __future__ import annotations

import ctypes.util
import os

import vtkmodules.vtkRenderingOpenGL2  # noqa: F401  (registers what draws)
from vtkmodules.vtkRenderingCore import vtkLight, vtkRenderer, vtkRenderWindow

# place in camera space (right, up, towards the viewer) and strength: key, fill, rim
LIGHTS = (((-0.45, 0.60, 1.0), 0.96), ((0.90, -0.25, 0.55), 0.30), ((0.20, 0.70, -0.90), 0.30))


def add_lights(renderer: vtkRenderer) -> None:
    """Three lights that go with the camera."""
    renderer.AutomaticLightCreationOff()
    for place, strength in LIGHTS:
        light = vtkLight()
        light.SetLightTypeToCameraLight()
        light.SetPosition(*place)
        light.SetFocalPoint(0.0, 0.0, 0.0)
        light.SetIntensity(strength)
        renderer.AddLight(light)


def offscreen_window() -> vtkRenderWindow | None:
    """A window that nobody sees; None where OpenGL is missing or too old, since VTK would end the process there."""
    # without an X server VTK would try it first and complain
    if os.name == "posix" and not os.environ.get("DISPLAY"):
        os.environ.setdefault("VTK_DEFAULT_OPENGL_WINDOW", "vtkEGLRenderWindow")
    window = vtkRenderWindow()
    window.SetOffScreenRendering(1)
    # eight samples are the default and cost a factor of four on software drivers
    window.SetMultiSamples(0)
    window.SetAlphaBitPlanes(1)
    return window if can_draw(window) else None


def can_draw(window: vtkRenderWindow) -> bool:
    """Whether a window's OpenGL is there and new enough."""
    # VTK's last resort says yes without having found its library
    if window.GetClassName() == "vtkOSOpenGLRenderWindow" and not ctypes.util.find_library("OSMesa"):
        return False
    return bool(window.SupportsOpenGL())
