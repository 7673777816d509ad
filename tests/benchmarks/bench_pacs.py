"""Sending to, receiving from and fetching beside DCMTK on this computer, in one run: images a second, and the ratios.

DCMTK's tools are measured with their defaults and with TCP_NODELAY on both ends. Receiving and fetching alternate with DCMTK's
own, three times each; medians are told, by the clock and by the processor time of the program that receives: where others use
the computer too, the second says more. Nothing is deleted before the end: a file system is slow with new files for a while
after old ones went. Needs Debian's `dcmtk`, for fetching `orthanc` too. Images of 512 x 512, uncompressed.

THEATRUM_IMAGES: how many (1,000). THEATRUM_PARTS: some of "send receive get" (all). THEATRUM_PLACE: a folder whose disk is meant.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]

from archives import ct_series, free_port, orthanc, storescp  # noqa: E402
from pydicom import dcmread  # noqa: E402

from planning.pacs.fetch import fetch  # noqa: E402
from planning.pacs.intake import Intake  # noqa: E402
from planning.pacs.listen import Listener  # noqa: E402
from planning.pacs.node import Node, Own  # noqa: E402
from planning.pacs.query import Wish  # noqa: E402
from planning.pacs.send import LINES, outgoing, send  # noqa: E402

COUNT = int(os.environ.get("THEATRUM_IMAGES", "1000"))
PARTS = os.environ.get("THEATRUM_PARTS", "send receive get").split()
TIMES = 3
NO_DELAY = {**os.environ, "TCP_NODELAY": "1"}


class Taken(NamedTuple):
    """By the clock, and of the processor by the program that is measured. In seconds."""

    clock: float
    processor: float


def _clock(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def _children() -> float:
    """Processor time of programs that ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _storescu(folder: Path, port: int, title: str, no_delay: bool = True) -> None:
    command = ["storescu", "-aec", title, "127.0.0.1", str(port), "+sd", str(folder)]
    subprocess.run(command, check=True, capture_output=True, env=NO_DELAY if no_delay else None)


def _told(what: str, one: Taken, base: dict[str, Taken]) -> None:
    clock = ", ".join(f"{value.clock / one.clock:.2f}x {name}" for name, value in base.items())
    used = f"{one.processor / COUNT * 1000:5.2f} ms" if one.processor else f"{'':8}"
    print(f"{what:<48} {COUNT / one.clock:6.0f} images a second  {used}   {clock}", flush=True)


def _sending(folder: Path) -> None:
    objects, _ = outgoing([folder / "ct"])
    base: dict[str, Taken] = {}
    for no_delay, name in ((False, "DCMTK by default"), (True, "DCMTK without delay")):
        with storescp(folder / "scp", "--ignore", no_delay=no_delay) as port:
            base[name] = Taken(_clock(lambda: _storescu(folder / "ct", port, "ANY-SCP", no_delay)), 0.0)  # noqa: B023
            _told(f"storescu to storescp, {name}", base[name], {})
            for lines in (1, LINES):
                used = time.process_time()
                node = Node("dcmtk", "127.0.0.1", port, "ANY-SCP")
                clock = _clock(lambda: send(node, Own(), objects, again=True, lines=lines))  # noqa: B023
                taken = Taken(clock, time.process_time() - used)
                _told(f"ours to the same storescp, {lines} line{'s' * (lines > 1)}", taken, base)


def _to_storescp(folder: Path, into: Path, *options: str) -> Taken:
    before = _children()
    with storescp(into, *options, no_delay=True, lines=1) as port:
        sent = _children()
        clock = _clock(lambda: _storescu(folder / "ct", port, "ANY-SCP"))
        sent = _children() - sent
    assert options or len(list(into.iterdir())) == COUNT
    return Taken(clock, _children() - before - sent)


def _to_us(folder: Path, into: Path) -> Taken:
    with Listener(Own("THEATRUM", port=0), Intake(into)) as listener:
        used = time.process_time()

        def act() -> None:
            _storescu(folder / "ct", listener.port, "THEATRUM")
            # until the last one is on the disk, which storescp does not wait for
            listener.intake.settle()

        clock = _clock(act)
        taken = Taken(clock, time.process_time() - used)
    assert len(list(into.rglob("*.dcm"))) == COUNT
    return taken


