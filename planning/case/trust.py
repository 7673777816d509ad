"""How far a structure that a model found can be believed, kept with it in the case.

What a model says of itself is never enough: a red structure is not planned with before a person ticks it. The tick
(`checked`) is a journal step like any other; another shape of the structure is another `Trust`, unticked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planning.errors import InputError
from planning.findings import Finding

if TYPE_CHECKING:
    from planning.case.model import Case

LIGHTS = ("green", "amber", "red")
# what a light is called on screen
WORDS = {"green": "sure", "amber": "check", "red": "do not use"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """A traffic light with its reasons, and which model it is of.

    light: "green" (likely right, nothing speaks against it), "amber", "red". confidence: chance of Dice 0.8 or more,
    0 … 1, None where it is not calibrated. interval_ml: where the true volume lies in 9 of 10 cases, None where it is
    not calibrated. reasons: why it is not green. weights_sha256: over all weights of the model. checked: a person looked
    at it and lets it be used (True) or not (False); None while nobody decided.
    """

    light: str
    confidence: float | None = None
    interval_ml: tuple[float, float] | None = None
    reasons: tuple[Finding, ...] = ()
    model: str = ""
    version: str = ""
    licence: str = ""
    weights_sha256: str = ""
    checked: bool | None = None

    @property
    def may_be_used(self) -> bool:
        """False for red until a person ticks it, and for what a person refused."""
        return self.light != "red" if self.checked is None else self.checked

    @property
    def is_ticked(self) -> bool:
        """True for what is sure by itself, and for what a person ticked: the window plans with nothing else."""
        return self.light == "green" if self.checked is None else self.checked

    @property
    def word(self) -> str:
        """The light in a word: "sure", "check", "do not use"."""
        return WORDS.get(self.light, "check")

    @property
    def reason(self) -> str:
        """Why, in one line; "" for green."""
        return "; ".join(finding.text.rstrip(".") for finding in self.reasons)


def unticked(case: Case, names: Iterable[str]) -> tuple[str, ...]:
    """Those of the named structures that a person must tick before a plan uses them."""
    found = (case.structures.get(name) for name in dict.fromkeys(names))
    return tuple(one.name for one in found if one is not None and one.trust is not None and not one.trust.may_be_used)


def not_looked_at(case: Case, names: Iterable[str]) -> tuple[str, ...]:
    """Those of the named structures that the window asks a person about before it plans with them."""
    found = (case.structures.get(name) for name in dict.fromkeys(names))
    return tuple(one.name for one in found if one is not None and one.trust is not None and not one.trust.is_ticked)


def require_ticked(case: Case, names: Iterable[str]) -> None:
    """Raises InputError (code "unticked") for the first structure that only a person may let be used."""
    for name in unticked(case, names):
        trust = case.structures[name].trust
        refused = trust is not None and trust.checked is False
        said = "A person said not to use" if refused else "The model itself says: do not use its"
        why = f" ({trust.reason[:1].lower()}{trust.reason[1:]})" if trust is not None and trust.reason else ""
        raise InputError(
            f"{said} {name}{why}",
            f"Look at it, then let it be used: theatrum labels CASE accept {name}",
            "unticked",
        )


def with_trust_notes(case: Case, names: Iterable[str], results: Mapping[str, Any]) -> dict[str, Any]:
    """A plan's results, its warnings with `trust_notes` of the structures it was made of."""
    notes = [finding.as_json() for finding in trust_notes(case, names)]
    return {**results, "warnings": [*results.get("warnings", ()), *notes]} if notes else dict(results)


def trust_notes(case: Case, names: Iterable[str]) -> tuple[Finding, ...]:
    """What a plan must tell of structures that a model found and is not sure of, one finding each."""
    notes = []
    for name in dict.fromkeys(names):
        structure = case.structures.get(name)
        trust = None if structure is None else structure.trust
        if trust is None or trust.light == "green":
            continue
        looked = "checked by a person" if trust.checked else "not checked by a person"
        why = f": {trust.reason}" if trust.reason else ""
        notes.append(Finding("model_unsure", f"The model is not sure of {name} ({trust.word}, {looked}){why}"))
    return tuple(notes)
