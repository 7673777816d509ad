"""An import that is stopped half way: exit 4, and nothing is left."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
from installed import program

from planning.dicom.write import write_ct_series
from planning.errors import Cancelled
from planning.geometry import Grid
from planning.progress import CancelToken
from planning.volume import Volume


@pytest.fixture(scope="module")
def series(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stop") / "series"
    grid = Grid.from_parts((256, 256, 160))
    voxels = np.random.default_rng(0).normal(50, 18, grid.shape_kji).astype(np.int16)
    write_ct_series(Volume(grid, voxels), folder)
    return folder


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("seconds", [0.2, 0.5])
def test_a_signal_stops_an_import_without_a_trace(
    number: signal.Signals, seconds: float, series: Path, tmp_path: Path, project_root: Path
) -> None:
    process = subprocess.Popen(
        [*program(), "import", str(series), "-o", str(tmp_path / "case.theatrum")],
        cwd=project_root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", start_new_session=True,
    )  # fmt: skip
    time.sleep(seconds)
    # a terminal's Ctrl-C reaches the whole group
    os.killpg(process.pid, number) if number == signal.SIGINT else process.send_signal(number)
    _, told = process.communicate(timeout=30)
    assert "Traceback" not in told
    left = [path.name for path in tmp_path.iterdir()]
    # a fast machine may have been done before the signal
    assert (process.returncode, left) in ((4, []), (0, ["case.theatrum"]), (-number, []), (130, []))


def test_a_token_stops_an_import(series: Path, tmp_path: Path) -> None:
    from planning.case.importing import import_study

    token = CancelToken()

    def progress(fraction: float, text: str = "") -> None:
        if fraction > 0.4:
            token.set()

    with pytest.raises(Cancelled):
        import_study([series], tmp_path / "case.theatrum", progress=progress, cancel=token)
    assert not list(tmp_path.iterdir())
