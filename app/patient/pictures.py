"""Still pictures and the turning film of a patient's model, drawn by the same 3D pane as in the window."""

from __future__ import annotations

import io
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from app.patient.model import THROUGH, PatientModel
from app.patient.words import page_words
from app.studio import FRAMES_PER_S, Film, Shot, make
from planning.progress import CancelToken, Progress, no_progress

STILL_PX, FILM_PX = (720, 560), (960, 720)
STILLS = 4
FILM_SECONDS = 8.0
WEBP_QUALITY = 82


def stills(
    model: PatientModel, language: str, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> list[bytes]:
    """WebP pictures from the front, the patient's right, the back and the left. Raises Cancelled, InputError."""
    from PIL import Image

    found = []
    with tempfile.TemporaryDirectory(prefix="theatrum-stills-") as folder:
        out = make(
            _shot(model, STILL_PX, language),
            Film(STILLS / FRAMES_PER_S),
            Path(folder) / "stills.png",
            progress,
            _token(cancel),
        )
        for file in sorted(out.iterdir()):
            data = io.BytesIO()
            with Image.open(file) as picture:
                picture.convert("RGB").save(data, "WEBP", quality=WEBP_QUALITY, method=6)
            found.append(data.getvalue())
    return found


def film(
    model: PatientModel,
    out: Path,
    language: str,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> Path:
    """One turn as .gif or .webp at `out`, whole or not at all. Raises Cancelled, InputError."""
    return make(_shot(model, FILM_PX, language), Film(FILM_SECONDS), out, progress, _token(cancel))


def _token(cancel: CancelToken | None) -> CancelToken:
    return CancelToken() if cancel is None else cancel


def _shot(model: PatientModel, size_px: tuple[int, int], language: str) -> Shot:
    from app.panes.look import pane_look
    from viewers.overlay import SceneContent, SurfaceItem
    from viewers.scene.camera import fitted
    from viewers.view_state import vec

    look = pane_look()
    shown = [part for part in model.parts if part.shown]
    low = np.min([part.mesh.points_mm.min(axis=0) for part in shown], axis=0)
    high = np.max([part.mesh.points_mm.max(axis=0) for part in shown], axis=0)
    middle = (low + high) / 2.0
    # the box turns: from every side it is as wide as it is long from corner to corner
    across = float(np.hypot(*(high - low)[:2])) / 2.0
    reach = np.array((across, across, (high - low)[2] / 2.0))
    wide, tall = size_px
    surfaces = tuple(
        SurfaceItem(key=part.key, mesh=part.mesh, color=part.color, opacity=THROUGH if part.through else 1.0)
        for part in shown
    )
    return Shot(
        content=SceneContent(surfaces=surfaces),
        camera=fitted(None, middle - reach, middle + reach, wide / tall),
        pivot_mm=vec(middle),
        size_px=size_px,
        ratio=1.0,
        view={"show_overlays": False, "show_labels": False, "show_crosshair": False},
        bare=True,
        foot=page_words(language)["research"],
        look=replace(look, plane_colors=dict(look.plane_colors)),
    )
