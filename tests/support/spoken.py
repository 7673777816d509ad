"""What a window says: every visible text of widgets, painted lists and panes, and which of its words are not German."""

from __future__ import annotations

import contextlib
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QWidget,
)

from app.panels.quantities import HeroNumber, TableRowButton
from viewers.pane_look import TextPainter

CATALOGUE = Path(__file__).resolve().parents[2] / "assets" / "i18n" / "theatrum_de.ts"
# authors and journals keep their own words
CITED = re.compile(r"(?m)^(?:Quelle|Source): .*$")
WORD = re.compile(r"[A-Za-zÄÖÜäöüß]{2,}")
# names that are the same everywhere, and letters of a case's own names
NAMES_TEXT = """theatrum inter lucide pyside essentials qt bsd mit lgpl psf ofl apache isc clause python portico edwards sapien
    evolut medtronic navitor acurate abbott boston myval meril lotus centera jena valve ultra resilia neo pro plus fx xl
    sheath gore dryseal cook check flo sentrant esheath axela totalsegmentator nnunet monai onnx nninteractive dicom nifti
    nrrd mha stl ply obj glb vtp json csv pdf html zip cta hepatic mip minip siemens philips canon ge scanner wheel numpy
    scipy torch vtk simpleitk pydicom pydantic reportlab scikit image learn openvino nibabel manifold3d trimesh safetensors
    lib3mf pyvista pyvistaqt pyyaml pynrrd highdicom matplotlib pillow fast simplification ctrl lcc rcc ncc lca rca lvot stj
    body tab sievers agatston sct ct mr hu lps case cusp overlap oversizing planner"""
NAMES = frozenset(NAMES_TEXT.split())


@lru_cache(maxsize=1)
def _vocabularies() -> tuple[frozenset[str], frozenset[str]]:
    english: set[str] = set()
    german: set[str] = set()
    for message in ET.parse(CATALOGUE).iter("message"):
        source = re.sub(r"\{[^}]*\}", " ", message.findtext("source") or "")
        translation = message.find("translation")
        said = " ".join(translation.itertext()) if translation is not None else ""
        english |= {word.lower() for word in WORD.findall(source)}
        german |= {word.lower() for word in WORD.findall(re.sub(r"\{[^}]*\}", " ", said))}
    return frozenset(english), frozenset(german)


def english_words(text: str) -> list[str]:
    """Words of a text that English catalogue texts use and no German one does."""
    english, german = _vocabularies()
    return [
        word
        for word in WORD.findall(CITED.sub("", text))
        if word.lower() in english and word.lower() not in german and word.lower() not in NAMES
    ]


def _model_texts(model: QAbstractItemModel | None) -> list[str]:
    found = []
    for row in range(model.rowCount() if model is not None else 0):
        for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            assert model is not None
            said = model.index(row, 0).data(role)
            if isinstance(said, str):
                found.append(said)
    return found


def _texts_of(widget: QWidget) -> list[str]:
    found = [widget.toolTip(), widget.accessibleName()]
    if isinstance(widget, TableRowButton):
        row = widget.row
        found += [row.name, row.value, row.detail, row.status, row.reason, row.share]
    elif isinstance(widget, HeroNumber):
        found += [widget._caption, widget.value_text, widget._note]
    elif isinstance(widget, (QLabel, QAbstractButton)):
        found.append(widget.text())
    elif isinstance(widget, QComboBox):
        found += [widget.itemText(n) for n in range(widget.count())]
    elif isinstance(widget, QLineEdit):
        found.append(widget.placeholderText())
    elif isinstance(widget, QAbstractItemView):
        found += _model_texts(widget.model())
    elif isinstance(widget, QMenu):
        found += [action.text() for action in widget.actions()]
    return found


def visible_texts(root: QWidget) -> list[str]:
    """Every text that a person or a screen reader finds in a window now, each once."""
    found: dict[str, None] = {}
    for widget in [root, *root.findChildren(QWidget)]:
        if isinstance(widget, QPlainTextEdit) or not widget.isVisible():
            continue
        for text in _texts_of(widget):
            if text and text.strip():
                found[text.strip()] = None
    return list(found)


@contextlib.contextmanager
def painted_texts() -> Iterator[list[str]]:
    """Every text that is painted meanwhile, by widgets that draw themselves and by panes."""
    painted: list[str] = []
    plain, haloed = QPainter.drawText, TextPainter.draw

    def draw_text(self: QPainter, *given: object) -> object:
        painted.extend(one for one in given if isinstance(one, str))
        return plain(self, *given)  # type: ignore[call-overload]

    def draw(self: TextPainter, painter: QPainter, place: object, text: str, *given: object, **named: object) -> object:
        painted.append(text)
        return haloed(self, painter, place, text, *given, **named)  # type: ignore[arg-type]

    QPainter.drawText, TextPainter.draw = draw_text, draw  # type: ignore[assignment, method-assign]
    try:
        yield painted
    finally:
        QPainter.drawText, TextPainter.draw = plain, haloed  # type: ignore[method-assign]


def still_english(root: QWidget) -> list[tuple[str, list[str]]]:
    """(text, its English words) of what a window says now."""
    pairs = ((text, english_words(text)) for text in visible_texts(root))
    return [(text, words) for text, words in pairs if words]
