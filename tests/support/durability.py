"""What happens to a case when its program is killed, its disk is full or read-only, its bytes change, or it runs for long.

Measured by `tools/durability.py` at length and by the suite in short; nothing here asserts.
"""

from __future__ import annotations

import gc
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from planning.case.commands import AddImage, SetLabel
from planning.case.document import Document
from planning.case.encrypting import encrypt_case
from planning.case.keys import LIGHT, CaseKey, is_encrypted, new_key
from planning.case.manifest import case_json
from planning.case.model import Image
from planning.case.recovering import recover_case
from planning.case.verify import verify_case
from planning.errors import CaseError
from planning.geometry import Grid
from planning.provenance import Provenance

PROJECT = Path(__file__).resolve().parents[2]
PASSPHRASE = "four words are enough"
GRID = Grid.from_parts((48, 44, 40))
SYNCED_EDITS = 50
# edits of every size, undone and redone, with the case closed and opened again between: a line for each step on the disk
EDITS = """
import sys
from pathlib import Path
import numpy as np
from planning.case import database
from planning.case.commands import AddMeasurement, AddStructure, RemoveStructure, SetLabel
from planning.case.document import Document
from planning.case.keys import CaseKey
from planning.case.model import Measurement, Structure
from planning.provenance import Provenance
from planning.volume import Mask

path, secret, shared, edits, pauses = Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "1", int(sys.argv[4]), sys.argv[5] == "1"
if shared:
    database.is_network = lambda _: True
key = CaseKey(bytes.fromhex(secret[:32]), bytes.fromhex(secret[32:])) if secret != "-" else None
generator = np.random.default_rng(int(sys.argv[6]))
document = Document.open(path, key=key)
print("open", flush=True)
for number in range(edits):
    kind = number % 8
    if kind == 3:
        name, points = f"m{document.journal_length}", ((0, 0, 0), (1, 2, 2))
        document.do(AddMeasurement(Measurement(name=name, kind="distance", points_mm=points, value=3.0, unit="mm")))
    elif kind == 5:
        grid = next(iter(document.case.images.values())).grid
        mask = Mask.from_full(grid, generator.random(grid.shape_kji) < 0.5)
        start, array = document.put_mask(mask)
        name = f"s{document.journal_length}"
        kept = {"grid": grid, "start_ijk": start, "array": array, "voxel_count": mask.voxel_count}
        document.do(AddStructure(Structure(name=name, color="#AA5500", provenance=Provenance("test"), **kept)))
    elif kind == 6:
        document.undo()
    elif kind == 7:
        document.redo()
    else:
        document.do(SetLabel(f"edit {number} " + "x" * int(generator.integers(4000))))
    print(document.journal_length, document.head_sha256, flush=True)
    if pauses and number % 24 == 23:
        document.close()
        document = Document.open(path, key=key)
print("done", flush=True)
document.close()
"""
SEALING = """
import sys
from pathlib import Path
from planning.case.encrypting import decrypt_case, encrypt_case
from planning.case.keys import CaseKey, is_encrypted

path, secret = Path(sys.argv[1]), sys.argv[2]
key = CaseKey(bytes.fromhex(secret[:32]), bytes.fromhex(secret[32:]))
print("open", flush=True)
while True:
    if is_encrypted(path):
        decrypt_case(path, key=key)
    else:
        encrypt_case(path, key=key)
    print("done", flush=True)
"""
FULL_DISK = """
import json, sys
from pathlib import Path
from planning.case.commands import SetLabel
from planning.case.document import Document
from planning.case.keys import CaseKey
from planning.errors import CaseError

path, secret = Path(sys.argv[1]), sys.argv[2]
key = CaseKey(bytes.fromhex(secret[:32]), bytes.fromhex(secret[32:])) if secret != "-" else None
filler = path.with_name("filler")
filler.write_bytes(bytes(1_000_000))
told = {"acknowledged": 0, "refused": [], "after": 0}
document = Document.open(path, key=key)
number = 0
for attempt in range(4000):
    try:
        document.do(SetLabel(f"edit {number} " + "x" * 3000))
        number += 1
        if told["refused"]:
            told["after"] += 1
            if told["after"] == 10:
                break
    except CaseError as error:
        told["refused"].append(error.code)
        if len(told["refused"]) == 5:
            filler.unlink()
        if len(told["refused"]) > 50:
            break
told["acknowledged"], told["times"], told["refused"] = number, len(told["refused"]), sorted(set(told["refused"]))
document.close()
with Document.open(path, key=key) as document:
    told["kept"] = int(document.case.label.split()[1]) + 1
from planning.case.verify import verify_case
verify_case(path, key)
print(json.dumps(told))
"""
READ_ONLY = """
import json, sys
from pathlib import Path
from planning.case.document import Document
from planning.case.keys import CaseKey
from planning.errors import CaseError

path, secret = Path(sys.argv[1]), sys.argv[2]
key = CaseKey(bytes.fromhex(secret[:32]), bytes.fromhex(secret[32:])) if secret != "-" else None
told = {}
with Document.open(path, read_only=True, beside=True, key=key) as document:
    told["read"] = document.volume("CT").voxels.shape == document.case.images["CT"].grid.shape_kji
    told["label"] = document.case.label.split(" x")[0]
try:
    Document.open(path, key=key).close()
    told["write"] = "was let"
except CaseError as error:
    told["write"] = error.code
print(json.dumps(told))
"""


