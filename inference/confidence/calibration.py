"""What labelled cases taught about a model: a score for "Dice ≥ 0.8" and intervals for volumes. Kept in `calibration.json`.

The score is a logistic regression on four features, held by a ridge to cautious weights that stand for
"nothing is known". Intervals are split conformal: the 0.9 quantile of |log(found / true)| divided by a difficulty, which is
finite from nine patients on; below that a structure is "uncalibrated" and its interval is wide.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from inference.confidence.facts import has_side
from inference.confidence.measures import Measures
from inference.manifest import Finite, Label, read_json_bounded
from planning.errors import ModelError

CALIBRATION_NAME = "calibration.json"
GOOD_DICE = 0.8
COVERAGE = 0.9
LEAST_PATIENTS = 9
ENOUGH_PATIENTS = 20
FEATURES = ("doubt", "ambiguous", "side", "disagreement")
LARGEST = (2.0, 1.0, 1.0, 1.5)
RIDGE = 1.0
WIDE_FACTOR = 1.6
"""Without calibration the true volume is taken to lie within this factor; a statement of ignorance, not a measurement."""

Array = npt.NDArray[np.float64]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CaseResult(_Strict):
    """One structure of one labelled case. `features` in the order of FEATURES. `case`: a name that tells patients apart."""

    case: str = Field(max_length=200)
    structure: str = Field(max_length=128)
    features: tuple[Finite, ...] = Field(min_length=len(FEATURES), max_length=len(FEATURES))
    difficulty: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    dice: Annotated[float, Field(ge=0, le=1)]
    found_ml: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    true_ml: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    corruption: str = Field(default="", max_length=64)


class Calibration(_Strict):
    """schema 1. source: whose cases. weights: bias first, then by FEATURES; None leaves the cautious ones."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    model: str = Field(max_length=64)
    version: str = Field(max_length=32)
    model_hash: str = Field(max_length=64)
    source: str = Field(default="", max_length=400)
    weights: tuple[Finite, ...] | None = None
    results: tuple[CaseResult, ...] = Field(default=(), max_length=100_000)

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @property
    def patients(self) -> tuple[str, ...]:
        """Names of the patients, corrupted copies not counted."""
        return tuple(dict.fromkeys(one.case for one in self.results if not one.corruption))

    def of_structure(self, name: str) -> tuple[CaseResult, ...]:
        """Uncorrupted results of one structure, one a patient."""
        first: dict[str, CaseResult] = {}
        for one in self.results:
            if one.structure == name and not one.corruption:
                first.setdefault(one.case, one)
        return tuple(first.values())


# Weights that stand for "nothing is known": bias, then FEATURES. Not even a network that is sure everywhere reaches 0.95.
CAUTIOUS: tuple[float, ...] = (2.0, -2.5, -1.5, -2.0, -1.0)
USUAL_CERTAINTY, USUAL_AMBIGUOUS = 0.9, 0.1


def features_of(label: Label, measures: Measures, lost: bool = False) -> Array:
    """(4,) bounded features in the order of FEATURES, 0 without any doubt; what was not measured has a middling value.

    doubt: what the network's probability lacks where it found the structure. ambiguous: Σ p(1 − p) by the volume.
    side: 1 for what has a side in a scan whose orientation is in doubt (`lost`). disagreement: of engines or repeated runs.
    """
    certainty = USUAL_CERTAINTY if measures.certainty is None else measures.certainty
    ambiguous = USUAL_AMBIGUOUS
    if measures.ambiguous_ml is not None:
        ambiguous = measures.ambiguous_ml / max(measures.volume_ml, 1e-3)
    side = float(lost and has_side(label))
    alike = min([value for value in (measures.agreement, measures.stability) if value is not None], default=1.0)
    values = (4.0 * (1.0 - certainty), ambiguous, side, 3.0 * (1.0 - alike))
    return np.clip(np.array(values, dtype=np.float64), 0.0, LARGEST)


def difficulty_of(measures: Measures) -> float:
    """How much an interval is stretched: 1 for a sharp boundary, up to 3."""
    low = 0.3 if measures.low_margin_share is None else measures.low_margin_share
    unlike = 0.0 if measures.stability is None else 1.0 - measures.stability
    return float(min(1.0 + 2.0 * low + 2.0 * unlike, 3.0))


