"""The interface of every interactive engine, and what all of them share: prompts in a row, undo, reset.

Shaped like nnInteractive's, in the program's own terms: positions are LPS mm, what comes back is the box of voxels that
changed, so that a view draws only these again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from inference.interactive.prompts import Kind, Prompt
from planning.errors import InputError
from planning.geometry import Grid
from planning.progress import CancelToken
from planning.volume import Mask

MOST_KEPT = 50

Box = tuple[slice, slice, slice]


class Interactive(Protocol):
    """A structure being segmented by hand and machine in turn."""

    @property
    def mask(self) -> Mask:
        """The structure as it stands, on the image's grid."""

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        """What was given so far."""

    def add_point(self, positive: bool, position_mm: npt.ArrayLike, cancel: CancelToken | None = None) -> Box | None:
        """(3,) LPS mm. All four return the changed box, slices `[k, j, i]`; None when nothing changed.

        Raise InputError for a prompt that cannot be used and Cancelled; the session is then as before.
        """

    def add_scribble(self, positive: bool, points_mm: npt.ArrayLike, cancel: CancelToken | None = None) -> Box | None:
        """(n, 3) LPS mm along a drawn line."""

    def add_box(self, positive: bool, corners_mm: npt.ArrayLike, cancel: CancelToken | None = None) -> Box | None:
        """(2, 3) LPS mm, opposite corners; flat boxes lie in one slice."""

    def add_lasso(self, positive: bool, outline_mm: npt.ArrayLike, cancel: CancelToken | None = None) -> Box | None:
        """(n, 3) LPS mm round a part of one slice."""

    def undo(self) -> Box | None:
        """Take the last prompt, or the initial structure, back."""

    def reset(self) -> Box | None:
        """Forget everything."""

    def set_initial(self, mask: Mask) -> Box | None:
        """Start again from a structure that is to be corrected."""


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """One step of a session. bits: the mask's voxels, eight to a byte."""

    prompts: tuple[Prompt, ...]
    initial: Mask | None
    start_ijk: tuple[int, int, int]
    shape_kji: tuple[int, int, int]
    bits: npt.NDArray[np.uint8]

    @classmethod
    def of(cls, prompts: tuple[Prompt, ...], initial: Mask | None, mask: Mask) -> State:
        """The step that led to a mask."""
        nk, nj, ni = mask.voxels.shape
        return cls(prompts, initial, mask.start_ijk, (nk, nj, ni), np.packbits(mask.voxels))

    def mask(self, grid: Grid) -> Mask:
        """The mask, unpacked."""
        count = int(np.prod(self.shape_kji))
        voxels = np.unpackbits(self.bits, count=count).reshape(self.shape_kji).astype(bool)
        return Mask(grid, self.start_ijk, voxels)


