"""Will the valve close a coronary? The rule of the native-valve registry; `planning.tavr.in_valve` has the other one.

Native (PMC9991077): predicted when the cusp is longer than the coronary is high, and the virtual valve comes within 4 mm
of the ostium or the culprit leaflet carries more than 600 mm³ of calcium (AUC 0.93 left, 0.94 right). In the same
registry height and sinus width alone predicted poorly: no side is ever called safe without its VTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from planning.tavr.in_valve import VTC_MM, in_valve_risk

CALCIUM_MM3 = 600.0
CULPRIT = {"left": "lcc", "right": "rcc"}


@dataclass(frozen=True, slots=True)
class Obstruction:
    """What the rule says for one side; `predicted` is None when an input it needs is missing.

    state: "bad" predicted, "warn" not predicted but close or only because the cusp is short, "ok", "unknown".
    """

    predicted: bool | None
    state: str
    headline: str
    text: str
    cusp_mm: float | None
    coronary_mm: float | None
    vtc_mm: float | None
    calcium_mm3: float | None

    def as_json(self) -> dict[str, Any]:
        """The plan's "obstruction" of one side."""
        return {
            "predicted": self.predicted,
            "state": self.state,
            "headline": self.headline,
            "text": self.text,
            "cusp_mm": self.cusp_mm,
            "coronary_mm": self.coronary_mm,
            "vtc_mm": self.vtc_mm,
            "calcium_mm3": self.calcium_mm3,
        }


def predict_obstruction(
    side: str,
    cusp_mm: float | None,
    coronary_mm: float | None,
    vtc_mm: float | None,
    calcium_mm3: float | None,
    *,
    vtc_uncertainty_mm: float = 0.0,
    height_uncertainty_mm: float = 0.0,
) -> Obstruction:
    """The native-valve rule for one side ("left" or "right").

    cusp_mm: leaflet from hinge to free edge. coronary_mm: height of the ostium. calcium_mm3: of the culprit leaflet.
    Uncertainties (95 %) turn "ok" into "warn", never the prediction. Missing inputs give None, unless what is known
    already fulfils the rule.
    """
    known = (cusp_mm, coronary_mm, vtc_mm, calcium_mm3)
    name = side.capitalize()

    def said(predicted: bool | None, state: str, text: str) -> Obstruction:
        head = {True: "obstruction predicted", False: "no obstruction predicted", None: "obstruction not known"}
        return Obstruction(predicted, state, f"{name}: {head[predicted]}", text, *known)

    close = vtc_mm is not None and vtc_mm <= VTC_MM
    heavy = calcium_mm3 is not None and calcium_mm3 > CALCIUM_MM3
    if cusp_mm is not None and coronary_mm is not None and cusp_mm > coronary_mm and (close or heavy):
        why = _close_words(vtc_mm) if close else _heavy_words(calcium_mm3)
        return said(True, "bad", f"Cusp {cusp_mm:.1f} mm is above the ostium {coronary_mm:.1f} mm and {why}.")
    if cusp_mm is None or coronary_mm is None or vtc_mm is None or calcium_mm3 is None:
        names = ("the leaflet's length", "the coronary height", "the distance of the valve", "the leaflet's calcium")
        missing = [name for name, value in zip(names, known, strict=True) if value is None]
        verb = "is" if len(missing) == 1 else "are"
        return said(None, "unknown", f"{_joined(missing).capitalize()} {verb} missing.")
    if cusp_mm <= coronary_mm:
        text = f"Cusp {cusp_mm:.1f} mm is not above the ostium {coronary_mm:.1f} mm"
        if close or heavy:
            danger = _close_words(vtc_mm) if close else _heavy_words(calcium_mm3)
            return said(False, "warn", f"{text}, but {danger}: height alone does not make it safe.")
        text = (
            f"{text}, VTC {vtc_mm:.1f} mm is over {VTC_MM:g} mm "
            f"and calcium {calcium_mm3:.0f} mm³ under {CALCIUM_MM3:.0f} mm³."
        )
    else:
        text = (
            f"Cusp {cusp_mm:.1f} mm is above the ostium {coronary_mm:.1f} mm, but VTC {vtc_mm:.1f} mm is over "
            f"{VTC_MM:g} mm and calcium {calcium_mm3:.0f} mm³ under {CALCIUM_MM3:.0f} mm³."
        )
    near_edge = vtc_mm - vtc_uncertainty_mm <= VTC_MM
    could_reach = cusp_mm + height_uncertainty_mm > coronary_mm
    return said(False, "warn" if near_edge and could_reach else "ok", text)


def _close_words(vtc_mm: float | None) -> str:
    return f"VTC {vtc_mm:.1f} mm is not over {VTC_MM:g} mm"


def _heavy_words(calcium_mm3: float | None) -> str:
    return f"calcium {calcium_mm3:.0f} mm³ is over {CALCIUM_MM3:.0f} mm³"


def _joined(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def obstruction_of(results: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Both sides from a plan's results: its leaflets, coronaries, calcium and placed valve; of a valve in a valve where
    it has "in_valve".
    """
    leaflets, valve = results.get("leaflets") or {}, results.get("valve") or {}
    coronaries, calcium = results.get("coronaries") or {}, (results.get("calcium") or {}).get("by_region") or {}
    unsure = valve.get("uncertainty") or {}
    if results.get("in_valve"):
        return {
            side: in_valve_risk(
                side,
                valve.get(f"vtc_{side}_mm"),
                valve.get("vtstj_mm"),
                {"vtc": unsure.get(f"vtc_{side}_mm"), "vtstj": unsure.get("vtstj_mm")},
            )
            for side in CULPRIT
        }
    rows = {}
    for side, cusp in CULPRIT.items():
        spreads = (leaflets.get("uncertainty_mm") or 0.0, coronaries.get(f"{side}_uncertainty_mm") or 0.0)
        rows[side] = predict_obstruction(
            side,
            leaflets.get(f"{cusp}_mm"),
            coronaries.get(f"{side}_height_mm"),
            valve.get(f"vtc_{side}_mm"),
            calcium.get(f"{cusp}_mm3"),
            vtc_uncertainty_mm=unsure.get(f"vtc_{side}_mm") or 0.0,
            height_uncertainty_mm=float(spreads[0] ** 2 + spreads[1] ** 2) ** 0.5,
        ).as_json()
    return rows
