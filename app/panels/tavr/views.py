"""C-arm views of a TAVR plan in words: where the room reaches, what a view is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.panels.quantities import TableRow, number_row
from app.panels.s_curve import NamedView
from planning.units import text_carm


def reach_of(view: Mapping[str, float], limits_deg: tuple[float, float]) -> str:
    """ "" when the room reaches this view, else what is beyond: "CAU 38° is beyond this room's limit of 30°." """
    lao, cra = view["lao_deg"], view["cra_deg"]
    if abs(cra) > limits_deg[1]:
        side = "CRA" if cra > 0 else "CAU"
        return f"{side} {abs(cra):.0f}° is beyond this room’s limit of {limits_deg[1]:.0f}°."
    if abs(lao) > limits_deg[0]:
        side = "LAO" if lao > 0 else "RAO"
        return f"{side} {abs(lao):.0f}° is beyond this room’s limit of {limits_deg[0]:.0f}°."
    return ""


def carm_words(view: Mapping[str, float]) -> str:
    """ "LAO 13°  CAU 5°"."""
    parts = text_carm(view["lao_deg"], view["cra_deg"]).split(" ")
    return f"{parts[0]} {parts[1]}  {parts[2]} {parts[3]}"


def view_rows(named: Sequence[NamedView], beyond: Mapping[str, str]) -> list[TableRow]:
    """The named views with what the room says to them."""
    return [
        TableRow(
            view.key,
            view.name,
            carm_words({"lao_deg": view.lao_deg, "cra_deg": view.cra_deg}),
            swatch=view.color,
            state="warn" if beyond[view.key] else "ok",
            detail="annulus edge on",
            status="out of reach" if beyond[view.key] else "in reach",
        )
        for view in named
    ]


def carm_rows(
    angle_deg: tuple[float, float] | None, foreshortened_percent: float | None, limits_deg: tuple[float, float]
) -> list[TableRow]:
    """Where the C-arm stands and how far the annulus is off its edge there."""
    now = "–" if angle_deg is None else carm_words({"lao_deg": angle_deg[0], "cra_deg": angle_deg[1]})
    limits = f"LAO, RAO {limits_deg[0]:.0f}° · CRA, CAU {limits_deg[1]:.0f}°"
    return [
        TableRow("now", "C-arm now", now, clickable=False),
        number_row("foreshortening", "Foreshortening now", foreshortened_percent, "%", clickable=False),
        TableRow("limits", "Limits", limits, clickable=False),
    ]
