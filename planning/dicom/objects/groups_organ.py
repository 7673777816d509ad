"""The groups of a liver plan and of a kidney plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from planning.dicom.objects import codes
from planning.dicom.objects.codes import Coded
from planning.dicom.objects.groups import Group, Number, number

# a segment is referred to where it holds just what was measured
SAME_ML = 1e-6


def liver_groups(results: Mapping[str, Any], volumes_ml: Mapping[str, float]) -> list[Group]:
    """The resection, each tumour, each territory."""
    whole = (
        *_resection(results),
        *number(results, "flr_ml", codes.REMNANT, codes.CM3),
        *number(results, "flr_percent", codes.REMNANT_PERCENT, codes.PERCENT),
        *number(results, "sflr_percent", codes.REMNANT_STANDARD, codes.PERCENT),
        *number(results, "viable_flr_percent", codes.REMNANT_VIABLE, codes.PERCENT),
    )
    territories = [
        Group(
            f"territory {row['name']} ({row['tree']})",
            codes.LIVER,
            number(row, "volume_ml", codes.TERRITORY_VOLUME, codes.CM3),
        )
        for row in results.get("territories") or ()
    ]
    return [
        Group("liver resection", codes.LIVER, whole),
        *_tumors(results, volumes_ml, codes.LIVER),
        *territories,
    ]


def kidney_groups(results: Mapping[str, Any], volumes_ml: Mapping[str, float]) -> list[Group]:
    """The resection, each tumour with its score."""
    whole = (
        *_resection(results),
        *number(results, "parenchyma_ml", codes.PARENCHYMA, codes.CM3),
        *number(results, "kept_parenchyma_ml", codes.KEPT_PARENCHYMA, codes.CM3),
        *number(results, "kept_parenchyma_percent", codes.KEPT_PARENCHYMA_PERCENT, codes.PERCENT),
    )
    return [
        Group("kidney resection", codes.KIDNEY, whole),
        *_tumors(results, volumes_ml, codes.KIDNEY),
    ]


def _resection(results: Mapping[str, Any]) -> tuple[Number, ...]:
    margin = results.get("margin") or {}
    return (
        *number(results, "organ_ml", codes.ORGAN_VOLUME, codes.CM3),
        *number(results, "removed_ml", codes.REMOVED_VOLUME, codes.CM3),
        *number(results, "kept_ml", codes.KEPT_VOLUME, codes.CM3),
        *number(results, "removed_tumor_ml", codes.REMOVED_TUMOR, codes.CM3),
        *number(results, "kept_tumor_ml", codes.KEPT_TUMOR, codes.CM3),
        *_margin(margin),
    )


def _margin(row: Mapping[str, Any]) -> tuple[Number, ...]:
    return number(row, "minimum_mm", codes.MARGIN, codes.MM, codes.LEAST, row.get("uncertainty_mm"), is_one_sided=True)


def _score(row: Mapping[str, Any]) -> tuple[Number, ...]:
    """The score with the sums that its letters leave open."""
    total, possible = row.get("total"), row.get("possible_totals") or ()
    if total is None:
        return ()
    below = float(total - min(possible)) if len(possible) > 1 else None
    above = float(max(possible) - total) if len(possible) > 1 else None
    return (Number(codes.RENAL_SCORE, float(total), codes.NO_UNIT, None, below, above),)


def _tumors(results: Mapping[str, Any], volumes_ml: Mapping[str, float], organ: Coded) -> list[Group]:
    margins = {row["id"]: row for row in (results.get("margin") or {}).get("by_tumor") or ()}
    found = []
    for tumor in results.get("tumors") or ():
        numbers = (
            *number(tumor, "volume_ml", codes.VOLUME, codes.CM3),
            *number(tumor, "longest_diameter_mm", codes.DIAMETER, codes.MM, codes.GREATEST),
            *_margin(margins.get(tumor["id"], {})),
            *_score(tumor.get("renal") or {}),
        )
        structure, volume = tumor.get("structure"), tumor.get("volume_ml")
        # a structure of several tumours, or one that changed since, is not what was measured
        is_same = structure in volumes_ml and volume is not None and abs(volumes_ml[structure] - volume) < SAME_ML
        found.append(
            Group(
                f"tumour {tumor['id']}", codes.NEOPLASM, numbers, organ, structure=str(structure) if is_same else None
            )
        )
    return found
