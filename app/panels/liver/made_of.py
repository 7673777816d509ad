"""Which ready organ something was made of, told without keeping that: its voxels and trees are a hundred megabytes.

A step that is not in sight hears nothing of another organ; what it keeps must not keep the former one alive.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planning.liver.model import LiverModel


class MadeOf:
    """Names one organ, or none."""

    def __init__(self, model: LiverModel | None = None) -> None:
        self._model = None if model is None else weakref.ref(model)

    def is_(self, model: LiverModel | None) -> bool:
        """Whether it was this very one; False for None once the organ that it names is gone."""
        return model is None if self._model is None else model is not None and self._model() is model
