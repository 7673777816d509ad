"""A liver made ready once; each resection is then evaluated while it is dragged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.findings import Finding
from planning.geometry import FloatArray, Vector
from planning.kept import Kept, array_bytes
from planning.kept_steps import NOTHING_KEPT, KeptSteps
from planning.liver.anatomical import possible_resections
from planning.liver.corrections import TreeCorrection
from planning.liver.couinaud import Couinaud, CouinaudInputs
from planning.liver.couinaud_branches import find_couinaud
from planning.liver.margin import CutSurface, MarginTarget, TumorMargin, measure_margins
from planning.liver.oddities import find_oddities
from planning.liver.organ import NamedMask, OrganLookup, common_grid, find_enclosed, find_organ, within
from planning.liver.regions import Region
from planning.liver.resection import Resection
from planning.liver.territories import ClosedOrgan, TreeTerritories, VesselCut, find_territories, find_vessel_cuts
from planning.liver.tree import merged_mask
from planning.liver.trees import LiverTrees, TreeSource, tree_source
from planning.liver.tumors import Tumor, find_tumors
from planning.liver.voxels import OrganVoxels, ranges
from planning.naming import known_names
from planning.progress import CancelToken, Progress, no_progress, stoppable
from planning.volume import Mask

if TYPE_CHECKING:
    from planning.liver.neighbours import NearVessel

NO_TUMOR, SPECK = 0, -1
# numbers that lie no wider apart are told from each other by a table
MOST_TIMES_WIDER = 8
# regions that were built stay up to so many bytes, and the newest whatever their size: a plan has as many cuts at most
BUILT_BYTES, BUILT_REGIONS = 64 << 20, 6
QUICK_KINDS = ("plane", "sheet", "ablation")


@dataclass(frozen=True, slots=True, eq=False)
class VoxelCodes:
    """What the organ's voxels are, as few codes: counting codes counts everything at once.

    of_voxel: (M,) code of each voxel of `OrganVoxels`. tumor: (C,) 0 none, −1 a speck, else the tumour's number.
    portal_point, hepatic_point: (C,) nearest tree points, −1 without that tree or in tumour. count: (C,) voxels.
    first: of `OrganVoxels`. part_block, part_code, part_count: (P,) how many voxels of a code each block has.
    """

    of_voxel: npt.NDArray[np.intp]
    tumor: npt.NDArray[np.int32]
    portal_point: npt.NDArray[np.int32]
    hepatic_point: npt.NDArray[np.int32]
    count: npt.NDArray[np.int64]
    first: npt.NDArray[np.intp]
    part_block: npt.NDArray[np.intp]
    part_code: npt.NDArray[np.intp]
    part_count: npt.NDArray[np.int64]

    def removed(self, flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
        """(C,) how many voxels of each code the (M,) flags name."""
        codes = len(self.count)
        if not len(flags):
            return np.zeros(codes, dtype=np.int64)
        every = np.logical_and.reduceat(flags, self.first[:-1])
        mixed = np.logical_or.reduceat(flags, self.first[:-1]) & ~every
        parts = every[self.part_block]
        # sums of whole numbers are exact in float64
        whole = np.bincount(self.part_code[parts], weights=self.part_count[parts], minlength=codes).astype(np.int64)
        blocks = np.flatnonzero(mixed)
        chosen = ranges(self.first[blocks], self.first[blocks + 1])
        return np.asarray(whole + np.bincount(self.of_voxel[chosen[flags[chosen]]], minlength=codes))


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class RemnantPerfusion:
    """Kept parenchyma by what the cut leaves of its vessels, ml. Congested: hepatic vein cut; a voxel may be both."""

    viable_ml: float
    devascularised_ml: float
    congested_ml: float


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class SingleResection:
    """One of the plan's resections, taken alone.

    margin_mm, its uncertainty_mm: None where it leaves no surface in the organ.
    only_voxels: those of its removed voxels that no other resection of the plan removes.
    """

    kind: str
    removed_voxels: int
    only_voxels: int
    margin_mm: float | None
    uncertainty_mm: float | None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class LiverNumbers:
    """What resections do to a liver, in voxels and mm. margins: one for each tumour of the model."""

    removed_voxels: int
    kept_voxels: int
    removed_tumor_voxels: int
    kept_tumor_voxels: int
    margins: tuple[TumorMargin | None, ...]
    removed_share: tuple[float, ...]
    perfusion: RemnantPerfusion | None
    resections: tuple[SingleResection, ...]

    @property
    def minimum(self) -> TumorMargin | None:
        """The smallest margin of all tumours."""
        return min((m for m in self.margins if m is not None), key=lambda m: m.minimum_mm, default=None)

    @property
    def decisive(self) -> TumorMargin | None:
        """The smallest margin of the tumours that go, wholly or in part; of all where none does. How far the cut is from
        a tumour that stays is no margin of the resection."""
        gone = [m for m, share in zip(self.margins, self.removed_share, strict=True) if m is not None and share > 0.0]
        return min(gone, key=lambda m: m.minimum_mm) if gone else self.minimum


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Branching:
    """Trees, territories and segments of an organ, as corrected.

    plain_portal: the portal territories before they were named as segments.
    """

    trees: LiverTrees
    portal: TreeTerritories | None
    hepatic: TreeTerritories | None
    plain_portal: TreeTerritories | None
    couinaud: Couinaud | None
    findings: tuple[Finding, ...]


def no_regions() -> Kept[Resection, Region]:
    """Where a liver's built regions will be kept."""
    return Kept(BUILT_BYTES, array_bytes, least=BUILT_REGIONS)


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False, kw_only=True)
class LiverModel:
    """An organ with its tumours and vessel trees, ready for `evaluate`.

    organ: union of the named structures and the tumours. branching: its trees and what hangs on them. source, closed,
    tumor_structures: what other anatomy is made from (`with_anatomy`). vessels: "portal" and "hepatic" masks that the
    trees were made of. built, near, walls: regions of resections, neighbours of tumours and walls of vessels that were
    asked for already.
    """

    organ: Mask
    tumors: tuple[Tumor, ...]
    voxels: OrganVoxels
    codes: VoxelCodes
    targets: tuple[MarginTarget, ...]
    lookup: OrganLookup
    organ_findings: tuple[Finding, ...]
    source: TreeSource
    closed: ClosedOrgan
    branching: Branching
    tumor_structures: tuple[NamedMask, ...] = ()
    vessels: Mapping[str, Mask] = field(default_factory=dict)
    built: Kept[Resection, Region] = field(default_factory=no_regions)
    near: dict[int, tuple[NearVessel, ...]] = field(default_factory=dict)
    walls: dict[str, FloatArray] = field(default_factory=dict)

    @classmethod
    def prepare(
        cls,
        *,
        organ: Sequence[NamedMask],
        tumors: Sequence[NamedMask] = (),
        portal: Sequence[NamedMask] = (),
        hepatic: Sequence[NamedMask] = (),
        others: Sequence[NamedMask] = (),
        corrections: Sequence[TreeCorrection] = (),
        segments: CouinaudInputs | None = None,
        progress: Progress = no_progress,
        cancel: CancelToken | None = None,
        steps: KeptSteps = NOTHING_KEPT,
    ) -> LiverModel:
        """Everything that does not depend on the resections.

        organ, tumors, portal, hepatic: (name, mask) on one grid; others, of any grid, are looked at only for structures
        that lie enclosed in the organ uncounted. corrections: of the vessel trees, in order. segments: landmarks
        and names of Couinaud's segments. steps: what is kept of slow ones; the model is the same without.

        Raises MeasurementError for an empty organ, GeometryError for structures on different grids, Cancelled.
        """

        def step(fraction: float, text: str) -> None:
            progress(fraction, text)
            if cancel is not None:
                cancel.raise_if_set()

        if organ:
            common_grid([*organ, *tumors, *portal, *hepatic])
        step(0.0, "Joining the organ")
        whole = find_organ(organ, tumors)
        empty = tuple(Finding("empty_organ", f"'{name}' has no voxels") for name, mask in organ if not mask.voxel_count)
        enclosed = (*empty, *find_enclosed(whole, others))
        step(0.1, "Measuring tumours")
        found, tumor_findings = find_tumors(tumors, cancel, steps)
        step(0.3, "Finding vessel trees")
        source = tree_source(portal, hepatic, whole, steps)
        step(0.7, "Finding territories")
        closed = ClosedOrgan.of(whole, steps)
        voxels = OrganVoxels.of(whole)
        branching = _branching(source, whole, closed, corrections, segments or CouinaudInputs(), cancel, steps=steps)
        codes = _codes(whole, voxels, found, tumors, branching.portal, branching.hepatic)
        step(1.0, "")
        return cls(
            organ=whole,
            tumors=found,
            voxels=voxels,
            codes=codes,
            targets=tuple(MarginTarget.of(tumor) for tumor in found),
            lookup=OrganLookup.of(whole),
            organ_findings=(*tumor_findings, *enclosed, *find_oddities(whole, organ, found)),
            source=source,
            closed=closed,
            branching=branching,
            tumor_structures=tuple(tumors),
            vessels={
                kind: merged_mask([mask for _, mask in structures], whole.grid)
                for kind, structures in (("portal", portal), ("hepatic", hepatic))
                if structures
            },
        )

    def with_anatomy(
        self,
        corrections: Sequence[TreeCorrection] = (),
        segments: CouinaudInputs | None = None,
        *,
        progress: Progress = no_progress,
        cancel: CancelToken | None = None,
        steps: KeptSteps = NOTHING_KEPT,
    ) -> Self:
        """The same liver with other corrections, landmarks and names: what they do not touch is kept.

        The same as `prepare` with them. Raises Cancelled.
        """
        progress(0.0, "Finding territories")
        segments = segments or CouinaudInputs()
        branching = _branching(
            self.source, self.organ, self.closed, corrections, segments, cancel, self.branching, steps
        )
        progress(0.7, "Finding territories")
        found = self.with_branching(branching)
        progress(1.0, "")
        return found

    def with_branching(self, branching: Branching) -> Self:
        """The same organ with other trees and territories; what was asked for already is forgotten."""
        is_same = all(
            old is new or (old is not None and new is not None and old.nearest is new.nearest)
            for old, new in ((self.portal, branching.portal), (self.hepatic, branching.hepatic))
        )
        codes = (
            self.codes
            if is_same
            else _codes(
                self.organ, self.voxels, self.tumors, self.tumor_structures, branching.portal, branching.hepatic
            )
        )
        return replace(self, branching=branching, codes=codes, built=no_regions(), near={})

    @property
    def portal(self) -> TreeTerritories | None:
        """Territories of the portal tree; None where no tree is given or found."""
        return self.branching.portal

    @property
    def hepatic(self) -> TreeTerritories | None:
        """Territories of the hepatic venous tree; None where no tree is given or found."""
        return self.branching.hepatic

    @property
    def trees(self) -> LiverTrees:
        """Both trees, corrected, with what does not belong to them."""
        return self.branching.trees

    @property
    def couinaud(self) -> Couinaud | None:
        """Couinaud's segments; None where they cannot be named."""
        return self.branching.couinaud

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Warnings that hold for every plan on this liver."""
        return (*self.organ_findings, *self.branching.findings)

    @property
    def voxel_ml(self) -> float:
        """Volume of one voxel."""
        return self.organ.grid.voxel_mm3 / 1000.0

    @property
    def tumor_voxels(self) -> int:
        """Voxels of all tumours, specks included."""
        return int(self.codes.count[self.codes.tumor != NO_TUMOR].sum())

    def regions(self, resections: Sequence[Resection], cancel: CancelToken | None = None) -> tuple[Region, ...]:
        """What each resection removes. Raises MeasurementError where one cannot be made on this organ, Cancelled."""
        return tuple(self._region(one, cancel) for one in resections)

    def _region(self, resection: Resection, cancel: CancelToken | None) -> Region:
        from planning.liver.realise import region_of

        if resection.kind in QUICK_KINDS:
            return region_of(self, resection)
        region = self.built.get(resection)
        if region is None:
            region = self.built[resection] = stoppable(partial(region_of, self, resection), cancel)
        return region

    def evaluate(
        self,
        resections: Sequence[Resection],
        *,
        alone: bool = True,
        only_least: bool = False,
        occluded: npt.NDArray[np.bool_] | None = None,
        cancel: CancelToken | None = None,
    ) -> LiverNumbers:
        """Exact counts and the margin of each tumour for the union of the resections.

        For a hand that drags: alone=False leaves out each resection's own numbers, only_least=True the margins of
        tumours that cannot have the decisive one. occluded: (N,) points of the portal tree whose flow is stopped, as
        `planning.liver.stages.occluded_points` tells them.
        Raises MeasurementError when the tumour's side is to be removed and no tumour is named.
        """
        regions = self.regions(resections, cancel)
        flags = [self.voxels.removed([region]) for region in regions]
        removed = self.codes.removed(np.logical_or.reduce(flags) if flags else np.zeros(self.voxels.count, dtype=bool))
        kept = self.codes.count - removed
        in_tumor = self.codes.tumor != NO_TUMOR
        shares = self._removed_shares(removed, regions)
        margins = self._margins(regions, shares if only_least else None)
        times = np.sum(flags, axis=0, dtype=np.int32) if alone and flags else None
        singles = []
        for region, own in zip(regions, flags, strict=True) if alone else ():
            if cancel is not None:
                cancel.raise_if_set()
            single = margins if len(regions) == 1 else self._margins((region,))
            least = min((m for m in single if m is not None), key=lambda m: m.minimum_mm, default=None)
            singles.append(
                SingleResection(
                    kind=region.kind,
                    removed_voxels=int(np.count_nonzero(own)),
                    only_voxels=int(np.count_nonzero(own & (times == 1))),
                    margin_mm=None if least is None else least.minimum_mm,
                    uncertainty_mm=None if least is None else least.uncertainty_mm,
                )
            )
        return LiverNumbers(
            removed_voxels=int(removed.sum()),
            kept_voxels=int(kept.sum()),
            removed_tumor_voxels=int(removed[in_tumor].sum()),
            kept_tumor_voxels=int(kept[in_tumor].sum()),
            margins=margins,
            removed_share=shares,
            perfusion=self._remnant_perfusion(regions, kept, occluded),
            resections=tuple(singles),
        )

    def _removed_shares(self, removed: npt.NDArray[np.int64], regions: Sequence[Region]) -> tuple[float, ...]:
        shares = []
        for tumor in self.tumors:
            own = self.codes.tumor == tumor.id
            whole = int(self.codes.count[own].sum())
            if whole:
                shares.append(int(removed[own].sum()) / whole)
                continue
            # every voxel of it belongs to a smaller one too: the cut says it of the surface
            inside = [region.signed_mm(tumor.surface.mesh.points_mm) > 0.0 for region in regions]
            shares.append(float(np.logical_or.reduce(inside).mean()) if inside else 0.0)
        return tuple(shares)

    def _margins(
        self, regions: tuple[Region, ...], shares: Sequence[float] | None = None
    ) -> tuple[TumorMargin | None, ...]:
        """Of every tumour; with their removed shares only those that may be decisive, the others None."""
        cut = CutSurface(regions, self.lookup, self.corners_mm)
        if shares is None:
            return measure_margins(cut, self.targets)
        asked = [number for number, share in enumerate(shares) if share > 0.0] or list(range(len(shares)))
        found = measure_margins(cut, [self.targets[number] for number in asked], only_least=True)
        by_number = dict(zip(asked, found, strict=True))
        return tuple(by_number.get(number) for number in range(len(shares)))

    @property
    def corners_mm(self) -> FloatArray:
        """(8, 3) outer corners of the organ's box."""
        nk, nj, ni = self.organ.voxels.shape
        corners = np.array(np.meshgrid((-0.5, ni - 0.5), (-0.5, nj - 0.5), (-0.5, nk - 0.5))).reshape(3, -1).T
        return self.organ.box_grid.to_world(corners)

    def _remnant_perfusion(
        self,
        regions: Sequence[Region],
        kept: npt.NDArray[np.int64],
        occluded: npt.NDArray[np.bool_] | None,
    ) -> RemnantPerfusion | None:
        if self.portal is None or self.hepatic is None:
            return None
        tissue = self.codes.tumor == NO_TUMOR
        unfed_points = self.portal.lost_points(regions)
        if occluded is not None:
            unfed_points = unfed_points | occluded
        lost = unfed_points.astype(np.uint8)[self.codes.portal_point[tissue]]
        lost += 2 * self.hepatic.lost_points(regions).astype(np.uint8)[self.codes.hepatic_point[tissue]]
        # counts of voxels by what is lost: nothing, inflow, drainage, both; exact in float64
        viable, unfed, undrained, neither = np.bincount(lost, weights=kept[tissue], minlength=4)
        return RemnantPerfusion(
            viable_ml=float(viable * self.voxel_ml),
            devascularised_ml=float((unfed + neither) * self.voxel_ml),
            congested_ml=float((undrained + neither) * self.voxel_ml),
        )

    def vessel_cuts(self, resections: Sequence[Resection]) -> tuple[VesselCut, ...]:
        """The branches that the cut passes through inside the organ."""
        regions = self.regions(resections)
        if not regions:
            return ()
        return tuple(
            cut for part in (self.portal, self.hepatic) if part is not None for cut in find_vessel_cuts(part, regions)
        )

    def near_vessels(self, tumor: Tumor, cancel: CancelToken | None = None) -> tuple[NearVessel, ...]:
        """The branches within 30 mm of a tumour, nearest first; measured at the first question. Raises Cancelled."""
        if tumor.id not in self.near:
            from planning.liver.neighbours import near_vessels, wall_mm

            target = next(one for one in self.targets if one.tumor.id == tumor.id)
            trees = []
            for part in (self.portal, self.hepatic):
                if part is not None:
                    kind = part.tree.kind
                    if kind not in self.walls:
                        if cancel is not None:
                            cancel.raise_if_set()
                        self.walls[kind] = wall_mm(self.vessels[kind])
                    trees.append((part, self.walls[kind]))
            if cancel is not None:
                cancel.raise_if_set()
            self.near[tumor.id] = near_vessels(target, trees)
        return self.near[tumor.id]

    def uncertainty_mm(self, tumor: Tumor, way_mm: Vector | None = None) -> float:
        """How much smaller the true margin of a tumour to a cut may be (one-sided 95 %), in a direction; else at worst.

        A margin that was measured carries its own: `TumorMargin.uncertainty_mm`.
        """
        return float(self.target(tumor.id).uncertainty_mm(way_mm))

    def target(self, tumor: int) -> MarginTarget:
        """The tumour of a number, made ready for distances. Raises MeasurementError for a number that none has."""
        for one in self.targets:
            if one.tumor.id == tumor:
                return one
        known = ", ".join(str(one.id) for one in self.tumors) or "none"
        raise MeasurementError(f"There is no tumour {tumor}", f"The tumours are: {known}", "no_tumor")

    def territory_voxels(self, name: str) -> npt.NDArray[np.bool_]:
        """bool `[k, j, i]` of the organ's box: the voxels of one named territory. Raises MeasurementError for none."""
        for part in (self.portal, self.hepatic):
            if part is not None and name in part.names:
                return part.territory_mask(name, self.organ)
        if self.couinaud is not None and name in self.couinaud.names:
            return self.couinaud.segment_mask(name, self.organ)
        known = [name for part in (self.portal, self.hepatic, self.couinaud) if part is not None for name in part.names]
        if self.couinaud is not None:
            known += [one.name for one in possible_resections(self.couinaud.names)]
        hint = known_names(name, known, "The territories are") if known else "Name a portal or hepatic vein tree"
        raise MeasurementError(f"There is no territory '{name}'", hint, "no_territory")

    def territory_mask(self, name: str) -> Mask:
        """The organ voxels of one named territory. Raises MeasurementError for an unknown name."""
        return Mask(self.organ.grid, self.organ.start_ijk, self.territory_voxels(name))