def probability(features: Array, calibration: Calibration | None) -> float:
    """Probability that Dice ≥ 0.8."""
    weights = CAUTIOUS if calibration is None or calibration.weights is None else calibration.weights
    return float(1.0 / (1.0 + math.exp(-max(min(weights[0] + float(features @ np.array(weights[1:])), 30.0), -30.0))))


def fitted(results: Sequence[CaseResult], ridge: float = RIDGE) -> tuple[float, ...]:
    """Weights by penalised maximum likelihood about the cautious ones; patients weigh alike, whatever their copies.

    Raises ModelError without both good and bad results: then nothing can be learned.
    """
    good = np.array([one.dice >= GOOD_DICE for one in results], dtype=np.float64)
    if len(results) == 0 or good.min() == good.max():
        raise ModelError("A score needs structures that came out well and some that did not", "Add harder cases")
    x = np.array([(1.0, *one.features) for one in results], dtype=np.float64)
    counts: dict[str, int] = {}
    for one in results:
        counts[one.case] = counts.get(one.case, 0) + 1
    share = np.array([1.0 / counts[one.case] for one in results])
    share *= len(results) / share.sum()
    start = np.array(CAUTIOUS)
    weights = start.copy()
    hold = np.full(len(weights), ridge)
    hold[0] = 0.1 * ridge
    for _ in range(60):
        p = 1.0 / (1.0 + np.exp(-np.clip(x @ weights, -30, 30)))
        gradient = x.T @ (share * (p - good)) + hold * (weights - start)
        curve = (x * (share * np.maximum(p * (1 - p), 1e-6))[:, None]).T @ x + np.diag(hold)
        step = np.linalg.solve(curve, gradient)
        weights = weights - step * min(1.0, 3.0 / max(float(np.abs(step).max()), 1e-12))
        if float(np.abs(step).max()) < 1e-8:
            break
    return tuple(float(w) for w in weights)


@dataclass(frozen=True, slots=True)
class Interval:
    """Of a volume, ml. calibrated: enough patients of this structure. patients: how many."""

    low_ml: float
    high_ml: float
    calibrated: bool
    patients: int


def volume_interval(
    name: str, measures: Measures, calibration: Calibration | None, coverage: float = COVERAGE
) -> Interval:
    """Where the true volume lies; wide, and said, while there are fewer than nine patients."""
    results = () if calibration is None else calibration.of_structure(name)
    hard = difficulty_of(measures)
    factor = conformal_log_factor([(one.found_ml, one.true_ml, one.difficulty) for one in results], coverage)
    known = factor is not None
    reach = hard * (factor if factor is not None else math.log(WIDE_FACTOR))
    others = [value for value in (measures.expected_ml,) if value is not None and value > 0]
    low, high = measures.volume_ml * math.exp(-reach), measures.volume_ml * math.exp(reach)
    if not known:
        # what the run itself knew of other volumes is not left outside
        low, high = min([low, *others]), max([high, *others])
    return Interval(low, high, known, len(results))


def conformal_log_factor(results: Sequence[tuple[float, float, float]], coverage: float = COVERAGE) -> float | None:
    """The quantile of |log(found/true)|/difficulty over (found, true, difficulty); None when n is too small for it."""
    rank = math.ceil(coverage * (len(results) + 1) - 1e-9)
    if not results or rank > len(results):
        return None
    scores = sorted(abs(math.log(found / true)) / hard if found > 0 else math.inf for found, true, hard in results)
    found_at = scores[rank - 1]
    return found_at if math.isfinite(found_at) else None


def read_calibration(path: Path) -> Calibration:
    """From a file. Raises ModelError."""
    try:
        return Calibration.model_validate(read_json_bounded(path))
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise ModelError(f"{path.name} cannot be used: {where}", "Calibrate the model again") from error


def write_calibration(calibration: Calibration, path: Path) -> Path:
    """Beside its place, renamed at the end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(calibration.model_dump_json(by_alias=True, indent=1) + "\n", encoding="utf-8")
    beside.replace(path)
    return path


def own_means(calibration: Calibration) -> Mapping[str, tuple[int, float, float]]:
    """By structure: patients, mean Dice, mean volume error in per cent; the site's own column of the model card."""
    found: dict[str, tuple[int, float, float]] = {}
    for name in dict.fromkeys(one.structure for one in calibration.results if not one.corruption):
        results = calibration.of_structure(name)
        off = [100.0 * (one.found_ml - one.true_ml) / one.true_ml for one in results]
        found[name] = len(results), float(np.mean([one.dice for one in results])), float(np.mean(off))
    return found
