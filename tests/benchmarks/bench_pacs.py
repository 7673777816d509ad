"""Sending to and receiving from DCMTK on this computer, in one run: images a second, and how that compares.

DCMTK's tools are measured with their defaults and with TCP_NODELAY on both ends; ours against the same receivers. Needs
Debian's `dcmtk`. Images of 512 x 512, uncompressed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]

from archives import ct_series, storescp  # noqa: E402

from planning.pacs.intake import Intake  # noqa: E402
from planning.pacs.listen import Listener  # noqa: E402
from planning.pacs.node import Node, Own  # noqa: E402
from planning.pacs.send import LINES, outgoing, send  # noqa: E402

COUNT = int(os.environ.get("THEATRUM_IMAGES", "1000"))


def seconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def main() -> None:
    if shutil.which("storescu") is None:
        print("needs dcmtk: apt-get install dcmtk")
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        files = ct_series(folder / "ct", COUNT, size=512)
        objects, _ = outgoing([folder / "ct"])

        def theirs(port: int, title: str, no_delay: bool) -> float:
            wishes = {**os.environ, **({"TCP_NODELAY": "1"} if no_delay else {})}
            command = ["storescu", "-aec", title, "127.0.0.1", str(port), "+sd", str(folder / "ct")]
            return seconds(lambda: subprocess.run(command, check=True, capture_output=True, env=wishes))

        def told(what: str, taken: float, base: dict[str, float]) -> None:
            ratios = ", ".join(f"{value / taken:.1f}x {name}" for name, value in base.items())
            print(f"{what:<52} {COUNT / taken:6.0f} images a second   {ratios}")

        base: dict[str, float] = {}
        for no_delay, name in ((False, "DCMTK by default"), (True, "DCMTK without delay")):
            with storescp(folder / "scp", "--ignore", no_delay=no_delay) as port:
                base[name] = theirs(port, "ANY-SCP", no_delay)
                told(f"storescu to storescp, {name}", base[name], {})
                for lines in (1, LINES):
                    processor = time.process_time()
                    node = Node("dcmtk", "127.0.0.1", port, "ANY-SCP")
                    taken = seconds(lambda: send(node, Own(), objects, again=True, lines=lines))  # noqa: B023
                    told(f"ours to the same storescp, {lines} line{'s' * (lines > 1)}", taken, base)
                    print(f"{'':52} {(time.process_time() - processor) / COUNT * 1000:6.2f} ms of ours an image")
        # what we are compared with in receiving: one that keeps what it gets, as we do
        with storescp(folder / "kept", no_delay=True) as port:
            base["DCMTK without delay, writing"] = theirs(port, "ANY-SCP", True)
            told("storescu to storescp that writes", base["DCMTK without delay, writing"], {})
        with Listener(Own("THEATRUM", port=0), Intake(folder / "in")) as listener:
            told("storescu to us, default", theirs(listener.port, "THEATRUM", False), base)
        shutil.rmtree(folder / "in")
        with Listener(Own("THEATRUM", port=0), Intake(folder / "in")) as listener:
            processor = time.process_time()
            told("storescu to us, without delay", theirs(listener.port, "THEATRUM", True), base)
            print(f"{'':52} {(time.process_time() - processor) / COUNT * 1000:6.2f} ms of ours an image")
        assert len(list((folder / "in").rglob("*.dcm"))) == len(files)


if __name__ == "__main__":
    main()
