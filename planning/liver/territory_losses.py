"""What a plan does to each territory: what of it goes, and what of the rest loses its inflow or its drainage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from planning.liver.model import NO_TUMOR

if TYPE_CHECKING:
    from planning.liver.model import LiverModel
    from planning.liver.resection import Resection

FATES = ("removed", "kept", "kept_unfed", "kept_undrained", "kept_neither", "kept_tumor")


def territory_losses(
    model: LiverModel, resections: Sequence[Resection], occluded: npt.NDArray[np.bool_] | None = None
) -> dict[str, dict[str, Any]]:
    """Name of each territory → "removed_ml", "devascularised_ml", "congested_ml" of it.

    The sums over one tree are those of the plan: removed counts tumours in, the others are tissue that stays. Flow is
    None without both trees. occluded: as `LiverModel.evaluate` takes it. Raises MeasurementError.
    """
    fate = _fates(model, resections, occluded)
    has_flow = model.portal is not None and model.hepatic is not None
    found = {}
    for names, of_voxel in _owners(model):
        counts = np.bincount(of_voxel.astype(np.intp) * len(FATES) + fate, minlength=len(names) * len(FATES))
        table = counts.reshape(len(names), len(FATES))
        for name, (removed, _, unfed, undrained, neither, _) in zip(names, table, strict=True):
            found[name] = {
                "removed_ml": float(removed * model.voxel_ml),
                "devascularised_ml": float((unfed + neither) * model.voxel_ml) if has_flow else None,
                "congested_ml": float((undrained + neither) * model.voxel_ml) if has_flow else None,
            }
    return found


def _owners(model: LiverModel) -> Iterator[tuple[tuple[str, ...], npt.NDArray[Any]]]:
    """(names, (M,) number in them of each organ voxel in C order) of each tree and of the segments."""
    for part in (model.portal, model.hepatic):
        if part is not None:
            yield part.names, part.branch[part.nearest]
    if model.couinaud is not None:
        yield model.couinaud.names, model.couinaud.of_voxel


def _fates(
    model: LiverModel, resections: Sequence[Resection], occluded: npt.NDArray[np.bool_] | None
) -> npt.NDArray[np.uint8]:
    """(M,) number in `FATES` of each organ voxel, C order of the organ's box."""
    regions = model.regions(resections)
    codes = model.codes
    fate_of_code = np.where(codes.tumor == NO_TUMOR, FATES.index("kept"), FATES.index("kept_tumor")).astype(np.uint8)
    if model.portal is not None and model.hepatic is not None:
        tissue = codes.tumor == NO_TUMOR
        unfed = model.portal.lost_points(regions)
        if occluded is not None:
            unfed = unfed | occluded
        fate_of_code[tissue] += unfed.astype(np.uint8)[codes.portal_point[tissue]]
        fate_of_code[tissue] += 2 * model.hepatic.lost_points(regions).astype(np.uint8)[codes.hepatic_point[tissue]]
    of_voxel = np.where(model.voxels.removed(regions), np.uint8(FATES.index("removed")), fate_of_code[codes.of_voxel])
    return model.voxels.box(of_voxel)[model.organ.voxels]
