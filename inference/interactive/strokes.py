"""The program's own interactive engine: a forest of this patient's tissue, with a network's prior where there is one, two
fronts on 4 mm, a random walker in a band on 2 mm.

Every stroke is answered from all strokes anew, so their order never matters and taking one back is exact.
"""

from __future__ import annotations

import numpy as np

from inference.interactive.band import walked
from inference.interactive.enclosed import leaning
from inference.interactive.forest import Classifier, on_fine_box
from inference.interactive.fronts import find_extent
from inference.interactive.image import GRADIENT, UNDER_SKIN, PreparedImage
from inference.interactive.prior import Prior
from inference.interactive.prompts import Prompt
from inference.interactive.seeds import Initial, Seeds, near_strokes, read_seeds
from inference.interactive.session import Session, empty_mask
from planning.geometry import Grid
from planning.liver.segment.working import BoolArray, FieldArray, bounds_of, check, depth_mm, onto
from planning.progress import CancelToken
from planning.volume import Mask

BAND_MM = 6.0
# of the band's prior, what the forest says on 2 mm against what the fronts said on 4 mm
FOREST_WEIGHT = 0.5
# strokes that all lie in soft tissue of the body mean something that stays in it
SOFT_SHARE = 0.98
# a correction changes nothing farther from the strokes
CHANGES_MM = 35.0
UNSURE = 0.02


class StrokeSession(Session):
    """See Interactive. One structure on one prepared image; prior: what a network thinks of that structure."""

    def __init__(self, image: PreparedImage, prior: Prior | None = None, threads: int = 2) -> None:
        super().__init__(image.volume.grid)
        self._image, self._prior, self._threads = image, prior, threads
        self._initial: Initial | None = None

    @property
    def prior(self) -> Prior | None:
        """What a network thinks; may be set later, when the network has answered: the next stroke uses it."""
        return self._prior

    @prior.setter
    def prior(self, prior: Prior | None) -> None:
        self._prior = prior

    def _answer(self, prompts: tuple[Prompt, ...], initial: Mask | None, cancel: CancelToken | None) -> Mask:
        if initial is not None and (self._initial is None or self._initial.mask is not initial):
            self._initial = Initial.of(initial, self._image)
        given = self._initial if initial is not None else None
        found = _segmented(self._image, prompts, given, self._prior, self._threads, cancel)
        if found is None:
            return initial if initial is not None else empty_mask(self.grid)
        return found


def _segmented(
    image: PreparedImage,
    prompts: tuple[Prompt, ...],
    initial: Initial | None,
    prior: Prior | None,
    threads: int,
    cancel: CancelToken | None,
) -> Mask | None:
    """None while nothing says where the structure is."""
    seeds = read_seeds(image, prompts, initial)
    if seeds is None:
        return None
    if not len(seeds.inside):
        return None if initial is None else _without_pieces(image, seeds, initial)
    classifier = Classifier(image, seeds, prior, threads)
    check(cancel)
    open_to_it, passable = _open(image, seeds)
    probability = _leaned(classifier.on_coarse(open_to_it), leaning(image, prompts, seeds))
    extent = find_extent(
        probability,
        image.coarse_features[GRADIENT][seeds.box],
        own_gradient=classifier.tissue.own_gradient,
        inside=seeds.coarse_inside - seeds.low,
        outside=seeds.coarse_outside - seeds.low,
        open_to_it=open_to_it,
        passable_at_all=passable,
        spacing_kji_mm=image.coarse_mm,
        cancel=cancel,
    )
    check(cancel)
    held = extent.held
    near = None
    if initial is not None:
        near = near_strokes(image, seeds, CHANGES_MM)
        held = np.where(near, held, initial.coarse[seeds.box])
    if not held.any():
        return empty_mask(image.volume.grid)
    return _with_edge(image, seeds, classifier, held, extent.nearer, near, initial, cancel)


