"""A liver made ready once; each resection is then evaluated while it is dragged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.findings import Finding
from planning.geometry import Plane
from planning.liver.margin import CutSurface, MarginTarget, TumorMargin, margin_uncertainty_mm, measure_margins
from planning.liver.organ import NamedMask, OrganLookup, common_grid, find_enclosed, find_organ, within
from planning.liver.resection import (
    KeptRows,
    PlaneResection,
    Runs,
    find_kept_rows,
    oriented_plane,
    split_mask,
)
from planning.liver.territories import TreeTerritories, VesselCut, find_territories, find_vessel_cuts
from planning.liver.tree import find_tree, merged_mask
from planning.liver.tumors import Tumor, find_tumors
from planning.progress import CancelToken, Progress, no_progress
from planning.volume import Mask


@dataclass(frozen=True, slots=True, eq=False)
class Perfusion:
    """The organ's parenchyma as runs of voxels with one nearest portal and one nearest hepatic point.

    portal_point, hepatic_point: (R,) tree points of each run.
    """

    runs: Runs
    portal_point: npt.NDArray[np.int32]
    hepatic_point: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class RemnantPerfusion:
    """Kept parenchyma by what the cut leaves of its vessels, ml. Congested: hepatic vein cut; a voxel may be both."""

    viable_ml: float
    devascularised_ml: float
    congested_ml: float


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class SingleResection:
    """One of the plan's resections, taken alone. margin_mm: None where it leaves no surface in the organ."""

    plane: Plane
    removed_voxels: int
    margin_mm: float | None


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


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class LiverModel:
    """An organ with its tumours and vessel trees, ready for `evaluate`.

    organ: union of the named structures and the tumours. tumor_runs: their union, specks included.
    portal, hepatic: None where no tree is given or found. findings: warnings that hold for every plan on it.
    """

    organ: Mask
    tumors: tuple[Tumor, ...]
    organ_runs: Runs
    tumor_runs: Runs
    each_tumor_runs: tuple[Runs, ...]
    targets: tuple[MarginTarget, ...]
    lookup: OrganLookup
    portal: TreeTerritories | None
    hepatic: TreeTerritories | None
    perfusion: Perfusion | None
    findings: tuple[Finding, ...]

    @classmethod
    def prepare(
        cls,
        *,
        organ: Sequence[NamedMask],
        tumors: Sequence[NamedMask] = (),
        portal: Sequence[NamedMask] = (),
        hepatic: Sequence[NamedMask] = (),
        others: Sequence[NamedMask] = (),
        progress: Progress = no_progress,
        cancel: CancelToken | None = None,
    ) -> LiverModel:
        """Everything that does not depend on the resections.

        organ, tumors, portal, hepatic, others: (name, mask) on one grid; others are looked at only for structures
        that lie enclosed in the organ uncounted. Raises MeasurementError for an empty organ, GeometryError for
        structures on different grids, Cancelled.
        """

        def step(fraction: float, text: str) -> None:
            progress(fraction, text)
            if cancel is not None:
                cancel.raise_if_set()

        if organ:
            common_grid([*organ, *tumors, *portal, *hepatic, *others])
        step(0.0, "Joining the organ")
        whole = find_organ(organ, tumors)
        enclosed = find_enclosed(whole, others)
        step(0.1, "Measuring tumours")
        found, tumor_findings = find_tumors(tumors)
        every_tumor = np.zeros(whole.voxels.shape, dtype=bool)
        for _, mask in tumors:
            every_tumor |= within(mask, whole)
        step(0.4, "Finding portal territories")
        portal_part, portal_findings = _territories("portal", portal, whole, cancel)
        step(0.7, "Finding hepatic territories")
        hepatic_part, hepatic_findings = _territories("hepatic", hepatic, whole, cancel)
        perfusion = None
        if portal_part is not None and hepatic_part is not None:
            perfusion = _perfusion(whole, every_tumor, portal_part, hepatic_part)
        step(1.0, "")
        return cls(
            organ=whole,
            tumors=found,
            organ_runs=Runs.of(whole.voxels),
            tumor_runs=Runs.of(every_tumor),
            each_tumor_runs=tuple(Runs.of(within(tumor.mask, whole)) for tumor in found),
            targets=tuple(MarginTarget.of(tumor) for tumor in found),
            lookup=OrganLookup.of(whole),
            portal=portal_part,
            hepatic=hepatic_part,
            perfusion=perfusion,
            findings=(*tumor_findings, *enclosed, *portal_findings, *hepatic_findings),
        )

    @property
    def voxel_ml(self) -> float:
        """Volume of one voxel."""
        return self.organ.grid.voxel_mm3 / 1000.0

    def planes(self, resections: Sequence[PlaneResection]) -> tuple[Plane, ...]:
        """The resections' planes with normals towards what each removes."""
        return tuple(oriented_plane(one, self.organ.box_grid, self.tumor_runs) for one in resections)

    def evaluate(
        self, resections: Sequence[PlaneResection], *, alone: bool = True, only_least: bool = False
    ) -> LiverNumbers:
        """Exact counts and the margin of each tumour for the union of the resections.

        For a hand that drags: alone=False leaves out each resection's own numbers, only_least=True the margins of
        tumours that cannot have the smallest one.
        Raises MeasurementError when the tumour's side is to be removed and no tumour is named.
        """
        planes = self.planes(resections)
        grid = self.organ.box_grid
        kept = find_kept_rows(grid, planes)
        kept_organ = self.organ_runs.kept_count(kept)
        kept_tumor = self.tumor_runs.kept_count(kept)
        shares = tuple(1.0 - runs.kept_count(kept) / runs.count for runs in self.each_tumor_runs)
        margins = self._margins(planes, only_least)
        singles = []
        for plane in planes if alone else ():
            single_kept = kept if len(planes) == 1 else find_kept_rows(grid, [plane])
            single = margins if len(planes) == 1 else self._margins((plane,))
            singles.append(
                SingleResection(
                    plane=plane,
                    removed_voxels=self.organ_runs.count - self.organ_runs.kept_count(single_kept),
                    margin_mm=min((m.minimum_mm for m in single if m is not None), default=None),
                )
            )
        return LiverNumbers(
            removed_voxels=self.organ_runs.count - kept_organ,
            kept_voxels=kept_organ,
            removed_tumor_voxels=self.tumor_runs.count - kept_tumor,
            kept_tumor_voxels=kept_tumor,
            margins=margins,
            removed_share=shares,
            perfusion=self._remnant_perfusion(planes, kept),
            resections=tuple(singles),
        )

    def _margins(self, planes: tuple[Plane, ...], only_least: bool = False) -> tuple[TumorMargin | None, ...]:
        cut = CutSurface(planes, self.lookup, _box_corners_mm(self.organ))
        return measure_margins(cut, self.targets, only_least=only_least)

    def _remnant_perfusion(self, planes: Sequence[Plane], kept: KeptRows) -> RemnantPerfusion | None:
        if self.perfusion is None or self.portal is None or self.hepatic is None:
            return None
        lengths = self.perfusion.runs.kept_lengths(kept)
        lost = self.portal.lost_points(planes).astype(np.uint8)[self.perfusion.portal_point]
        lost += 2 * self.hepatic.lost_points(planes).astype(np.uint8)[self.perfusion.hepatic_point]
        # counts of voxels by what is lost: nothing, inflow, drainage, both; exact in float64
        viable, unfed, undrained, neither = np.bincount(lost, weights=lengths, minlength=4)
        return RemnantPerfusion(
            viable_ml=float(viable * self.voxel_ml),
            devascularised_ml=float((unfed + neither) * self.voxel_ml),
            congested_ml=float((undrained + neither) * self.voxel_ml),
        )

    def vessel_cuts(self, resections: Sequence[PlaneResection]) -> tuple[VesselCut, ...]:
        """The branches that the cut passes through inside the organ."""
        planes = self.planes(resections)
        if not planes:
            return ()
        return tuple(
            cut for part in (self.portal, self.hepatic) if part is not None for cut in find_vessel_cuts(part, planes)
        )

    def uncertainty_mm(self, tumor: Tumor) -> float:
        """How much smaller the true margin of a tumour may be (one-sided 95 %)."""
        return margin_uncertainty_mm(self.organ.grid.spacing_mm, tumor.radius_mm)

    def territory_mask(self, name: str) -> Mask:
        """The organ voxels of one named territory. Raises KeyError for an unknown name."""
        for part in (self.portal, self.hepatic):
            if part is not None and name in part.names:
                return Mask(self.organ.grid, self.organ.start_ijk, part.territory_mask(name, self.organ))
        raise KeyError(name)


