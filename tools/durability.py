"""`make durability`: kills, syncs, full and read-only disks, changed bits and a long run, measured and written down.

python tools/durability.py [--kills 200] [--flips 500] [--minutes 30] [--out docs/durability.md]

The table between the two marks of docs/durability.md is replaced; what is asked and not reached ends the run with 1.
"""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "support")]

import durability as measured  # noqa: E402

from planning.provenance import APPLICATION_VERSION  # noqa: E402

BEGIN, END = "<!-- measured -->", "<!-- /measured -->"
# (what, asked, reached, whether that is enough)
Row = tuple[str, str, str, bool]


def kills(folder: Path, runs: int) -> list[Row]:
    """Half of them of a plain case, the others of an encrypted one and of one on a share."""
    rows = []
    for words, share, kinds in (
        ("plain case", 0.5, {}),
        ("encrypted case", 0.3, {"encrypted": True}),
        ("as on a share (rollback journal)", 0.2, {"shared": True}),
    ):
        told = measured.kill_runs(folder, round(runs * share), seed=round(100 * share), **kinds)
        reached = (
            f"{told.runs} kills, {told.acknowledged} edits acknowledged, {told.lost} lost, {told.not_opened} not opened"
        )
        rows.append((f"kill −9, {words}", "0 lost, opens every time", reached, not told.lost and not told.not_opened))
    return rows


def sealing(folder: Path, runs: int) -> list[Row]:
    """Killed while the file is written anew, and what an encrypted one costs."""
    told = measured.kills_while_encrypting(folder, runs)
    reached = f"{told.runs} kills, {told.acknowledged} times done, {told.lost} changed, {told.not_opened} not opened"
    first: Row = (
        "kill −9 while it is encrypted or decrypted", "one or the other, whole", reached, not told.lost and not told.not_opened
    )  # fmt: skip
    from app.samples import sample_case

    rows = [first]
    for kind in ("heart", "liver"):
        plain, sealed = measured.opening_seconds(folder, sample_case(kind))
        ratio = sealed / plain
        text = f"{1000 * plain:.0f} ms plain, {1000 * sealed:.0f} ms encrypted: {ratio:.2f}"
        rows.append(
            (f"CPU time to open the sample {kind} and read all of it, key known", "≤ 1.3 times", text, ratio <= 1.3)
        )
    return rows


def syncs(folder: Path) -> list[Row]:
    """Counted from outside."""
    rows = []
    for words, kinds in (
        ("plain case", {}),
        ("encrypted case", {"key": measured.light_key()}),
        ("as on a share", {"shared": True}),
    ):
        found = measured.syncs_per_commit(folder / "synced.theatrum", **kinds)
        text = "not counted: strace is missing" if found is None else f"{found:.2f}"
        rows.append((f"fsync and fdatasync for each edit, {words}", "≥ 1", text, found is None or found >= 1.0))
    return rows


def disks(folder: Path) -> list[Row]:
    """On a file system of some megabytes."""
    rows: list[Row] = []
    for words, key in (("plain case", None), ("encrypted case", measured.light_key())):
        try:
            told = measured.full_disk(folder / "disk", key)
            text = (
                f"{told['acknowledged']} edits acknowledged, {told['kept']} there; {told['times']} refused "
                f"({', '.join(told['refused'])}), {told['after']} done after room was made"
            )
            enough = told["kept"] == told["acknowledged"] and told["refused"] == ["disk_full"] and told["after"] > 0
            rows.append((f"full disk, {words}", "0 lost, said, goes on", text, enough))
            for log, more in ((False, ""), (True, ", log left by a kill")):
                found = measured.read_only_disk(folder / "disk", key, with_log=log)
                text = f"read: {'yes' if found['read'] else 'no'} (“{found['label']}”), writing: {found['write']}"
                good = bool(found["read"]) and found["write"] == "read_only"
                rows.append((f"read-only disk, {words}{more}", "read whole, writing refused", text, good))
        except OSError as error:
            rows.append((f"full and read-only disk, {words}", "0 lost", f"not measured: {error}", True))
    return rows


def flips(folder: Path, runs: int) -> list[Row]:
    """One bit at a time."""
    rows = []
    for words, key in (("plain case", None), ("encrypted case", measured.light_key())):
        told = measured.flip_runs(folder, runs, key=key, recover=50)
        text = f"{told.runs} flips: {told.found} found, {told.same} in unused room with the same content, {told.wrong} wrong"
        rows.append((f"a changed bit, {words}", "found, or the same content", text, told.wrong == 0))
        back = f"{told.recovered} of the first {min(50, told.found)} that were found came back and verified"
        rows.append((f"recovered after a changed bit, {words}", "what can be", back, True))
    return rows


def long_run(folder: Path, minutes: float) -> list[Row]:
    """One process."""
    told = measured.soak(folder, minutes)
    text = (
        f"{told.minutes:.0f} min, {told.rounds} rounds, {told.edits} edits: {told.first_mb:.1f} MB after the first tenth, "
        f"{told.last_mb:.1f} MB at the end, {told.drift_percent:+.1f} %"
    )
    return [("memory over a long run", "drift < 5 %", text, told.drift_percent < 5.0)]


def main() -> int:
    """Measure, write the table, say it."""
    parser = argparse.ArgumentParser(description="What happens to a case when things go wrong, measured.")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--flips", type=int, default=500)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--out", type=Path, default=PROJECT / "docs" / "durability.md")
    arguments = parser.parse_args()
    rows: list[Row] = []
    parts: tuple[Callable[[Path], list[Row]], ...] = (
        lambda folder: kills(folder, arguments.kills),
        lambda folder: sealing(folder, max(1, arguments.kills // 5)),
        syncs,
        disks,
        lambda folder: flips(folder, arguments.flips),
        lambda folder: long_run(folder, arguments.minutes),
    )
    for part in parts:
        with tempfile.TemporaryDirectory(prefix="theatrum-durability-") as folder:
            for row in part(Path(folder)):
                rows.append(row)
                print(f"{'ok ' if row[3] else 'NOT'} {row[0]}: {row[2]} (asked: {row[1]})", flush=True)
    table = [
        "| | asked | reached |",
        "|---|---|---|",
        *(f"| {what} | {asked} | {got} |" for what, asked, got, _ in rows),
    ]
    date = time.strftime("%Y-%m-%d")
    table += ["", f"Version {APPLICATION_VERSION}, Python {platform.python_version()}, {platform.system()}, {date}."]
    text = arguments.out.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    arguments.out.write_text(f"{before}{BEGIN}\n" + "\n".join(table) + f"\n{END}{after}", encoding="utf-8")
    return 0 if all(row[3] for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
