"""The whole automatic TAVR analysis of a 512 × 512 × 400 scan: seconds by part, largest memory. Prints, asserts nothing.

Asked: at most 60 s (goal 30) on two cores, at most 4 GB.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from cases import make_case

from planning.phantoms.cardiac import FIELD_MM, cardiac_phantom, cardiac_truth

SIZE = (512, 512, 400)


def main() -> None:
    """Make the scan once, then plan it in a process of its own."""
    spacing = tuple(float(side / count) for side, count in zip(FIELD_MM, SIZE, strict=True))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "whole.theatrum"
        start = time.perf_counter()
        phantom = cardiac_phantom(seed=3, spacing_mm=(spacing[0], spacing[1], spacing[2]))
        with make_case(path, phantom.volume):
            pass
        print(f"scan of {phantom.volume.grid.size_ijk} made in {time.perf_counter() - start:.0f} s")
        del phantom
        subprocess.run([sys.executable, __file__, str(path)], check=True)


def plan(path: Path) -> None:
    """Plan the case as the command line does, part by part."""
    from planning.case.document import Document
    from planning.case.tavr_plans import automatic_inputs, tavr_record

    with Document.open(path) as document:
        start = time.perf_counter()
        inputs = automatic_inputs(document).inputs
        found = time.perf_counter()
        record = tavr_record(document, "tavr", inputs, parts=frozenset())
        measured = time.perf_counter()
        tavr_record(document, "tavr", inputs)
        done = time.perf_counter()
    access = max(0.0, (done - measured) - (measured - found))
    total = found - start + done - measured
    truth, annulus = cardiac_truth(), record.results["annulus"]
    off = np.linalg.norm(np.asarray(inputs.hinges_mm) - truth.hinges_mm, axis=1)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(f"root found        {found - start:6.1f} s")
    print(f"root measured     {measured - found:6.1f} s")
    print(f"access            {access:6.1f} s")
    print(f"together          {total:6.1f} s   asked 60, goal 30: ratio {total / 60.0:.2f}")
    print(f"largest memory    {memory:6.2f} GB  asked 4: ratio {memory / 4.0:.2f}")
    print(
        f"hinges            {off.mean():6.2f} mm mean, area {100.0 * (annulus['area_mm2'] / truth.area_mm2 - 1.0):+.2f} %"
    )


if __name__ == "__main__":
    plan(Path(sys.argv[1])) if len(sys.argv) > 1 else main()
