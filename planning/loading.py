"""Large libraries are loaded once, one after the other.

Twice the program was brought down while several threads loaded libraries of compiled code for the first time and the window
was painted. What went wrong inside was not found (hundreds of openings since did not show it again), so the circumstance is
taken away: whoever needs such libraries asks here; the first loads, the others wait. The thread of a window never asks, and
slices are drawn without any of them.

VTK's loops are told to use all threads here too, before anything of VTK runs: told later, while a filter ran in a job, the
filter goes on in memory that the other way of looping never made, which can bring the program down.
"""

from __future__ import annotations

import importlib
import threading
import time
from collections.abc import Sequence

# what surfaces of structures are made with, and what all else is computed with
MESHING = ("scipy.ndimage", "scipy.spatial", "vtkmodules.vtkFiltersCore", "fast_simplification")
COMPUTING = (*MESHING, "SimpleITK")
BETWEEN_S = 0.001
_one_at_a_time = threading.RLock()
_loaded: set[str] = set()


def load(names: Sequence[str]) -> None:
    """Load modules by their full names, in this order. Raises ImportError."""
    if _loaded.issuperset(names):
        return
    for name in names:
        with _one_at_a_time:
            if name not in _loaded:
                importlib.import_module(name)
                if name.startswith("vtkmodules"):
                    _use_all_threads()
                _loaded.add(name)
        # who waits for a few gets them in between, and not after all that another wants
        time.sleep(BETWEEN_S)


def _use_all_threads() -> None:
    """VTK's own loops start on one thread only; to say it again changes nothing."""
    from vtkmodules.vtkCommonCore import vtkSMPTools

    vtkSMPTools.SetBackend("STDThread")


def load_meshing() -> None:
    """What surfaces are made with; thick ones ask for the rest themselves."""
    load(MESHING)


def load_computing() -> None:
    """What nearly every job computes with."""
    load(COMPUTING)
