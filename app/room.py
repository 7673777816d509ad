"""How far this room's C-arm goes, as the settings say: one truth for panel, chart and report."""

from __future__ import annotations

from app.settings import load_settings
from planning.tavr.projections import RoomLimits


def room_limits() -> RoomLimits:
    """What the room reaches in LAO/RAO and CRA/CAU."""
    settings = load_settings()
    return RoomLimits(settings.room_limit_lao_deg, settings.room_limit_cra_deg)
