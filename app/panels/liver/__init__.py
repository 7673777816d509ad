"""The guided liver plan: which structures, what the cut does, what is kept."""

from __future__ import annotations

from app.panels.liver.panel import COMPARE, REPORT, RESECTION, LiverPanel

__all__ = ["COMPARE", "REPORT", "RESECTION", "LiverPanel"]
