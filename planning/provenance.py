"""Where a result came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

APPLICATION_VERSION = "0.1.0"


def now_utc() -> str:
    """The time as ISO 8601 in UTC to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a piece of a case came to be: who made it, from what, by which version, when."""

    source: str
    inputs: tuple[str, ...] = ()
    application_version: str = APPLICATION_VERSION
    created: str = field(default_factory=now_utc)
