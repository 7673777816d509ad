"""How long a stop takes at random moments of a model's run: Ctrl-C of `theatrum segment`, and a token beside the worker.

The moments are drawn evenly over the whole run, from the start of the process to the step in the case. A run that was
stopped ends with code 4 and leaves the case as it was. Run as a file: [stops of each kind]; prints the worst, asserts
nothing.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
STRUCTURES = "liver,spleen,kidney_left,kidney_right,aorta"


def command(case: Path) -> subprocess.Popen[str]:
    """The command on a case, in a group of its own as a terminal has it."""
    return subprocess.Popen(
        [sys.executable, "-m", "app", "segment", str(case), "--structures", STRUCTURES, "--device", "cpu"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", start_new_session=True,
    )  # fmt: skip


def from_the_command_line(case: Path, stops: int, generator: random.Random) -> None:
    """Ctrl-C at random moments."""
    from planning.case.document import Document

    def steps() -> int:
        with Document.open(case) as document:
            return document.journal_length

    before = case.read_bytes()
    began = time.perf_counter()
    _, told = command(case).communicate()
    whole = time.perf_counter() - began
    case.write_bytes(before)
    length, took, said, changed = steps(), [], [], 0
    for _ in range(stops):
        at = generator.uniform(0.0, whole)
        process = command(case)
        time.sleep(at)
        began = time.perf_counter()
        os.killpg(process.pid, signal.SIGINT)
        _, told = process.communicate()
        took.append((time.perf_counter() - began, at))
        said.append(process.returncode)
        if process.returncode == 0:
            case.write_bytes(before)
        changed += steps() != length
    codes = ", ".join(f"{code} × {said.count(code)}" for code in sorted(set(said)))
    print(
        f"Ctrl-C: {stops} stops over a run of {whole:.0f} s: worst {max(took)[0]:.2f} s (at {max(took)[1]:.1f} s), middle "
        f"{sorted(took)[stops // 2][0]:.2f} s (bar 1 s); exit codes {codes} (4 stopped, 0 was done already); cases "
        f"changed by a stopped run: {changed}; {told.strip().splitlines()[-1:] or ''}"
    )


def beside_the_worker(stops: int, generator: random.Random) -> None:
    """A token set at random moments, as the window's stop button does."""
    from inference.pipeline import RunOptions
    from inference.road import find_structures
    from inference.zoo import Zoo
    from planning.errors import Cancelled
    from planning.progress import CancelToken
    from planning.volume import Volume

    volume = _scan()
    assert isinstance(volume, Volume)
    with tempfile.TemporaryDirectory() as place:
        zoo = Zoo.at(Path(place))
        options = RunOptions(structures=tuple(STRUCTURES.split(",")), device="cpu", cache=Path(place) / "networks")
        began = time.perf_counter()
        find_structures(zoo, zoo.find(), volume, options)
        whole, took, done = time.perf_counter() - began, [], 0
        for _ in range(stops):
            token, at, asked = CancelToken(), generator.uniform(0.0, whole), [0.0]

            def stop(token: CancelToken = token, asked: list[float] = asked) -> None:
                asked[0] = time.perf_counter()
                token.set()

            timer = threading.Timer(at, stop)
            timer.start()
            try:
                find_structures(zoo, zoo.find(), volume, options, cancel=token)
                done += 1
            except Cancelled:
                took.append((time.perf_counter() - asked[0], at))
            timer.cancel()
    print(
        f"token: {stops} stops over a run of {whole:.0f} s: worst {max(took)[0]:.2f} s (at {max(took)[1]:.1f} s), middle "
        f"{sorted(took)[len(took) // 2][0]:.2f} s (bar 1 s); {done} were done before"
    )


def _scan() -> object:
    from inference.training.scans import read_image
    from planning.geometry import Grid
    from planning.volume import Volume

    hu, (k, j, i) = read_image(DATA / "ircad01" / "ct.nii.gz")
    return Volume(Grid.from_parts((hu.shape[2], hu.shape[1], hu.shape[0]), (i, j, k)), hu)


def main() -> None:
    """Both ways to stop."""
    sys.path.insert(0, str(ROOT))
    stops = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    generator = random.Random(11)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.0f}")
    with tempfile.TemporaryDirectory() as place:
        os.environ["THEATRUM_HOME"] = str(Path(place) / "home")
        case = Path(place) / "case.theatrum"
        made = [sys.executable, "-m", "app", "import", str(DATA / "ircad01" / "ct.nii.gz"), "-o", str(case)]
        subprocess.run(made, cwd=ROOT, check=True, capture_output=True)
        from_the_command_line(case, stops, generator)
    beside_the_worker(stops, generator)


if __name__ == "__main__":
    main()
