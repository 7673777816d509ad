"""The part of a 3D picture that is drawn anew: its pixels are those of the frame and of the part, and never others."""

from __future__ import annotations

import numpy as np
import pytest

from viewers.scene.patch import RIM_PX, Patch

SIZE = (100, 80)


@pytest.mark.parametrize("count", [2, RIM_PX - 2, RIM_PX, RIM_PX + 2, 2 * RIM_PX, 40, 80])
@pytest.mark.parametrize("low", [0, 2, 30, 60, 78])
def test_rows_that_are_kept_are_as_many_in_the_frame_as_in_the_part(low: int, count: int) -> None:
    count = min(count, SIZE[1] - low)
    patch = Patch(10, low, 60, count)
    whole, own = patch.kept(SIZE)
    frame, part = np.zeros((SIZE[1], SIZE[0])), np.ones((count, 60))
    # a part that lies within its rim, beside the frame, had an end before its beginning: that counts from the other end
    frame[whole] = part[own]
    rim = RIM_PX * ((low > 0) + (low + count < SIZE[1]))
    assert frame.sum() == max(count - rim, 0) * (60 - 2 * RIM_PX)
