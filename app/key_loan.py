"""A tool's own keys win while it is on: what else had them gives them up and gets them back."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from app.keymap import current_keymap


class KeyLoan:
    """Takes keys from the actions of a window until `give_back`. Two shortcuts of one key would do nothing at all."""

    def __init__(self, window: QWidget, keys: Iterable[str]) -> None:
        wanted = {QKeySequence(key).toString() for key in keys}
        self._lent: list[tuple[QAction, list[QKeySequence]]] = []
        # whatever has a key is the window's own action; to look at all that lies below it takes 50 ms
        for action in window.findChildren(QAction, options=Qt.FindChildOption.FindDirectChildrenOnly):
            own = action.shortcuts()
            rest = [one for one in own if one.toString() not in wanted]
            if len(rest) < len(own):
                self._lent.append((action, own))
                action.setShortcuts(rest)

    def give_back(self) -> None:
        """The actions have their keys again, or those that a person has bound meanwhile."""
        known = current_keymap()
        for action, own in self._lent:
            name = action.objectName()
            action.setShortcuts([QKeySequence(key) for key in known.keys(name)] if name in known.bindings else own)
        self._lent = []
