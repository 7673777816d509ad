"""A valve in a valve: what of a prosthesis in place a person states, which sizes its maker allows in it, coronary risk.

The annulus plane of the plan is the prosthesis's own ring. High risk of obstruction (doi 10.1253/circj.CJ-24-1003): the
virtual valve comes within 4 mm of an ostium (VTC) or within 2 mm of the aorta. The second is measured at the
sinotubular junction (VTSTJ); below it the wall stands farther off, and nobody measured it there: no side is called safe.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from planning.errors import MeasurementError
from planning.tavr.devices import catalogue
from planning.units import text_value

VTC_MM, VTSTJ_MM, VTSTJ_STRICT_MM = 4.0, 2.0, 3.5
INNER_MM = (15.0, 33.0)
PROSTHESIS = "A prosthesis stands in the annulus (metal all round); no native size is proposed."


def in_valve_json(asked: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The plan's "in_valve" of a prosthesis's true inner diameter, mm, as its maker states it; None in a native valve.

    "sizes" are the catalogue's rows for a valve in a surgical one. Raises MeasurementError for a diameter that no
    prosthesis has.
    """
    if asked is None:
        return None
    inner = float(asked["inner_diameter_mm"])
    if not INNER_MM[0] <= inner <= INNER_MM[1]:
        raise MeasurementError(
            f"No aortic prosthesis has an inner diameter of {inner:g} mm",
            f"Give its true inner diameter, {INNER_MM[0]:g} to {INNER_MM[1]:g} mm",
            "inner_diameter",
        )
    perimeter = float(np.pi * inner)
    sizes = []
    for row in catalogue()["tav_in_sav"]:
        low, high = (float(value) for value in row["range"])
        sizes.append(
            {
                **{key: row[key] for key in ("model", "size", "maker", "source", "checked")},
                "low_mm": low,
                "high_mm": high,
                "fits": low <= perimeter <= high,
            }
        )
    return {"inner_diameter_mm": inner, "perimeter_mm": perimeter, "sizes": sizes}


def in_valve_risk(
    side: str, vtc_mm: float | None, vtstj_mm: float | None, uncertainty_mm: Mapping[str, float | None]
) -> dict[str, Any]:
    """The plan's "obstruction" of one side ("left" or "right") of a valve in a valve.

    uncertainty_mm: 95 % half-widths under "vtc" and "vtstj". state: "bad" high risk, "warn" within the uncertainty of a
    limit, or VTSTJ under the stricter limit of 3.5 mm, "unknown" otherwise: distances above their limits make no side
    safe, since the wall below the junction was not measured.
    """
    name = side.capitalize()
    low = [
        f"{what} {text_value(value, 1)} is under {limit:g}"
        for what, value, limit in (("VTC", vtc_mm, VTC_MM), ("VTSTJ", vtstj_mm, VTSTJ_MM))
        if value is not None and value < limit
    ]
    missing = [what for what, value in (("VTC", vtc_mm), ("VTSTJ", vtstj_mm)) if value is None]
    predicted: bool | None = None
    if low:
        predicted, state = True, "bad"
        headline, text = f"{name}: high risk of obstruction", f"{' and '.join(low)}."
    elif vtc_mm is None or vtstj_mm is None:
        state, headline = "unknown", f"{name}: obstruction not known"
        text = f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing."
    else:
        near = vtc_mm - (uncertainty_mm.get("vtc") or 0.0) < VTC_MM or vtstj_mm < VTSTJ_STRICT_MM
        near = near or vtstj_mm - (uncertainty_mm.get("vtstj") or 0.0) < VTSTJ_MM
        state = "warn" if near else "unknown"
        headline = f"{name}: close to high risk" if near else f"{name}: no distance under its limit"
        text = f"VTC {text_value(vtc_mm, 1)}, VTSTJ {text_value(vtstj_mm, 1)}. The wall below the junction was not measured."
    return {
        "predicted": predicted,
        "state": state,
        "headline": headline,
        "text": text,
        "cusp_mm": None,
        "coronary_mm": None,
        "vtc_mm": vtc_mm,
        "vtstj_mm": vtstj_mm,
        "calcium_mm3": None,
    }
