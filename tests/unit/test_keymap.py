"""Bound keys as data: contexts, conflicts, differences, and that settings keep them."""

from __future__ import annotations

import pytest

from app.keymap import Binding, Keymap, key_words, overlap
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


def test_settings_keep_the_differences(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("THEATRUM_HOME", str(tmp_path))
    save_settings(Settings(keys={"fit": ("Shift+Z",), "swap": ()}))
    assert load_settings().keys == {"fit": ("Shift+Z",), "swap": ()}


def test_keys_are_written_as_caps() -> None:
    assert key_words("Ctrl+PgDown") == "Ctrl+PgDn"
    assert key_words("Alt+Right") == "Alt+→"
    assert key_words("Ctrl++") == "Ctrl++"
