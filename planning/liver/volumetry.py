"""Body surface, standard liver volume and remnant ratios."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from planning.errors import UsageError
from planning.findings import Finding

BODY_SURFACE_RANGE_M2 = (1.2, 2.5)
WEIGHT_RANGE_KG = (2.0, 400.0)
HEIGHT_RANGE_CM = (40.0, 250.0)
SMALL_REMNANT_TO_BODY_WEIGHT_PERCENT = 0.5
# the codes of the findings that depend on the patient's size
BODY_SIZE_CODES = frozenset({"no_body_size", "body_surface_range", "small_remnant"})


def body_surface_mosteller_m2(weight_kg: float, height_cm: float) -> float:
    """√(height·weight / 3600). Source: Mosteller, N Engl J Med 1987;317:1098."""
    return float((height_cm * weight_kg / 3600.0) ** 0.5)


def body_surface_dubois_m2(weight_kg: float, height_cm: float) -> float:
    """0.007184 · weight^0.425 · height^0.725. Source: Du Bois and Du Bois, Arch Intern Med 1916;17:863."""
    return float(0.007184 * weight_kg**0.425 * height_cm**0.725)


def standard_liver_urata_ml(body_surface_m2: float) -> float:
    """706.2·BSA + 2.4. Source: Urata et al., Hepatology 1995;21:1317 (Japanese population)."""
    return 706.2 * body_surface_m2 + 2.4


def standard_liver_vauthey_ml(body_surface_m2: float) -> float:
    """−794.41 + 1267.28·BSA. Source: Vauthey et al., Liver Transpl 2002;8:233 (Western population)."""
    return -794.41 + 1267.28 * body_surface_m2


def standard_liver_by_weight_ml(weight_kg: float) -> float:
    """18.51·weight + 191.8. Source: Vauthey et al., Liver Transpl 2002;8:233."""
    return 18.51 * weight_kg + 191.8


@dataclass(frozen=True, slots=True, kw_only=True)
class RemnantRatios:
    """What the remnant is worth against the body; None where weight or height is not known."""

    body_surface_m2: float | None
    body_surface_dubois_m2: float | None
    standard_liver_ml: dict[str, float]
    sflr_percent: float | None
    remnant_to_body_weight_percent: float | None
    findings: tuple[Finding, ...]

    def as_json(self) -> dict[str, Any]:
        """Keys for the plan: the contract's `sflr_percent` and, beside it, each formula's number."""
        return {
            "sflr_percent": self.sflr_percent,
            "sflr_formula": "Vauthey (BSA by Mosteller)" if self.sflr_percent is not None else None,
            "body_surface_m2": self.body_surface_m2,
            "body_surface_dubois_m2": self.body_surface_dubois_m2,
            "standard_liver_ml": dict(self.standard_liver_ml),
            "flr_bw_percent": self.remnant_to_body_weight_percent,
        }


def _checked(value: float | None, name: str, unit: str, limits: tuple[float, float]) -> float | None:
    if value is None:
        return None
    if not limits[0] <= value <= limits[1]:
        raise UsageError(
            f"A body {name} of {value:g} {unit} cannot be used", f"Give {limits[0]:g} to {limits[1]:g} {unit}"
        )
    return float(value)


def measure_remnant_ratios(remnant_ml: float, weight_kg: float | None, height_cm: float | None) -> RemnantRatios:
    """Standardised remnant (Vauthey) and remnant to body weight, with all standard liver volumes beside them.

    remnant_ml: kept parenchyma without tumour. Raises UsageError for a weight or height that no person has.
    """
    weight = _checked(weight_kg, "weight", "kg", WEIGHT_RANGE_KG)
    height = _checked(height_cm, "height", "cm", HEIGHT_RANGE_CM)
    standard: dict[str, float] = {}
    findings: list[Finding] = []
    surface = dubois = sflr = None
    to_weight = None
    if weight is not None:
        standard["vauthey_weight"] = standard_liver_by_weight_ml(weight)
        to_weight = 100.0 * remnant_ml / (1000.0 * weight)
    if weight is None or height is None:
        findings.append(Finding("no_body_size", "The standardised remnant needs the patient's weight and height"))
    else:
        surface = body_surface_mosteller_m2(weight, height)
        dubois = body_surface_dubois_m2(weight, height)
        standard["vauthey"] = standard_liver_vauthey_ml(surface)
        standard["urata"] = standard_liver_urata_ml(surface)
        low, high = BODY_SURFACE_RANGE_M2
        if not low <= surface <= high:
            findings.append(
                Finding(
                    "body_surface_range",
                    f"Body surface {surface:.2f} m² lies outside {low}–{high} "
                    "m², for which the standard liver volume was fitted",
                )
            )
        if standard["vauthey"] > 0.0:
            sflr = 100.0 * remnant_ml / standard["vauthey"]
    if to_weight is not None and to_weight < SMALL_REMNANT_TO_BODY_WEIGHT_PERCENT:
        findings.append(
            Finding(
                "small_remnant",
                f"The remnant is {to_weight:.2f} % of the body weight, below {SMALL_REMNANT_TO_BODY_WEIGHT_PERCENT} %",
            )
        )
    return RemnantRatios(
        body_surface_m2=surface,
        body_surface_dubois_m2=dubois,
        standard_liver_ml=standard,
        sflr_percent=sflr,
        remnant_to_body_weight_percent=to_weight,
        findings=tuple(findings),
    )