def _without_pieces(image: PreparedImage, seeds: Seeds, initial: Initial) -> Mask:
    """Strokes that leave nothing of a given structure to believe in: the pieces that they lie in go."""
    from scipy import ndimage

    whole = initial.mask.full()
    pieces, _ = ndimage.label(whole)
    factors = np.array(image.blocks.factors_kji)
    at = np.minimum(seeds.outside * factors + factors // 2, np.array(whole.shape) - 1)
    hit = np.unique(pieces[tuple(at.T)])
    return Mask.from_full(image.volume.grid, whole & ~np.isin(pieces, hit[hit > 0]))


def _leaned(probability: FieldArray, odds: FieldArray | None) -> FieldArray:
    """Probabilities moved by log odds; they are held off 0 and 1, for a forest is surer than it should be."""
    if odds is None:
        return probability
    held = np.clip(probability, UNSURE, 1.0 - UNSURE)
    return np.asarray(1.0 / (1.0 + np.exp(-(np.log(held / (1.0 - held)) + odds))), dtype=np.float32)


def _open(image: PreparedImage, seeds: Seeds) -> tuple[BoolArray, BoolArray]:
    """Where on the coarse box the structure may be, and where what is not it may be.

    Soft tissue and the body when the strokes lie in soft tissue, else anywhere.
    """
    soft = image.coarse_soft[seeds.box]
    named = image.soft[tuple(seeds.inside.T)]
    if len(named) and float(named.mean()) < SOFT_SHARE:
        return np.ones_like(soft), np.ones_like(soft)
    open_to_it = soft.copy()
    open_to_it[tuple((seeds.coarse_inside - seeds.low).T)] = True
    return open_to_it, open_to_it | (image.coarse_features[UNDER_SKIN][seeds.box] > 0.0)


def _with_edge(
    image: PreparedImage,
    seeds: Seeds,
    classifier: Classifier,
    held: BoolArray,
    nearer: FieldArray,
    near: BoolArray | None,
    initial: Initial | None,
    cancel: CancelToken | None,
) -> Mask:
    spacing = image.coarse_mm
    part = bounds_of(held, np.ceil((BAND_MM + 4.0) / spacing).astype(int))
    low = seeds.low + np.array([one.start for one in part])
    own = held[part]
    # distances count from voxel centres: half a voxel more than to the surface on both sides
    signed = np.where(
        own, 0.5 * spacing.mean() - depth_mm(own, spacing), depth_mm(~own, spacing) - 0.5 * spacing.mean()
    )
    distance = on_fine_box(signed.astype(np.float32), image, low)
    fronts = on_fine_box(nearer[part], image, low)
    first = low * np.array(image.coarser.factors_kji)
    nk, nj, ni = distance.shape
    box = (slice(first[0], first[0] + nk), slice(first[1], first[1] + nj), slice(first[2], first[2] + ni))
    free = np.abs(distance) < BAND_MM
    settled = distance < 0.0
    if near is not None and initial is not None:
        changes = on_fine_box(near[part].astype(np.float32), image, low) > 0.5
        free &= changes
        settled = np.where(changes, settled, initial.fine[box])
    named_in, named_out = (_here(index, first, distance.shape) for index in (seeds.inside, seeds.outside))
    prior = settled.astype(np.float32)
    forest = classifier.on_fine(box, free)
    prior[free] = FOREST_WEIGHT * forest + (1.0 - FOREST_WEIGHT) * fronts[free]
    if float(image.soft[tuple(seeds.inside.T)].mean()) >= SOFT_SHARE:
        prior[free & ~image.soft[box]] = 0.0
    for index, answer in ((named_in, 1.0), (named_out, 0.0)):
        prior[tuple(index.T)] = answer
        free[tuple(index.T)] = False
    check(cancel)
    likely = walked(image.smooth[box], prior, free, image.fine_mm, cancel)
    likely = _named_pieces(likely, named_in)
    check(cancel)
    grid = image.fine.cropped((int(first[2]), int(first[1]), int(first[0])), (ni, nj, nk))
    return _on_image(image, likely, grid, first, near, part, low, initial)


def _here(index: np.ndarray, first: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    moved = index - first
    return np.asarray(moved[((moved >= 0) & (moved < np.array(shape))).all(axis=1)])


def _named_pieces(likely: FieldArray, inside: np.ndarray) -> FieldArray:
    """Without pieces that no stroke named, and without holes."""
    from scipy import ndimage

    held = likely > 0.5
    pieces, count = ndimage.label(held)
    if count:
        ours = np.unique(pieces[tuple(inside.T)])
        kept = np.isin(pieces, ours[ours > 0])
        likely = np.where(held & ~kept, 0.0, likely)
        holes = ndimage.binary_fill_holes(kept) & ~kept
        likely = np.where(holes, 1.0, likely)
    return np.asarray(likely, dtype=np.float32)


def _on_image(
    image: PreparedImage,
    likely: FieldArray,
    grid: Grid,
    first: np.ndarray,
    near: BoolArray | None,
    part: tuple[slice, slice, slice],
    low: np.ndarray,
    initial: Initial | None,
) -> Mask:
    """The half level on the image's own voxels; of a corrected structure, what is far from the strokes as it was."""
    factors = np.array(image.blocks.factors_kji)
    start, stop = first * factors, (first + np.array(likely.shape)) * factors
    nk, nj, ni = (stop - start).tolist()
    here = image.volume.grid.cropped((int(start[2]), int(start[1]), int(start[0])), (ni, nj, nk))
    inside = onto(likely, grid, here) > 0.5
    if near is None or initial is None:
        return Mask(image.volume.grid, (int(start[2]), int(start[1]), int(start[0])), inside)
    whole = initial.mask.full()
    box = tuple(slice(int(a), int(b)) for a, b in zip(start, stop, strict=True))
    changes = onto(on_fine_box(near[part].astype(np.float32), image, low), grid, here) > 0.5
    whole[box] = np.where(changes, inside, whole[box])
    return Mask.from_full(image.volume.grid, whole)
