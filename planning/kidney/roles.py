"""Which structures of a case are a kidney, its tumours, its sinus and its vessels, guessed from their names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from planning.liver.roles import LiverRoles
from planning.registry import canonical_name

_KIDNEY = re.compile(
    r"^((left|right)_)?kidneys?(_(left|right|parenchyma|cortex|medulla))*$|^renal_(cortex|medulla|parenchyma)"
)
_OF_KIDNEY = re.compile(r"kidney|renal|(^|_)rcc(_|$)")
_TUMOR = re.compile(r"tumou?r|lesion|mass|(^|_)rcc(_|$)|carcinoma|cancer|cyst")
_ANY_TUMOR = re.compile(r"^(tumou?r|mass)(_?\d+)?$")
_SINUS = re.compile(r"sinus|pelvis|calyx|calyces|calices|collecting")
# "pelvis" alone is the bone
_SINUS_ALONE = re.compile(r"sinus|calyx|calyces|calices|collecting_system")
_ARTERY = re.compile(r"renal_arter|arter.*renal|kidney_arter")
# of the whole body: taken where the kidney's own is not named apart
_ARTERIES = re.compile(r"arter(y|ies)|arterial_tree")
_VEIN = re.compile(r"renal_vein|vein.*renal|kidney_vein")
_SIDE = re.compile(r"(^|_)(left|right|l|r)(_|$)")


@dataclass(frozen=True, slots=True)
class KidneyRoles(LiverRoles):
    """Names of the case's structures by what they are to a kidney plan; the liver's veins stay empty."""

    sinus: tuple[str, ...] = ()
    artery: tuple[str, ...] = ()
    vein: tuple[str, ...] = ()

    def as_mapping(self) -> dict[str, tuple[str, ...]]:
        """Role → names, as plans keep them."""
        return {
            "organ": self.organ,
            "tumors": self.tumors,
            "sinus": self.sinus,
            "artery": self.artery,
            "vein": self.vein,
        }


def side_of(name: str) -> str:
    """ "left", "right" or "" of a structure's name."""
    found = _SIDE.search(canonical_name(name))
    return {"l": "left", "r": "right"}.get(found[2], found[2]) if found else ""


def guess_kidney(names: Sequence[str]) -> KidneyRoles:
    """The roles that the names speak of; the person changes what is wrong.

    Of two kidneys the one whose side a tumour's name tells, else the first. A tumour of no organ's name is taken where
    no structure is named as the kidney's tumour and there is no liver.
    """
    keys = {name: canonical_name(name) for name in names}
    tumors = [name for name, key in keys.items() if _TUMOR.search(key) and _OF_KIDNEY.search(key)]
    if not tumors and not any(key.startswith("liver") for key in keys.values()):
        tumors = [name for name, key in keys.items() if _ANY_TUMOR.match(key)]
    kidneys = [name for name, key in keys.items() if _KIDNEY.match(key) and name not in tumors]
    sides = [side_of(name) for name in (*tumors, *kidneys) if side_of(name)]
    side = sides[0] if sides else ""

    def here(found: Sequence[str]) -> tuple[str, ...]:
        return tuple(name for name in found if side_of(name) in ("", side))

    def of(pattern: re.Pattern[str]) -> tuple[str, ...]:
        return here([name for name, key in keys.items() if pattern.search(key) and name not in tumors])

    sinus = tuple(n for n in of(_SINUS) if _OF_KIDNEY.search(keys[n]) or _SINUS_ALONE.fullmatch(keys[n]))
    artery = of(_ARTERY) or tuple(name for name, key in keys.items() if kidneys and _ARTERIES.fullmatch(key))
    return KidneyRoles(organ=here(kidneys), tumors=here(tumors), sinus=sinus, artery=artery, vein=of(_VEIN))
