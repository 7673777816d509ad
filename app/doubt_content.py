"""Where models are not sure of what they found: hatched in slices, in the same colours on surfaces, with a legend.

Red is what plans do not use before a person says so, amber the rest. Shown while the view's label style is "doubt".
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np
import numpy.typing as npt

from app.i18n import mark, tr
from app.session import Session
from app.theme.tokens import DARK
from planning.case.model import ArrayRef, Case, Structure
from planning.case.trust import WORDS
from planning.mesh import SurfaceMesh
from planning.volume import Mask
from viewers.overlay import LabelItem

HATCH_FILL = 0.95
NOT_SURE, NOT_TO_BE_USED = DARK["warn"], DARK["bad"]
LEGEND = ((NOT_TO_BE_USED, WORDS["red"]), (NOT_SURE, mark("not sure")))

Codes = npt.NDArray[np.uint8]


class DoubtContent:
    """Makes the marks of one open case and keeps those that did not change."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._labels: dict[tuple[str, ArrayRef, str], LabelItem] = {}
        self._codes: dict[ArrayRef, tuple[SurfaceMesh, Codes]] = {}

    def labels(self, left_out: Collection[str]) -> tuple[LabelItem, ...]:
        """Hatches of all structures but those left out; none while they are not wanted."""
        kept = {}
        for structure, mask in self._doubtful(left_out):
            assert structure.doubt is not None
            key = (structure.name, structure.doubt.array, color_of(structure))
            kept[key] = self._labels.get(key) or LabelItem(
                key=f"doubt:{structure.name}", mask=mask, color=key[2], fill_opacity=HATCH_FILL, hatched=True
            )
        self._labels = kept
        return tuple(kept.values())

    def legend(self, left_out: Collection[str]) -> tuple[tuple[str, str], ...]:
        """(colour, words) of the marks that are shown."""
        shown = {color_of(structure) for structure, _ in self._doubtful(left_out)}
        return tuple((tone, tr(words)) for tone, words in LEGEND if tone in shown)

    def codes(self, structure: Structure, mesh: SurfaceMesh) -> tuple[Codes | None, tuple[str, ...]]:
        """Numbers of a surface's points, 1 where its structure is in doubt, and the colour of that; else (None, ())."""
        if self._session.view.state.label_style != "doubt" or structure.doubt is None:
            return None, ()
        mask = self._session.doubt(structure.name)
        assert mask is not None
        known = self._codes.get(structure.doubt.array)
        if known is None or known[0] is not mesh:
            known = self._codes[structure.doubt.array] = (mesh, marked_points(mesh, mask))
        return known[1], (color_of(structure),)

    def _doubtful(self, left_out: Collection[str]) -> Iterator[tuple[Structure, Mask]]:
        if self._session.view.state.label_style != "doubt":
            return
        for name, structure in self._session.case.structures.items():
            mask = self._session.doubt(name) if name not in left_out else None
            if mask is not None:
                yield structure, mask


def color_of(structure: Structure) -> str:
    """Of the marks on a structure."""
    trust = structure.trust
    return NOT_SURE if trust is None or trust.may_be_used else NOT_TO_BE_USED


def has_doubt(case: Case) -> bool:
    """True when a model told of any structure where it is not sure."""
    return any(structure.doubt is not None for structure in case.structures.values())


def marked_points(mesh: SurfaceMesh, mask: Mask) -> Codes:
    """(V,) of a mesh's points: 1 in the mask's voxels, else 0."""
    box = mask.box_grid
    index = np.rint(box.to_index(mesh.points_mm)).astype(np.int64)
    inside = ((index >= 0) & (index < np.array(box.size_ijk))).all(axis=1)
    codes = np.zeros(len(index), dtype=np.uint8)
    i, j, k = index[inside].T
    codes[inside] = mask.voxels[k, j, i]
    return codes
