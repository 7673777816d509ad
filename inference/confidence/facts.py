"""What is known of structures beside any model: adult volumes and Hounsfield values by contrast phase, by SNOMED CT code.

Both are wide on purpose: they only tell what is implausible. A model's own manifest goes before them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from inference.manifest import Label

Phase = Literal["native", "arterial", "portal", "late"]
Pair = tuple[float, float]

PHASES: Final[tuple[Phase, ...]] = ("native", "arterial", "portal", "late")
LIVER, SPLEEN, KIDNEY, AORTA, LUNG, BONE = "10200004", "78961009", "64033007", "15825003", "39607008", "272673000"
CAVA, PORTAL, PORTAL_SPLENIC, HEART, BODY = "64131007", "32764006", "110765007", "80891009", "22943007"
PULMONARY = "81040000"
ONE_SIDED = (LIVER, SPLEEN, "69695003")

VOLUME_ML: Final[Mapping[str, Pair]] = {
    LIVER: (700, 3000),
    SPLEEN: (50, 700),
    KIDNEY: (70, 350),
    "28231008": (1, 150),  # gallbladder
    "15776009": (25, 180),  # pancreas
    "69695003": (50, 1500),  # stomach
    "38848004": (20, 150),  # duodenum
    "23451007": (1, 12),  # adrenal
    "89837001": (10, 1000),  # bladder
    HEART: (400, 1500),
    "74281007": (60, 300),  # myocardium
    AORTA: (60, 500),
    CAVA: (20, 150),
    "48345005": (8, 50),  # superior vena cava
    PORTAL: (8, 60),
    PORTAL_SPLENIC: (10, 80),
    "8993003": (5, 60),  # hepatic veins
    "73634005": (3, 40),  # common iliac artery
    "46027005": (5, 50),  # common iliac vein
    "81040000": (30, 200),  # pulmonary artery
    "122972007": (10, 80),  # pulmonary veins
    "82471001": (30, 250),  # left atrium
    "87878005": (60, 350),  # left ventricle
    "73829009": (50, 300),  # right atrium
    "53085002": (70, 350),  # right ventricle
    "68786006": (2, 30),  # left auricle
    LUNG: (800, 4500),
    "32849002": (15, 80),  # esophagus
    "44567001": (20, 90),  # trachea
    BODY: (8_000, 150_000),
}

# Medians of a whole structure; noise, lesions and partial volume are no reason to doubt.
_BLOOD_LATE = (70.0, 150.0)
HU: Final[Mapping[str, Mapping[Phase, Pair]]] = {
    LIVER: {"native": (15, 80), "arterial": (40, 110), "portal": (60, 155), "late": (55, 130)},
    SPLEEN: {"native": (25, 70), "arterial": (65, 240), "portal": (75, 175), "late": (60, 130)},
    KIDNEY: {"native": (10, 60), "arterial": (70, 270), "portal": (95, 270), "late": (80, 290)},
    AORTA: {"native": (15, 75), "arterial": (130, 700), "portal": (90, 230), "late": (65, 160)},
    HEART: {"native": (15, 75), "arterial": (75, 550), "portal": (75, 220), "late": (60, 150)},
    CAVA: {"native": (15, 75), "arterial": (25, 300), "portal": (70, 220), "late": _BLOOD_LATE},
    PORTAL: {"native": (15, 75), "arterial": (25, 180), "portal": (90, 250), "late": _BLOOD_LATE},
    PORTAL_SPLENIC: {"native": (15, 75), "arterial": (25, 180), "portal": (80, 250), "late": _BLOOD_LATE},
    "28231008": dict.fromkeys(PHASES, (-20.0, 70.0)),
    "15776009": {"native": (5, 65), "arterial": (35, 150), "portal": (35, 140), "late": (25, 110)},
    "89837001": {"native": (-20, 45), "arterial": (-20, 60), "portal": (-20, 150), "late": (-20, 2000)},
    "81040000": {"native": (15, 75), "arterial": (60, 700), "portal": (75, 230), "late": (60, 160)},
    "73634005": {"native": (15, 75), "arterial": (100, 700), "portal": (80, 230), "late": (60, 160)},
    LUNG: dict.fromkeys(PHASES, (-960.0, -450.0)),
    BONE: dict.fromkeys(PHASES, (120.0, 1200.0)),
}


def code_of(label: Label) -> str | None:
    """The label's SNOMED CT code."""
    return label.code[1] if label.code is not None and label.code[0] == "SCT" else None


def has_side(label: Label) -> bool:
    """True for what a mirrored scan puts on the wrong side: left or right ones, liver, spleen, stomach."""
    return label.laterality is not None or code_of(label) in ONE_SIDED


def volume_range_ml(label: Label) -> Pair | None:
    """Plausible adult volumes of the whole structure; None when nothing is known."""
    if label.volume_ml is not None:
        return label.volume_ml
    code = code_of(label)
    return VOLUME_ML.get(code) if code is not None else None


def hu_range(label: Label, phase: Phase | None) -> Pair | None:
    """Plausible median HU in that phase, in any phase when it is not known; None when nothing is known."""
    known: Mapping[str, Pair] = label.hu
    code = code_of(label)
    if not known and code is not None:
        known = {str(name): pair for name, pair in HU.get(code, {}).items()}
    if not known:
        return None
    if phase is not None and phase in known:
        return known[phase]
    return min(low for low, _ in known.values()), max(high for _, high in known.values())
