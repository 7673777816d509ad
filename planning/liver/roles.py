"""Which structures of a case are the liver, its vessel trees and its tumours, guessed from their names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from planning.registry import canonical_name

_TUMOR = re.compile(r"tumou?r|lesion|metastas|(^|_)t\d+$|(^|_)mass")
_PORTAL = re.compile(r"portal")
_HEPATIC = re.compile(r"hepatic_veins?|^(right|middle|left)_hepatic|venous_system|venoussystem")
CAVA = "vena_cava"
_BOTH = re.compile(r"^(liver|hepatic)_?vessels?$|^vessels?(_in_liver)?$")
_LIVER = re.compile(r"^liver(_(left|right|lobe|segment|caudate|parenchyma|remnant).*|_?[ivx\d]+)?$")


@dataclass(frozen=True, slots=True)
class LiverRoles:
    """Names of the case's structures by what they are to a liver plan."""

    organ: tuple[str, ...] = ()
    tumors: tuple[str, ...] = ()
    portal: tuple[str, ...] = ()
    hepatic: tuple[str, ...] = ()

    def as_mapping(self) -> dict[str, tuple[str, ...]]:
        """Role → names, as plans keep them."""
        return {"organ": self.organ, "tumors": self.tumors, "portal": self.portal, "hepatic": self.hepatic}


def guess_roles(names: Sequence[str]) -> LiverRoles:
    """The roles that the names speak of; the person changes what is wrong.

    A vessel that is named as lying in the liver belongs to the organ too, since label maps give each voxel one name.
    """
    keys = {name: canonical_name(name) for name in names}
    portal = tuple(name for name, key in keys.items() if _PORTAL.search(key))
    hepatic = tuple(name for name, key in keys.items() if _HEPATIC.search(key) and name not in portal)
    if hepatic:
        # where the veins end is known by the vena cava alone: cut off from it they look alike at both ends
        hepatic = tuple(name for name, key in keys.items() if name in hepatic or key == CAVA)
    if not portal and not hepatic:
        # one label of all vessels: its trees are told apart
        portal = hepatic = tuple(name for name, key in keys.items() if _BOTH.search(key))
    tumors = tuple(
        name for name, key in keys.items() if _TUMOR.search(key) and "other" not in key and _of_the_liver(key)
    )
    whole = tuple(name for name, key in keys.items() if key == "liver")
    parts = whole or tuple(name for name, key in keys.items() if _LIVER.match(key))
    inside = tuple(
        name
        for name, key in keys.items()
        if parts
        and name not in parts
        and name not in tumors
        and (key.endswith("in_liver") or key.startswith("liver_lesion"))
    )
    return LiverRoles((*parts, *inside), tumors, portal, hepatic)


def may_hold_both_trees(name: str) -> bool:
    """Whether a vessel's name leaves open which of the two trees it belongs to."""
    key = canonical_name(name)
    return not (_PORTAL.search(key) or _HEPATIC.search(key))


def _of_the_liver(key: str) -> bool:
    """False for a tumour that names another organ."""
    other = re.search(r"kidney|renal|lung|pulmonary|pancrea|spleen|colon|bone|brain|adrenal", key)
    return other is None
