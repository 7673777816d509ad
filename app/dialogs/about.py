"""What the program is, what it is not, and whose work it stands on."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QWidget

from app.bill import TEXTS, carried_parts, inner_parts, installed_folder
from app.dialogs.sheet import Sheet, close_button
from app.i18n import tr
from app.panels.labels import ElidedLabel, IconMark, paragraph
from app.texts import RESEARCH_ONLY
from app.theme.style import set_kind
from planning.provenance import APPLICATION_VERSION

# parts that are shipped inside and not installed as libraries
PARTS = (("Inter", "4.1", "OFL 1.1"), ("Lucide icons", "1.62.0", "ISC"))
LIBRARIES = (
    "PySide6-Essentials",
    "vtk",
    "pyvista",
    "pyvistaqt",
    "QtPy",
    "numpy",
    "scipy",
    "scikit-image",
    "scikit-learn",
    "SimpleITK",
    "pydicom",
    "pyjpegls",
    "pylibjpeg",
    "pylibjpeg-openjpeg",
    "highdicom",
    "pydantic",
    "torch",
    "openvino",
    "safetensors",
    "PyYAML",
    "manifold3d",
    "trimesh",
    "lib3mf",
    "usd-core",
    "DracoPy",
    "fast-simplification",
    "reportlab",
    "zstandard",
    "platformdirs",
    "pillow",
)
# packages whose metadata name no licence in a short form
_KNOWN = {
    "PySide6-Essentials": "LGPL-3.0",
    "vtk": "BSD-3-Clause",
    "SimpleITK": "Apache-2.0",
    "numpy": "BSD-3-Clause",
    "scipy": "BSD-3-Clause",
    "torch": "BSD-3-Clause",
    "safetensors": "Apache-2.0",
    "reportlab": "BSD-3-Clause",
    "lib3mf": "BSD-2-Clause",
    "usd-core": "TOST-1.0",
    "scikit-image": "BSD-3-Clause",
    "scikit-learn": "BSD-3-Clause",
}


def installed_parts() -> list[tuple[str, str, str]]:
    """(name, version, licence) of every library that is installed, by its own metadata."""
    return [found for name in LIBRARIES if (found := _library(name)) is not None]


def _library(name: str) -> tuple[str, str, str] | None:
    try:
        metadata = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return None
    return name, metadata["Version"], _KNOWN.get(name) or _licence(metadata)


def _licence(metadata: importlib.metadata.PackageMetadata) -> str:
    stated = (metadata.get("License-Expression") or metadata.get("License") or "").strip()
    if stated and len(stated) < 40 and "\n" not in stated:
        return stated
    classes = [line for line in metadata.get_all("Classifier") or () if line.startswith("License ::")]
    return classes[0].rpartition(" :: ")[2] if classes else tr("see its own files")


class AboutDialog(Sheet):
    """Name, version, the statement, and the parts with their licences."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, "about_dialog", tr("About Theatrum"), 560)
        head = QHBoxLayout()
        name = QLabel("Theatrum")
        set_kind(name, "big")
        version = QLabel(tr("Version {version}", version=APPLICATION_VERSION))
        version.setObjectName("about_version")
        set_kind(version, "hint")
        head.addWidget(name)
        head.addSpacing(8)
        head.addWidget(version, 0, Qt.AlignmentFlag.AlignBottom)
        head.addStretch(1)
        self.body.addLayout(head)
        self.body.addWidget(paragraph(tr("Surgical planning from a CT on one ordinary workstation."), "label"))
        card = QFrame()
        set_kind(card, "card", "warn")
        inside = QHBoxLayout(card)
        inside.setContentsMargins(12, 10, 12, 10)
        inside.setSpacing(10)
        inside.addWidget(IconMark("triangle-alert", "warn", 16), 0, Qt.AlignmentFlag.AlignTop)
        words = paragraph(RESEARCH_ONLY, "text")
        words.setObjectName("about_research")
        inside.addWidget(words, 1)
        self.body.addWidget(card)
        heading = QLabel(tr("Apache-2.0. It stands on"))
        set_kind(heading, "heading")
        self.body.addWidget(heading)
        folder = installed_folder()
        carried = [*carried_parts(folder), *inner_parts(folder)] if folder is not None else []
        carried.sort(key=lambda row: row[0].lower())
        known = [*PARTS, ("Python", platform.python_version(), "PSF"), *installed_parts()]
        self.body.addWidget(self._parts(carried or known))
        if carried:
            where = paragraph(tr("Their licences' texts: {folder}", folder=str(folder / TEXTS)), "hint")
            where.setObjectName("about_texts")
            self.body.addWidget(where)
        self._close = close_button(self)
        self.add_buttons(self._close)

    def first_focus(self) -> QWidget | None:
        """The way out."""
        return self._close

    def _parts(self, parts: Sequence[tuple[str, str, str]]) -> QWidget:
        table = QWidget()
        set_kind(table, "clear")
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 12, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(5)
        for row, (name, version, licence) in enumerate(parts):
            for column, (text, kind) in enumerate(((name, "label"), (version, ""), (licence, "hint"))):
                grid.addWidget(ElidedLabel(text, kind), row, column)
        for column, share in enumerate((4, 3, 5)):
            grid.setColumnStretch(column, share)
        scroll = QScrollArea()
        scroll.setObjectName("about_parts")
        scroll.setAccessibleName(tr("Parts and their licences"))
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(table)
        scroll.setFixedHeight(min(260, self.most_height() - 350))
        return scroll