def small_case(path: Path, seed: int = 3) -> Path:
    """A case with a CT of noise and five steps."""
    with Document.create(path, force=True) as document:
        voxels = np.random.default_rng(seed).integers(-1000, 1000, GRID.shape_kji).astype(np.int16)
        image = Image(
            name="CT",
            modality="CT",
            grid=GRID,
            arrays=(document.store.put_array(voxels),),
            provenance=Provenance("test"),
        )
        document.do(AddImage(image))
        for number in range(5):
            document.do(SetLabel(f"label {number}"))
    return path


def light_key() -> CaseKey:
    """A key whose making costs little."""
    return new_key(PASSPHRASE, LIGHT)


def _secret(key: CaseKey | None) -> str:
    return "-" if key is None else key.header.hex() + key.secret.hex()


def content(path: Path, key: CaseKey | None = None) -> tuple[str, bytes]:
    """All that a small case says and shows."""
    with Document.open(path, read_only=True, key=key) as document:
        return json.dumps(case_json(document.case), sort_keys=True), document.volume("CT").voxels.tobytes()


# kill −9


@dataclass(slots=True)
class Kills:
    """acknowledged: edits that were told to be on the disk. lost: of these, not there afterwards. not_opened: cases."""

    runs: int = 0
    acknowledged: int = 0
    lost: int = 0
    not_opened: int = 0
    reasons: list[str] = field(default_factory=list)


def kill_runs(
    folder: Path, runs: int, *, encrypted: bool = False, shared: bool = False, seed: int = 5, most_s: float = 0.6
) -> Kills:
    """Kill a process in the middle of scripted edits so many times. shared: as on a share, with a rollback journal."""
    generator, told = np.random.default_rng(seed), Kills()
    key = light_key() if encrypted else None
    first = small_case(folder / "first.theatrum")
    if key is not None:
        encrypt_case(first, key=key)
    for run in range(runs):
        path = folder / f"{run}.theatrum"
        shutil.copyfile(first, path)
        _one_kill(path, key, shared, run, float(generator.uniform(0.0, most_s)), told)
        for left in folder.glob(f"{run}.theatrum*"):
            left.unlink()
    return told


