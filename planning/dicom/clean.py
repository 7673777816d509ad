"""What a header may say into a case that keeps no identifiers: only values of a known form, only words that are known.

Any text element may hold a name. So nothing passes because it looks harmless; it passes because it is on a list here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


MAKERS = {
    "ge ": "GE", "general electric": "GE", "siemens": "Siemens", "philips": "Philips", "toshiba": "Toshiba",
    "canon": "Canon", "hitachi": "Hitachi", "fujifilm": "Fujifilm", "uih": "United Imaging",
    "united imaging": "United Imaging", "neusoft": "Neusoft", "samsung": "Samsung", "picker": "Picker",
    "elscint": "Elscint", "planmed": "Planmed", "varian": "Varian", "elekta": "Elekta",
}  # fmt: skip
SCANNER_WORDS = _set(
    "apex aquilion alpha as brightspeed brilliance biograph ct definition discovery drive duo edge elite emotion evo "
    "excel exel flash force frontier gemini genesis go hd hispeed ict idt ingenuity iqon lightning lightspeed max mct "
    "mct40 mr mx naeotom neuviz nx one open optima pe pet perspective power precision prime pro pro16 qx rt revolution "
    "rxl scenaria scope sensation somatom spectral speed spirit supria symbia tf tomoscan truepoint ultra up vct vereos "
    "vision xcite xt xtra uct umi plus"
)
KERNEL_WORDS = _set("standard soft detail bone boneplus edge lung chest smooth sharp medium head body ultra")
DESCRIPTION_WORDS = _set(
    "abdomen abd abdominal aorta aortic arterial art arteries axial ax angio angiography annulus arch best bone brain "
    "cardiac chest circulation coeur cor coronal coronary corcta contrast cta ct cardio delayed diastole diastolic "
    "equilibrium equil foie gated head heart hepatic hi hr iliac iv kidney late leber legs liver low lung mm ms native "
    "neck nephro noncontrast non pancreas pelvis phase phases portal pv recon reformat renal root run-off runoff sag "
    "sagittal sample series slice soft spine spleen standard std systole systolic tavi tavr thick thin thorax tissue "
    "thoracic thoraco tumor tumour upper valve vein vena venous vessel volume whole with without wo w x"
)
# "B30f", "FC08", "YA"; of letters alone more than two may be a name
KERNEL = r"[A-Za-z]{1,3}\d{1,3}[a-z]{0,2}|[A-Z]{1,2}"
POSITIONS = _set("HFS HFP HFDL HFDR FFS FFP FFDL FFDR LFP LFS RFP RFS AFDL AFDR PFDL PFDR")
UNITS = _set("BQML CNTS NONE CM2 PCNT CPS GML PROPCNTS PROPCPS SUV")
NUMBER = r"\d{1,3}(\.\d{1,6})?"
# so many digits without a unit may be a date or a record's number in pieces
MOST_PLAIN_DIGITS = 4
FORMS = {
    "age": r"\d{3}[YMWD]",
    "sex": r"[FMO]",
    "kvp": NUMBER,
    "slice_thickness_mm": NUMBER,
    "year": r"(19|20)\d\d",
    "contrast": r"yes",
    # a digest, from which no identifier can be told
    "frame": r"[0-9a-f]{16}",
}


def clean_study(study: Mapping[str, str]) -> dict[str, str]:
    """The facts of a study in which nobody's name can hide; what is of no known form is left out."""
    kept = {key: study[key] for key, form in FORMS.items() if re.fullmatch(form, study.get(key, ""))}
    cleaned = {
        "kernel": clean_kernel(study.get("kernel", "")),
        "manufacturer": _maker(study.get("manufacturer", "")),
        "scanner": _known_words(study.get("scanner", ""), SCANNER_WORDS),
        "position": study.get("position", "") if study.get("position") in POSITIONS else "",
        "units": study.get("units", "") if study.get("units") in UNITS else "",
        "description": clean_description(study.get("description", "")),
    }
    return kept | {key: value for key, value in cleaned.items() if value}


def clean_kernel(value: str) -> str:
    """A reconstruction kernel as vendors write it ("B30f", "Br40d\\\\3", "FC08", "BONEPLUS"), else ""."""
    parts = [part for part in re.split(r"[\\ /_-]+", value) if part]
    known = all(part.lower() in KERNEL_WORDS or re.fullmatch(rf"{KERNEL}|\d{{1,2}}", part) for part in parts)
    return value if parts and known and len(value) <= 24 else ""


def clean_description(value: str) -> str:
    """The words of a description that are anatomy, timing, size or kernel; names of people and places fall out."""
    kept = []
    for word in re.split(r"[\s^/,_]+", value):
        bare = word.strip(".,;:()[]<>*").lower()
        if bare in DESCRIPTION_WORDS or re.fullmatch(
            rf"{NUMBER}(mm|ms|%|s|x{NUMBER})?|%|[A-Za-z]{{1,2}}\d\d[a-z]?", bare
        ):
            kept.append(word)
    # numbers alone may be a date or a record number
    plain = [word for word in kept if re.fullmatch(NUMBER, word.strip(".,;:()[]<>*"))]
    if sum(letter.isdigit() for word in plain for letter in word) > MOST_PLAIN_DIGITS:
        kept = [word for word in kept if word not in plain]
    return " ".join(kept) if any(word.strip(".,;:()[]<>*").lower() in DESCRIPTION_WORDS for word in kept) else ""


def _maker(value: str) -> str:
    lowered = f"{value.lower()} "
    return next((name for key, name in MAKERS.items() if lowered.startswith(key) or f" {key}" in lowered), "")


def _known_words(value: str, words: frozenset[str]) -> str:
    parts = [part for part in re.split(r"[\s/_+.-]+", value) if part]
    known = all(part.lower() in words or re.fullmatch(r"\d{1,4}|[A-Za-z]{1,2}\d{1,4}", part) for part in parts)
    return value if parts and known and len(value) <= 40 else ""
