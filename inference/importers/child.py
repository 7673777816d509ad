"""The throw-away child: a foreign model is read and converted once, in a process with limits, and never read again.

The child has no network, a bounded memory and time, and an empty folder to stand in; it may write only where it was told
to. What comes back is a Theatrum model folder, which the parent judges again. A child that dies takes nothing with it.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from inference.manifest import Manifest, read_manifest, write_manifest
from planning.errors import Cancelled, InputError, ModelError
from planning.files.place import FULL, refusal
from planning.first_to_go import be_first_to_go
from planning.progress import CancelToken

CPU_SECONDS = 120
WALL_SECONDS = 300.0
MEMORY_BYTES = 6 << 30
FILE_BYTES = 5 << 30
MOST_OPEN_FILES = 256

# what an importer never does; each is an audit event of the interpreter
_REFUSED_EVENTS = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.fork",
    "os.startfile",
    "os.kill",
    "pty.",
    "urllib.",
    "http.",
    "ftplib.",
    "smtplib.",
    "webbrowser.",
    "ensurepip.",
    "syslog.",
)
_WRITING_EVENTS = (
    "os.remove",
    "os.rename",
    "os.mkdir",
    "os.rmdir",
    "os.chmod",
    "os.chown",
    "os.truncate",
    "os.utime",
    "shutil.",
)
_LINKING_EVENTS = ("os.link", "os.symlink")


class Watched(PermissionError):
    """An importer did what it never does; the system's own refusals are told apart from it."""


def convert_in_child(path: Path, into: Path, cancel: CancelToken | None = None) -> Manifest:
    """Convert the model at `path`, of any known kind, into the empty or new folder `into`.

    Returns its manifest; the folder then holds it and all its files. Raises ModelError (exit code 3) with what is wrong,
    Cancelled when asked to stop; in both cases nothing is left in `into`.
    """
    if not path.exists():
        raise ModelError(f"There is nothing at {path}", "Check the path", "not_found")
    into.mkdir(parents=True, exist_ok=True)
    if any(into.iterdir()):
        raise ModelError(f"{into.name} is not empty", "Choose another folder", "not_empty")
    standing = Path(tempfile.mkdtemp(prefix="theatrum-import-"))
    try:
        _run(path.resolve(), into.resolve(), standing, cancel)
        return _judged(into)
    except BaseException:
        for left in into.iterdir():
            shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()
        raise
    finally:
        shutil.rmtree(standing, ignore_errors=True)


def load_heavy(load: Callable[[], None]) -> None:
    """Import a large library inside the child: the room that its code takes is not counted against the file's."""
    limits = _memory_limits()
    if limits is None:
        load()
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (limits[1], limits[1]))
    try:
        load()
    finally:
        _limit_memory()


def _judged(folder: Path) -> Manifest:
    """What the child left is a model's folder, complete, and nothing else."""
    from inference.weights import check_weights
    from inference.zoo import file_sha256

    manifest = read_manifest(folder)
    for stage in manifest.stages:
        for weights in stage.weights:
            place = folder / weights.file
            if not place.is_file() or place.is_symlink() or file_sha256(place) != weights.sha256:
                raise ModelError("The converted weights are not what was written", "Try again", "conversion")
            if place.suffix == ".safetensors":
                check_weights(place)
    return manifest


def _run(path: Path, into: Path, standing: Path, cancel: CancelToken | None) -> None:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_child_main, args=(theirs, str(path), str(into), str(standing)), daemon=True)
    process.start()
    theirs.close()
    try:
        answer = _answer(process, ours, cancel)
    finally:
        process.kill()
        process.join()
        ours.close()
    if answer is None:
        raise ModelError(f"{path.name} cannot be read: {_death(process)}", "The file is damaged or hostile", "died")
    if answer[0] == "refused":
        raise ModelError(*answer[1:])


def _answer(process: BaseProcess, ours: Connection, cancel: CancelToken | None) -> tuple[str, ...] | None:
    started = time.monotonic()
    while time.monotonic() - started < WALL_SECONDS:
        if cancel is not None and cancel.is_set:
            raise Cancelled("stopped")
        if not ours.poll(0.05):
            continue
        try:
            answer: tuple[str, ...] = ours.recv()
        except (EOFError, ConnectionError):
            process.join(5)
            return None
        return answer
    raise ModelError("Reading this model takes too long", "The file is damaged or hostile", "too_slow")


