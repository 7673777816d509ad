"""A kidney made ready once, on the liver's engine: its resections, margins and vessels are the same measurements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from planning.kidney.clamping import ClampTerritory, find_artery, find_clamps, main_wall_mm, margin_voxels, part_vessel
from planning.kidney.score import KidneyTumor, PreparedKidney, prepare_kidney, score_tumors, tumors_at
from planning.liver.model import NO_TUMOR, LiverModel, LiverNumbers
from planning.liver.organ import NamedMask
from planning.liver.resection import Resection
from planning.liver.territories import TreeTerritories
from planning.liver.tree import merged_mask
from planning.liver.tumors import Tumor
from planning.progress import CancelToken, Progress, no_progress


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class KidneyFlow:
    """Kept parenchyma, ml. devascularised: its artery is cut. ischaemic: behind the clamps, while they are closed."""

    kept_ml: float
    kept_percent: float | None
    devascularised_ml: float | None
    ischaemic_ml: float | None

    @property
    def ischaemic_percent(self) -> float | None:
        """Of the kept parenchyma."""
        if self.ischaemic_ml is None or self.kept_ml == 0.0:
            return None
        return 100.0 * self.ischaemic_ml / self.kept_ml


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class KidneyModel(LiverModel):
    """A kidney with its tumours and its artery's branches, ready for `evaluate`.

    kidney: parenchyma, outline and sinus. scores: of each tumour. The artery stands where the liver has its portal tree.
    """

    kidney: PreparedKidney
    scores: tuple[KidneyTumor, ...]

    @classmethod
    def of(
        cls,
        *,
        organ: Sequence[NamedMask],
        tumors: Sequence[NamedMask] = (),
        sinus: Sequence[NamedMask] = (),
        artery: Sequence[NamedMask] = (),
        vein: Sequence[NamedMask] = (),
        others: Sequence[NamedMask] = (),
        progress: Progress = no_progress,
        cancel: CancelToken | None = None,
    ) -> KidneyModel:
        """Everything that does not depend on the resections.

        All masks on one grid. Pieces of tumours that lie elsewhere, as in the other kidney, are left out and said.
        Raises MeasurementError for an empty kidney, for two, and where no tumour lies at it; GeometryError, Cancelled.
        """

        def step(fraction: float, text: str) -> None:
            progress(fraction, text)
            if cancel is not None:
                cancel.raise_if_set()

        step(0.0, "Joining the kidney")
        own, elsewhere = tumors_at(organ, tumors, sinus, [*artery, *vein])
        base = LiverModel.prepare(organ=organ, tumors=own, others=others, cancel=cancel)
        step(0.3, "Finding the outline and the sinus")
        kidney, doubts = prepare_kidney(organ, own, sinus)
        step(0.5, "Finding the artery's territories")
        parted, said = find_artery(base.organ, kidney.hull, artery)
        drained, _ = part_vessel(base.organ, kidney.hull, vein, "vein")
        step(0.7, "Scoring the tumours")
        scores = score_tumors(kidney, base.targets, [main_wall_mm(artery, parted), main_wall_mm(vein, drained)])
        branching = replace(base.branching, portal=parted, findings=())
        base = base.with_branching(branching)
        step(1.0, "")
        kept = {one.name: getattr(base, one.name) for one in fields(base)}
        kept["organ_findings"] = (*elsewhere, *base.organ_findings, *doubts, *said)
        kept["vessels"] = (
            {parted.tree.kind: merged_mask([mask for _, mask in artery], base.organ.grid)} if parted is not None else {}
        )
        return cls(**kept, kidney=kidney, scores=scores)

    @property
    def artery(self) -> TreeTerritories | None:
        """Territories of the artery's branches; None where none is named or found."""
        return self.portal

    def operated(self, numbers: LiverNumbers | None) -> tuple[int, ...]:
        """The tumours that a resection takes, wholly or in part; all of them while it takes none."""
        shares = () if numbers is None else numbers.removed_share
        taken = tuple(tumor.id for tumor, share in zip(self.tumors, shares, strict=False) if share > 0.0)
        return taken or tuple(tumor.id for tumor in self.tumors)

    def clamps(self, margin_mm: float) -> tuple[ClampTerritory, ...]:
        """The artery's branches with what each feeds of the tumours and of the margin about them."""
        return () if self.artery is None else find_clamps(self.artery, self.organ, self.tumors, margin_mm)

    def behind(self, names: Sequence[str]) -> npt.NDArray[np.bool_]:
        """(N,) the artery tree's points behind clamps on these branches."""
        assert self.artery is not None
        chosen = [number for number, name in enumerate(self.artery.names) if name in names]
        return np.isin(self.artery.branch, chosen)

    def margin_region_ml(self, tumor: Tumor, margin_mm: float) -> float:
        """A tumour with the kidney within a margin about it."""
        return float(np.count_nonzero(margin_voxels(self.organ, tumor, margin_mm))) * self.voxel_ml

    def territory_ml(self, names: Sequence[str]) -> float | None:
        """What clamps on these branches leave without blood, tumours included."""
        if self.artery is None:
            return None
        volumes = zip(self.artery.names, self.artery.volumes_ml, strict=True)
        return float(sum(volume for name, volume in volumes if name in names))

    def territory_tumor_ml(self, names: Sequence[str]) -> float | None:
        """How much of that is tumour: the rest is parenchyma, which is what clamping spares or harms."""
        if self.artery is None:
            return None
        tumor = self.codes.tumor != NO_TUMOR
        behind = self.behind(names)[self.codes.portal_point[tumor]]
        return float(self.codes.count[tumor][behind].sum() * self.voxel_ml)

    def flow(self, resections: Sequence[Resection], clamped: Sequence[str], numbers: LiverNumbers) -> KidneyFlow:
        """The kept parenchyma, and how much of it lies behind a cut or a clamped branch."""
        kept_ml = (numbers.kept_voxels - numbers.kept_tumor_voxels) * self.voxel_ml
        whole = self.voxels.count - self.tumor_voxels
        percent = 100.0 * kept_ml / (whole * self.voxel_ml) if whole else None
        if self.artery is None:
            return KidneyFlow(kept_ml=kept_ml, kept_percent=percent, devascularised_ml=None, ischaemic_ml=None)
        regions = self.regions(resections)
        flags = [self.voxels.removed([region]) for region in regions]
        gone = np.logical_or.reduce(flags) if flags else np.zeros(self.voxels.count, dtype=bool)
        tissue = self.codes.tumor == NO_TUMOR
        kept = (self.codes.count - self.codes.removed(gone))[tissue]
        point = self.codes.portal_point[tissue]
        lost = self.artery.lost_points(regions)[point]
        behind = self.behind(clamped)[point]
        return KidneyFlow(
            kept_ml=kept_ml,
            kept_percent=percent,
            devascularised_ml=float(kept[lost].sum() * self.voxel_ml),
            ischaemic_ml=float(kept[behind].sum() * self.voxel_ml),
        )
