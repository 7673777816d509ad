"""What structures of any name are called on screen and in reports."""

from __future__ import annotations

import pytest

from planning.case.printing import part_name
from planning.registry import structure_style


@pytest.mark.parametrize(
    ("name", "display"),
    [
        ("Übergang groß", "Übergang groß"),
        ("zyste_links", "Zyste links"),
        ("My CT tube", "My CT tube"),
        ("肝臓 2", "肝臓 2"),
        ("äußere_tumor", "Äußere tumor"),
        ("Kidney tumor", "Kidney tumour"),
        ("Tumor links", "Tumor links"),
        ("renal_tumor_right", "Renal tumour right"),
        ("kidney_tumor_2", "Kidney tumour 2"),
        ("a/../b", "A b"),
        ("Lesion 1.5 cm", "Lesion 1.5 cm"),
        ("T2 <3 mm", "T2 <3 mm"),
        ("GDA + RHA (late)", "GDA + RHA (late)"),
        ("Segment 5/8", "Segment 5/8"),
        ("a\\b&c", "A b c"),
        ("<b>bold</b>", "B>bold b>"),
        ("cyst < vein", "Cyst vein"),
        ("///", "Unnamed"),
    ],
)
def test_a_name_is_shown_as_it_was_typed_and_a_programs_key_in_our_spelling(name: str, display: str) -> None:
    assert structure_style(name).display == display


def test_parts_of_a_printed_file_have_plain_names_of_their_own() -> None:
    taken: set[str] = set()
    names = ["Übergang groß", "ubergang_gross", "肝臓", "脾臓", "../evil", "Portal vein"]
    found = [part_name(name, taken) for name in names]
    assert found == ["ubergang_gross", "ubergang_gross_2", "part", "part_2", "evil", "portal_vein"]
    assert taken == set(found)
