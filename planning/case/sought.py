"""What a model looked for and did not find, kept with the case: "not there" and "not looked for" are two things."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from planning.case import manifest
from planning.case.command import Command
from planning.case.model import ArrayRef, Case, InVain


def with_run(known: Iterable[InVain], run: InVain) -> tuple[InVain, ...]:
    """The runs in the order of their last time; one that is done again stands once."""
    return (*(one for one in known if one != run), run)


@dataclass(frozen=True, slots=True, eq=False)
class KeepInVain:
    """All runs that found nothing, in place of those that were kept. title: what the step is called."""

    op: ClassVar[str] = "keep_in_vain"
    op_version: ClassVar[int] = 1
    runs: tuple[InVain, ...]
    title: str

    def apply(self, case: Case) -> Case:
        return replace(case, in_vain=self.runs)

    def inverse(self, case: Case) -> Command:
        return KeepInVain(case.in_vain, self.title)

    def parameters(self) -> dict[str, Any]:
        return {"runs": [manifest.in_vain_json(run) for run in self.runs], "title": self.title}

    def arrays(self) -> tuple[ArrayRef, ...]:
        return ()