def removed_mask(model: LiverModel, resections: Sequence[Resection]) -> npt.NDArray[np.uint8]:
    """uint8 `[k, j, i]` on the whole image's grid: 1 removed, 2 kept, 0 no organ. Agrees with the plan's counts."""
    whole = np.zeros(model.organ.grid.shape_kji, dtype=np.uint8)
    removed = model.voxels.removed(model.regions(resections))
    whole[model.organ.box_kji] = model.voxels.box(np.where(removed, 1, 2).astype(np.uint8))
    return whole


def _branching(
    source: TreeSource,
    organ: Mask,
    closed: ClosedOrgan,
    corrections: Sequence[TreeCorrection],
    segments: CouinaudInputs,
    cancel: CancelToken | None,
    before: Branching | None = None,
    steps: KeptSteps = NOTHING_KEPT,
) -> Branching:
    """before: territories of trees that are still the same ones are taken from it."""
    cancel = cancel or CancelToken()
    trees = source.trees(corrections)
    cancel.raise_if_set()
    known = () if before is None else (before.plain_portal, before.hepatic)
    kept = {id(part.tree): part for part in known if part is not None}
    parts: list[TreeTerritories | None] = []
    findings = list(trees.findings)
    for kind, tree in (("portal", trees.portal), ("hepatic", trees.hepatic)):
        part = None
        if tree is not None:
            part = kept.get(id(tree)) or find_territories(tree, organ, cancel, closed, steps)
            if part is None:
                findings.append(Finding(f"no_{kind}_tree", f"The {kind} tree does not reach into the organ"))
        parts.append(part)
    portal, hepatic = parts
    cancel.raise_if_set()
    couinaud, notes = find_couinaud(portal, hepatic, organ, segments, cancel, steps)
    named = portal
    if couinaud is not None and portal is not None and couinaud.portal_points is not None:
        named = replace(portal, segment_names=couinaud.names, segment=couinaud.portal_points)
    cancel.raise_if_set()
    return Branching(
        trees=trees,
        portal=named,
        hepatic=hepatic,
        plain_portal=portal,
        couinaud=couinaud,
        findings=(*findings, *notes),
    )


