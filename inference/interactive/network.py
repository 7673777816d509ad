"""Networks that take prompts as input channels, as nnInteractive's do, behind the same interface.

The steps are nnInteractive's: the whole image is brought to mean 0 in its own voxels; a patch about the newest prompt is
asked; where the answer changes at the patch's border it is asked again from farther away (1.5 times, up to 4), then
sharpened patch by patch at full size. What was found last goes in with the next prompt, and older prompts fade.

Prompts are drawn into a patch when it is asked, never into whole images: nothing of the image's size times the number of
channels exists. One patch of 192³ takes minutes on a processor: without a graphics card a session does not start.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from inference import devices
from inference.devices import DeviceFailed, OutOfDeviceMemory, Predictor, Request
from inference.grid import nonzero_box
from inference.interactive.prompts import Prompt, box_bounds, filled_lasso, line_voxels
from inference.interactive.session import Box, Session
from inference.manifest import Prompting, Stage
from inference.zoo import InstalledModel
from planning.errors import ModelError
from planning.progress import CancelToken
from planning.volume import Mask, Volume

if TYPE_CHECKING:
    import torch

ZOOM_STEP, MOST_ZOOM = 1.5, 4.0
# of a face of the patch, how much must change before the network looks from farther away
BORDER_SHARE = 0.005
# patches that sharpen overlap by a third
SHARPEN_STEP = 2 / 3

Field = npt.NDArray[np.float32]
BoolArray = npt.NDArray[np.bool_]
Index = npt.NDArray[np.int64]


def require_card(model: InstalledModel) -> str:
    """The graphics card's device. Raises ModelError (code "no_device") before anything is loaded."""
    device = devices.choose_device("auto")
    if device == "cpu":
        raise ModelError(
            f"{model.manifest.title} needs a graphics card: one click would take minutes on this machine's processor",
            "Use the program's own strokes",
            "no_device",
        )
    return device


def open_session(volume: Volume, model: InstalledModel) -> PromptedSession:
    """A session of an imported interactive model on this machine's graphics card.

    Raises ModelError for another kind of model or without a card. The licence is the caller's to ask about
    (`Zoo.require_accepted`).
    """
    if model.manifest.kind != "interactive":
        raise ModelError(f"{model.manifest.title} takes no prompts", "Run it as a segmentation")
    device = require_card(model)
    model.check_files()
    stage = model.manifest.stages[0]
    (predictor,) = devices.prepare(stage, model.folder, Request(device=device), device, (0,), [])
    return PromptedSession(volume, stage, predictor)