def _death(process: BaseProcess) -> str:
    import signal

    number = -(process.exitcode or 0)
    if hasattr(signal, "SIGXCPU") and number == signal.SIGXCPU:
        return f"it takes more than {CPU_SECONDS} s"
    return "reading it stopped the reader"


def _child_main(connection: Connection, path: str, into: str, standing: str) -> None:
    _without_network()
    be_first_to_go()
    os.chdir(standing)
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    sys.dont_write_bytecode = True
    os.environ["TMPDIR"] = tempfile.tempdir = standing
    from inference import importers

    modules = importers.load()
    _limit_time_and_files()
    _limit_memory()
    _watch((into, standing))
    try:
        manifest = importers.convert(modules, Path(path), Path(into))
        write_manifest(manifest, Path(into))
    except InputError as error:
        connection.send(("refused", error.what, error.hint, error.code))
    except MemoryError:
        connection.send(
            ("refused", "Reading this model needs more memory than is allowed", "It is too large", "memory")
        )
    except Watched:
        connection.send(
            ("refused", "This model tries to do more than be read", "It is hostile; do not use it", "hostile")
        )
    except OSError as error:
        connection.send(("refused", *_in_words(error, path)))
    else:
        connection.send(("done",))


def _in_words(error: OSError, path: str) -> tuple[str, str, str]:
    """What, hint and code for what the system refused: the disk is full, or something of the model cannot be read."""
    place = Path(os.fsdecode(error.filename or path))
    if error.errno in FULL:
        refused = refusal(place, error)
        return refused.what, refused.hint, refused.code
    return (
        f"{place.name[:80]} cannot be read ({error.strerror or error})",
        "Check the path and your rights",
        "unreadable",
    )


def _without_network() -> None:
    """Leave the machine's network for an empty one, where the system allows it; the watch refuses sockets anyway."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    new_user, new_network = 0x10000000, 0x40000000
    unshare = getattr(ctypes.CDLL(None, use_errno=True), "unshare", None)
    if unshare is None or unshare(new_network) == 0:
        return
    user, group = os.getuid(), os.getgid()
    if unshare(new_user | new_network) == 0:
        with contextlib.suppress(OSError):
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
            Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def _limit_time_and_files() -> None:
    try:
        import resource
    except ImportError:
        # no such limits on this system; the parent's clock still holds
        return
    spent = sum(os.times()[:2])
    for kind, most in (
        (resource.RLIMIT_CPU, int(spent) + CPU_SECONDS),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_NOFILE, MOST_OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (soft, hard if kind == resource.RLIMIT_CPU else soft))


def _memory_limits() -> tuple[int, int] | None:
    try:
        import resource
    except ImportError:
        return None
    limits = resource.getrlimit(resource.RLIMIT_AS)
    return None if limits[0] == resource.RLIM_INFINITY else limits


def _limit_memory() -> None:
    """What is mapped now and `MEMORY_BYTES` more."""
    try:
        import resource

        mapped = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (ImportError, OSError):
        # no such limit on this system
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = mapped + MEMORY_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _watch(folders: tuple[str, ...]) -> None:
    """From here on the interpreter refuses what an importer never does; an audit hook cannot be taken away again."""
    allowed = tuple(os.path.join(os.path.realpath(folder), "") for folder in folders)
    writing = os.O_WRONLY | os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_TRUNC

    def inside(place: Any) -> bool:
        if isinstance(place, int):
            return True
        full = os.path.realpath(os.fsdecode(place))
        return full.startswith(allowed) or full == os.devnull or full + os.sep in allowed

    def judge(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            if arguments[2] and arguments[2] & writing and not inside(arguments[0]):
                raise Watched(event)
        elif event.startswith(_WRITING_EVENTS):
            # a copy's first path is only read
            written = arguments[1:2] if event.startswith("shutil.copy") else arguments
            if not all(inside(item) for item in written if isinstance(item, (str, bytes, os.PathLike))):
                raise Watched(event)
        elif event.startswith((*_REFUSED_EVENTS, *_LINKING_EVENTS)):
            raise Watched(event)

    sys.addaudithook(judge)
