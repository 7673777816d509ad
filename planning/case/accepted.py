"""What a person let be as it is: faults of a printed model that were seen and accepted, kept with the case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from planning.case import manifest
from planning.case.command import Command
from planning.case.model import AcceptedFault, ArrayRef, Case

# where the same fault may be found again when a model is made once more, and how much its measure may differ by
SAME_PLACE_MM, SAME_SHARE, SAME_LEAST = 3.0, 0.03, 0.02
# of these less is worse, of all others more
LEAST_KINDS = ("thin_wall", "clearance", "peg")


def covers(one: AcceptedFault, other: AcceptedFault) -> bool:
    """Whether `other` is the fault that was accepted and is no worse: of the same object and kind, at its place, and held
    against the same limit."""
    if (one.of, one.kind, one.limit) != (other.of, other.kind, other.limit):
        return False
    if np.linalg.norm(np.subtract(one.at_mm, other.at_mm)) > SAME_PLACE_MM:
        return False
    slack = max(SAME_LEAST, SAME_SHARE * abs(one.measure))
    if one.kind in LEAST_KINDS:
        return other.measure >= one.measure - slack
    return other.measure <= one.measure + slack


def all_covered(accepted: Iterable[AcceptedFault], faults: Iterable[AcceptedFault]) -> bool:
    """Whether each of the faults was accepted."""
    known = tuple(accepted)
    return all(any(covers(one, fault) for one in known) for fault in faults)


@dataclass(frozen=True, slots=True, eq=False)
class AcceptFaults:
    """All faults that are accepted, in place of those that were. verb: what the step is called."""

    op: ClassVar[str] = "accept_faults"
    op_version: ClassVar[int] = 1
    faults: tuple[AcceptedFault, ...]
    verb: str = "Accept as is"

    @property
    def title(self) -> str:
        return self.verb

    def apply(self, case: Case) -> Case:
        return replace(case, accepted=self.faults)

    def inverse(self, case: Case) -> Command:
        return AcceptFaults(case.accepted, self.verb)

    def parameters(self) -> dict[str, Any]:
        return {"faults": [manifest.accepted_json(fault) for fault in self.faults], "verb": self.verb}

    def arrays(self) -> tuple[ArrayRef, ...]:
        return ()