def _numbered(
    values: npt.NDArray[np.int64],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.intp], npt.NDArray[np.int64]]:
    """Different whole numbers in their order, (M,) which of them each is and how many there are, without sorting all."""
    low = int(values.min())
    span = int(values.max()) - low + 1
    if span > MOST_TIMES_WIDER * len(values):
        keys, which, count = np.unique(values, return_inverse=True, return_counts=True)
        return keys, which.reshape(-1).astype(np.intp), count
    shifted = values - low
    there = np.zeros(span, dtype=bool)
    there[shifted] = True
    number = np.cumsum(there, dtype=np.int32) - np.int32(1)
    which = number[shifted].astype(np.intp)
    return np.flatnonzero(there) + low, which, np.bincount(which).astype(np.int64)


def _codes(
    organ: Mask,
    voxels: OrganVoxels,
    tumors: Sequence[Tumor],
    structures: Sequence[NamedMask],
    portal: TreeTerritories | None,
    hepatic: TreeTerritories | None,
) -> VoxelCodes:
    """Few codes for what the voxels are: their tumour, or their nearest portal and hepatic tree points."""
    tumor_there = np.zeros(organ.voxels.shape, dtype=np.int32)
    for _, mask in structures:
        tumor_there[within(mask, organ)] = SPECK
    # a voxel of two tumours is the smaller one's, so that neither is left without voxels
    for tumor in tumors:
        tumor_there[within(tumor.mask, organ)] = tumor.id
    tumor_of = tumor_there.reshape(-1)[voxels.flat]
    tissue = tumor_of == NO_TUMOR
    points = []
    for part in (portal, hepatic):
        there = np.full(organ.voxels.shape, -1, dtype=np.int32)
        if part is not None:
            there[organ.voxels] = part.nearest
        points.append(np.where(tissue, there.reshape(-1)[voxels.flat], -1))
    most = int(points[1].max(initial=-1)) + 2
    key = np.where(tissue, (points[0].astype(np.int64) + 1) * most + points[1] + 1, -2 - (tumor_of + 1))
    keys, of_voxel, count = _numbered(key)
    is_tissue = keys >= 0
    block = np.repeat(np.arange(len(voxels.first) - 1), np.diff(voxels.first))
    parts, part_count = np.unique(block * len(keys) + of_voxel, return_counts=True)
    part_block, part_code = np.divmod(parts, len(keys))
    return VoxelCodes(
        of_voxel=of_voxel,
        tumor=np.where(is_tissue, NO_TUMOR, -keys - 3).astype(np.int32),
        portal_point=np.where(is_tissue, keys // most - 1, -1).astype(np.int32),
        hepatic_point=np.where(is_tissue, keys % most - 1, -1).astype(np.int32),
        count=count,
        first=voxels.first,
        part_block=part_block,
        part_code=part_code,
        part_count=part_count,
    )
