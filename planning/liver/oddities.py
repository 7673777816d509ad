"""What is odd about an organ and its tumours before anything is planned: told, never mended."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planning.findings import Finding
from planning.liver.organ import NamedMask, padded, within
from planning.liver.tumors import Tumor, at_scan_edge
from planning.volume import Mask

LEAST_PIECE_ML = 1.0


def find_oddities(whole: Mask, organ: Sequence[NamedMask], tumors: Sequence[Tumor]) -> tuple[Finding, ...]:
    """Warnings about an organ that falls apart or is cut off by the scan, and tumours that do not touch it.

    whole: the union of `organ` and the tumours. Touching is with faces, edges or corners of voxels. An organ without
    voxels of its own is tumour throughout: that no tumour touches it is not said then.
    """
    return (*_pieces(whole), *_at_edge(whole), *_detached(organ, tumors))


def _pieces(whole: Mask) -> tuple[Finding, ...]:
    import SimpleITK

    image = SimpleITK.GetImageFromArray(whole.voxels.view(np.uint8))
    labels = SimpleITK.GetArrayFromImage(SimpleITK.ConnectedComponent(image, True))
    counts = np.sort(np.bincount(labels.reshape(-1))[1:])[::-1]
    ml = counts * whole.grid.voxel_mm3 / 1000.0
    large = ml[ml >= LEAST_PIECE_ML]
    if len(large) < 2:
        return ()
    sizes = ", ".join(f"{value:.1f}" for value in large[:4])
    return (Finding("organ_pieces", f"The organ is in {len(large)} pieces that do not touch ({sizes} ml)"),)


def _at_edge(whole: Mask) -> tuple[Finding, ...]:
    if not at_scan_edge(whole):
        return ()
    return (Finding("organ_at_edge", "The organ reaches the scan's edge: what lies beyond it is in no volume"),)


def _detached(organ: Sequence[NamedMask], tumors: Sequence[Tumor]) -> tuple[Finding, ...]:
    from scipy import ndimage

    if not any(mask.voxel_count for _, mask in organ):
        return ()
    touching = np.ones((3, 3, 3), dtype=bool)
    names = []
    for tumor in tumors:
        around = padded(tumor.mask, 1)
        grown = ndimage.binary_dilation(around.voxels, touching)
        if not any((within(mask, around) & grown).any() for _, mask in organ):
            names.append(f"T{tumor.id}")
    if not names:
        return ()
    said = "lies" if len(names) == 1 else "lie"
    return (
        Finding(
            "tumor_outside",
            f"{', '.join(names)} {said} outside the organ and {'counts' if len(names) == 1 else 'count'} to it "
            "nevertheless: check the structures",
        ),
    )
