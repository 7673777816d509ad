"""The print place: see `panel.py`."""

from app.panels.printing.panel import CHECK, PARTS, SHAPE, WRITE, PrintPanel

__all__ = ["CHECK", "PARTS", "SHAPE", "WRITE", "PrintPanel"]
