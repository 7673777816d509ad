"""What a person chose in the print place, to take back and bring again: choices are not steps of the case."""

from __future__ import annotations

from dataclasses import fields

from app.i18n import tr
from app.panels.printing.wish import PrintWish

MOST = 60
PARTS = ("structures", "plan_parts")
PRINTER = ("printer", "material", "bed_mm", "orient", "nest", "split")


class History:
    """Former and later wishes."""

    def __init__(self) -> None:
        self._before: list[tuple[str, PrintWish]] = []
        self._after: list[tuple[str, PrintWish]] = []

    @property
    def last(self) -> str:
        """What would be taken back, "" for nothing."""
        return self._before[-1][0] if self._before else ""

    @property
    def next(self) -> str:
        """What would be brought again, "" for nothing."""
        return self._after[-1][0] if self._after else ""

    def add(self, old: PrintWish, new: PrintWish) -> None:
        """Another wish took the place of one."""
        self._before.append((change_words(old, new), old))
        del self._before[:-MOST]
        self._after.clear()

    def back(self, now: PrintWish) -> PrintWish | None:
        """The wish of before."""
        if not self._before:
            return None
        words, wish = self._before.pop()
        self._after.append((words, now))
        return wish

    def again(self, now: PrintWish) -> PrintWish | None:
        """The wish that was taken back."""
        if not self._after:
            return None
        words, wish = self._after.pop()
        self._before.append((words, now))
        return wish

    def forget(self) -> None:
        """What was chosen belongs to another state of the case."""
        self._before.clear()
        self._after.clear()


def change_words(old: PrintWish, new: PrintWish) -> str:
    """What differs, in words: "parts to print"."""
    changed = {field.name for field in fields(PrintWish) if getattr(old, field.name) != getattr(new, field.name)}
    if "fixes" in changed and len(new.fixes) > len(old.fixes):
        return tr("repair of the model")
    if changed & set(PARTS):
        return tr("choice of parts to print")
    if changed & set(PRINTER):
        return tr("choice of printer and plate")
    if changed == {"ending"}:
        return tr("kind of file")
    return tr("shape of the model")
