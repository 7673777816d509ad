"""What structures of any name are called on screen and in reports."""

from __future__ import annotations

import pytest

from planning.registry import structure_style


@pytest.mark.parametrize(
    ("name", "display"),
    [
        ("Übergang groß", "Übergang groß"),
        ("zyste_links", "Zyste links"),
        ("My CT tube", "My CT tube"),
        ("肝臓 2", "肝臓 2"),
        ("äußere_tumor", "Äußere tumor"),
        ("a/../b", "A b"),
        ("///", "Unnamed"),
    ],
)
def test_a_name_of_any_letters_is_shown_as_it_was_typed(name: str, display: str) -> None:
    assert structure_style(name).display == display
