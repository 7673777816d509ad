"""Warnings that belong to a result: data, not log lines."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a person must know about a result: a stable code and plain words.

    The contract calls it a warning; Python already owns that name.
    """

    code: str
    text: str

    def as_json(self) -> dict[str, str]:
        """The contract's {"code", "text"}."""
        return {"code": self.code, "text": self.text}