def _alternating(ways: dict[str, Callable[[int], Taken]]) -> None:
    """Each in turn, three times; the medians of each, and of ours against each of theirs in the same turn."""
    rounds = [{name: way(number) for name, way in ways.items()} for number in range(TIMES)]
    for name in ways:
        one = Taken(median(each[name].clock for each in rounds), median(each[name].processor for each in rounds))
        _told(name, one, {})
    for ours in (name for name in ways if name.startswith("ours")):
        for theirs in (name for name in ways if not name.startswith("ours")):
            clock = sorted(each[theirs].clock / each[ours].clock for each in rounds)
            used = sorted(each[theirs].processor / each[ours].processor for each in rounds)
            said = f"{median(clock):.2f}x by the clock ({clock[0]:.2f} to {clock[-1]:.2f})"
            print(f"    {ours}: {said}, {median(used):.2f}x by the processor, of {theirs}", flush=True)


def _receiving(folder: Path) -> None:
    _alternating(
        {
            "storescu to storescp that throws away": lambda n: _to_storescp(folder, folder / f"none{n}", "--ignore"),
            "storescu to storescp that writes": lambda n: _to_storescp(folder, folder / f"kept{n}"),
            "ours: storescu to us": lambda n: _to_us(folder, folder / f"ours{n}"),
        }
    )


def _fetching(folder: Path) -> None:
    head = dcmread(next((folder / "ct").iterdir()), stop_before_pixels=True)
    study, series = str(head.StudyInstanceUID), str(head.SeriesInstanceUID)
    own = Own("THEATRUM", port=free_port())
    with orthanc(folder / "orthanc", own.port) as (port, _):
        node = Node("orthanc", "127.0.0.1", port, "ORTHANC")
        send(node, own, outgoing([folder / "ct"])[0], again=True)

        def theirs(number: int) -> Taken:
            into = folder / f"getscu{number}"
            into.mkdir()
            keys = ["QueryRetrieveLevel=SERIES", f"StudyInstanceUID={study}", f"SeriesInstanceUID={series}"]
            command = ["getscu", "-S", "+B", "-aec", "ORTHANC", *(word for key in keys for word in ("-k", key))]
            used = _children()
            command += ["-od", str(into), "127.0.0.1", str(port)]
            clock = _clock(lambda: subprocess.run(command, check=True, capture_output=True, env=NO_DELAY))
            assert len(list(into.iterdir())) == COUNT
            return Taken(clock, _children() - used)

        def ours(number: int, lines: int) -> Taken:
            used, intake = time.process_time(), Intake(folder / f"get{lines}-{number}")
            clock = _clock(lambda: fetch(node, own, Wish(study=study), intake, lines=lines))
            assert len(intake.arrived) == COUNT
            return Taken(clock, time.process_time() - used)

        _alternating(
            {
                "getscu from Orthanc": theirs,
                "ours, 1 line": lambda number: ours(number, 1),
                "ours, 4 lines": lambda number: ours(number, 4),
            }
        )


def _file_system(folder: Path) -> str:
    lines = [line.split() for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines()]
    found = [(len(line[1]), line[2]) for line in lines if folder.is_relative_to(line[1])]
    return max(found)[1] if found else "unknown"


def main() -> None:
    if shutil.which("storescu") is None:
        print("needs dcmtk: apt-get install dcmtk")
        return
    with tempfile.TemporaryDirectory(dir=os.environ.get("THEATRUM_PLACE")) as scratch:
        folder = Path(scratch).resolve()
        ct_series(folder / "ct", COUNT, size=512)
        print(f"{COUNT} images, files on {_file_system(folder)}, load {os.getloadavg()[0]:.1f}", flush=True)
        if "send" in PARTS:
            _sending(folder)
        if "receive" in PARTS:
            _receiving(folder)
        if "get" in PARTS and shutil.which("Orthanc") is not None:
            _fetching(folder)
        print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
