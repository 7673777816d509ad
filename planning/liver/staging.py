"""What a person decides about the steps of a plan: the stage of each resection, and portal branches to occlude."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from planning.errors import UsageError

STAGES = (1, 2)
OCCLUSIONS: Mapping[str, str] = MappingProxyType(
    {"before": "embolised before stage 1", "embolise": "embolised at stage 1", "ligate": "ligated at stage 1"}
)


@dataclass(frozen=True, slots=True)
class Occlusion:
    """Portal branches whose flow is stopped. way: a key of OCCLUSIONS. Raises UsageError for no branch or another way."""

    branches: tuple[str, ...]
    way: str = "embolise"

    def __post_init__(self) -> None:
        if not self.branches:
            raise UsageError("An occlusion names at least one portal branch", "Name a branch or a segment")
        if self.way not in OCCLUSIONS:
            raise UsageError(f"An occlusion '{self.way}' is not known", f"Choose {', '.join(OCCLUSIONS)}")

    def as_json(self) -> dict[str, Any]:
        """As the plan's inputs keep it."""
        return {"branches": list(self.branches), "way": self.way}

    @classmethod
    def from_json(cls, row: Mapping[str, Any] | None) -> Occlusion | None:
        """Of `as_json`."""
        return None if row is None else cls(tuple(str(name) for name in row["branches"]), str(row["way"]))


@dataclass(frozen=True, slots=True)
class Staging:
    """of_resection: the stage of each of the plan's resections, 1 or 2. Raises UsageError for another."""

    of_resection: tuple[int, ...] = ()
    occlusion: Occlusion | None = None

    def __post_init__(self) -> None:
        for stage in self.of_resection:
            if stage not in STAGES:
                raise UsageError(f"A plan has stages 1 and 2, not {stage}", "Give --stage 1 or --stage 2")

    @classmethod
    def from_json(cls, inputs: Mapping[str, Any]) -> Staging:
        """Of a plan's inputs."""
        stages = tuple(int(row.get("stage", 1)) for row in inputs["resections"])
        return cls(stages, Occlusion.from_json(inputs.get("occlusion")))

    @property
    def is_staged(self) -> bool:
        """Whether there is more than one step."""
        return self.occlusion is not None or any(stage != 1 for stage in self.of_resection)

    def up_to(self, stage: int) -> tuple[int, ...]:
        """Numbers of the resections done by the end of a stage."""
        return tuple(number for number, own in enumerate(self.of_resection) if own <= stage)
