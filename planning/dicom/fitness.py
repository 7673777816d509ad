"""Which series of a study serves which plan: rules on what the files themselves say, never on their pixels.

The root needs ECG gating, contrast and slices of 1 mm or less, as scans before TAVR are made; all limits
are this program's own. A series that does not say so gets no badge: silence is no evidence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from planning.dicom.model import SeriesInfo
from planning.findings import Finding

Badge = Literal["tavr", "access", "liver", "moving"]

ROOT_SLICE_MM, ROOT_PIXEL_MM, ROOT_COVERAGE_MM = 1.0, 1.0, 80.0
ACCESS_SLICE_MM, ACCESS_COVERAGE_MM = 1.5, 400.0
LIVER_SLICE_MM, LIVER_COVERAGE_MM, LIVER_FIELD_MM = 3.0, 120.0, 200.0
THICK_MM = 3.0
# half of a slice on either side, at the 95 % level of a place anywhere within it
THICK_SHARE = 0.475

_CONTRAST = re.compile(
    r"\b(cta|ct ?angio\w*|angio\w*|arterial\w*|arteriell\w*|portal\w*|venous|ven[oö]s\w*|contrast|km)\b"
)
_PLAIN = re.compile(
    r"\b(non?[- ]?(iv[- ]?)?con\w*|pre[- ]?con\w*|without|w/?o|unenhanced|native?|nativ\w*|ohne|sans|plain)\b"
)
_LIVER = re.compile(r"(abdom|liver|leber|hepat|portal|upper abd|oberbauch)")
_PORTAL = re.compile(r"\b(portal\w*|port\w*[- ]?ven\w*|venous|ven[oö]s\w*|pv)\b")


@dataclass(frozen=True, slots=True)
class Fitness:
    """A series with what it is best for and what a person should know before choosing it.

    notes: findings beyond the reader's own. usable: it can be opened as it is, or with missing slices filled in.
    """

    series: SeriesInfo
    badges: tuple[Badge, ...]
    notes: tuple[Finding, ...]
    usable: bool


def rank_series(series: Sequence[SeriesInfo]) -> tuple[Fitness, ...]:
    """All series, the fittest first: with a badge, then by fineness and coverage, the unusable last.

    At most one series is the best for the root, for access and for the liver; every series of several phases is moving.
    """
    ratings: tuple[tuple[Badge, Callable[[SeriesInfo], float | None]], ...] = (
        ("tavr", root_rating),
        ("access", access_rating),
        ("liver", liver_rating),
    )
    best: dict[Badge, str] = {}
    for badge, rating in ratings:
        rated = [(value, -item.index, item.id) for item in series if (value := rating(item)) is not None]
        if rated:
            best[badge] = max(rated)[2]
    ranked = [_fitness(item, best) for item in series]
    order: tuple[Badge, ...] = ("tavr", "moving", "access", "liver")

    def place(item: Fitness) -> tuple[float, ...]:
        # a few moving slices are not what anybody plans on
        is_large = coverage_mm(item.series) >= ROOT_COVERAGE_MM
        places = [order.index(badge) for badge in item.badges if badge != "moving" or is_large]
        first = min(places, default=len(order))
        whole = item.series.importable
        return (not item.usable, first, not whole, -_quality(item.series), item.series.index)

    return tuple(sorted(ranked, key=place))


def root_rating(info: SeriesInfo) -> float | None:
    """How well a series shows the aortic root; None when it does not serve (gating, contrast, slices ≤ 1 mm, 80 mm)."""
    if not info.importable or info.modality != "CT" or info.facts.get("gated") != "yes" or not has_contrast(info):
        return None
    spacing = info.spacing_mm
    if spacing is None or spacing[2] > ROOT_SLICE_MM + 1e-3 or max(spacing[:2]) > ROOT_PIXEL_MM:
        return None
    if coverage_mm(info) < ROOT_COVERAGE_MM:
        return None
    # one chosen phase is what sizes are read in; all phases serve too, only slower
    return -spacing[2] - max(spacing[:2]) - (2.0 if info.phases > 1 else 0.0) + 0.5 * _is_systolic(info)


def access_rating(info: SeriesInfo) -> float | None:
    """How well a series shows the way from the groin; None when it does not serve (contrast, ≤ 1.5 mm, 400 mm)."""
    if not info.importable or info.modality != "CT" or info.phases > 1 or not has_contrast(info):
        return None
    spacing = info.spacing_mm
    if spacing is None or spacing[2] > ACCESS_SLICE_MM + 1e-3 or coverage_mm(info) < ACCESS_COVERAGE_MM:
        return None
    return coverage_mm(info) / 1000.0 - spacing[2]


def liver_rating(info: SeriesInfo) -> float | None:
    """How well a series shows the liver; None when it does not serve (named abdomen, contrast, ≤ 3 mm, size)."""
    if not info.importable or info.modality != "CT" or info.phases > 1 or not has_contrast(info):
        return None
    spacing, field = info.spacing_mm, field_mm(info)
    if spacing is None or field is None or spacing[2] > LIVER_SLICE_MM + 1e-3 or not _LIVER.search(_region(info)):
        return None
    if coverage_mm(info) < LIVER_COVERAGE_MM or min(field[:2]) < LIVER_FIELD_MM:
        return None
    return (10.0 if _PORTAL.search(info.description.lower()) else 0.0) - spacing[2]


def has_contrast(info: SeriesInfo) -> bool:
    """True when the files name a contrast agent, or the description does and does not deny it."""
    description = info.description.lower().replace("_", " ")
    if _PLAIN.search(description):
        return False
    return info.facts.get("contrast") == "yes" or bool(_CONTRAST.search(description))


def coverage_mm(info: SeriesInfo) -> float:
    """Length of the volume along the patient's long axis (H–F); 0 without geometry."""
    if info.spacing_mm is None or info.direction is None:
        return 0.0
    edges = np.array(info.size_ijk) * np.array(info.spacing_mm)
    return float(np.abs(np.array(info.direction)[2] * edges).sum())


