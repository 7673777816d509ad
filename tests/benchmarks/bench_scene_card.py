"""3D on a graphics card, off screen: how long a turned picture takes at two sizes, read back and made ready to paint.

Run: python tests/benchmarks/bench_scene_card.py [voxels along each side, 512]
Where the processor draws it says so and ends; a side of 64 or less is drawn there as if a card did, to try the script.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
os.environ["QT_QPA_PLATFORM"] = os.environ.get("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from bench_scene import image, structures
from PySide6.QtWidgets import QApplication

from app.render_presets import built_in
from app.rendering import MOST_VOXELS_FAST
from viewers.overlay import SceneContent, VolumeItem
from viewers.rendering import bounds_of, reduced
from viewers.scene.camera import Projection, fitted, orbited
from viewers.scene.host import ImageHost
from viewers.scene.scene import Scene
from viewers.view_state import Camera

SIZES = ((1280, 800), (2560, 1600))
FRAMES, SMALL_SIDE = 30, 64
BANDS = ("#E5484D", "#F5B83D", "#4CC38A", "#9FB0C4")


def turned(content: SceneContent, start: Camera, size: tuple[int, int], *, moving: bool, frames: int) -> list[float]:
    """Milliseconds by the clock of each picture of a turn."""
    scene = Scene(BANDS)
    host = ImageHost(scene, lambda: None)
    host.is_slow = False
    scene.use_gpu(True)
    scene.set_content(content)
    taken = []
    # the first two make programs and textures
    for number in range(frames + 2):
        camera = orbited(start, 3.0 * number, number, start.focus_mm)
        scene.set_camera(camera, Projection(camera, *map(float, size)).mm_per_px)
        began = time.perf_counter()
        host.render(*size, 1.0, not moving)
        taken.append(1000.0 * (time.perf_counter() - began))
    host.close()
    return taken[2:]


def main() -> None:
    """Print a row for each content and size."""
    application = QApplication([])
    side = int(sys.argv[1]) if len(sys.argv) > 1 else 512
    host = ImageHost(Scene(BANDS), lambda: None)
    told, is_slow = host._window.ReportCapabilities(), host.is_slow
    host.close()
    print(next((line for line in told.splitlines() if "renderer" in line), "no OpenGL"))
    if is_slow and side > SMALL_SIDE:
        print("The processor draws here: bench_scene.py measures that")
        return
    frames = 3 if is_slow else FRAMES
    whole, eight = image(side), structures(8, False)
    stops = next(preset.stops for preset in built_in() if preset.id == "vessels")
    rays = VolumeItem(key="image", volume=reduced(whole, MOST_VOXELS_FAST), stops=stops)
    print(f"image of {whole.grid.size_ijk} voxels, drawn from {rays.volume.grid.size_ijk}")
    low, high = (np.array(corner) for corner in bounds_of(whole.grid))
    for size in ((320, 200),) if is_slow else SIZES:
        start = fitted(None, low, high, size[0] / size[1])
        for words, content, moving in (
            ("8 structures", SceneContent(surfaces=eight), True),
            ("8 structures, dark hollows", SceneContent(surfaces=eight, occlusion=True), True),
            ("image", SceneContent(volume=rays), True),
            ("image and 8, dark hollows", SceneContent(volume=rays, surfaces=eight, occlusion=True), True),
            ("image at rest", SceneContent(volume=rays), False),
        ):
            taken = turned(content, start, size, moving=moving, frames=frames)
            middle, worst = float(np.median(taken)), max(taken)
            text = f"{size[0]:4d} x {size[1]:<4d} {words:28s} {middle:6.1f} ms, worst {worst:6.1f}"
            print(f"{text} = {1000.0 / middle:5.1f} a second", flush=True)
    application.quit()


if __name__ == "__main__":
    main()
