"""The guided liver plan: which structures, what the cut does, what is kept."""

from __future__ import annotations

from app.panels.liver.panel import REPORT, RESECTION, LiverPanel

__all__ = ["REPORT", "RESECTION", "LiverPanel"]
