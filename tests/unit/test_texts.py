"""Errors in the window's words, and times as people say them."""

from __future__ import annotations

import ast
import re
from datetime import datetime
from pathlib import Path

import pytest

from app.panels.labels import kept_together
from app.texts import date_text, error_text, person_text, remaining_text, when_text, window_hint
from planning.case.schema import damaged
from planning.errors import CaseError, GeometryError, InputError, MeasurementError
from planning.units import parse_number, text_quantity, text_value

ERRORS = {"InputError", "DicomError", "GeometryError", "CaseError", "MeasurementError", "ModelError", "UsageError"}


def _constant_hints(root: Path) -> list[tuple[str, str, str]]:
    found = []
    for folder in ("planning", "app"):
        for path in sorted((root / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in ERRORS:
                    continue
                texts = [a.value if isinstance(a, ast.Constant) else "" for a in node.args]
                if len(texts) > 1 and isinstance(texts[1], str):
                    code = texts[2] if len(texts) > 2 and isinstance(texts[2], str) else ""
                    found.append((f"{path.name}:{node.lineno}", texts[1], code))
    return found


def test_no_hint_in_the_window_speaks_of_the_command_line(project_root: Path) -> None:
    hints = _constant_hints(project_root)
    assert len(hints) > 100
    wrong = [
        (where, hint, window_hint(hint, code))
        for where, hint, code in hints
        if re.search(r"--\w|\btheatrum [a-z]", window_hint(hint, code))
    ]
    assert not wrong


@pytest.mark.parametrize(
    ("error", "title", "text", "hint", "action"),
    [
        (
            GeometryError(
                "This series cannot be opened. 38 slices are missing, the widest gap lies 60.0 to 98.0 mm from the "
                "first slice",
                "Fill them with --fill-missing, or choose another series",
                code="series",
            ),
            "This series cannot be opened",
            "38 slices are missing, the widest gap lies 60.0 to 98.0 mm from the first slice. "
            "A volume built from them would be wrong.",
            "Choose another series.",
            "Choose another series",
        ),
        (
            InputError("There is no scan here, only 17 other files", "Choose the folder with the scan", "nothing"),
            "This folder has no scans",
            "It holds 17 other files.",
            "Choose the folder with the scan.",
            "Close",
        ),
        (
            InputError("There is no scan here: notes.txt is text", "Choose the folder with the scan", "nothing"),
            "There is no scan here",
            "notes.txt is text.",
            "Choose the folder with the scan.",
            "Close",
        ),
        (
            CaseError("This case was made by a newer Theatrum (format 9)", "Update Theatrum to open it", "newer"),
            "This case was made by a newer Theatrum (format 9)",
            "",
            "Install that version or ask for an export.",
            "Close",
        ),
        (
            damaged("cut off"),
            "The case file is damaged",
            "Cut off. Nothing of it is shown, so that no wrong picture is.",
            "Open a copy of it.",
            "Close",
        ),
        (
            CaseError("a.theatrum exists already", "Choose another name or use --force", "exists"),
            "a.theatrum exists already",
            "",
            "Choose another name.",
            "Close",
        ),
        (
            MeasurementError("Hinge points lie on one line", "Move one by at least 2 mm", "collinear"),
            "Hinge points lie on one line",
            "",
            "Move one by at least 2 mm.",
            "Close",
        ),
        (
            CaseError("The disk is full. Nothing was lost", "Free some space and try again", "disk_full"),
            "The disk is full",
            "Nothing was lost.",
            "Free some space and save again.",
            "Close",
        ),
    ],
)
def test_errors_say_what_why_and_what_to_do(error: InputError, title: str, text: str, hint: str, action: str) -> None:
    words = error_text(error)
    assert (words.title, words.text, words.hint, words.action) == (title, text, hint, action)


def test_a_zip_with_decimals_in_its_sentence_is_not_torn() -> None:
    words = error_text(
        InputError("The zip would unpack to 41.0 GB. The limit is 8.0 GB, and 200 times its own size", "X", "zip_bomb")
    )
    assert words.title == "The zip would unpack to 41.0 GB"
    assert words.text == "The limit is 8.0 GB, and 200 times its own size."


def test_times_read_as_people_say_them() -> None:
    now = datetime(2026, 3, 11, 12, 0)
    assert when_text(datetime(2026, 3, 11, 10, 42), now) == "today 10:42"
    assert when_text(datetime(2026, 3, 10, 23, 59), now) == "yesterday"
    assert when_text(datetime(2026, 2, 19), now) == "19 Feb"
    assert when_text(datetime(2025, 11, 19), now) == "19 Nov 2025"
    assert [remaining_text(s) for s in (0.4, 14.2, 33, 140)] == ["2\u202fs", "14\u202fs", "35\u202fs", "2\u202fmin"]


def test_dicom_values_read_as_people_say_them() -> None:
    assert date_text("20260311") == "11 Mar 2026"
    assert date_text("unknown") == "unknown"
    assert person_text({"age": "074Y", "sex": "F"}) == "74\u202fy · female"
    assert person_text({"age": "006M"}) == "6\u202fmonths"
    assert person_text({"sex": "O"}) == ""


@pytest.mark.parametrize("value", [4.0, 1234.0, -1024.0, 1_234_567.0])
def test_a_number_is_read_as_the_window_writes_it(value: float) -> None:
    assert parse_number(text_quantity(value, "mm²"), "mm²") == value
    assert parse_number(text_value(value, 0), "HU") == value


@pytest.mark.parametrize(
    "lines",
    [
        ("Reach", "12.3 mm", "here"),
        ("only", "35,5 %", "of", "it"),
        ("4.7 ± 0.6 mm,", "over", "1", "minute"),
        ("≥ 12 mm²", "in", "3", "parts"),
        ("2", "seams", "5 s"),
    ],
)
def test_no_line_ends_inside_a_quantity(lines: tuple[str, ...]) -> None:
    drawn = kept_together(" ".join(lines))
    # plain spaces are where a line may end
    assert [re.sub(r"\s", " ", part) for part in drawn.split(" ")] == list(lines)
