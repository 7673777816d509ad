"""Structures of the case: found by clicks, added from a label map, renamed, recoloured, taken out."""

from __future__ import annotations

from app.panels.segment.label_files import names_file
from app.panels.segment.panel import SegmentPanel

__all__ = ["SegmentPanel", "names_file"]