class PromptedSession(Session):
    """See Interactive. predictor: the stage's network; its input is the image and one channel per prompting channel."""

    def __init__(self, volume: Volume, stage: Stage, predictor: Predictor) -> None:
        super().__init__(volume.grid)
        if stage.prompting is None:
            raise ModelError("The network takes no prompts", "Run it as a segmentation")
        self._prompting: Prompting = stage.prompting
        self._patch = np.array(stage.tiling.patch)
        self._predictor = predictor
        self._voxels = volume.voxels
        self._mean, self._deviation = _moments(volume)

    def _answer(self, prompts: tuple[Prompt, ...], initial: Mask | None, cancel: CancelToken | None) -> Mask:
        token = cancel or CancelToken()
        found = self.mask.full()
        for count in range(len(self.prompts) + 1, len(prompts) + 1):
            self._one_prompt(prompts[:count], found, token)
        return Mask.from_full(self.grid, found)

    def _one_prompt(self, prompts: tuple[Prompt, ...], found: BoolArray, token: CancelToken) -> None:
        """What the newest prompt changes, written into `found`."""
        low, high = _extent(prompts[-1], self)
        center = (low + high) // 2
        zoom = float(np.clip(((high - low + 1) / self._patch).max(), 1.0, MOST_ZOOM))
        before = found.copy()
        while True:
            token.raise_if_set()
            box = self._box(center, zoom)
            answer = self._asked(prompts, found, box, token)
            reaches = _changes_border(found, answer, box)
            if not reaches or zoom >= MOST_ZOOM:
                break
            zoom = min(zoom * ZOOM_STEP, MOST_ZOOM)
        _write(found, answer, box)
        if zoom > 1.0:
            self._sharpen(prompts, before, found, token)

    def _sharpen(self, prompts: tuple[Prompt, ...], before: BoolArray, found: BoolArray, token: CancelToken) -> None:
        """Patches at full size over all that changed, the structure as found from afar going in."""
        changed = np.argwhere(before != found)
        if not len(changed):
            return
        low, high = changed.min(axis=0), changed.max(axis=0)
        for center in self._centers(low, high):
            token.raise_if_set()
            box = self._box(center, 1.0)
            inner = _inside(box, found.shape)
            if (before[inner] != found[inner]).any():
                _write(found, self._asked(prompts, found, box, token), box)

    def _centers(self, low: Index, high: Index) -> Iterator[Index]:
        axes = []
        for first, last, side in zip(low, high, self._patch, strict=True):
            count = max(int(np.ceil((last - first + 1 - side) / (SHARPEN_STEP * side))) + 1, 1)
            half = side // 2
            ends = (first + half, last + 1 - side + half) if count > 1 else ((first + last) // 2,) * 2
            axes.append(np.rint(np.linspace(ends[0], ends[1], count)).astype(np.int64))
        for center in itertools.product(*axes):
            yield np.array(center)

    def _box(self, center: Index, zoom: float) -> Box:
        """The voxels a patch sees, which may lie outside the image."""
        sides = np.rint(self._patch * zoom).astype(np.int64)
        first = center - sides // 2
        k, j, i = (slice(int(a), int(a + n)) for a, n in zip(first, sides, strict=True))
        return k, j, i

    def _asked(self, prompts: tuple[Prompt, ...], found: BoolArray, box: Box, token: CancelToken) -> BoolArray:
        """The network's answer on the voxels of a box."""
        import torch
        from torch.nn import functional

        sides = tuple(part.stop - part.start for part in box)
        patch = tuple(int(n) for n in self._patch)
        inputs = [self._image(box), *(self._channel(name, prompts, found, box) for name in self._prompting.channels)]
        tensors = []
        for place, one in enumerate(inputs):
            tensor = torch.from_numpy(one)[None, None]
            if sides != patch:
                thin = place > 0 and self._prompting.channels[place - 1] != "previous"
                tensor = _thickened(tensor, sides, patch) if thin else tensor
                tensor = functional.interpolate(tensor, size=patch, mode="area")
            tensors.append(tensor[0, 0])
        try:
            with devices.failures_told(self._predictor.device):
                logits = self._predictor(torch.stack(tensors)[None].numpy(), token.raise_if_set).float()
                if sides != patch:
                    logits = functional.interpolate(logits, size=sides, mode="trilinear")
                answer: BoolArray = (logits[0, 1] > logits[0, 0]).cpu().numpy()
        except OutOfDeviceMemory as failure:
            raise ModelError(
                "The graphics card has too little memory for this network", "Close other programs", "memory"
            ) from failure
        except DeviceFailed as failure:
            raise ModelError(
                "The graphics card stopped working", "Start the program again; what was drawn is kept", "device"
            ) from failure
        return answer

    def _image(self, box: Box) -> Field:
        whole = np.zeros([part.stop - part.start for part in box], dtype=np.float32)
        inner = _inside(box, self._voxels.shape)
        whole[_moved(inner, box)] = (self._voxels[inner].astype(np.float32) - self._mean) / self._deviation
        return whole

    def _channel(self, name: str, prompts: tuple[Prompt, ...], found: BoolArray, box: Box) -> Field:
        whole = np.zeros([part.stop - part.start for part in box], dtype=np.float32)
        inner = _inside(box, found.shape)
        if name == "previous":
            whole[_moved(inner, box)] = found[inner]
            return whole
        for age, prompt in enumerate(reversed(prompts)):
            if self._belongs(prompt, name):
                self._draw(prompt, np.float32(self._prompting.decay**age), whole, box)
        # nothing is drawn beyond the image
        held = np.zeros_like(whole)
        held[_moved(inner, box)] = whole[_moved(inner, box)]
        return held

    def _belongs(self, prompt: Prompt, name: str) -> bool:
        kind: str = prompt.kind
        sign = "+" if prompt.positive else "-"
        if kind == "lasso" and f"lasso{sign}" not in self._prompting.channels:
            kind = "box"
        return name == f"{kind}{sign}"

    def _draw(self, prompt: Prompt, strength: np.float32, whole: Field, box: Box) -> None:
        """A prompt into its channel, the stronger one where two meet."""
        first = np.array([part.start for part in box])
        if prompt.kind == "box":
            low, high = box_bounds(prompt, self.grid)
            held = tuple(
                slice(max(int(a), 0), max(int(b) + 1, 0)) for a, b in zip(low - first, high - first, strict=True)
            )
            whole[held] = np.maximum(whole[held], strength)
            return
        if prompt.kind == "lasso":
            axis, at, filled = filled_lasso(prompt, self.grid)
            index = np.insert(np.argwhere(filled), axis, at, axis=1)
            _raise_to(whole, index - first, np.full(len(index), strength))
            return
        radius = self._prompting.point_radius if prompt.kind == "point" else self._prompting.scribble_thickness / 2.0
        index = line_voxels(prompt, self.grid)
        around = _offsets(radius)
        away = np.linalg.norm(around, axis=1)
        # a point is brightest in its middle, a scribble even
        share = 1.0 - away / (np.floor(radius) + 1.0) if prompt.kind == "point" else np.ones(len(around))
        for offset, value in zip(around, share, strict=True):
            _raise_to(whole, index + offset - first, np.full(len(index), strength * np.float32(value)))


def _moments(volume: Volume) -> tuple[np.float32, np.float32]:
    """Mean and standard deviation over the box of values other than 0."""
    inner = volume.voxels[tuple(slice(*part) for part in nonzero_box(volume.voxels))]
    return np.float32(inner.mean(dtype=np.float64)), np.float32(max(float(inner.std(dtype=np.float64)), 1e-8))


def _extent(prompt: Prompt, session: PromptedSession) -> tuple[Index, Index]:
    """First and last voxel of a prompt."""
    if prompt.kind == "box":
        return box_bounds(prompt, session.grid)
    index = line_voxels(prompt, session.grid)
    return index.min(axis=0), index.max(axis=0)


def _thickened(tensor: torch.Tensor, sides: tuple[int, ...], patch: tuple[int, ...]) -> torch.Tensor:
    """Averaging would thin small prompts out: they are widened by what is averaged."""
    from torch.nn import functional

    kernel = [2 * (int(np.ceil(a / b)) // 2) + 1 for a, b in zip(sides, patch, strict=True)]
    return functional.max_pool3d(tensor, kernel, stride=1, padding=[n // 2 for n in kernel])


def _changes_border(found: BoolArray, answer: BoolArray, box: Box) -> bool:
    """True when a face of the box inside the image gets another answer on more than BORDER_SHARE of it."""
    inner = _inside(box, found.shape)
    changed = found[inner] != answer[_moved(inner, box)]
    for axis, (part, size) in enumerate(zip(box, found.shape, strict=True)):
        for place, in_image in ((0, part.start > 0), (-1, part.stop < size)):
            if in_image and np.take(changed, place, axis=axis).mean() > BORDER_SHARE:
                return True
    return False


def _write(found: BoolArray, answer: BoolArray, box: Box) -> None:
    inner = _inside(box, found.shape)
    found[inner] = answer[_moved(inner, box)]


def _inside(box: Box, shape: tuple[int, ...]) -> Box:
    k, j, i = (
        slice(min(max(part.start, 0), size), min(max(part.stop, 0), size))
        for part, size in zip(box, shape, strict=True)
    )
    return k, j, i


def _moved(inner: Box, box: Box) -> Box:
    k, j, i = (slice(a.start - b.start, a.stop - b.start) for a, b in zip(inner, box, strict=True))
    return k, j, i


def _offsets(radius: float) -> Index:
    reach = int(np.floor(radius))
    axis = np.arange(-reach, reach + 1)
    every = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1).reshape(-1, 3)
    return np.asarray(every[np.linalg.norm(every, axis=1) <= radius])


def _raise_to(whole: Field, index: Index, values: npt.NDArray[np.floating]) -> None:
    held = ((index >= 0) & (index < np.array(whole.shape))).all(axis=1)
    np.maximum.at(whole, tuple(index[held].T), values[held].astype(np.float32))
