"""Choosers of printer and material: what the data file knows, and a size of one's own."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.i18n import mark, said, tr
from app.panels.choice_box import SHORT, ChoiceBox
from app.panels.printing.wish import OWN_BED_MM, PrintWish
from planning.printing.printers import catalogue

NOT_CHOSEN, OWN_SIZE = mark("No printer chosen"), mark("Another size")


class _Box(ChoiceBox):
    """A chooser that never widens its column. `asked`: another wish."""

    asked = Signal(object)

    def __init__(self, identifier: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, wide=True)
        self.setObjectName(identifier)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self._wish = PrintWish()

    def _fill(self, words: list[str]) -> None:
        if [self.itemText(n) for n in range(self.count())] != words:
            self.clear()
            self.addItems(words)


class PrinterBox(_Box):
    """Which printer."""

    def __init__(self, identifier: str, parent: QWidget | None = None) -> None:
        super().__init__(identifier, tr("Printer"), parent)
        self._names = ["", *(printer.name for printer in catalogue().printers), ""]
        self._fill([tr(NOT_CHOSEN), *(said(printer.title) for printer in catalogue().printers), tr(OWN_SIZE)])
        for number, printer in enumerate(catalogue().printers, 1):
            # the last figures of a size are what tells printers apart
            self.setItemData(number, " × ".join(f"{side:.0f}" for side in printer.bed_mm) + " mm", SHORT)
        self.activated.connect(self._chosen)

    def show_wish(self, wish: PrintWish) -> None:
        """The printer of a wish."""
        self._wish = wish
        number = self._names.index(wish.printer) if wish.printer else (0 if wish.bed_mm is None else self.count() - 1)
        self.setCurrentIndex(number)
        printer = wish.chosen_printer
        self.setToolTip(tr("Printer") if printer is None else f"{said(printer.title)}\n{said(printer.process.title)}")

    def _chosen(self, number: int) -> None:
        name = self._names[number]
        own = OWN_BED_MM if number == self.count() - 1 else None
        if own is not None and self._wish.bed_mm is not None:
            own = self._wish.bed_mm
        self.asked.emit(replace(self._wish, printer=name, bed_mm=own, material=""))


class MaterialBox(_Box):
    """What it is printed in; hidden where no printer says what it takes."""

    def __init__(self, identifier: str, parent: QWidget | None = None) -> None:
        super().__init__(identifier, tr("Material"), parent)
        self.activated.connect(self._chosen)

    def show_wish(self, wish: PrintWish) -> None:
        """The materials of a wish's printer."""
        self._wish = wish
        self._fill([said(material.title) for material in wish.materials])
        chosen = wish.chosen_material
        if chosen is not None:
            self.setCurrentIndex([material.name for material in wish.materials].index(chosen.name))
        self.setVisible(bool(wish.materials))

    def _chosen(self, number: int) -> None:
        self.asked.emit(replace(self._wish, material=self._wish.materials[number].name))
