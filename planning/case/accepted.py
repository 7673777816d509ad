"""What a person let be as it is: faults of a printed model that were seen and accepted, kept with the case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from planning.case import manifest
from planning.case.command import Command
from planning.case.model import AcceptedFault, ArrayRef, Case
from planning.findings import Finding

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


def accepted_findings(case: Case) -> list[Finding]:
    """What has to be said wherever the case's plans are told: faults of printed models that a person let be."""
    found = []
    thin = [fault for fault in case.accepted if fault.kind == "thin_wall"]
    if thin:
        least = min(thin, key=lambda fault: fault.measure)
        words = (
            f"Printed model: {len(thin)} thin place(s) were accepted as they are, down to {least.measure:.2f} mm "
            f"where {least.limit or 0.0:g} mm are asked."
        )
        found.append(Finding("thin_walls_accepted", words))
    loose = [fault for fault in case.accepted if fault.kind == "loose"]
    if loose:
        volume = sum(fault.measure for fault in loose)
        words = f"Printed model: {len(loose)} loose part(s) were accepted as they are, {volume:.1f} ml in all."
        found.append(Finding("loose_parts_accepted", words))
    others = len(case.accepted) - len(thin) - len(loose)
    if others:
        found.append(Finding("faults_accepted", f"Printed model: {others} other fault(s) were accepted as they are."))
    return found


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
