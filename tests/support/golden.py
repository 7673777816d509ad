"""Golden pictures: what is drawn must look as it did when a person last looked at it.

THEATRUM_GOLDEN=write renews the stored pictures; look at them before committing. Fonts come from assets/, the device
pixel ratio is 1, so that pictures agree between machines.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QImage

PICTURES = Path(__file__).resolve().parent.parent / "golden" / "pictures"
MEAN_LIMIT = 1.5
FAR_DIFFERENCE, FAR_PERCENT_LIMIT = 24, 0.5


def rgb_array(image: QImage | npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """(height, width, 3) pixels of a picture; an array may bring a fourth channel, which is dropped."""
    if not isinstance(image, QImage):
        return np.ascontiguousarray(np.asarray(image, dtype=np.uint8)[..., :3])
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), dtype=np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : 3 * plain.width()].reshape(plain.height(), plain.width(), 3).copy()


def check_golden(image: QImage | npt.NDArray[Any], name: str) -> None:
    """Compare with tests/golden/pictures/NAME.png: mean absolute difference and share of pixels that are far off.

    A failing picture is stored beside the golden one as NAME.got.png (ignored by git) to be looked at.
    """
    got = rgb_array(image)
    path = PICTURES / f"{name}.png"
    if os.environ.get("THEATRUM_GOLDEN") == "write":
        _save(got, path)
        return
    assert path.is_file(), f"No golden picture {path.name} yet: run with THEATRUM_GOLDEN=write and look at it"
    wanted = rgb_array(QImage(str(path)))
    beside = path.with_suffix(".got.png")
    if got.shape != wanted.shape:
        _save(got, beside)
    assert got.shape == wanted.shape, f"{name}: picture is {got.shape}, the golden one {wanted.shape}"
    difference = np.abs(got.astype(np.int16) - wanted.astype(np.int16))
    mean = float(difference.mean())
    far_percent = 100.0 * float((difference.max(axis=-1) > FAR_DIFFERENCE).mean())
    if mean > MEAN_LIMIT or far_percent > FAR_PERCENT_LIMIT:
        _save(got, beside)
    assert mean <= MEAN_LIMIT, f"{name}: mean difference {mean:.2f} of 255, see {beside.name}"
    assert far_percent <= FAR_PERCENT_LIMIT, f"{name}: {far_percent:.2f} % of pixels are far off, see {beside.name}"
    beside.unlink(missing_ok=True)


def _save(pixels: npt.NDArray[np.uint8], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    height, width, _ = pixels.shape
    QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888).save(str(path))
