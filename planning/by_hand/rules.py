"""What a tool may change: one frozen choice that every stroke and every computing tool obeys."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from planning.by_hand import boxes
from planning.by_hand.patches import Patch
from planning.errors import InputError
from planning.volume import Box, Mask, Volume

ANYWHERE, EMPTY = "anywhere", "empty"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Rules:
    """band_hu: only voxels whose value lies in it, ends included; None: any.

    inside: only voxels of any of these; empty: anywhere. keep_out: nothing is added in these (locked ones; all others when
    only empty places may be painted over); taking away is not held up by them. take_from: structures that lose what is
    added.
    """

    band_hu: tuple[float, float] | None = None
    inside: tuple[Mask, ...] = ()
    keep_out: tuple[Mask, ...] = ()
    take_from: Mapping[str, Mask] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def over(
        cls,
        name: str,
        masks: Mapping[str, Mask],
        *,
        paint_over: str | Collection[str] = ANYWHERE,
        only_inside: Collection[str] = (),
        locked: Collection[str] = (),
        take: bool = False,
        band_hu: tuple[float, float] | None = None,
    ) -> Rules:
        """The rules for editing `name` among `masks`, by names.

        paint_over: "anywhere", "empty" (where no other structure is), or the names that may be painted over besides.
        take: others lose what is painted over ("overwrite others"); locked ones never do, nothing is painted there then.
        Raises InputError when a name is unknown or the band is upside down.
        """
        others = {other: mask for other, mask in masks.items() if other != name}
        named = () if isinstance(paint_over, str) else paint_over
        for other in (*named, *only_inside):
            if other not in masks:
                raise InputError(f"There is no structure named '{other}'", "Choose one of the case's", "unknown")
        if band_hu is not None and band_hu[0] > band_hu[1]:
            raise InputError("The lower value lies above the upper one", "Swap the two", "band")
        free = set(others) if paint_over == ANYWHERE else set(named)
        shut = {other for other in others if other not in free or (take and other in locked)}
        return cls(
            band_hu=band_hu,
            inside=tuple(masks[other] for other in only_inside),
            keep_out=tuple(others[other] for other in others if other in shut),
            take_from=MappingProxyType({o: m for o, m in others.items() if take and o not in shut}),
        )

    def together(self, masks: Collection[Mask]) -> Rules:
        """The same for structures that change together, given as they are now: none keeps another out or loses to it."""
        own = {id(mask) for mask in masks}
        return replace(
            self,
            keep_out=tuple(mask for mask in self.keep_out if id(mask) not in own),
            take_from=MappingProxyType({name: mask for name, mask in self.take_from.items() if id(mask) not in own}),
        )

    def allowed(self, box: Box, volume: Volume | None, erase: bool = False) -> npt.NDArray[np.bool_] | None:
        """bool of the box: where voxels may be added (or taken away); None: everywhere. Raises InputError without an image."""
        answer: npt.NDArray[np.bool_] | None = None
        if self.band_hu is not None:
            if volume is None:
                raise InputError("Only an image has values to choose by", "Open one first", "no_image")
            values = volume.voxels[box]
            low, high = _limits(values.dtype, self.band_hu)
            answer = (values >= low) & (values <= high)
        if self.inside:
            within = boxes.read(self.inside[0], box).copy()
            for mask in self.inside[1:]:
                within |= boxes.read(mask, box)
            answer = within if answer is None else answer & within
        if erase:
            return answer
        for mask in self.keep_out:
            if boxes.is_empty(boxes.common(mask.box_kji, box)):
                continue
            answer = np.ones(boxes.shape_of(box), dtype=bool) if answer is None else answer
            answer &= ~boxes.read(mask, box)
        return answer

    def limit(self, old: Mask, new: Mask, volume: Volume | None = None) -> Patch | None:
        """What of the way from one mask to another is allowed; None when nothing is."""
        whole = Patch.between(old, new)
        if whole is None or (self.band_hu is None and not self.inside and not self.keep_out):
            return whole
        if volume is not None:
            boxes.require_same_grid(volume.grid, old.grid)
        box, changed = whole.box, whole.voxels()
        was = boxes.read(old, box)
        added, taken = self.allowed(box, volume), self.allowed(box, volume, erase=True)
        if added is not None:
            changed &= was | added
        if taken is not None:
            changed &= ~was | taken
        return Patch.of(changed, box, old)

    def spread(self, name: str, patch: Patch, mask: Mask) -> dict[str, Patch]:
        """The patch of a mask by the structure's name, and those by which others lose what it adds."""
        answer = {name: patch}
        box = patch.box
        if not self.take_from:
            return answer
        added = patch.voxels() & ~boxes.read(mask, box)
        for other, theirs in self.take_from.items():
            lost = Patch.of(added & boxes.read(theirs, box), box, theirs)
            if lost is not None:
                answer[other] = lost
        return answer


def _limits(dtype: np.dtype[np.generic], band: tuple[float, float]) -> tuple[float, float]:
    """The band in the image's own type: comparing integers with floats would copy the whole part."""
    if dtype != np.int16:
        return band
    low, high = np.clip(np.ceil(band[0]), -32768, 32767), np.clip(np.floor(band[1]), -32768, 32767)
    return int(low), int(high)
