"""What the liver panel measures when the hand rests: the coloured cut, the flat map, each resection's own numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planning.progress import CancelToken, Progress

if TYPE_CHECKING:
    from planning.liver.ablation import AblativeMargin
    from planning.liver.cut_map import CutMap
    from planning.liver.model import LiverModel, SingleResection
    from planning.liver.resection import Resection
    from planning.liver.resectogram import Resectogram
    from planning.liver.stages import StagedNumbers
    from planning.liver.staging import Staging


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class AtRest:
    """cut_map, flat: None while they belong to an older place of the cuts. singles: one for each resection. staged:
    the steps of `staging`, None for a plan of one.

    ablations: by the number of the resection, then of the tumour.
    """

    cut_map: CutMap | None
    flat: Resectogram | None
    singles: tuple[SingleResection, ...]
    staging: Staging
    staged: StagedNumbers | None
    ablations: Mapping[int, Mapping[int, AblativeMargin]]

    def without_map(self) -> AtRest:
        """The numbers alone, for the moment until new ones are there."""
        return replace(self, cut_map=None, flat=None)


def at_rest(
    model: LiverModel, cuts: tuple[Resection, ...], staging: Staging, progress: Progress, cancel: CancelToken
) -> AtRest:
    """Measure; a job."""
    from planning.liver.cut_map import map_cut
    from planning.liver.resectogram import lay_flat
    from planning.liver.stages import evaluate_stages

    regions = model.regions(cuts)
    cut_map = map_cut(model.organ, regions, model.targets, cancel=cancel)
    cancel.raise_if_set()
    return AtRest(
        cut_map=cut_map,
        flat=lay_flat(cut_map, regions),
        singles=model.evaluate(cuts, only_least=True).resections,
        staging=staging,
        staged=evaluate_stages(model, cuts, staging) if staging.is_staged else None,
        ablations=_ablations(model, cuts, cancel),
    )


def _ablations(
    model: LiverModel, cuts: tuple[Resection, ...], cancel: CancelToken
) -> dict[int, dict[int, AblativeMargin]]:
    from planning.liver.ablation import measure_ablation
    from planning.liver.resection import AblationResection

    found: dict[int, dict[int, AblativeMargin]] = {}
    for number, cut in enumerate(cuts):
        if not isinstance(cut, AblationResection):
            continue
        (region,) = model.regions([cut])
        found[number] = {}
        for target in model.targets:
            cancel.raise_if_set()
            # a zone that lies wholly inside a tumour holds no place of its surface
            if (
                region.signed_mm(target.surface.mesh.points_mm).max() > 0.0
                or target.surface.is_inside(cut.target_mm[None])[0]
            ):
                found[number][target.tumor.id] = measure_ablation(cut, target, model.lookup)
    return found
