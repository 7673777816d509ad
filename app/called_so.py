"""Whether a list would show two structures by one name: keys differ by case and marks that are not drawn."""

from __future__ import annotations

from collections.abc import Iterable

from app.i18n import structure_name, tr
from planning.errors import CaseError


def is_called_so(name: str, structures: Iterable[str], *, but: str = "") -> bool:
    """Whether a structure besides `but` is shown by the name that this one would be shown by."""
    shown = structure_name(name).casefold()
    return any(structure_name(other).casefold() == shown for other in structures if other != but)


def called_so(name: str) -> CaseError:
    """Why a structure is not given a name that another one is shown by."""
    return CaseError(
        tr("There is a structure called {name}", name=structure_name(name)),
        tr("Choose a name that no other structure has"),
        "name",
    )
