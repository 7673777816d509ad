"""C-arm views of a TAVR plan in words: where the room reaches, what a view is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.i18n import mark, tr
from app.panels.notes import Note
from app.panels.quantities import TableRow, number_row
from app.panels.s_curve import NamedView
from planning.tavr.projections import RoomLimits, beyond_words
from planning.units import text_carm

LIMITS_TIP = mark("Set in the settings, “C-arm of your room”. Angles are for a table that lies flat.")


def reach_of(view: Mapping[str, float], limits_deg: tuple[float, float]) -> str:
    """ "" when the room reaches this view, else what is beyond: "CAU 38° is beyond 30°"."""
    return beyond_words(view["lao_deg"], view["cra_deg"], RoomLimits(*limits_deg))


def carm_words(view: Mapping[str, float]) -> str:
    """ "LAO 13°  CAU 5°"."""
    return text_carm(view["lao_deg"], view["cra_deg"]).replace("° ", "°  ")


def view_rows(named: Sequence[NamedView]) -> list[TableRow]:
    """The named views with what the room says to them."""
    return [
        TableRow(
            view.key,
            tr(view.name),
            carm_words({"lao_deg": view.lao_deg, "cra_deg": view.cra_deg}),
            swatch=view.color,
            state="ok" if view.reachable is None else "warn",
            detail="" if view.spread_deg is None else tr("edge on ± {spread_deg:.1f}°", spread_deg=view.spread_deg),
            status=tr("in reach") if view.reachable is None else tr("out of reach"),
        )
        for view in named
    ]


def carm_rows(foreshortened_percent: float, limits_deg: tuple[float, float]) -> list[TableRow]:
    """What the room reaches and how far the annulus is off its edge where the C-arm stands."""
    limits = f"± {limits_deg[0]:.0f}° · ± {limits_deg[1]:.0f}°"
    return [
        TableRow("limits", tr("Limits, LAO · CRA"), limits, reason=LIMITS_TIP, clickable=False),
        number_row("foreshortening", tr("Foreshortening now"), foreshortened_percent, "%", clickable=False),
    ]


def room_notes(named: Sequence[NamedView], limits_deg: tuple[float, float]) -> list[Note]:
    """Views out of reach with the nearest one instead; else how near the room's limits come."""
    away = [view for view in named if view.reachable is not None]
    if away:
        return [
            Note(
                f"{reach_of({'lao_deg': view.lao_deg, 'cra_deg': view.cra_deg}, limits_deg)}",
                tr("{name}: nearest is {text_carm}.", name=tr(view.name), text_carm=text_carm(*view.reachable)),
                link=tr("Use it") if view is away[0] else "",
            )
            for view in away
            if view.reachable is not None
        ]
    words = {1: tr("The view is in reach"), 2: tr("Both views are in reach")}
    return [
        Note(
            words.get(len(named), tr("All {count} views are in reach", count=len(named))),
            _nearest_limit(named, limits_deg),
            "ok",
        )
    ]


def _nearest_limit(named: Sequence[NamedView], limits_deg: tuple[float, float]) -> str:
    """ "Nearest limit: CAU 30°, 12° away."."""
    ways = []
    for view in named:
        for value, limit, sides in (
            (view.lao_deg, limits_deg[0], ("LAO", "RAO")),
            (view.cra_deg, limits_deg[1], ("CRA", "CAU")),
        ):
            ways.append((limit - abs(value), sides[value < 0], limit))
    if not ways:
        return ""
    away, side, limit = min(ways)
    return tr("Nearest limit: {side} {limit:.0f}°, {away:.0f}° away.", side=side, limit=limit, away=away)
