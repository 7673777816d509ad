"""What a repair would do at one place is what it does to the whole part there."""

from __future__ import annotations

import manifold3d
import numpy as np
import pytest

from planning.errors import MeasurementError
from planning.printing.mending import Wish
from planning.printing.near import mended_near, part_near
from planning.printing.slices import Looked, outlines, sliced
from tests.support.solids import of_manifold

FAR = np.array([120.0, -340.0, 800.0])


def test_a_thin_fin_is_thickened_near_its_place() -> None:
    fin = manifold3d.Manifold.cube((0.5, 30, 12)).translate((10, -5, 18))
    mesh = of_manifold(manifold3d.Manifold.cube((20, 20, 20)) + fin, FAR)
    at = FAR + (10.25, 10.0, 25.0)
    near = part_near(mesh, at, 6.0)
    assert np.ptp(near.points_mm, axis=0) == pytest.approx((12.0, 12.0, 11.0), abs=1e-3)
    done = mended_near(mesh, at, 6.0, "thicken", Wish(least_wall_mm=1.0))
    assert done is not None
    looked = Looked(at, np.array((0.0, 1.0, 0.0)), np.array((1.0, 0.0, 0.0)))
    for surface, width in ((near, 0.5), (done, 1.0)):
        curves = np.concatenate(outlines(sliced(surface, looked)))
        across = curves[np.abs(curves[:, 0]) < 3.0] if surface is done else curves
        assert np.ptp(across[:, 1]) == pytest.approx(width, abs=0.12)
    assert mended_near(mesh, FAR + (3.0, 3.0, 3.0), 2.0, "thicken", Wish(least_wall_mm=0.8)) is None
    with pytest.raises(MeasurementError):
        part_near(mesh, FAR + 90.0, 2.0)