def _one_kill(path: Path, key: CaseKey | None, shared: bool, run: int, seconds: float, told: Kills) -> None:
    arguments = [str(path), _secret(key), str(int(shared)), "1000000", "1", str(run)]
    child = subprocess.Popen(
        [sys.executable, "-c", EDITS, *arguments], cwd=PROJECT, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "open\n"
    time.sleep(seconds)
    child.send_signal(signal.SIGKILL)
    child.wait()
    # a line that was cut off was not told to anybody
    lines = [line.split() for line in child.stdout.read().split("\n")[:-1]]
    done = [(int(line[0]), line[1]) for line in lines if len(line) == 2 and len(line[1]) == 64]
    told.runs += 1
    told.acknowledged += len(done)
    try:
        with Document.open(path, key=key) as document:
            rows = dict(document.store.rows("SELECT seq, sha256 FROM journal"))
        verify_case(path, key)
    except CaseError as error:
        told.not_opened += 1
        told.lost += len(done)
        told.reasons.append(str(error))
        return
    told.lost += sum(rows.get(seq) != digest for seq, digest in done)


def kills_while_encrypting(folder: Path, runs: int, seed: int = 7) -> Kills:
    """Kill a process that encrypts and decrypts a case over and over: afterwards it must be one or the other, whole."""
    generator, told, key = np.random.default_rng(seed), Kills(), light_key()
    path = small_case(folder / "sealed.theatrum")
    true = content(path)
    for _ in range(runs):
        child = subprocess.Popen(
            [sys.executable, "-c", SEALING, str(path), _secret(key)],
            cwd=PROJECT, stdout=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip
        assert child.stdout is not None
        assert child.stdout.readline() == "open\n"
        time.sleep(float(generator.uniform(0.0, 0.4)))
        child.send_signal(signal.SIGKILL)
        child.wait()
        told.runs += 1
        told.acknowledged += child.stdout.read().count("\n")
        try:
            is_same = content(path, key if is_encrypted(path) else None) == true
        except CaseError as error:
            told.not_opened += 1
            told.reasons.append(str(error))
            continue
        told.lost += not is_same
    return told


def opening_seconds(folder: Path, case: Path, times: int = 15) -> tuple[float, float]:
    """CPU seconds to open a case and read its images and structures, (plain, encrypted with the key known): the least."""
    from planning.case import keys

    plain, sealed, key = folder / "plain.theatrum", folder / "sealed.theatrum", light_key()
    shutil.copyfile(case, plain)
    encrypt_case(plain, key=key, out=sealed, force=True)
    least = {plain: float("inf"), sealed: float("inf")}
    for _ in range(times):
        for path in least:
            start = time.process_time()
            with Document.open(path, read_only=True, key=key if path == sealed else None) as document:
                for image in document.case.images.values():
                    for phase in range(len(image.arrays)):
                        document.volume(image.name, phase)
                held = [document.mask(name) for name in document.case.structures]
            del held
            least[path] = min(least[path], time.process_time() - start)
    keys.forget(key.header)
    return least[plain], least[sealed]


def syncs_per_commit(path: Path, *, key: CaseKey | None = None, shared: bool = False) -> float | None:
    """fsync and fdatasync calls for each edit, counted from outside by strace; None where it is not installed."""
    if shutil.which("strace") is None:
        return None

    def count(edits: int) -> int:
        target = path.with_name(f"{edits}-{path.name}")
        small_case(target)
        if key is not None:
            encrypt_case(target, key=key)
        arguments = [str(target), _secret(key), str(int(shared)), str(edits), "0", "1"]
        done = subprocess.run(
            ["strace", "-f", "-e", "trace=fsync,fdatasync", sys.executable, "-c", EDITS, *arguments],
            cwd=PROJECT, capture_output=True, text=True, encoding="utf-8", check=True,
        )  # fmt: skip
        return len(re.findall(r"\bf(?:data)?sync\(", done.stderr))

    # the difference of two runs leaves out what opening and closing need
    return (count(2 * SYNCED_EDITS) - count(SYNCED_EDITS)) / SYNCED_EDITS


# disks


@contextmanager
def small_disk(folder: Path, megabytes: float) -> Iterator[Callable[[Sequence[str]], None]]:
    """A file system of so many megabytes at `folder`; the answer mounts it anew with options. Raises OSError where this
    machine does not let us."""
    folder.mkdir(exist_ok=True)

    def mount(options: Sequence[str]) -> None:
        done = subprocess.run(["mount", *options, str(folder)], capture_output=True, check=False)
        if done.returncode:
            raise OSError(done.stderr.decode(errors="replace").strip() or "no file system can be mounted here")

    if shutil.which("mount") is None:
        raise OSError("mount is not installed")
    mount(["-t", "tmpfs", "-o", f"size={round(megabytes * 1024)}k", "none"])
    try:
        yield mount
    finally:
        subprocess.run(["umount", str(folder)], check=False)


def _child(script: str, path: Path, key: CaseKey | None) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-c", script, str(path), _secret(key)],
        cwd=PROJECT, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    if done.returncode:
        raise AssertionError(done.stderr)
    found: dict[str, object] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def full_disk(folder: Path, key: CaseKey | None = None) -> dict[str, object]:
    """Edits until the disk is full, tried on, some room made, edited on: what was acknowledged and what is there."""
    with small_disk(folder, 2.5):
        path = small_case(folder / "case.theatrum")
        if key is not None:
            encrypt_case(path, key=key)
        return _child(FULL_DISK, path, key)


def read_only_disk(folder: Path, key: CaseKey | None = None, *, with_log: bool = False) -> dict[str, object]:
    """A case on a disk that is mounted read-only. with_log: its program was killed before."""
    with small_disk(folder, 4) as mount:
        path = small_case(folder / "case.theatrum")
        if key is not None:
            encrypt_case(path, key=key)
        if with_log:
            leave_log(path, key)
        mount(["-o", "remount,ro"])
        return _child(READ_ONLY, path, key)


def leave_log(path: Path, key: CaseKey | None = None) -> None:
    """Kill a process that has done eight steps."""
    arguments = [str(path), _secret(key), "0", "1000000", "0", "1"]
    child = subprocess.Popen(
        [sys.executable, "-c", EDITS, *arguments], cwd=PROJECT, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    assert child.stdout is not None
    for _ in range(9):
        child.stdout.readline()
    child.kill()
    child.wait()


# bytes


@dataclass(slots=True)
class Flips:
    """found: refused. same: not found, with the very same content. wrong: another content was shown."""

    runs: int = 0
    found: int = 0
    same: int = 0
    wrong: int = 0
    recovered: int = 0


def flip_runs(folder: Path, runs: int, *, key: CaseKey | None = None, seed: int = 11, recover: int = 0) -> Flips:
    """Change one bit at a time anywhere in a case. recover: so many of those that were refused are brought back too."""
    path = small_case(folder / "whole.theatrum")
    if key is not None:
        encrypt_case(path, key=key)
    true, raw = content(path, key), path.read_bytes()
    generator, told = np.random.default_rng(seed), Flips()
    for _ in range(runs):
        damaged = bytearray(raw)
        damaged[int(generator.integers(len(raw)))] ^= 1 << int(generator.integers(8))
        broken = folder / "broken.theatrum"
        broken.write_bytes(damaged)
        told.runs += 1
        try:
            verify_case(broken, key)
            found = content(broken, key)
        except CaseError:
            told.found += 1
            if told.recovered < recover and _comes_back(broken, folder / "back.theatrum", key):
                told.recovered += 1
            continue
        if found == true:
            told.same += 1
        else:
            told.wrong += 1
    return told


def _comes_back(broken: Path, target: Path, key: CaseKey | None) -> bool:
    try:
        recover_case(broken, target, key=key, force=True)
    except CaseError:
        return False
    return True


# for long


@dataclass(frozen=True, slots=True)
class Soak:
    """minutes, rounds and edits done; first_mb, last_mb: memory in use after the first tenth and at the end (medians)."""

    minutes: float
    rounds: int
    edits: int
    first_mb: float
    last_mb: float

    @property
    def drift_percent(self) -> float:
        """Of the memory in use."""
        return 100.0 * (self.last_mb / self.first_mb - 1.0)


def soak(folder: Path, minutes: float) -> Soak:
    """Open, edit, undo, look, close, verify, encrypt, decrypt, save and recover for so long in one process."""
    from planning.case.encrypting import decrypt_case
    from planning.case.saving import save_copy

    key = light_key()
    samples: list[tuple[float, float]] = []
    first = small_case(folder / "first.theatrum")
    start, rounds, edits = time.monotonic(), 0, 0
    while (passed := time.monotonic() - start) < 60 * minutes:
        path, copy, back = (folder / f"{name}.theatrum" for name in ("round", "copy", "back"))
        shutil.copyfile(first, path)
        if rounds % 2:
            encrypt_case(path, key=key)
        with Document.open(path) as document:
            for number in range(40):
                document.do(SetLabel(f"edit {number} " + "x" * (97 * number)))
                document.undo()
                document.redo()
                edits += 3
            document.volume("CT")
            copy.unlink(missing_ok=True)
            save_copy(document, copy)
        verify_case(copy)
        recover_case(copy, back, key=key if rounds % 2 else None, force=True)
        if rounds % 2:
            decrypt_case(path)
        rounds += 1
        gc.collect()
        samples.append((passed, _resident_mb()))
    early = [mb for at, mb in samples if 6 * minutes <= at < 12 * minutes] or [samples[0][1]]
    late = [mb for at, mb in samples if at >= 54 * minutes] or [samples[-1][1]]
    return Soak((time.monotonic() - start) / 60, rounds, edits, float(np.median(early)), float(np.median(late)))


def _resident_mb() -> float:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