def removed_mask(model: LiverModel, resections: Sequence[PlaneResection]) -> npt.NDArray[np.uint8]:
    """uint8 `[k, j, i]` on the whole image's grid: 1 removed, 2 kept, 0 no organ. Agrees with the plan's counts."""
    whole = np.zeros(model.organ.grid.shape_kji, dtype=np.uint8)
    whole[model.organ.box_kji] = split_mask(model.organ, model.planes(resections))
    return whole


def _box_corners_mm(mask: Mask) -> npt.NDArray[np.float64]:
    nk, nj, ni = mask.voxels.shape
    corners = np.array(np.meshgrid((-0.5, ni - 0.5), (-0.5, nj - 0.5), (-0.5, nk - 0.5))).reshape(3, -1).T
    return mask.box_grid.to_world(corners)


def _territories(
    kind: str,
    structures: Sequence[NamedMask],
    organ: Mask,
    cancel: CancelToken | None,
) -> tuple[TreeTerritories | None, tuple[Finding, ...]]:
    if not structures:
        return None, (
            Finding(
                f"no_{kind}_tree",
                f"No {kind} tree is given: territories, cut vessels and the viable remnant leave it out",
            ),
        )
    tree, findings = find_tree(merged_mask([mask for _, mask in structures], organ.grid), kind)
    if tree is None:
        return None, findings
    part = find_territories(tree, organ, cancel)
    if part is None:
        return None, (*findings, Finding(f"no_{kind}_tree", f"The {kind} tree does not reach into the organ"))
    return part, findings


