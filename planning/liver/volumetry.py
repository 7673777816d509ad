"""Body surface, standard liver volume and remnant ratios."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from planning.errors import UsageError
from planning.findings import Finding

BODY_SURFACE_RANGE_M2 = (1.2, 2.5)
WEIGHT_RANGE_KG = (2.0, 400.0)
HEIGHT_RANGE_CM = (40.0, 250.0)
SMALL_REMNANT_TO_BODY_WEIGHT_PERCENT = 0.5
# the codes of the findings that depend on the patient's size and on what is asked of the remnant
BODY_SIZE_CODES = frozenset(
    {
        "no_body_size",
        "body_surface_range",
        "small_remnant",
        "limit_denominator",
        "viable_below_limit",
        "remnant_below_limit",
    }
)


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


SURFACE_NAMES: Mapping[str, str] = MappingProxyType({"mosteller": "Mosteller", "dubois": "Du Bois"})
STANDARD_NAMES: Mapping[str, str] = MappingProxyType(
    {"vauthey": "Vauthey", "urata": "Urata", "vauthey_weight": "Vauthey by weight"}
)
_SURFACES: Mapping[str, Callable[[float, float], float]] = MappingProxyType(
    {"mosteller": body_surface_mosteller_m2, "dubois": body_surface_dubois_m2}
)
_BY_SURFACE: Mapping[str, Callable[[float], float]] = MappingProxyType(
    {"vauthey": standard_liver_vauthey_ml, "urata": standard_liver_urata_ml}
)


@dataclass(frozen=True, slots=True)
class SizeFormulas:
    """Which formulas lead: of the standard liver volume and of the body surface; the others are told beside them.

    Raises UsageError for names that are none.
    """

    standard: str = "vauthey"
    surface: str = "mosteller"

    def __post_init__(self) -> None:
        for what, name, known in (
            ("standard liver volume", self.standard, STANDARD_NAMES),
            ("body surface", self.surface, SURFACE_NAMES),
        ):
            if name not in known:
                raise UsageError(f"A formula '{name}' of the {what} is not known", f"Choose {', '.join(known)}")

    @property
    def words(self) -> str:
        """ "Vauthey (BSA by Mosteller)"."""
        if self.standard not in _BY_SURFACE:
            return STANDARD_NAMES[self.standard]
        return f"{STANDARD_NAMES[self.standard]} (BSA by {SURFACE_NAMES[self.surface]})"

    def as_json(self) -> dict[str, str]:
        """As the plan's inputs keep it: only what is not the default."""
        rows = (("standard_formula", self.standard, "vauthey"), ("surface_formula", self.surface, "mosteller"))
        return {key: value for key, value, default in rows if value != default}

    @classmethod
    def from_json(cls, inputs: Mapping[str, Any]) -> SizeFormulas:
        """Of a plan's inputs."""
        return cls(str(inputs.get("standard_formula", "vauthey")), str(inputs.get("surface_formula", "mosteller")))


DEFAULT_FORMULAS = SizeFormulas()


@dataclass(frozen=True, slots=True, kw_only=True)
class RemnantRatios:
    """What the remnant is worth against the body; None where weight or height is not known.

    surfaces_m2, standard_liver_ml, sflr_by_formula_percent: by the formula's key; the chosen ones lead.
    """

    formulas: SizeFormulas
    surfaces_m2: Mapping[str, float]
    standard_liver_ml: Mapping[str, float]
    sflr_by_formula_percent: Mapping[str, float]
    remnant_to_body_weight_percent: float | None
    findings: tuple[Finding, ...]

    @property
    def body_surface_m2(self) -> float | None:
        """By the chosen formula."""
        return self.surfaces_m2.get(self.formulas.surface)

    @property
    def sflr_percent(self) -> float | None:
        """By the chosen formulas."""
        return self.sflr_by_formula_percent.get(self.formulas.standard)

    def as_json(self) -> dict[str, Any]:
        """Keys for the plan: the contract's `sflr_percent` and, beside it, each formula's number."""
        return {
            "sflr_percent": self.sflr_percent,
            "sflr_formula": self.formulas.words if self.sflr_percent is not None else None,
            "sflr_by_formula_percent": dict(self.sflr_by_formula_percent),
            "standard_formula": self.formulas.standard,
            "surface_formula": self.formulas.surface,
            "body_surface_m2": self.body_surface_m2,
            "body_surface_mosteller_m2": self.surfaces_m2.get("mosteller"),
            "body_surface_dubois_m2": self.surfaces_m2.get("dubois"),
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


def measure_remnant_ratios(
    remnant_ml: float,
    weight_kg: float | None,
    height_cm: float | None,
    formulas: SizeFormulas = DEFAULT_FORMULAS,
) -> RemnantRatios:
    """Standardised remnant by every formula and remnant to body weight.

    remnant_ml: kept parenchyma without tumour. Raises UsageError for a weight or height that no person has.
    """
    weight = _checked(weight_kg, "weight", "kg", WEIGHT_RANGE_KG)
    height = _checked(height_cm, "height", "cm", HEIGHT_RANGE_CM)
    surfaces: dict[str, float] = {}
    standard: dict[str, float] = {}
    findings: list[Finding] = []
    to_weight = None
    if weight is not None:
        standard["vauthey_weight"] = standard_liver_by_weight_ml(weight)
        to_weight = 100.0 * remnant_ml / (1000.0 * weight)
    if weight is not None and height is not None:
        surfaces = {name: formula(weight, height) for name, formula in _SURFACES.items()}
        surface = surfaces[formulas.surface]
        standard |= {name: formula(surface) for name, formula in _BY_SURFACE.items()}
        low, high = BODY_SURFACE_RANGE_M2
        if not low <= surface <= high:
            findings.append(
                Finding(
                    "body_surface_range",
                    f"Body surface {surface:.2f} m² lies outside {low}–{high} "
                    "m², for which the standard liver volume was fitted",
                )
            )
    # a formula that falls below nothing for a small body has no number
    standardised = {name: 100.0 * remnant_ml / ml for name, ml in standard.items() if ml > 0.0}
    if formulas.standard not in standard:
        findings.append(Finding("no_body_size", "The standardised remnant needs the patient's weight and height"))
    if to_weight is not None and to_weight < SMALL_REMNANT_TO_BODY_WEIGHT_PERCENT:
        findings.append(
            Finding(
                "small_remnant",
                f"The remnant is {to_weight:.2f} % of the body weight, below {SMALL_REMNANT_TO_BODY_WEIGHT_PERCENT} %",
            )
        )
    return RemnantRatios(
        formulas=formulas,
        surfaces_m2=surfaces,
        standard_liver_ml=standard,
        sflr_by_formula_percent=standardised,
        remnant_to_body_weight_percent=to_weight,
        findings=tuple(findings),
    )
