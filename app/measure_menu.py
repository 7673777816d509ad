"""What can be done with a measurement: copied, recoloured, its number typed, its words sent home."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QColorDialog, QMenu

from app.dialogs.message import TextDialog
from app.i18n import said, text_value, tr
from app.measure_words import READING_NAMES, as_text
from app.read_only import writing
from planning.case.measured import numbers_of
from planning.errors import MeasurementError
from planning.measure.typed import TYPED
from planning.units import DECIMALS, parse_number

if TYPE_CHECKING:
    from app.case_page import CasePage
    from app.workstation import Workstation

# (question, why the last answer was none, that answer) to another one, None when it was left
Asker = Callable[[str, str, str], str | None]


def add_entries(menu: QMenu, page: CasePage, name: str, window: Workstation) -> None:
    """Entries for one measurement, before renaming and deleting."""
    item = page.session.case.measurements[name]
    menu.addAction(tr("Go there"), lambda: page.measuring.fly_to(name))
    menu.addAction(tr("Copy"), lambda: copy(page, (name,)))
    menu.addSeparator()
    for reading in TYPED.get(item.kind, ()):
        # a width that the image gave is nobody's to type
        if any(number.name == reading for number in numbers_of(page.session.case, item)):
            words = tr("Type {number}…", number=tr(READING_NAMES[reading]).lower())
            writing(page.session, menu.addAction(words, partial(type_number, page, name, reading, window)))
    writing(page.session, menu.addAction(tr("Colour…"), partial(_recolour, page, name, window)))
    if item.color:
        writing(page.session, menu.addAction(tr("Common colour"), lambda: page.measuring.recolour(name, "")))
    if item.label_mm is not None:
        writing(page.session, menu.addAction(tr("Words in their own place"), lambda: page.measuring.words_home(name)))
    menu.addSeparator()


def copy(page: CasePage, names: tuple[str, ...] = ()) -> None:
    """Measurements as text, a line each; all of them without names."""
    case = page.session.case
    items = [case.measurements[name] for name in names or case.measurements]
    if not items:
        page.session.said.emit(tr("Nothing is measured yet."))
        return
    QGuiApplication.clipboard().setText("\n".join(as_text(case, item) for item in items))
    page.session.said.emit(tr("%n measurement(s) copied", "", len(items)))


def type_number(page: CasePage, name: str, reading: str, window: Workstation, ask: Asker | None = None) -> None:
    """Ask for a number until it can be, or is left."""
    item = page.session.case.measurements[name]
    now = next(number for number in numbers_of(page.session.case, item) if number.name == reading)
    text, reason = text_value(now.value, DECIMALS.get(now.unit, 1)), ""
    while True:
        question = f"{name}: {tr(READING_NAMES[reading])}"
        given = (ask or partial(_ask, window))(question, reason, text)
        if given is None:
            return
        value = parse_number(given, now.unit, now.value)
        text = given
        if value is None:
            reason = tr("“{text}” is no number in {unit}.", text=given, unit=now.unit)
            continue
        try:
            page.measuring.type_value(name, reading, value)
        except MeasurementError as error:
            reason = said(error.what)
            continue
        return


def _ask(window: Workstation, question: str, reason: str, text: str) -> str | None:
    return TextDialog(question, reason, text, tr("Change"), parent=window).ask()


def _recolour(page: CasePage, name: str, window: Workstation) -> None:
    item = page.session.case.measurements[name]
    chosen = QColorDialog.getColor(QColor(item.color or page.measuring.common_color), window, tr("Colour"))
    if chosen.isValid():
        page.measuring.recolour(name, chosen.name().upper())
