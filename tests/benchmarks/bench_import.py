"""Import of 512×512×400, writing the case included, beside SimpleITK's bare read of the same series.

Both run as whole processes in turn, so that load hits both alike; the ratio is of medians. Memory is the largest
resident size of any process of the run, children included. Run it by itself:
`python tests/benchmarks/bench_import.py [raw|jpegls] …`. Nothing is asserted; the bars are 1.0 × the time and 1.6 ×
the data.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

PROJECT = Path(__file__).resolve().parents[2]
SIZE_KJI = (400, 512, 512)
SPACING_MM = (0.7, 0.7, 0.6)
NOISE_HU = 18.0
REPEATS = 7
BARE_READ = """
import sys
import SimpleITK
reader = SimpleITK.ImageSeriesReader()
reader.SetFileNames(SimpleITK.ImageSeriesReader.GetGDCMSeriesFileNames(sys.argv[1]))
reader.Execute()
"""


def make_series(folder: Path, packed: bool) -> None:
    """A body with correlated noise, as CT has it, as one classic series."""
    from scipy import ndimage

    from planning.dicom.write import write_ct_series
    from planning.geometry import Grid
    from planning.volume import Volume

    generator = np.random.default_rng(1)
    j, i = np.mgrid[: SIZE_KJI[1], : SIZE_KJI[2]].astype(np.float32)
    inside = np.hypot((i - 256) / 220, (j - 256) / 160) < 1
    voxels = np.empty(SIZE_KJI, dtype=np.int16)
    for k in range(SIZE_KJI[0]):
        tissue = 50 + 40 * np.sin(i / 40 + k / 50) + 60 * (np.cos(j / 30 + k / 20) > 0.8)
        noise = ndimage.gaussian_filter(generator.standard_normal(SIZE_KJI[1:], dtype=np.float32), 0.7)
        voxels[k] = np.round(np.where(inside, tissue, -1000) + noise * (NOISE_HU / noise.std()))
    grid = Grid.from_parts(SIZE_KJI[::-1], SPACING_MM, (-180, -180, 0))
    _dress(write_ct_series(Volume(grid, voxels), folder), packed)


def _dress(paths: list[Path], packed: bool) -> None:
    """Headers as long as scanners write them: a hundred elements more, private ones and a sequence among them."""
    import pydicom
    from pydicom.dataset import Dataset
    from pydicom.uid import JPEGLSLossless

    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = "24627-2", "LN", "CT chest"
    for path in paths:
        dataset = pydicom.dcmread(path)
        dataset.ProcedureCodeSequence = [code]
        dataset.Manufacturer, dataset.KVP, dataset.ConvolutionKernel = "Made", "120", "B30f"
        block = dataset.private_block(0x0045, "MADE", create=True)
        for number in range(100):
            block.add_new(number, "DS", f"{number * 1.5}")
        if packed:
            dataset.compress(JPEGLSLossless)
        dataset.save_as(path)


def run(command: list[str]) -> tuple[float, float, float]:
    """(wall s, processor s, largest resident MB of the process and all its children)."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"{' '.join(command[:4])} … failed")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def compare(kind: str) -> None:
    """Make a series, read it by both in turn, print times, ratio and memory."""
    with tempfile.TemporaryDirectory(prefix="theatrum-bench-") as folder:
        series, case = Path(folder) / "series", Path(folder) / "case.theatrum"
        # in a process of its own: what is started from a large one is counted as large
        subprocess.run([sys.executable, str(Path(__file__)), "--make", str(series), kind], check=True)
        bare = [sys.executable, "-c", BARE_READ, str(series)]
        ours = [sys.executable, "-m", "app", "import", str(series), "-o", str(case), "--force", "--quiet"]
        run(bare)
        run(ours)
        pairs = [(run(bare), run(ours)) for _ in range(REPEATS)]
        case_mb = case.stat().st_size / 1e6
    data_mb = np.prod(SIZE_KJI) * 2 / 1e6
    bare_s, ours_s = (statistics.median(pair[side][0] for pair in pairs) for side in (0, 1))
    bare_cpu, ours_cpu = (statistics.median(pair[side][1] for pair in pairs) for side in (0, 1))
    best = min(pair[1][0] for pair in pairs) / min(pair[0][0] for pair in pairs)
    largest = max(pair[1][2] for pair in pairs) * 1.048576
    print(
        f"{kind}: SimpleITK reads in {bare_s:.2f} s, Theatrum imports and writes ({case_mb:.0f} MB) in {ours_s:.2f} s\n"
        f"  time: {ours_s / bare_s:.2f} × of medians, {best:.2f} × of the fastest (bar 1.0); "
        f"processor {bare_cpu:.2f} s and {ours_cpu:.2f} s\n"
        f"  memory: largest process {largest:.0f} MB of {data_mb:.0f} MB data: {largest / data_mb:.2f} × (bar 1.6)"
    )


def main() -> None:
    """Print the figures of each kind asked for; both when none is."""
    sys.path.insert(0, str(PROJECT))
    if sys.argv[1:2] == ["--make"]:
        make_series(Path(sys.argv[2]), packed=sys.argv[3] == "jpegls")
        return
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} before")
    for kind in sys.argv[1:] or ["raw", "jpegls"]:
        compare(kind)


if __name__ == "__main__":
    main()
