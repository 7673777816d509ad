"""From planes of the network's grid to labels in the image's, and what was seen on the way."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.certainty import Certainty
from inference.grid import Field
from inference.manifest import Stage
from inference.run import Run, Seen, StructureEvidence
from inference.upsample import Boundary, Decision, Labels, Taps, Upsampler, Values

PLANES_WRITTEN_AT_ONCE = 32
PLANES_WAITING = 16


class Target:
    """Takes network planes and writes labels into the run's array."""

    def __init__(self, run: Run, stage: Stage, whole: Field) -> None:
        self._stage, self._whole, self._run = stage, whole, run
        if stage.keeps:
            labels = run.labels
        else:
            labels = run.scratch[stage.name] = np.zeros(run.labels.shape, dtype=np.uint16)
        self._view = whole.axes.apply(labels)[whole.image_box]
        self._doubt = whole.axes.apply(run.doubt)[whole.image_box] if stage.keeps else None
        output = stage.output
        regions = output.decision == "regions"
        values = (0, *output.values) if regions else output.values
        self._values = np.asarray(values, dtype=labels.dtype)
        self._replaced = self._replaced_indices(labels.dtype)
        self._softly = stage.keeps and bool(run.reports)
        round_half = run.parity and stage.tiling.rule == "nnunet" and output.activation == "none"
        thresholds = (self._threshold(),) * stage.network.out_channels if regions else ()
        self._decision = Decision(thresholds, round_half)
        self._upsampler = Upsampler(
            whole.shape, self._taps(), self._decision, stage.network.out_channels, self._values_are(), self._values
        )
        numbers = stage.network.out_channels + (1 if regions else 0)
        self._certainty = Certainty(self._decision, numbers, self._values_are())
        self._block: list[Labels] = []
        self._begun = 0

    def take(self, z: int, plane: Values) -> None:
        """Plane z of the network's grid, values before activation."""
        plane = self._activated(plane)
        if self._stage.keeps:
            self._certainty.look(z, plane)
        ready = self._upsampler.take(z, plane)
        for (wanted, labels), doubtful in zip(ready, self._upsampler.doubtful, strict=True):
            if self._doubt is not None and doubtful.any():
                self._doubt[wanted.start : wanted.stop] |= doubtful
            self._block.append(labels)
            if sum(map(len, self._block)) >= PLANES_WRITTEN_AT_ONCE:
                self._write()

    def finish(self) -> None:
        """All planes came."""
        if self._block:
            self._write()
        self._tell(self._upsampler.boundary)

    def close(self) -> None:
        """Nothing is left open."""

    @property
    def disagreeing_share(self) -> float:
        """Share of image voxels that had to be interpolated."""
        return self._upsampler.disagreeing_voxels / max(self._view.size, 1)

    def _write(self) -> None:
        new = np.concatenate(self._block)
        here = self._view[self._begun : self._begun + len(new)]
        if len(self._replaced):
            here[np.isin(here, self._replaced)] = 0
        if self._softly:
            np.copyto(here, new, where=new != 0)
        else:
            here[...] = new
        self._begun += len(new)
        self._block.clear()

    def _replaced_indices(self, dtype: npt.DTypeLike) -> npt.NDArray[Any]:
        names = {name: index for index, name in self._run.manifest.names.items()}
        return np.asarray([names[name] for name in self._stage.replaces], dtype=dtype)

    def _taps(self) -> tuple[Taps, Taps, Taps]:
        output, made = self._stage.output, []
        for n, axis in enumerate(self._whole.maps):
            nearest = output.upsample == "labels-nearest" or (
                output.upsample == "linear-separate-z" and self._whole.low_axis == n
            )
            positions = axis.network_positions()
            made.append(Taps.nearest(positions, axis.size) if nearest else Taps.linear(positions, axis.size))
        return made[0], made[1], made[2]

    def _values_are(self) -> str:
        activated = self._stage.output.activated or self._stage.output.activation != "none"
        return "probabilities" if activated else "logits"

    def _threshold(self) -> float:
        share = self._stage.output.threshold
        return share if self._values_are() == "probabilities" else float(np.log(share / (1 - share)))

    def _activated(self, plane: Values) -> Values:
        rule = self._stage.output.activation
        if rule == "softmax":
            plane = np.exp(plane - plane.max(axis=0))
            plane /= plane.sum(axis=0)
        elif rule == "sigmoid":
            plane = np.asarray(1.0 / (1.0 + np.exp(-plane)), dtype=np.float32)
        return plane

    def _tell(self, boundary: Boundary) -> None:
        if not self._stage.keeps:
            return
        cell_ml = float(np.prod(self._whole.network_spacing_mm)) / 1000.0
        for number, index in enumerate(self._values.tolist()):
            if index == 0:
                continue
            seen = self._run.seen.setdefault(index, Seen())
            seen.cells += float(boundary.cells[number])
            seen.margin += float(boundary.margin[number])
            seen.low_margin += float(boundary.low_margin[number])
            seen.entropy += float(boundary.entropy[number])
            seen.expected_ml += float(boundary.whole[number] + boundary.expected[number]) * cell_ml
            seen.variance_ml2 += float(boundary.variance[number]) * cell_ml**2
            seen.samples += float(self._certainty.samples[number])
            seen.certain += float(self._certainty.certain[number])


class Aside:
    """Gives planes to a target in a thread of their own, in order, a few at a time."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="labels")
        self._waiting: deque[Future[None]] = deque()

    def take(self, z: int, plane: Values) -> None:
        """See Target."""
        self._waiting.append(self._pool.submit(self._target.take, z, plane.copy()))
        while len(self._waiting) > PLANES_WAITING:
            self._waiting.popleft().result()

    def finish(self) -> None:
        """See Target."""
        while self._waiting:
            self._waiting.popleft().result()
        self._target.finish()

    def close(self) -> None:
        """Nothing is written any more."""
        self._pool.shutdown(cancel_futures=True)


def evidence_of(run: Run) -> tuple[StructureEvidence, ...]:
    """What is told of every wanted structure."""
    counts = np.zeros(np.iinfo(run.labels.dtype).max + 1, dtype=np.int64)
    for plane in run.labels:
        found = np.bincount(plane.ravel())
        counts[: len(found)] += found
    at_border = {int(value) for face in _faces(run.labels) for value in np.flatnonzero(np.bincount(face.ravel()))}
    voxel_ml = run.grid.voxel_mm3 / 1000.0
    told = []
    for label in run.manifest.labels:
        if run.options.structures and label.name not in run.options.structures:
            continue
        seen = run.seen.get(label.index, Seen())
        told.append(
            StructureEvidence(
                name=label.name,
                index=label.index,
                voxels=int(counts[label.index]),
                volume_ml=float(counts[label.index] * voxel_ml),
                boundary_cells=int(seen.cells),
                mean_margin=seen.margin / seen.cells if seen.cells else None,
                low_margin_share=seen.low_margin / seen.cells if seen.cells else None,
                mean_entropy=seen.entropy / seen.cells if seen.cells else None,
                expected_ml=seen.expected_ml,
                spread_ml=float(np.sqrt(seen.variance_ml2)),
                touches_border=label.index in at_border,
                certainty=seen.certain / seen.samples if seen.samples else None,
            )
        )
    return tuple(told)


def _faces(labels: npt.NDArray[Any]) -> Iterator[npt.NDArray[Any]]:
    for axis in range(3):
        yield labels.take(0, axis=axis)
        yield labels.take(-1, axis=axis)
