"""What was marked for one structure, or for a pair of them, and what that gave: not in the case before it is accepted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from app.panels.notes import Note
from inference.interactive.prompts import Prompt
from planning.case.guided import Guided, Mark, kept_marks
from planning.case.model import ArrayRef, Case
from planning.findings import Finding
from planning.kept import Kept, array_bytes
from planning.mesh import SurfaceMesh
from planning.registry import structure_style
from planning.volume import Mask
from viewers.overlay import LabelItem

LIVER, VESSELS, TUMOR, STROKES = "liver", "vessels", "tumor", "strokes"
# of former answers of one draft, for marks that are taken back: a liver's is six megabytes, and the newest always stays
KEPT_BYTES = 24 << 20


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Stroked:
    """What strokes gave, told as what marks gave is.

    surface: for looking at, None of nothing. seconds: the answer took, cpu_seconds: of its process. by: the network that
    had a say, "" for none.
    """

    masks: Mapping[str, Mask]
    surface: SurfaceMesh | None
    marks: tuple[Prompt, ...]
    seconds: float
    cpu_seconds: float
    by: str = ""
    facts: tuple[tuple[str, float, str], ...] = ()
    findings: tuple[Finding, ...] = ()


AnyMark = Mark | Prompt
AnyMarks = tuple[AnyMark, ...]
AnyFound = Guided | Stroked
PREVIEW_FILL = 0.22
# two presses at one place are a double click
DOUBLE_MM = 0.3


def _bytes_of(found: AnyFound) -> int:
    return array_bytes(found.masks, found.surface if isinstance(found, Stroked) else None)


def _former() -> Kept[tuple[str, ...], AnyFound]:
    return Kept(KEPT_BYTES, _bytes_of, least=1)


def key_of(marks: AnyMarks) -> tuple[str, ...]:
    """Equal for equal marks."""
    return tuple(mark.text for mark in marks)


@dataclass(slots=True, eq=False)
class Draft:
    """marks: clicks and strokes so far; undone: those taken back, the last of them last.

    found: what the newest finished computation gave, maybe of fewer marks. names: the structures that it is for.
    volumes_ml: all of them together after each set of marks that was computed. surfaces: of the masks of `found`, as far as
    they are made. array: the voxels that all of this was found in.
    """

    target: str
    names: tuple[str, ...]
    marks: AnyMarks = ()
    undone: AnyMarks = ()
    found: AnyFound | None = None
    note: Note | None = None
    labels: tuple[LabelItem, ...] = ()
    surfaces: dict[str, tuple[Mask, SurfaceMesh]] = field(default_factory=dict)
    volumes_ml: dict[tuple[str, ...], float] = field(default_factory=dict)
    kept: Kept[tuple[str, ...], AnyFound] = field(default_factory=_former)
    array: ArrayRef | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """Equal for equal marks."""
        return key_of(self.marks)

    @property
    def is_current(self) -> bool:
        """True when what was found follows from all the marks."""
        return self.found is not None and key_of(self.found.marks) == self.key

    def base(self, case: Case) -> AnyMarks:
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

    def doubled(self, mark: AnyMark) -> bool:
        """True for the second press of a double click."""
        if not self.marks or not (mark.is_click and self.marks[-1].is_click) or mark.kind != self.marks[-1].kind:
            return False
        return float(abs(mark.points_mm - self.marks[-1].points_mm).max()) < DOUBLE_MM

    def forget(self, array: ArrayRef) -> None:
        """Marks go on in other voxels: nothing that was found before can be taken back to."""
        self.array = array
        self.kept.clear()
        self.volumes_ml.clear()

    def take(self, found: AnyFound) -> None:
        """A finished computation; only the newest ones are kept for taking back."""
        self.found = found
        key = key_of(found.marks)
        self.kept[key] = found
        self.volumes_ml[key] = sum(mask.volume_ml for mask in found.masks.values())
        self.labels = tuple(
            LabelItem(key=name, mask=mask, color=structure_style(name).color, fill_opacity=PREVIEW_FILL)
            for name, mask in found.masks.items()
        )

    def let_go(self, case: Case) -> None:
        """Nobody looks: former answers go, and one that the case has as it is. What is open stays."""
        self.kept.clear()
        if not self.is_open(case):
            self.found, self.labels = None, ()
            self.surfaces.clear()

    def change_ml(self, count: int) -> float | None:
        """What the mark of this number, from 1, added; None where that was not computed."""
        before, after = key_of(self.marks[: count - 1]), key_of(self.marks[:count])
        if after not in self.volumes_ml or (before and before not in self.volumes_ml):
            return None
        return self.volumes_ml[after] - self.volumes_ml.get(before, 0.0)


@dataclass(slots=True, eq=False)
class StrokeDraft(Draft):
    """Strokes for one structure. initial: the case's own as it was when they began, None for a new one."""

    initial: Mask | None = None
    initial_sha: str = ""

    @property
    def name(self) -> str:
        """The structure."""
        return self.names[0]

    def base(self, case: Case) -> AnyMarks:
        """The strokes that the case's structure has from this draft."""
        structure = case.structures.get(self.name)
        texts = () if structure is None else structure.provenance.inputs
        return self.marks[: len(texts)] if self.marks and self.key[: len(texts)] == texts else ()

    def rename(self, name: str) -> None:
        """The same strokes for a structure that is called otherwise."""
        found = self.found
        self.names = (name,)
        self.kept.clear()
        if isinstance(found, Stroked):
            (mask,) = found.masks.values()
            self.surfaces = {} if found.surface is None else {name: (mask, found.surface)}
            self.take(replace(found, masks={name: mask}))
