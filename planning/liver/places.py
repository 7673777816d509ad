"""A place that a person pointed at, as a plan's inputs keep it."""

from __future__ import annotations

from typing import Any

import numpy as np

from planning.errors import UsageError

Place = tuple[float, float, float]
"""LPS mm."""


def place_from_json(value: Any) -> Place:
    """Three finite numbers in mm. Raises UsageError for anything else."""
    try:
        x, y, z = (float(v) for v in value)
    except (TypeError, ValueError):
        raise UsageError(f"A place needs three numbers in mm, got {value}") from None
    if not np.isfinite((x, y, z)).all():
        raise UsageError(f"A place needs three numbers in mm, got {value}")
    return x, y, z
