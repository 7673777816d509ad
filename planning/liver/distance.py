"""Euclidean distances over large boxes, several times faster than SciPy's."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planning.geometry import Vector


def distance_to_mm(inside: npt.NDArray[np.bool_], spacing_mm: Vector) -> npt.NDArray[np.float32]:
    """Distance `[k, j, i]` from each voxel centre to the nearest centre inside, 0 there; `inside` must not be empty.

    spacing_mm: (3,) along i, j, k. Source: Maurer, Qi and Raghavan, IEEE Trans PAMI 2003;25:265.
    """
    import SimpleITK

    image = SimpleITK.GetImageFromArray(inside.astype(np.uint8))
    image.SetSpacing([float(v) for v in spacing_mm])
    distance = SimpleITK.SignedMaurerDistanceMap(
        image, insideIsPositive=False, squaredDistance=False, useImageSpacing=True
    )
    return np.asarray(np.maximum(SimpleITK.GetArrayFromImage(distance), np.float32(0.0)))
