"""Which keys do what: the table's own keys and what the person bound instead. Ids are stored, only differences are saved.

Contexts form a tree: window ⊃ panes ⊃ the tools of a step. Two things may have the same key where their contexts do not
overlap; a tool's own keys win over the panes' while it is on, so those two do not collide either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.i18n import mark, tr
from viewers.keys import tell_keys

# what the panes themselves do with keys that no action owns; they cannot be given away there
FIXED: Mapping[str, str] = {
    "Up": mark("the slice"),
    "Down": mark("the slice"),
    "PgUp": mark("ten slices"),
    "PgDown": mark("ten slices"),
    "Home": mark("the first slice"),
    "End": mark("the last slice"),
    "Left": mark("moving a point"),
    "Right": mark("moving a point"),
    "Space": mark("panning"),
    "W": mark("window and level"),
    ",": mark("turning the planes"),
    ".": mark("turning the planes"),
}
# keys that every window needs as they are
NEVER = ("Tab", "Shift+Tab", "F6")


@dataclass(frozen=True, slots=True)
class Binding:
    """Something that has keys: its id, context ("window", "panes" or a tool's) and the keys it comes with.

    is_fixed: the keys are the same everywhere and cannot be bound anew.
    """

    id: str
    context: str
    keys: tuple[str, ...]
    is_fixed: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """Why a key cannot simply be taken: owner is the id that has it, "" where nothing can give it away."""

    key: str
    owner: str = ""
    reason: str = ""


def overlap(one: str, other: str) -> bool:
    """Whether the same key in both contexts would mean two things at once."""
    # a tool's keys win over the panes'; two tools are never on at once
    return one == other or "window" in (one, other)


class Keymap:
    """The keys of everything. differences: id → keys bound by the person; ids that are not known are kept untouched."""

    def __init__(self, bindings: Iterable[Binding], differences: Mapping[str, tuple[str, ...]]) -> None:
        self.bindings = {binding.id: binding for binding in bindings}
        self.differences = {
            identifier: tuple(keys)
            for identifier, keys in differences.items()
            if identifier not in self.bindings or self._differs(self.bindings[identifier], tuple(keys))
        }
        self._lost = self._taken()

    def _taken(self) -> dict[str, frozenset[str]]:
        """By id the keys that came with it and that a person gave to something else, in settings of another version."""
        given = {name: keys for name, keys in self.differences.items() if name in self.bindings}
        return {
            own.id: frozenset(
                key
                for name, keys in given.items()
                if overlap(own.context, self.bindings[name].context)
                for key in keys
                if key in own.keys
            )
            for own in self.bindings.values()
            if own.id not in given and not own.is_fixed
        }

    @staticmethod
    def _differs(binding: Binding, keys: tuple[str, ...]) -> bool:
        return not binding.is_fixed and keys != binding.keys

    def keys(self, identifier: str) -> tuple[str, ...]:
        """The keys of an id, the one that is shown first; () for none."""
        bound = self.differences.get(identifier)
        if bound is not None:
            return bound
        binding = self.bindings.get(identifier)
        if binding is None:
            return ()
        # two shortcuts of one key would do nothing at all
        lost = self._lost.get(identifier, frozenset())
        return tuple(key for key in binding.keys if key not in lost)

    def first(self, identifier: str) -> str:
        """The key that is shown, "" for none."""
        return next(iter(self.keys(identifier)), "")

    def is_changed(self, identifier: str) -> bool:
        """Whether the person bound another key."""
        return identifier in self.differences

    def conflict(self, identifier: str, key: str) -> Conflict | None:
        """What stands against giving this key to this id; None when it is free."""
        context = self.bindings[identifier].context
        if key in NEVER:
            return Conflict(key, reason=tr("{key} moves the keyboard from one thing to the next.", key=key_words(key)))
        if key in FIXED and context != "window":
            return Conflict(key, reason=tr("{key} is {use} in every pane.", key=key_words(key), use=tr(FIXED[key])))
        if context == "window" and _types(key):
            return Conflict(
                key,
                reason=tr("A single letter would be typed into fields. Take it with Ctrl or Alt, or a function key."),
            )
        for other in self.bindings.values():
            if other.id == identifier or key not in self.keys(other.id) or not overlap(context, other.context):
                continue
            if other.is_fixed:
                return Conflict(
                    key, reason=tr("{key} means the same everywhere and cannot be given away.", key=key_words(key))
                )
            return Conflict(key, owner=other.id)
        return None

    def bound(self, identifier: str, key: str) -> Keymap:
        """A keymap in which this id has this one key ("" for none), and whoever had it where they overlap has it no more."""
        changed = dict(self.differences)
        context = self.bindings[identifier].context
        for other in self.bindings.values():
            if key and other.id != identifier and key in self.keys(other.id) and overlap(context, other.context):
                changed[other.id] = tuple(kept for kept in self.keys(other.id) if kept != key)
        changed[identifier] = (key,) if key else ()
        return Keymap(self.bindings.values(), changed)

    def reset(self, identifier: str) -> Keymap:
        """A keymap in which this id has its own keys again; whoever took them loses them."""
        kept = Keymap(
            self.bindings.values(), {name: keys for name, keys in self.differences.items() if name != identifier}
        )
        own = self.bindings[identifier]
        changed = dict(kept.differences)
        for other in self.bindings.values():
            taken = set(kept.keys(other.id)) & set(own.keys)
            if other.id != identifier and taken and overlap(own.context, other.context):
                changed[other.id] = tuple(key for key in kept.keys(other.id) if key not in taken)
        return Keymap(self.bindings.values(), changed)

    def as_it_came(self) -> Keymap:
        """All keys as they came; ids that this version does not know stay."""
        return Keymap(
            self.bindings.values(),
            {name: keys for name, keys in self.differences.items() if name not in self.bindings},
        )


def _types(key: str) -> bool:
    """Whether a key writes a letter into a field."""
    return len(key.removeprefix("Shift+")) == 1


_CAPS: Mapping[str, str] = {
    **{"Up": "↑", "Down": "↓", "Left": "←", "Right": "→"},
    "Ctrl": mark("Ctrl"),
    "Shift": mark("Shift"),
    "Alt": mark("Alt"),
    "PgDown": mark("PgDn"),
    "PgUp": mark("PgUp"),
    "Return": mark("Enter"),
    "Enter": mark("Enter"),
    "Delete": mark("Del"),
    "Del": mark("Del"),
    "Backspace": mark("Backspace"),
    "Space": mark("Space"),
    "Home": mark("Home"),
    "End": mark("End"),
    "Ins": mark("Ins"),
}


def key_caps(keys: str) -> tuple[str, ...]:
    """The caps of a combination as the keyboard of this language has them: ("Ctrl", "PgDn"), ("Strg", "Bild ↓")."""
    parts = keys.split("+") if not keys.endswith("++") else [*keys[:-2].split("+"), "+"]
    return tuple(tr(_CAPS[part]) if part in _CAPS else part for part in parts if part)


def key_words(keys: str) -> str:
    """A combination as it is written on screen: "Ctrl+PgDn"."""
    return "+".join(key_caps(keys))


_now: Keymap | None = None


def use_keymap(keymap: Keymap) -> None:
    """The keys that hold from now on in this program."""
    global _now
    _now = keymap
    tell_keys({identifier: key_words(keymap.first(identifier)) for identifier in keymap.bindings})


def current_keymap() -> Keymap:
    """The keys that hold now."""
    return _now if _now is not None else Keymap((), {})
