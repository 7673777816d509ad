"""Image values as a network was trained on them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from inference.manifest import Normalise
from inference.resample import FloatVolume, Pointwise, as_float

LEAST_DEVIATION = 1e-8
PLANES_AT_ONCE = 16


def normaliser(how: Normalise, image: npt.NDArray[Any]) -> Pointwise:
    """A function of a part of the image that gives its values for the network, float32.

    image: what statistics are taken of (not kept): the part of the scan that the network's field covers.
    """
    rule = {"ct": _ct, "range": _range, "zscore": _zscore, "minmax": _minmax, "none": _none}[how.scheme](how, image)
    if how.then == "minmax":
        rule = _brought_to(how, rule, *_ends(rule, image))
    if how.squash == "none":
        return rule
    return lambda part: _sigmoid(rule(part))


def _none(how: Normalise, image: npt.NDArray[Any]) -> Pointwise:
    return as_float if how.clip is None else lambda part: _clipped(how, part)


def _ct(how: Normalise, image: npt.NDArray[Any]) -> Pointwise:
    mean, deviation = np.float32(how.mean), np.float32(max(how.std, LEAST_DEVIATION))

    def rule(part: npt.NDArray[Any]) -> FloatVolume:
        values = _clipped(how, part)
        values -= mean
        values /= deviation
        return values

    return rule


def _range(how: Normalise, image: npt.NDArray[Any]) -> Pointwise:
    assert how.clip is not None
    (low, high), (to_low, to_high) = how.clip, how.to

    def rule(part: npt.NDArray[Any]) -> FloatVolume:
        values = _fresh(part)
        values -= np.float32(low)
        values /= np.float32(high - low)
        values *= np.float32(to_high - to_low)
        values += np.float32(to_low)
        if how.clip_output:
            np.clip(values, to_low, to_high, out=values)
        return values

    return rule


def _zscore(how: Normalise, image: npt.NDArray[Any]) -> Pointwise:
    mean, deviation = _moments(how, image)

    def rule(part: npt.NDArray[Any]) -> FloatVolume:
        values = _clipped(how, part)
        changed = (values - np.float32(mean)) / np.float32(deviation)
        return np.where(values != 0, changed, np.float32(0)) if how.nonzero else changed

    return rule


def _moments(how: Normalise, image: npt.NDArray[Any]) -> tuple[float, float]:
    """Mean and standard deviation, in double precision, by slabs."""
    count, total, squares = 0, 0.0, 0.0
    for start in range(0, len(image), PLANES_AT_ONCE):
        values = _clipped(how, image[start : start + PLANES_AT_ONCE]).astype(np.float64)
        if how.nonzero:
            values = values[values != 0]
        count += values.size
        total += float(values.sum())
        squares += float(np.square(values).sum())
    if count == 0:
        return 0.0, 1.0
    mean = total / count
    deviation = float(np.sqrt(max(squares / count - mean**2, 0.0)))
    if how.nonzero and deviation == 0.0:
        # as the source does for an image of one value
        return mean, 1.0
    return mean, max(deviation, LEAST_DEVIATION)


def _minmax(how: Normalise, image: npt.NDArray[Any]) -> Pointwise:
    def clipped(part: npt.NDArray[Any]) -> FloatVolume:
        return _clipped(how, part)

    return _brought_to(how, clipped, *_ends(clipped, image))


def _brought_to(how: Normalise, rule: Pointwise, low: float, high: float) -> Pointwise:
    to_low, to_high = how.to
    width = max(high - low, LEAST_DEVIATION)

    def brought(part: npt.NDArray[Any]) -> FloatVolume:
        values = np.asarray(rule(part), dtype=np.float32)
        values = (values - np.float32(low)) * np.float32((to_high - to_low) / width)
        values += np.float32(to_low)
        return values

    return brought


def _ends(rule: Pointwise, image: npt.NDArray[Any]) -> tuple[float, float]:
    """Least and greatest value that the rule gives anywhere, by slabs."""
    low, high = np.inf, -np.inf
    for start in range(0, len(image), PLANES_AT_ONCE):
        part = rule(image[start : start + PLANES_AT_ONCE])
        low, high = min(low, float(part.min())), max(high, float(part.max()))
    return low, high


def _fresh(part: npt.NDArray[Any]) -> FloatVolume:
    return np.array(part, dtype=np.float32, order="C", copy=True)


def _clipped(how: Normalise, part: npt.NDArray[Any]) -> FloatVolume:
    values = _fresh(part)
    if how.clip is not None:
        np.clip(values, np.float32(how.clip[0]), np.float32(how.clip[1]), out=values)
    return values


def _sigmoid(values: npt.NDArray[Any]) -> FloatVolume:
    return np.asarray(1.0 / (1.0 + np.exp(-values)), dtype=np.float32)
