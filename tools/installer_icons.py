"""The program's icons in the sizes that desktops want, drawn by Qt from packaging/icons/*.svg."""

from __future__ import annotations

import os
from pathlib import Path

ICONS = Path(__file__).resolve().parents[1] / "packaging" / "icons"
SIZES = (16, 22, 24, 32, 48, 64, 128, 256)


def write_png(source: Path, target: Path, size_px: int) -> None:
    """One square picture with a clear ground."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QGuiApplication, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    application = QGuiApplication.instance() or QGuiApplication([])
    image = QImage(size_px, size_px, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(source)).render(painter)
    painter.end()
    target.parent.mkdir(parents=True, exist_ok=True)
    if not image.save(str(target)):
        raise SystemExit(f"{target} could not be written")
    del application


def write_hicolor(folder: Path) -> None:
    """The theme `hicolor` below `folder`: the program's icon and its cases', as pictures and as drawings."""
    import shutil

    for name, kind, stored in (
        ("theatrum", "apps", "org.theatrum.Theatrum"),
        ("theatrum-case", "mimetypes", "application-x-theatrum-case"),
    ):
        source = ICONS / f"{name}.svg"
        scalable = folder / "hicolor" / "scalable" / kind
        scalable.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, scalable / f"{stored}.svg")
        for size in SIZES:
            write_png(source, folder / "hicolor" / f"{size}x{size}" / kind / f"{stored}.png", size)


def write_ico(target: Path) -> None:
    """Windows' icon file with all sizes."""
    import io

    from PIL import Image

    large = target.with_suffix(".png")
    write_png(ICONS / "theatrum.svg", large, 256)
    held = io.BytesIO(large.read_bytes())
    Image.open(held).save(target, sizes=[(size, size) for size in (16, 24, 32, 48, 64, 128, 256)])
    large.unlink()


if __name__ == "__main__":
    import sys

    write_ico(Path(sys.argv[1]))
