"""Bound keys as data: contexts, conflicts, differences, and that settings keep them."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QKeySequence

from app.actions import BINDINGS as OWN
from app.keymap import FIXED, NEVER, Binding, Keymap, key_words, overlap
from app.settings import Settings, load_settings, save_settings

BINDINGS = (
    Binding("save", "window", ("Ctrl+S",)),
    Binding("redo", "window", ("Ctrl+Shift+Z", "Ctrl+Y")),
    Binding("fit", "panes", ("Z",)),
    Binding("distance", "panes", ("D",)),
    Binding("knife", "Vessels", ("X",)),
    Binding("swap", "Strokes", ("X",)),
)


def test_only_overlapping_contexts_conflict() -> None:
    assert overlap("window", "panes")
    assert overlap("window", "Strokes")
    assert not overlap("panes", "Strokes")
    assert not overlap("Vessels", "Strokes")
    keymap = Keymap(BINDINGS, {})
    assert keymap.conflict("knife", "D") is None
    taken = keymap.conflict("fit", "Ctrl+S")
    assert taken is not None
    assert taken.owner == "save"


@pytest.mark.parametrize(("identifier", "key"), [("fit", "Up"), ("fit", "W"), ("save", "Q"), ("save", "F6")])
def test_some_keys_cannot_be_given(identifier: str, key: str) -> None:
    conflict = Keymap(BINDINGS, {}).conflict(identifier, key)
    assert conflict is not None
    assert conflict.owner == ""
    assert conflict.reason


def test_a_taken_key_leaves_its_owner_and_reset_brings_it_back() -> None:
    taken = Keymap(BINDINGS, {}).bound("fit", "Ctrl+Y")
    assert taken.keys("redo") == ("Ctrl+Shift+Z",)
    assert taken.differences == {"fit": ("Ctrl+Y",), "redo": ("Ctrl+Shift+Z",)}
    back = taken.reset("redo")
    assert back.keys("redo") == ("Ctrl+Shift+Z", "Ctrl+Y")
    assert back.keys("fit") == ()
    assert taken.as_it_came().differences == {}


def test_what_is_the_same_as_it_came_is_no_difference_and_unknown_ids_stay() -> None:
    keymap = Keymap(BINDINGS, {"fit": ("Z",), "of_a_newer_version": ("F9",)})
    assert keymap.differences == {"of_a_newer_version": ("F9",)}
    assert keymap.as_it_came().differences == {"of_a_newer_version": ("F9",)}


@pytest.mark.parametrize("key", sorted({key for one in OWN for key in one.keys} | {*FIXED, *NEVER}))
def test_keys_are_written_as_a_pressed_one_is(key: str) -> None:
    # a key that was pressed in the sheet is looked for by Qt's own words
    assert QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText) == key


def test_the_key_that_deletes_is_told_as_taken() -> None:
    taken = Keymap(OWN, {}).conflict("crosshair", QKeySequence("Delete").toString())
    assert taken is not None
    assert taken.owner == "delete"


def test_a_key_that_a_person_gave_before_it_was_the_programs_own_means_one_thing() -> None:
    # as in settings of a version in which Del could be given to the crosshair while it also deleted
    keymap = Keymap(BINDINGS, {"fit": ("Ctrl+Y",), "knife": ("D",)})
    assert keymap.keys("fit") == ("Ctrl+Y",)
    assert keymap.keys("redo") == ("Ctrl+Shift+Z",)
    # contexts that do not overlap take nothing from each other
    assert keymap.keys("distance") == ("D",)
    assert not keymap.is_changed("redo")
    assert keymap.reset("fit").keys("redo") == ("Ctrl+Shift+Z", "Ctrl+Y")


def test_settings_keep_the_differences(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("THEATRUM_HOME", str(tmp_path))
    save_settings(Settings(keys={"fit": ("Shift+Z",), "swap": ()}))
    assert load_settings().keys == {"fit": ("Shift+Z",), "swap": ()}


def test_keys_are_written_as_caps() -> None:
    assert key_words("Ctrl+PgDown") == "Ctrl+PgDn"
    assert key_words("Alt+Right") == "Alt+→"
    assert key_words("Ctrl++") == "Ctrl++"
