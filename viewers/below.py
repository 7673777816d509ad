"""What lies below a widget, without becoming a part of it.

The binding makes whatever `findChildren` finds a child of who was asked, in its own books only: asked of the window it keeps each
widget of a page, with all that this knows, until the window goes, though Qt deleted it with the page long ago. Asked of a part
that goes itself it does no harm.
"""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QObject

T = TypeVar("T", bound=QObject)


def below(root: QObject, kind: type[T]) -> list[T]:
    """All of a kind below an object that lives long, in the order of `findChildren`."""
    found: list[T] = []
    ahead = root.children()[::-1]
    while ahead:
        one = ahead.pop()
        if isinstance(one, kind):
            found.append(one)
        ahead += one.children()[::-1]
    return found
