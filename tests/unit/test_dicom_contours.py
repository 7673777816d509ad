"""Contours that lie a little apart on one slice are all of it."""

from __future__ import annotations

import numpy as np
import pytest
from pydicom.dataset import Dataset

from planning.dicom.contour_sets import read_structure_set
from planning.geometry import Grid

GRID = Grid.from_parts((40, 24, 12), (1.0, 1.0, 5.0), (-7.0, 30.0, -200.0))


def _contour(low_i: int, k: float) -> Dataset:
    """Six by six voxels on a slice."""
    corners = [(low_i - 0.5, 4.5), (low_i + 5.5, 4.5), (low_i + 5.5, 10.5), (low_i - 0.5, 10.5)]
    one = Dataset()
    one.ContourGeometricType = "CLOSED_PLANAR"
    one.ContourData = [float(v) for v in GRID.to_world(np.array([(i, j, k) for i, j in corners])).reshape(-1)]
    return one


def _set(*contours: Dataset) -> Dataset:
    roi, drawn, made = Dataset(), Dataset(), Dataset()
    roi.ROINumber, roi.ROIName = 1, "tumor"
    drawn.ReferencedROINumber, drawn.ContourSequence = 1, list(contours)
    made.StructureSetROISequence, made.ROIContourSequence = [roi], [drawn]
    return made


@pytest.mark.parametrize("resample", [False, True])
def test_two_pieces_on_one_slice_are_both_kept(resample: bool) -> None:
    # programs that keep depths with few digits write 0.2 mm beside the slice
    drawn = [_contour(low, k + away) for k in range(3, 8) for low, away in ((4, 0.0), (20, 0.04))]
    (layer,), names = read_structure_set(_set(*drawn), "set.dcm", GRID, resample)
    assert names == {1: "tumor"}
    assert layer.sum(axis=(1, 2)).tolist() == [0] * 3 + [72] * 5 + [0] * 4


def test_contours_finer_than_slices_hold_for_the_nearest_slice_only() -> None:
    # a wedge: each contour is one voxel farther than the one before it
    drawn = [_contour(4 + n, 3.0 + 0.25 * n) for n in range(13)]
    (layer,), _ = read_structure_set(_set(*drawn), "set.dcm", GRID, True)
    assert [np.flatnonzero(layer[k].any(axis=0))[[0, -1]].tolist() for k in range(3, 7)] == [
        [4 + 4 * n, 9 + 4 * n] for n in range(4)
    ]
