"""Foreign settings, read entry by entry: each is of the kind and within the bounds that are asked, or refused by name."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from planning.errors import ModelError

Number = TypeVar("Number", int, float)


@dataclass(frozen=True)
class Settings:
    """A table of a foreign description; `name` is what it is called when something in it is wrong."""

    values: Mapping[str, Any]
    name: str

    def get(self, key: str, otherwise: Any = None) -> Any:
        return self.values.get(key, otherwise)

    def table(self, key: str) -> Mapping[str, Any]:
        """A table inside this one."""
        return of(self.get(key), f"{key} of {self.name}").values

    def word(self, key: str) -> str:
        """A short text."""
        value = self.get(key)
        if not isinstance(value, str) or not 0 < len(value) <= 200:
            raise self._wrong(key, "a word")
        return value

    def number(self, key: str, kind: type[Number], least: Number, most: Number) -> Number:
        """A finite number from least to most."""
        value = self._finite(key, self.get(key), kind)
        if not least <= value <= most:
            raise self._wrong(key, f"from {least} to {most}")
        return value

    def real(self, key: str) -> float:
        """A finite number of ordinary size."""
        return self.number(key, float, -1e9, 1e9)

    def numbers(self, key: str, kind: type[Number], least_count: int, most_count: int) -> list[Number]:
        """A list of finite numbers, of so many."""
        value = self.get(key)
        if not isinstance(value, list) or not least_count <= len(value) <= most_count:
            raise self._wrong(key, "a list of numbers")
        return [self._finite(key, item, kind) for item in value]

    def flag(self, key: str, otherwise: bool) -> bool:
        """True or false."""
        value = self.get(key)
        if value is None:
            return otherwise
        if not isinstance(value, bool):
            raise self._wrong(key, "true or false")
        return value

    def _finite(self, key: str, value: Any, kind: type[Number]) -> Number:
        whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        if isinstance(value, bool) or not isinstance(value, (int, float)) or (kind is int and not whole):
            raise self._wrong(key, "a number" if kind is float else "a whole number")
        if not math.isfinite(value) or abs(value) > 1e12:
            raise self._wrong(key, "of ordinary size")
        return kind(value)

    def _wrong(self, key: str, wanted: str) -> ModelError:
        got = str(self.get(key))
        shown = "".join(letter if letter.isprintable() else "?" for letter in got[:40])
        return ModelError(
            f"{key} in {self.name} is {shown}, not {wanted}", "The model's description is damaged", "settings"
        )


def of(value: Any, name: str) -> Settings:
    """A table as `Settings`. Raises ModelError when it is none."""
    if not isinstance(value, Mapping):
        raise ModelError(f"{name} is missing or damaged", "Choose the folder that was trained", "settings")
    return Settings(value, name)
