"""What was marked for one structure, or for a pair of them, and what that gave: not in the case before it is accepted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.panels.notes import Note
from planning.case.guided import Guided, Mark, Marks, kept_marks
from planning.case.model import ArrayRef, Case
from planning.mesh import SurfaceMesh
from planning.registry import structure_style
from viewers.overlay import LabelItem

if TYPE_CHECKING:
    from planning.volume import Mask

LIVER, VESSELS, TUMOR = "liver", "vessels", "tumor"
KEPT = 12
PREVIEW_FILL = 0.22
# two presses at one place are a double click
DOUBLE_MM = 0.3


def key_of(marks: Marks) -> tuple[str, ...]:
    """Equal for equal marks."""
    return tuple(mark.text for mark in marks)


@dataclass(slots=True, eq=False)
class Draft:
    """marks: clicks and strokes so far. found: what the newest finished computation gave, maybe of fewer marks.

    names: the structures that it is for. volumes_ml: all of them together after each set of marks that was computed.
    surfaces: of the masks of `found`, as far as they are made. array: the voxels that all of this was found in.
    """

    target: str
    names: tuple[str, ...]
    marks: Marks = ()
    found: Guided | None = None
    note: Note | None = None
    labels: tuple[LabelItem, ...] = ()
    surfaces: dict[str, tuple[Mask, SurfaceMesh]] = field(default_factory=dict)
    volumes_ml: dict[tuple[str, ...], float] = field(default_factory=dict)
    kept: dict[tuple[str, ...], Guided] = field(default_factory=dict)
    array: ArrayRef | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """Equal for equal marks."""
        return key_of(self.marks)

    @property
    def is_current(self) -> bool:
        """True when what was found follows from all the marks."""
        return self.found is not None and key_of(self.found.marks) == self.key

    def base(self, case: Case) -> Marks:
        """The marks that the case's structures were made of, none when there are none or they came another way."""
        for name in self.names:
            if name in case.structures:
                marks = kept_marks(case.structures[name])
                if marks:
                    return marks
        return ()

    def is_open(self, case: Case) -> bool:
        """True when there are marks that the case does not know."""
        return bool(self.marks) and self.key != key_of(self.base(case))

    def doubled(self, mark: Mark) -> bool:
        """True for the second press of a double click."""
        if not self.marks or not (mark.is_click and self.marks[-1].is_click) or mark.kind != self.marks[-1].kind:
            return False
        return float(abs(mark.points_mm - self.marks[-1].points_mm).max()) < DOUBLE_MM

    def forget(self, array: ArrayRef) -> None:
        """Marks go on in other voxels: nothing that was found before can be taken back to."""
        self.array = array
        self.kept.clear()
        self.volumes_ml.clear()

    def take(self, found: Guided) -> None:
        """A finished computation; only the newest ones are kept for taking back."""
        self.found = found
        key = key_of(found.marks)
        self.kept.pop(key, None)
        self.kept[key] = found
        while len(self.kept) > KEPT:
            self.kept.pop(next(iter(self.kept)))
        self.volumes_ml[key] = sum(mask.volume_ml for mask in found.masks.values())
        self.labels = tuple(
            LabelItem(key=name, mask=mask, color=structure_style(name).color, fill_opacity=PREVIEW_FILL)
            for name, mask in found.masks.items()
        )

    def change_ml(self, count: int) -> float | None:
        """What the mark of this number, from 1, added; None where that was not computed."""
        before, after = key_of(self.marks[: count - 1]), key_of(self.marks[:count])
        if after not in self.volumes_ml or (before and before not in self.volumes_ml):
            return None
        return self.volumes_ml[after] - self.volumes_ml.get(before, 0.0)
