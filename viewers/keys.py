"""Keys in the words of the window: a text never names a bound key itself, it asks here which one that is now.

`app.keymap` tells the keys by the ids of what they do. A widget that names one gets its words by `show_key` or
`show_key_text`, so that `show_keys_again` can tell all of them anew when a person binds others.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from viewers.below import below

# properties of a widget: words of its tooltip, of its name and of its text; the ids of its keys; its text without a key
TIP, NAME, TEXT, OF, WITHOUT = "key_tip", "key_name", "key_text", "key_of", "key_without"
_now: dict[str, str] = {}


def tell_keys(words: Mapping[str, str]) -> None:
    """The keys from now on, as they are written on screen ("Ctrl+Shift+O"), by the id of what they do."""
    _now.clear()
    _now.update(words)


def key_now(identifier: str) -> str:
    """The key bound to an id as it is written on screen, "" for none."""
    return _now.get(identifier, "")


def with_key(text: str, *identifiers: str) -> str:
    """ "Delete (Del)", "Phases (Alt+←, Alt+→)"; the text alone where no key is bound."""
    keys = ", ".join(key for key in map(key_now, identifiers) if key)
    return f"{text} ({keys})" if keys else text


def key_hint(text: str, identifier: str) -> str:
    """ "{key} edits" → "E edits"; "" where no key is bound, so that no line names a dead one."""
    key = key_now(identifier)
    return text.replace("{key}", key) if key else ""


def keys_line(*hints: str) -> str:
    """The hints of a footer in one line."""
    return " · ".join(hint for hint in hints if hint)


def show_key(widget: QWidget, tip: str, *identifiers: str, name: str = "") -> None:
    """A widget's tooltip with the keys bound now. name: an accessible name that ends with the first key, too."""
    widget.setProperty(TIP, tip)
    widget.setProperty(NAME, name)
    widget.setProperty(OF, list(identifiers))
    _tell(widget)


def show_key_text(widget: QLabel | QPushButton, text: str, identifier: str, without: str = "") -> None:
    """A text that names its key as {key}. without: the text where no key is bound."""
    widget.setProperty(TEXT, text)
    widget.setProperty(WITHOUT, without)
    widget.setProperty(OF, [identifier])
    _tell(widget)


class KeyFollower:
    """A widget that holds shortcuts of its own: `keys_bound` is called when a person has bound others."""

    def keys_bound(self) -> None:
        """Other keys are bound now."""
        raise NotImplementedError


def show_keys_again(root: QWidget) -> None:
    """Other keys are bound: all words that were given here name theirs anew, and shortcuts are what they say."""
    for widget in below(root, QWidget):
        if widget.property(OF):
            _tell(widget)
        if isinstance(widget, KeyFollower):
            widget.keys_bound()


def _tell(widget: QWidget) -> None:
    identifiers = [str(one) for one in widget.property(OF)]
    tip, name, text = (str(widget.property(prop) or "") for prop in (TIP, NAME, TEXT))
    if tip:
        widget.setToolTip(with_key(tip, *identifiers))
    if name:
        key = key_now(identifiers[0])
        widget.setAccessibleName(f"{name}, {key}" if key else name)
    if text and isinstance(widget, (QLabel, QPushButton)):
        widget.setText(key_hint(text, identifiers[0]) or str(widget.property(WITHOUT)))
