"""Small pictures of cases, kept as PNG in the data folder under a hash of the case's path."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

from app.paths import thumbnail_folder
from planning.case.document import Document
from planning.case.keys import is_encrypted
from planning.case.plans import planning_image
from planning.geometry import FloatArray, Grid
from planning.volume import Volume

LARGEST = QSize(464, 256)
# width and level in HU by what the case is about
WINDOWS = {"heart": (900.0, 260.0), "liver": (360.0, 70.0), "": (400.0, 40.0)}
SHOWN_FIRST = ("tumor", "tumor_1", "liver", "aortic_root", "aorta")


def thumbnail_path(case_path: Path | str) -> Path:
    """Where the picture of the case at this path lies, whether it exists or not."""
    digest = hashlib.sha256(str(Path(case_path).resolve()).encode()).hexdigest()[:24]
    return thumbnail_folder() / f"{digest}.png"


def save_thumbnail(case_path: Path | str, picture: QImage) -> None:
    """Keep a picture for a case, made smaller where it is large; of an encrypted one none, and an older one goes."""
    target = thumbnail_path(case_path)
    if is_encrypted(Path(case_path)):
        target.unlink(missing_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    small = picture
    if picture.width() > LARGEST.width() or picture.height() > LARGEST.height():
        small = picture.scaled(LARGEST, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    small.save(str(target), "PNG")


def make_thumbnail(case_path: Path) -> Path | None:
    """Draw and keep the picture of a case from its file: a coronal slice through what it is about. Runs in a job.

    None for a case without an image, and for an encrypted one. Raises CaseError when the case cannot be read.
    """
    if is_encrypted(Path(case_path)):
        return None
    with Document.open(Path(case_path), read_only=True) as document:
        case = document.case
        if not case.images:
            return None
        name = next((name for name in SHOWN_FIRST if name in case.structures), "")
        volume = document.volume(planning_image(case).name)
        place = document.mask(name).centroid_mm() if name else volume.grid.center_mm
    about = "heart" if name.startswith("aort") else "liver" if name else ""
    save_thumbnail(case_path, case_picture(volume, place, *WINDOWS[about]))
    return thumbnail_path(case_path)


def case_picture(volume: Volume, place_mm: FloatArray, window: float, level: float) -> QImage:
    """The coronal-like slice through a place (LPS mm), head up, windowed, in its true proportions."""
    pixels, (row_mm, column_mm) = _coronal(volume, place_mm)
    picture = grey_image(pixels, window, level)
    width = max(1, round(pixels.shape[1] * column_mm / row_mm))
    return picture.scaled(
        width, pixels.shape[0], Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )


def grey_image(pixels: npt.NDArray[Any], window: float, level: float) -> QImage:
    """Values `[row, col]` as a grey picture that owns its bytes."""
    scaled = (pixels.astype(np.float32) - (level - window / 2.0)) * (255.0 / window)
    grey = np.ascontiguousarray(np.clip(np.round(scaled), 0, 255).astype(np.uint8))
    rows, columns = grey.shape
    return QImage(grey.data, columns, rows, columns, QImage.Format.Format_Grayscale8).copy()


def _coronal(volume: Volume, place_mm: FloatArray) -> tuple[npt.NDArray[Any], tuple[float, float]]:
    """Rows towards the feet, columns towards the left, from the grid's axes nearest to them, and their steps in mm."""
    grid: Grid = volume.grid
    main = np.abs(grid.direction).argmax(axis=0)
    if sorted(main.tolist()) != [0, 1, 2]:
        main = np.arange(3)
    left, front, head = (int(np.flatnonzero(main == axis)[0]) for axis in range(3))
    index = np.rint(grid.to_index(place_mm)).astype(int)
    at = int(np.clip(index[front], 0, grid.size_ijk[front] - 1))
    # voxels are [k, j, i]: axis a of the grid is axis 2 - a of the array
    plane = np.take(volume.voxels, at, axis=2 - front)
    if head < left:
        plane = plane.T
    if grid.direction[2, head] > 0:
        plane = plane[::-1]
    if grid.direction[0, left] < 0:
        plane = plane[:, ::-1]
    return plane, (float(grid.spacing_mm[head]), float(grid.spacing_mm[left]))