class Session:
    """Prompts in a row and the way back. Engines say what a row of prompts means in `_answer`."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self._mask = empty_mask(grid)
        self._states = [State.of((), None, self._mask)]

    @property
    def mask(self) -> Mask:
        """See Interactive."""
        return self._mask

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        """See Interactive."""
        return self._states[-1].prompts

    @property
    def initial(self) -> Mask | None:
        """The structure that is being corrected."""
        return self._states[-1].initial

    @property
    def can_undo(self) -> bool:
        """True when there is something to take back."""
        return len(self._states) > 1

    def add_point(self, positive: bool, position_mm: npt.ArrayLike, cancel: CancelToken | None = None) -> Box | None:
        """See Interactive."""
        return self._add("point", positive, position_mm, cancel)

    def add_scribble(self, positive: bool, points_mm: npt.ArrayLike, cancel: CancelToken | None = None) -> Box | None:
        """See Interactive."""
        return self._add("scribble", positive, points_mm, cancel)

    def add_box(self, positive: bool, corners_mm: npt.ArrayLike, cancel: CancelToken | None = None) -> Box | None:
        """See Interactive."""
        return self._add("box", positive, corners_mm, cancel)

    def add_lasso(self, positive: bool, outline_mm: npt.ArrayLike, cancel: CancelToken | None = None) -> Box | None:
        """See Interactive."""
        return self._add("lasso", positive, outline_mm, cancel)

    def add_all(self, prompts: Sequence[Prompt], cancel: CancelToken | None = None) -> Box | None:
        """Several prompts answered at once and taken back at once, such as the strokes of one slice."""
        return self._go((*self.prompts, *prompts), self.initial, cancel)

    def undo(self) -> Box | None:
        """See Interactive."""
        if not self.can_undo:
            return None
        self._states.pop()
        self._went_back()
        return self._show(self._states[-1].mask(self.grid))

    def reset(self) -> Box | None:
        """See Interactive."""
        del self._states[1:]
        self._states[0] = State.of((), None, empty_mask(self.grid))
        self._went_back()
        return self._show(empty_mask(self.grid))

    def set_initial(self, mask: Mask) -> Box | None:
        """See Interactive. Raises InputError for a mask on another grid."""
        if not mask.grid.is_same(self.grid):
            raise InputError("The structure lies on another grid than the image", "Choose a structure of this image")
        self._states.append(State.of((), mask, mask))
        self._went_back()
        return self._show(mask)

    def follow(self, prompts: Sequence[Prompt], initial: Mask | None = None, cancel: CancelToken | None = None) -> None:
        """Be where these prompts lead, the shortest way: back to what they share with those given so far, then on.

        initial: the structure that they correct. Raises as `add_point` does.
        """
        texts = [prompt.text for prompt in prompts]
        shared = [n for n, state in enumerate(self._states) if _leads_to(state, texts, initial)]
        if not shared:
            self.reset()
            if initial is not None:
                self.set_initial(initial)
        elif shared[-1] + 1 < len(self._states):
            del self._states[shared[-1] + 1 :]
            self._went_back()
            self._mask = self._states[-1].mask(self.grid)
        if len(self.prompts) < len(prompts):
            self.add_all(prompts[len(self.prompts) :], cancel)

    def _add(self, kind: Kind, positive: bool, points_mm: npt.ArrayLike, cancel: CancelToken | None) -> Box | None:
        prompt = Prompt.checked(kind, positive, points_mm, self.grid)
        return self._go((*self.prompts, prompt), self.initial, cancel)

    def _go(self, prompts: tuple[Prompt, ...], initial: Mask | None, cancel: CancelToken | None) -> Box | None:
        mask = self._answer(prompts, initial, cancel)
        self._states.append(State.of(prompts, initial, mask))
        # the first one stays: reset leads there
        del self._states[1:-MOST_KEPT]
        return self._show(mask)

    def _show(self, mask: Mask) -> Box | None:
        before, self._mask = self._mask, mask
        return changed_box(before, mask)

    def _answer(self, prompts: tuple[Prompt, ...], initial: Mask | None, cancel: CancelToken | None) -> Mask:
        """The structure that all prompts together mean. Raises InputError, Cancelled."""
        raise NotImplementedError

    def _went_back(self) -> None:
        """The prompts are other ones than those last answered."""


def _leads_to(state: State, texts: list[str], initial: Mask | None) -> bool:
    """True when a step lies on the way to prompts, from the same start."""
    own = [prompt.text for prompt in state.prompts]
    return own == texts[: len(own)] and is_same_mask(state.initial, initial)


def is_same_mask(one: Mask | None, other: Mask | None) -> bool:
    """True for the same voxels of the same box, and for none twice."""
    if one is None or other is None or one is other:
        return one is other
    return one.start_ijk == other.start_ijk and np.array_equal(one.voxels, other.voxels)


def empty_mask(grid: Grid) -> Mask:
    """No voxel of a grid."""
    return Mask(grid, (0, 0, 0), np.zeros((1, 1, 1), dtype=bool))


def changed_box(before: Mask, after: Mask) -> Box | None:
    """The smallest box that holds every voxel two masks differ in."""
    boxes = [mask.box_kji for mask in (before, after)]
    low = [min(box[axis].start for box in boxes) for axis in range(3)]
    high = [max(box[axis].stop for box in boxes) for axis in range(3)]
    first, second = (_within(mask, low, high) for mask in (before, after))
    other = first != second
    if not other.any():
        return None
    found = []
    for axis in range(3):
        hit = np.flatnonzero(other.any(axis=tuple(a for a in range(3) if a != axis)))
        found.append(slice(low[axis] + int(hit[0]), low[axis] + int(hit[-1]) + 1))
    return found[0], found[1], found[2]


def _within(mask: Mask, low: list[int], high: list[int]) -> npt.NDArray[np.bool_]:
    whole = np.zeros([last - first for first, last in zip(low, high, strict=True)], dtype=bool)
    inner = tuple(slice(part.start - first, part.stop - first) for part, first in zip(mask.box_kji, low, strict=True))
    whole[inner] = mask.voxels
    return whole
