"""A manifest that cannot hold what was read becomes one plain sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import ValidationError

from planning.errors import ModelError


@contextmanager
def told_plainly(name: str) -> Iterator[None]:
    """Turn the first thing a model's fields refuse into a ModelError; `name` is what was read."""
    try:
        yield
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        message = " ".join(str(first["msg"]).removeprefix("Value error, ").split())
        raise ModelError(
            f"{name} cannot be used: {where + ': ' if where else ''}{message[:200]}", "It is out of bounds", "bounds"
        ) from error
