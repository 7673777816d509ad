"""From measures, rules and calibration to one light a structure, with its reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inference.confidence.calibration import (
    LEAST_PATIENTS,
    Array,
    Calibration,
    features_of,
    probability,
    volume_interval,
)
from inference.confidence.facts import BODY, LUNG, Phase, code_of, has_side
from inference.confidence.measures import Measures
from inference.confidence.reasons import ORDER, Light, Reason, of_scan, of_sides, of_structure, shows_left, worst
from inference.confidence.scan_facts import ScanFacts, phase_of
from inference.manifest import Label

SURE, DOUBTFUL = 0.95, 0.5
LOST = ("turned", "side")
AGREE_FOR_GREEN, STABLE_FOR_GREEN = 0.92, 0.92
# what a rule finds whole and with a clear edge; bones and vessels it finds in part
WHOLE_BY_RULE = (LUNG, BODY)
# what nobody can have, and scans that are none: no score makes these likely
AT_MOST_EVEN = ("modality", "volume", "gaps")


@dataclass(frozen=True, slots=True)
class StructureRecord:
    """What is told of a structure beside its voxels; `as_json` is the contract's row.

    confidence: probability that Dice ≥ 0.8, by the calibration or, without one, by cautious weights; features: what that
    score saw (FEATURES). calibrated: nine patients and more stand behind it. light: green may be used after a look, amber
    needs a check, red a human tick before anything is planned with it.
    """

    name: str
    code: tuple[str, str, str] | None
    volume_ml: float
    interval_ml: tuple[float, float]
    confidence: float
    light: Light
    reasons: tuple[Reason, ...]
    calibrated: bool
    patients: int
    engine: str
    measures: Measures
    features: tuple[float, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The row of `theatrum segment --json`; reasons as plain sentences."""
        return {
            "name": self.name,
            "code": None
            if self.code is None
            else {"scheme": self.code[0], "value": self.code[1], "meaning": self.code[2]},
            "volume_ml": round(self.volume_ml, 2),
            "interval_ml": [round(v, 2) for v in self.interval_ml],
            "confidence": round(self.confidence, 3),
            "light": self.light,
            "reasons": [reason.text for reason in self.reasons],
            "calibrated": self.calibrated,
            "engine": self.engine,
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    """records in the model's order; phase None when the scan does not tell it."""

    records: tuple[StructureRecord, ...]
    phase: Phase | None
    scan: ScanFacts


def judge(
    scan: ScanFacts,
    labels: Sequence[Label],
    measures: Mapping[str, Measures],
    calibration: Calibration | None = None,
    engines: Mapping[str, str] | None = None,
) -> Verdict:
    """Every structure of `labels` that has measures gets a record.

    engines: what made each structure's voxels, "network" when not named.
    """
    by_name = {label.name: label for label in labels if label.name in measures}
    medians: dict[str, float] = {}
    for name, label in by_name.items():
        code, value = code_of(label), measures[name].median_hu
        if code is not None and value is not None and measures[name].volume_ml > 3.0:
            medians.setdefault(code, value)
    phase = phase_of(medians)
    whole, sides = of_sides(by_name, measures, scan.solid_ml)
    left_shown = shows_left(by_name, measures, scan.solid_ml)
    general = [*of_scan(scan), *whole]
    records = []
    for name, label in by_name.items():
        own = measures[name]
        of_all = [*general, *sides.get(name, [])]
        reasons = [*of_all, *of_structure(label, own, phase)]
        features = features_of(label, own, any(reason.code in LOST for reason in of_all))
        engine = (engines or {}).get(name, "network")
        records.append(_record(label, own, features, reasons, calibration, engine, left_shown=left_shown))
    return Verdict(tuple(records), phase, scan)


def _record(
    label: Label,
    measures: Measures,
    features: Array,
    reasons: Sequence[Reason],
    calibration: Calibration | None,
    engine: str,
    *,
    left_shown: bool,
) -> StructureRecord:
    interval = volume_interval(label.name, measures, calibration)
    ruled = worst(reason.light for reason in reasons)
    chance = confidence_of(features, measures.volume_ml, reasons, calibration)
    light = ruled
    told = list(reasons)
    found = measures.volume_ml > 0
    supported = interval.patients >= LEAST_PATIENTS
    agree = code_of(label) in WHOLE_BY_RULE and (measures.agreement or 0.0) >= AGREE_FOR_GREEN
    steady = measures.stability is None or measures.stability >= STABLE_FOR_GREEN
    if found and light == "green" and supported and chance < SURE:
        light = "amber"
        told.append(Reason("unsure", f"By the calibration it is right (Dice ≥ 0.8) with {chance:.0%}", "amber"))
    if found and light == "green" and not supported and not (agree and steady):
        light = "amber"
        words = "No calibration stands behind this structure yet" if not interval.patients else _few(interval.patients)
        told.append(Reason("uncalibrated", words, "amber"))
    if found and light == "green" and has_side(label) and not left_shown:
        light = "amber"
        told.append(Reason("sides", "Neither heart, aorta nor liver beside a spine shows which side is left", "amber"))
    if found and supported and chance < DOUBTFUL and light != "red":
        light = "red"
        told.append(Reason("doubtful", f"By the calibration it is wrong more often than right ({chance:.0%})", "red"))
    if found and not supported and chance < 0.2 and light != "red":
        light = "red"
        told.append(Reason("doubtful", "Its boundary is hardly more than a guess of the model", "red"))
    told.sort(key=lambda reason: -ORDER.index(reason.light))
    return StructureRecord(
        name=label.name,
        code=label.code,
        volume_ml=measures.volume_ml,
        interval_ml=(interval.low_ml, interval.high_ml),
        confidence=chance,
        light=light,
        reasons=tuple(told),
        calibrated=supported and interval.calibrated,
        patients=interval.patients,
        engine=engine,
        measures=measures,
        features=tuple(float(value) for value in features),
    )


def confidence_of(
    features: Array, volume_ml: float, reasons: Sequence[Reason], calibration: Calibration | None
) -> float:
    """Probability that Dice ≥ 0.8: the score, not above a half against some rules; 0 for what was not found."""
    if volume_ml <= 0:
        return 0.0
    chance = probability(features, calibration)
    against = any(reason.light == "red" and reason.code in AT_MOST_EVEN for reason in reasons)
    return min(chance, DOUBTFUL) if against else chance


def _few(patients: int) -> str:
    return f"Only {patients} labelled {'case stands' if patients == 1 else 'cases stand'} behind this structure"
