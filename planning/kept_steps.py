"""Slow steps of a calculation, kept from one opening of a case to the next.

A step here follows from arrays alone: the thinned vessels of a mask, the tree point nearest to each voxel. What came of it
is asked for by everything that it follows from, and by the program that made it, so that another mask, another version or
another library never meets it. Numbers are made of these steps, so a shelf gives back what was put there to the bit, or
nothing.
"""

from __future__ import annotations

import functools
import hashlib
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from planning.provenance import APPLICATION_VERSION
from planning.volume import Mask

Arrays = Mapping[str, npt.NDArray[Any]]
Given = Mask | npt.NDArray[Any]

LIBRARIES = ("numpy", "scipy", "scikit-image", "SimpleITK", "vtk")


class Shelf(Protocol):
    """Where arrays lie under words. It may lose anything at any time."""

    def get(self, key: str) -> Arrays | None:
        """What was put under a key, to the bit; None where it is not there so."""

    def put(self, key: str, arrays: Arrays) -> None:
        """Keep arrays under a key."""


@dataclass(frozen=True, slots=True)
class KeptSteps:
    """Steps on a shelf; without one each is made whenever it is asked for."""

    shelf: Shelf | None = None

    def arrays(self, what: str, given: tuple[Given, ...], make: Callable[[], Arrays]) -> Arrays:
        """What `make` returns, from the shelf where it lies there whole.

        what: the step's name. given: all that `make` depends on. Whatever `make` raises goes on, and nothing is kept.
        """
        if self.shelf is None:
            return make()
        key = f"step {what} {program_words()} {_sum_of(given)}"
        found = self.shelf.get(key)
        if found is not None:
            return found
        made = make()
        self.shelf.put(key, made)
        return made


NOTHING_KEPT = KeptSteps()


@functools.cache
def program_words() -> str:
    """The version, the libraries that steps are made with and the sum of the code itself.

    Whoever works on the code, or installs another build of one version, needs no new version for steps to be made again.
    """
    from importlib.metadata import PackageNotFoundError, version

    words = [APPLICATION_VERSION]
    for name in LIBRARIES:
        try:
            words.append(version(name))
        except PackageNotFoundError:
            # a packed program has its libraries in it and may leave out what is told of them
            words.append("-")
    return " ".join([*words, _sum_of_code()])


def _sum_of_code() -> str:
    whole = hashlib.sha256()
    own = Path(__file__).parent
    # of a packed program the code lies in its one file
    packed = [Path(sys.executable)] if getattr(sys, "frozen", False) else []
    for path in packed or sorted([*own.glob("*.py"), *own.glob("liver/*.py")]):
        whole.update(path.name.encode("utf-8") + path.read_bytes())
    return whole.hexdigest()


def _sum_of(given: tuple[Given, ...]) -> str:
    whole = hashlib.sha256()
    for one in given:
        if isinstance(one, Mask):
            whole.update(f"mask {one.start_ijk} {one.voxels.shape} ".encode())
            whole.update(np.packbits(one.voxels).data)
            whole.update(f"grid {one.grid.size_ijk} ".encode())
            _add_array(whole, one.grid.world_from_index)
        else:
            _add_array(whole, one)
    return whole.hexdigest()


def _add_array(whole: Any, array: npt.NDArray[Any]) -> None:
    whole.update(f"{array.dtype.str} {array.shape} ".encode())
    whole.update(np.ascontiguousarray(array).data)
