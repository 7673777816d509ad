"""The guided kidney plan: score, clamps and partial resection, step by step."""

from __future__ import annotations

from app.panels.kidney.panel import KidneyPanel

__all__ = ["KidneyPanel"]