def field_mm(info: SeriesInfo) -> tuple[float, float, float] | None:
    """Edge lengths of the volume along columns, rows and slices; None without spacing."""
    if info.spacing_mm is None:
        return None
    i, j, k = (size * step for size, step in zip(info.size_ijk, info.spacing_mm))
    return i, j, k


def _fitness(info: SeriesInfo, best: dict[Badge, str]) -> Fitness:
    badges = [badge for badge in best if best[badge] == info.id]
    if info.phases > 1 and info.importable:
        badges.append("moving")
    notes = []
    usable = info.importable or info.fillable
    if usable and info.spacing_mm is not None and info.spacing_mm[2] >= THICK_MM and info.modality == "CT":
        doubt = THICK_SHARE * info.spacing_mm[2]
        notes.append(Finding("thick_slices", f"Thick slices: margins will be ± {doubt:.0f} mm or worse."))
    return Fitness(info, tuple(badges), tuple(notes), usable)


def _quality(info: SeriesInfo) -> float:
    """Coverage over voxel edge: long and fine first."""
    if info.spacing_mm is None:
        return 0.0
    return coverage_mm(info) / max(max(info.spacing_mm), 0.1)


def _is_systolic(info: SeriesInfo) -> bool:
    """True for 20 to 45 % of R–R, where the annulus is largest."""
    found = re.match(r"([\d.]+) % of R–R$", info.facts.get("phase", ""))
    return found is not None and 20.0 <= float(found[1]) <= 45.0


def _region(info: SeriesInfo) -> str:
    """The words that name the region: the series' own; the study's, which many series share, only where it has none."""
    return (info.description.strip() or info.facts.get("study_description", "")).lower()
