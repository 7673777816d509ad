"""Equal voxels with nnU-Net's own predictor, of every kind of model that tests/parity makes, and its seconds beside ours.

Needs .venv-parity (tools/parity_env.sh). The last row is a larger scan: the whole of nnU-Net's CPU predictor against the
whole of ours, same windows, no mirroring, in one run on this machine.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "parity")]

PYTHON = PROJECT / ".venv-parity" / "bin" / "python"
SCRIPT = PROJECT / "tests" / "parity" / "make_nnunet.py"


def main() -> None:
    from make_nnunet import KINDS

    from inference.importers import nnunet, totalsegmentator
    from inference.pipeline import RunOptions, segment
    from inference.zoo import InstalledModel
    from planning.geometry import Grid

    if not PYTHON.is_file():
        print("nnU-Net is not here to be compared with (tools/parity_env.sh brings it)")
        return
    threads = int(os.environ.get("THREADS", "1"))
    print(f"{_cpu()}, {threads} thread(s)")
    with tempfile.TemporaryDirectory() as folder:
        for kind in sys.argv[1:] or [*KINDS, "large"]:
            place = Path(folder) / kind
            env = {**os.environ, "OMP_NUM_THREADS": str(threads)}
            subprocess.run(
                [str(PYTHON), "-W", "ignore", str(SCRIPT), folder, kind], check=True, env=env, capture_output=True
            )
            case: dict[str, Any] = json.loads((place / "case.json").read_text())
            image, truth = np.load(place / "image.npy"), np.load(place / "truth.npy")
            k, j, i = case["spacing_kji_mm"]
            grid = Grid.from_parts((image.shape[2], image.shape[1], image.shape[0]), (i, j, k))
            into = place / "model"
            into.mkdir()
            source = place / case["folder"]
            importer = totalsegmentator if totalsegmentator.recognise(source) else nnunet
            model = InstalledModel(into, importer.convert(source, into))
            for mode, quality, engine in (("parity", "standard", "torch"), ("ours", "standard", "openvino")):
                if kind != "large" and mode == "ours":
                    continue
                begun, spent = time.perf_counter(), time.process_time()
                options = RunOptions(mode=mode, quality=quality, engine=engine, threads=threads)  # type: ignore[arg-type]
                run = segment(image, grid, model, options)
                wall, cpu = time.perf_counter() - begun, time.process_time() - spent
                equal = float((run.labels == truth).mean())
                told = f"{kind:16} {mode:7} {run.precision:5} {100 * equal:9.4f} % equal"
                if kind == "large":
                    # processor seconds, because a busy machine's clock tells nothing; models of seconds tell nothing either
                    told += f"   ours {cpu:.1f} CPU s ({wall:.0f} s), theirs {case['cpu_seconds']:.1f} CPU s"
                    told += f" ({case['seconds']:.0f} s): 1/{case['cpu_seconds'] / max(cpu, 1e-9):.1f}"
                print(told, flush=True)


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown CPU")


if __name__ == "__main__":
    main()
