"""How much memory there is, how much a run will take, how much it took."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from dataclasses import dataclass
from pathlib import Path

GIGABYTE = 1 << 30
# interpreter, numpy, scipy, torch and OpenVINO without a model, measured about 350 MB
RUNTIME_BYTES = 450 << 20
# what the rest of the machine keeps
SPARED_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Need:
    """One part of a run's memory."""

    what: str
    bytes: int


@dataclass(frozen=True, slots=True)
class MemoryPlan:
    """What a run will hold at once, and what is free."""

    needs: tuple[Need, ...]
    free_bytes: int

    @property
    def needed_bytes(self) -> int:
        """Sum of all needs."""
        return sum(need.bytes for need in self.needs)

    @property
    def fits(self) -> bool:
        """True when it can be run."""
        return self.needed_bytes <= self.free_bytes

    def in_words(self) -> str:
        """ "needs 5.2 GB (sums of tiles 3.1 GB), 4.0 GB are free"."""
        largest = max(self.needs, key=lambda need: need.bytes)
        return (
            f"needs {self.needed_bytes / GIGABYTE:.1f} GB ({largest.what} {largest.bytes / GIGABYTE:.1f} GB), "
            f"{self.free_bytes / GIGABYTE:.1f} GB are free"
        )


def free_bytes() -> int:
    """Memory that a new process may take: what the system calls available, less a tenth, within a container's limit."""
    return int(min(_system_free(), _container_free()) * (1 - SPARED_SHARE))


def _system_free() -> int:
    if sys.platform == "linux":
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    if sys.platform == "win32":
        return _windows_free()
    with contextlib.suppress(ValueError, OSError):
        # macOS compresses and frees on demand: three quarters of all memory can be had
        return int(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * 0.75)
    return 8 * GIGABYTE


def _container_free() -> int:
    if sys.platform != "linux":
        return sys.maxsize
    with contextlib.suppress(OSError, ValueError):
        limit = Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii").strip()
        if limit != "max":
            used = int(Path("/sys/fs/cgroup/memory.current").read_text(encoding="ascii"))
            return max(int(limit) - used + _reclaimable(), 0)
    return sys.maxsize


def _reclaimable() -> int:
    for line in Path("/sys/fs/cgroup/memory.stat").read_text(encoding="ascii").splitlines():
        name, value = line.split()
        if name == "inactive_file":
            return int(value)
    return 0


class _WindowsMemory(ctypes.Structure):
    _fields_ = (
        ("length", ctypes.c_ulong),
        ("load", ctypes.c_ulong),
        ("total", ctypes.c_ulonglong),
        ("free", ctypes.c_ulonglong),
        ("total_page", ctypes.c_ulonglong),
        ("free_page", ctypes.c_ulonglong),
        ("total_virtual", ctypes.c_ulonglong),
        ("free_virtual", ctypes.c_ulonglong),
        ("free_extended", ctypes.c_ulonglong),
    )


def _windows_free() -> int:
    status = _WindowsMemory()
    status.length = ctypes.sizeof(status)
    # the attribute exists on Windows alone
    ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))  # type: ignore[attr-defined,unused-ignore]
    return int(status.free)


def peak_bytes() -> int:
    """The most memory this process ever held; 0 where the system does not tell."""
    if sys.platform == "linux":
        # getrusage would tell the parent's peak in a child that was forked
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    if sys.platform == "win32":
        return _windows_peak()
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


class _WindowsCounters(ctypes.Structure):
    _fields_ = (
        ("size", ctypes.c_ulong),
        ("page_faults", ctypes.c_ulong),
        ("peak", ctypes.c_size_t),
        *((f"other_{number}", ctypes.c_size_t) for number in range(7)),
    )


def _windows_peak() -> int:
    counters = _WindowsCounters()
    counters.size = ctypes.sizeof(counters)
    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]
    kernel.GetCurrentProcess.restype = ctypes.c_void_p
    kernel.K32GetProcessMemoryInfo.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_ulong)
    told = kernel.K32GetProcessMemoryInfo(kernel.GetCurrentProcess(), ctypes.byref(counters), counters.size)
    return int(counters.peak) if told else 0


def reset_peak() -> None:
    """Begin to measure the peak anew, where the system can (Linux)."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
