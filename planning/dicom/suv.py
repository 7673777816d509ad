"""From Bq/ml to the standardised uptake value by body weight (SUVbw). Runs in the disposable child.

SUVbw = activity · weight / (injected dose · decay between injection and the time that the images are corrected to). Only
where the files tell everything that it takes, as the QIBA profile for FDG-PET asks; else the stored values stay.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any

from planning.dicom.elements import PLAIN_NUMBER

PET_IMAGE = "1.2.840.10008.5.1.4.1.1.128"
GRAMS_PER_KG = 1000.0
# a dose that has decayed away says that a time is wrong
MOST_HALF_LIVES = 10.0
# some files tell megabecquerels and grams: a factor of a thousand or a million
WEIGHTS_KG, DOSES_BQ = (0.3, 500.0), (1e6, 1e11)
# without correction for what the body takes away no value is an uptake; scanners store such images beside the others
CORRECTED = ("ATTN", "DECY")


def suv_factor(dataset: Any) -> float | None:
    """What a value in the images' own unit times this is in g/ml of SUVbw; None where the files do not tell it."""
    units = _text(dataset, "Units").upper()
    if units == "GML":
        # the scanner's own; another kind of SUV is by another size of the body
        return 1.0 if _text(dataset, "SUVType").upper() in ("", "BW") else None
    tracers: list[Any] = list(dataset.get("RadiopharmaceuticalInformationSequence") or [])
    if units != "BQML" or len(tracers) != 1:
        return None
    weight_kg, dose_bq = _positive(dataset, "PatientWeight"), _positive(tracers[0], "RadionuclideTotalDose")
    half_life_s = _positive(tracers[0], "RadionuclideHalfLife")
    if weight_kg is None or dose_bq is None or half_life_s is None:
        return None
    if not (WEIGHTS_KG[0] <= weight_kg <= WEIGHTS_KG[1] and DOSES_BQ[0] <= dose_bq <= DOSES_BQ[1]):
        return None
    if not set(CORRECTED) <= _words(dataset, "CorrectedImage"):
        return None
    correction = _text(dataset, "DecayCorrection").upper()
    if correction == "ADMIN":
        waited_s: float | None = 0.0
    elif correction == "START":
        waited_s = _waited_s(dataset, tracers[0])
    else:
        return None
    if waited_s is None or not 0 <= waited_s <= MOST_HALF_LIVES * half_life_s:
        return None
    return weight_kg * GRAMS_PER_KG / (dose_bq * math.pow(2.0, -waited_s / half_life_s))


def _waited_s(dataset: Any, tracer: Any) -> float | None:
    """From the injection to the start of the scan; None where a time is missing or was written later than the scan."""
    start = _moment(_text(dataset, "SeriesDate"), _text(dataset, "SeriesTime"))
    first = _moment(_text(dataset, "AcquisitionDate"), _text(dataset, "AcquisitionTime"))
    if start is None or first is None or start > first:
        # a series that was worked on later bears the time of that
        return None
    told = _text(tracer, "RadiopharmaceuticalStartDateTime")
    injected = _moment(told[:8], told[8:].partition("+")[0].partition("-")[0]) if told else None
    if injected is None:
        injected = _moment(_text(dataset, "SeriesDate"), _text(tracer, "RadiopharmaceuticalStartTime"))
        if injected is not None and injected > start:
            # before midnight
            injected -= timedelta(days=1)
    return None if injected is None else (start - injected).total_seconds()


def _moment(date: str, time: str) -> datetime | None:
    whole, _, part = time.partition(".")
    if len(date) != 8 or len(whole) != 6 or not (date + whole + (part or "0")).isdigit():
        return None
    try:
        return datetime.strptime(date + whole, "%Y%m%d%H%M%S") + timedelta(seconds=float(f"0.{part or 0}"))
    except ValueError:
        return None


def _text(dataset: Any, keyword: str) -> str:
    value = dataset.get(keyword)
    return "" if value is None else str(value).strip(" \0")


def _words(dataset: Any, keyword: str) -> set[str]:
    value = dataset.get(keyword)
    several = [] if value is None else [value] if isinstance(value, str) else list(value)
    return {str(one).strip(" \0").upper() for one in several}


def _positive(dataset: Any, keyword: str) -> float | None:
    value = dataset.get(keyword)
    told = str(getattr(value, "original_string", value)).strip(" \0") if value is not None else ""
    if not PLAIN_NUMBER.fullmatch(told):
        return None
    number = float(told)
    return number if math.isfinite(number) and number > 0 else None
