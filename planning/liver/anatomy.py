"""What a person said of a liver's anatomy: corrections of its vessel trees, landmarks and names of its segments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from planning.errors import UsageError
from planning.liver.corrections import TreeCorrection, correction_as_json, correction_from_json
from planning.liver.couinaud import CouinaudInputs


@dataclass(frozen=True, slots=True)
class LiverAnatomy:
    """corrections: in the order they were made."""

    corrections: tuple[TreeCorrection, ...] = ()
    segments: CouinaudInputs = field(default_factory=CouinaudInputs)

    def as_json(self) -> dict[str, Any]:
        """As a plan's inputs keep it."""
        return {
            "corrections": [correction_as_json(one) for one in self.corrections],
            "segments": self.segments.as_json(),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any] | None) -> LiverAnatomy:
        """Of a plan's inputs, nothing said where there is none. Raises UsageError for what it does not know."""
        if value is None:
            return cls()
        if not isinstance(value, Mapping):
            raise UsageError("The anatomy is not an object", 'Give {"corrections": [...], "segments": {...}}')
        try:
            corrections = tuple(correction_from_json(one) for one in value.get("corrections") or ())
            return cls(corrections, CouinaudInputs.from_json(value.get("segments") or {}))
        except (TypeError, ValueError, LookupError, AttributeError) as error:
            # a list where a table belongs, or the other way round
            raise UsageError(
                "The anatomy is not of its form", 'Give {"corrections": [...], "segments": {...}}'
            ) from error

    @property
    def is_said(self) -> bool:
        """Whether anything was said at all."""
        return self != LiverAnatomy()
