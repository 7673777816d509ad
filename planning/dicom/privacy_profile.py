"""DICOM PS3.15's basic profile and its options as data: what is done with an attribute.

Actions: X removed, Z emptied, D a dummy, U a new UID, S a date moved by the patient's days, C cleaned (known words only),
P kept where it is of a known form (a patient's sex, age, size), K kept as it is. Where the standard lets an attribute's type
decide (X/Z, Z/D, …) the last letter is taken: an empty value or a dummy tells nothing, and a file that needs the attribute
stays readable.
"""

from __future__ import annotations

import functools
import importlib.resources
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

PROFILES = ("basic",)
# (code, meaning) of each option in PS3.16 CID 7050
PROFILE_CODE = ("113100", "Basic Application Confidentiality Profile")
CODES = {
    "graphics": ("113103", "Clean Graphics Option"),
    "structured": ("113104", "Clean Structured Content Option"),
    "descriptors": ("113105", "Clean Descriptors Option"),
    "dates": ("113106", "Retain Longitudinal Temporal Information Full Dates Option"),
    "shifted": ("113107", "Retain Longitudinal Temporal Information Modified Dates Option"),
    "patient": ("113108", "Retain Patient Characteristics Option"),
    "device": ("113109", "Retain Device Identity Option"),
    "uids": ("113110", "Retain UIDs Option"),
    "safe_private": ("113111", "Retain Safe Private Option"),
    "institution": ("113112", "Retain Institution Identity Option"),
}
FACE_CODE = ("113102", "Clean Recognizable Visual Features Option")


@dataclass(frozen=True, slots=True)
class PrivacyOptions:
    """The standard's options, and two of the program's own: burned_in keeps pictures that may have words in them,
    deface takes the face from scans of a head."""

    uids: bool = False
    dates: bool = False
    shifted: bool = False
    patient: bool = False
    device: bool = False
    institution: bool = False
    descriptors: bool = False
    graphics: bool = False
    structured: bool = False
    safe_private: bool = False
    burned_in: bool = False
    deface: bool = False

    def named(self) -> tuple[str, ...]:
        """The names of those that are on."""
        return tuple(field.name for field in fields(self) if getattr(self, field.name))


@dataclass(frozen=True, slots=True)
class PrivacyRequest:
    """What the disposable child is asked to do with its files. key: 32 secret bytes. into: a folder of our own."""

    options: PrivacyOptions
    key: bytes
    into: str
    version: str
    # numbers (in the request's files) of one series whose face is taken away, in place
    face: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """The table. actions: by tag. safe_private: VR by (creator, group, last byte of the element)."""

    edition: str
    sources: tuple[Mapping[str, str], ...]
    differences: tuple[Mapping[str, Any], ...]
    attributes: Mapping[int, tuple[str, Mapping[str, str]]]
    safe_private: Mapping[tuple[str, int, int], str]

    def action(self, tag: int, options: PrivacyOptions) -> str | None:
        """The one letter for this attribute under these options; None for an attribute that the table does not name."""
        found = self.attributes.get(tag)
        if found is None:
            return None
        basic, columns = found
        letters = {name: letter for name, letter in columns.items() if getattr(options, name)}
        if "K" in letters.values():
            return "P" if letters == {"patient": "K"} else "K"
        if "shifted" in letters:
            return "S"
        if letters:
            return "C"
        return basic.rsplit("/", 1)[-1][0]


@functools.cache
def profile() -> Profile:
    """The table that comes with the program."""
    text = importlib.resources.files("assets").joinpath("confidentiality.json").read_text(encoding="utf-8")
    data = json.loads(text)
    return Profile(
        edition=data["edition"],
        sources=tuple(data["sources"]),
        differences=tuple(data["differences"]),
        attributes={
            int(tag, 16): (entry[0], entry[1] if len(entry) > 1 else {}) for tag, entry in data["attributes"].items()
        },
        safe_private={
            (creator, int(group, 16), int(element, 16)): kind for creator, group, element, kind in data["safe_private"]
        },
    )
