"""Names, colours and codes of structures: one table for every list, picture and export."""

from __future__ import annotations

import colorsys
import functools
import importlib.resources
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

KINDS = ("organ", "vessel", "lesion", "bone", "other")
BRITISH = MappingProxyType({"tumor": "tumour", "tumors": "tumours"})
# what no name is drawn with: it parts values in DICOM, marks keys in menus, or draws nothing
_UNSEEMLY = re.compile(r"[^\w\s.,;:()+/'%°±=<>≤≥≈·×–—-]|_+|(?<!\w)[/.]+|[/.]+(?!\w)")
# a widget would take it for markup
_MARKUP = re.compile(r"<(?=\s*[^\W\d]|/|!)")


@dataclass(frozen=True, slots=True)
class StructureStyle:
    """How a structure is called, drawn and coded.

    color: "#RRGGBB". group: heading in lists. code: (scheme, value, meaning) or None.
    kind: one of KINDS; it chooses how surfaces are smoothed.
    """

    display: str
    color: str
    group: str
    kind: str
    code: tuple[str, str, str] | None = None


@functools.cache
def _table() -> Mapping[str, StructureStyle]:
    text = importlib.resources.files("assets").joinpath("structures.json").read_text(encoding="utf-8")
    rows = json.loads(text)["structures"]
    table: dict[str, StructureStyle] = {}
    for row in rows:
        code = ("SCT", row["sct"], row["meaning"]) if "sct" in row else None
        style = StructureStyle(row["display"], row["color"], row["group"], row["kind"], code)
        for name in (row["name"], *row.get("also", [])):
            table[name] = style
    return MappingProxyType(table)


def canonical_name(name: str) -> str:
    """Lower case, words joined by underscores: "Portal vein" → "portal_vein"."""
    return re.sub(r"[^a-z0-9]+", "_", name.strip().lower()).strip("_")


def structure_style(name: str) -> StructureStyle:
    """The style of a structure of any name; unknown ones get their own words, a steady colour and group "Other".

    Numbered names ("tumor_2", "t3") take the style of their stem with the number in the display.
    """
    key = canonical_name(name)
    table = _table()
    if key in table:
        return table[key]
    numbered = re.fullmatch(r"(.+?)_?(\d+)", key)
    if numbered and numbered[1] in table:
        base = table[numbered[1]]
        return StructureStyle(f"{base.display} {int(numbered[2])}", base.color, base.group, base.kind, base.code)
    if key.endswith(("_tumor", "_tumour", "_lesion", "_metastasis")):
        base = table["tumor"]
        return StructureStyle(_words(name), base.color, base.group, "lesion", base.code)
    kind = "vessel" if re.search(r"vein|artery|arter|venous|vessel|aorta|cava", key) else "other"
    return StructureStyle(_words(name) or "Unnamed", _steady_color(key), "Other", kind)


def _words(name: str) -> str:
    if "_" in name and name == canonical_name(name):
        # a program's key and nobody's words: spelled as all else here
        words = " ".join(BRITISH.get(part, part) for part in name.split("_"))
    else:
        # as it was typed: "Lesion 1.5 cm" is not "Lesion 1 5 cm", and "below <3 mm" not "below 3 mm"
        words = " ".join(_MARKUP.sub(" ", _UNSEEMLY.sub(" ", name)).split())
    return words[:1].upper() + words[1:] if re.search(r"\w", words) else ""


def _steady_color(key: str) -> str:
    # the same name must look the same in every case, so the hue comes from its letters
    hue = (sum((n + 1) * ord(letter) for n, letter in enumerate(key)) % 360) / 360.0
    red, green, blue = colorsys.hls_to_rgb(hue, 0.66, 0.45)
    return f"#{round(red * 255):02X}{round(green * 255):02X}{round(blue * 255):02X}"