def _perfusion(
    organ: Mask, tumors: npt.NDArray[np.bool_], portal: TreeTerritories, hepatic: TreeTerritories
) -> Perfusion:
    """Runs of parenchyma (organ without tumours) along i that share both nearest tree points."""
    portal_there = np.full(organ.voxels.shape, -1, dtype=np.int32)
    hepatic_there = np.full(organ.voxels.shape, -1, dtype=np.int32)
    portal_there[organ.voxels] = portal.nearest
    hepatic_there[organ.voxels] = hepatic.nearest
    portal_there[tumors] = hepatic_there[tumors] = -1
    nk, nj, ni = organ.voxels.shape
    flat_portal, flat_hepatic = portal_there.reshape(-1, ni), hepatic_there.reshape(-1, ni)
    begins = np.ones(flat_portal.shape, dtype=bool)
    begins[:, 1:] = (np.diff(flat_portal, axis=1) != 0) | (np.diff(flat_hepatic, axis=1) != 0)
    row, start = np.nonzero(begins)
    stop = np.append(start[1:], ni)
    stop[np.append(row[1:] != row[:-1], True)] = ni
    tissue = flat_portal[row, start] >= 0
    rows, starts, stops = (part[tissue].astype(np.int32) for part in (row, start, stop))
    runs = Runs((nk, nj, ni), rows, starts, stops)
    return Perfusion(runs, flat_portal[rows, starts], flat_hepatic[rows, starts])
