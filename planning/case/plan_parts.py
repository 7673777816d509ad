"""The parts of a case's liver plan as solids: for printing, for export, for whoever looks at them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from planning.case.document import Document
from planning.case.plans import find_structures
from planning.case.trust import require_ticked
from planning.errors import CaseError
from planning.progress import CancelToken, Progress, no_progress
from planning.registry import structure_style
from planning.volume import Mask

if TYPE_CHECKING:
    from planning.case.model import PlanRecord
    from planning.liver.model import LiverModel
    from planning.liver.parts import PlanCutter, PlanPart
    from planning.liver.resection import Resection

KEPT, REMOVED = "kept", "removed"
TREES = ("portal", "hepatic", "couinaud")


@dataclass(eq=False)
class PlanSolids:
    """A liver plan's model, resections and solids; each is made when it is first asked for.

    trees: whether vessel trees are made, which territories need. Raises InputError on use for a structure that only a
    person may let be used.
    """

    document: Document
    name: str
    trees: bool = False
    progress: Progress = no_progress
    cancel: CancelToken | None = None

    @cached_property
    def _cut(self) -> tuple[LiverModel, list[Resection]]:
        return self._prepared(tumors=True)

    def _prepared(self, *, tumors: bool) -> tuple[LiverModel, list[Resection]]:
        from planning.case.printing import liver_cut, liver_plan, structures_of

        # what was let be used for the plan may have been refused since
        require_ticked(self.document.case, structures_of(liver_plan(self.document, self.name)))
        self.progress(0.0, "Preparing the liver")
        return liver_cut(self.document, self.name, trees=self.trees, tumors=tumors)

    @property
    def model(self) -> LiverModel:
        """The organ with its tumours."""
        return self._cut[0]

    @cached_property
    def cutter(self) -> PlanCutter:
        """The organ's solid and those of the resections."""
        from planning.liver.parts import PlanCutter

        model, resections = self._cut
        self._go_on(0.2, "Meshing the organ")
        return PlanCutter.of(model, model.regions(resections))

    @cached_property
    def bare_cutter(self) -> PlanCutter:
        """The solids of the resections, with the organ's only where one of them needs it: to cut other structures."""
        from planning.liver.parts import PlanCutter

        # no tumour is asked about where the plan's own parts are not
        model, resections = self._cut if "_cut" in vars(self) else self._prepared(tumors=False)
        self._go_on(0.2, "Preparing the liver")
        return PlanCutter.of(model, model.regions(resections), whole_too=False)

    @cached_property
    def organ(self) -> list[PlanPart]:
        """ "kept", and "removed" or "removed_1", "removed_2", …"""
        from planning.liver.parts import organ_parts

        cutter = self.cutter
        self._go_on(0.45, "Cutting the organ")
        return organ_parts(self.model, cutter)

    @cached_property
    def tumors(self) -> list[PlanPart]:
        """ "tumor_1", …, or "tumor_1_kept" and "tumor_1_removed" where the cut passes through it."""
        from planning.liver.parts import tumor_parts

        cutter = self.cutter
        self._go_on(0.6, "Cutting the tumours")
        return tumor_parts(self.model, cutter)

    @cached_property
    def vessels(self) -> list[PlanPart]:
        """ "portal_kept", "portal_removed", "hepatic_kept", …"""
        from planning.liver.parts import vessel_parts

        cutter = self.cutter
        self._go_on(0.65, "Cutting the vessels")
        return vessel_parts(self.model, cutter, vessel_masks(self.document, self.document.case.plans[self.name]))

    def territories(self, tree: str) -> list[PlanPart]:
        """The organ parted among a tree's territories. Raises MeasurementError where there are none."""
        from planning.liver.parts import territory_parts

        cutter = self.cutter
        self._go_on(0.8, "Cutting the territories")
        return territory_parts(self.model, tree, cutter.organ, cutter.origin_mm, self.cancel)

    def kept_whole(self) -> PlanPart | None:
        """What is kept, None where nothing is."""
        return next((part for part in self.organ if part.role == KEPT), None)

    def removed_whole(self) -> PlanPart | None:
        """All that is removed as one solid, None where nothing is."""
        from planning.liver.parts import removed_part

        return removed_part(self.cutter, [part for part in self.organ if part.role == REMOVED], REMOVED)

    def _go_on(self, fraction: float, words: str) -> None:
        self.progress(fraction, words)
        if self.cancel is not None:
            self.cancel.raise_if_set()


def vessel_masks(document: Document, plan: PlanRecord) -> dict[str, Mask]:
    """ "portal" and "hepatic" of a liver plan, each one mask of all its structures; a tree without structures is left out."""
    from planning.liver.tree import merged_mask

    masks: dict[str, Mask] = {}
    for kind in ("portal", "hepatic"):
        names = find_structures(document.case, plan.inputs[kind])
        parts = [document.mask(name) for name in names]
        if parts:
            masks[kind] = merged_mask(parts, parts[0].grid)
    return masks


def part_colors(parts: Sequence[PlanPart]) -> list[str]:
    """A colour for each part: by its role; resections in steps of grey blue, territories in hues of equal lightness."""
    from planning.case.printing import KEPT_COLOR, REMOVED_COLOR

    named = {"tumor": "tumor", "portal": "portal_vein", "hepatic": "hepatic_veins"}
    colors, territory = [], 0
    for part in parts:
        if part.role == "territory":
            colors.append(segment_color(territory))
            territory += 1
        elif part.role in named:
            colors.append(structure_style(named[part.role]).color)
        else:
            colors.append(KEPT_COLOR if part.role == KEPT else REMOVED_COLOR)
    return colors


def segment_color(number: int) -> str:
    """One of eight hues of equal lightness and strength: OKLCH L 0.76, C 0.11, hue 20° + 45° · number."""
    from math import cos, pi, sin

    hue = (20.0 + 45.0 * number) * pi / 180.0
    lightness, a, b = 0.76, 0.11 * cos(hue), 0.11 * sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )

    def byte(value: float) -> int:
        value = min(max(value, 0.0), 1.0)
        encoded = 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1.0 / 2.4) - 0.055
        return round(255.0 * encoded)

    return "#" + "".join(f"{byte(value):02X}" for value in linear)


def check_trees(trees: Sequence[str]) -> None:
    """Raises CaseError for a kind of territory that is not one of TREES."""
    for tree in trees:
        if tree not in TREES:
            raise CaseError(f"There are no territories of '{tree}'", f"Use one of {', '.join(TREES)}")
