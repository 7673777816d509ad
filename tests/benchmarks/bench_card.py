"""The graphics card against the processor: the same labels, in how much time, and what happens when its memory is short.

Give an .npz with `hu` (k, j, i) int16 and `affine` (4 × 4, index ijk → LPS mm), or nothing: then a body of ellipsoids is
made. Also every network family, exact, on both. Run as a file; prints, asserts nothing; says so where there is no card.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "parity"))

from inference import devices
from inference.pipeline import segment
from inference.run import RunOptions
from inference.zoo import Zoo
from planning.geometry import Grid


def body() -> tuple[Any, Grid]:
    """An abdomen of ellipsoids with noise, 2.5 mm."""
    shape = (120, 144, 176)
    k, j, i = np.meshgrid(*(np.arange(side, dtype=np.float32) for side in shape), indexing="ij", sparse=True)

    def inside(centre: tuple[float, ...], radii: tuple[float, ...]) -> Any:
        parts = zip((k, j, i), centre, radii, strict=True)
        return sum(((axis - middle) / radius) ** 2 for axis, middle, radius in parts) < 1

    hu = np.full(shape, -1000, dtype=np.float32)
    for centre, radii, value in (
        ((60, 72, 88), (90, 50, 74), 40),
        ((70, 66, 60), (24, 26, 30), 110),
        ((72, 84, 126), (14, 12, 12), 120),
        ((50, 92, 118), (18, 9, 10), 150),
        ((50, 92, 58), (18, 9, 10), 150),
        ((60, 96, 88), (120, 9, 9), 500),
        ((60, 84, 92), (120, 4, 4), 250),
    ):
        hu[inside(centre, radii)] = value
    hu += np.random.default_rng(0).normal(0, 12, shape)
    return hu.astype(np.int16), Grid.from_parts(shape[::-1], (2.5, 2.5, 2.5))


def agreement(a: Any, b: Any, labels: dict[int, str]) -> str:
    """Equal voxels, and the least Dice of a structure that both found."""
    dice = {}
    for number, name in labels.items():
        one, other = a == number, b == number
        if one.any() and other.any():
            dice[name] = 2 * np.count_nonzero(one & other) / (np.count_nonzero(one) + np.count_nonzero(other))
    worst = min(dice, key=lambda name: dice[name])
    return (
        f"{100 * np.mean(a == b):.4f} % of voxels equal, {len(dice)} structures, least Dice {dice[worst]:.4f} ({worst})"
    )


def whole_runs(card: str, hu: Any, grid: Grid) -> None:
    """The shipped model, ours and exact, then with a card that holds almost nothing."""
    import torch

    model = Zoo.at(Path("nowhere")).find()
    labels = {label.index: label.name for label in model.manifest.labels}
    plain = segment(hu, grid, model, RunOptions(device="cpu", engine="torch", reproducible=True))
    print(f"{model.manifest.title}, {hu.shape}: processor, {plain.precision}, {plain.seconds:.1f} s")
    for exact in (True, False):
        segment(hu, grid, model, RunOptions(device=card, reproducible=exact))
        torch.cuda.reset_peak_memory_stats()
        found = segment(hu, grid, model, RunOptions(device=card, reproducible=exact))
        held = torch.cuda.max_memory_allocated() / 2**20
        print(f"  {found.device} {found.precision}: {found.seconds:.2f} s, {held:.0f} MB of the card, {found.notes}")
        print(f"    {agreement(plain.labels, found.labels, labels)}")
    again = segment(hu, grid, model, RunOptions(device=card))
    print(f"  the same twice: {np.array_equal(again.labels, found.labels)}")
    whole = torch.cuda.get_device_properties(0).total_memory
    for room in (400, 60, 4):
        torch.cuda.empty_cache()
        torch.cuda.set_per_process_memory_fraction(room * 2**20 / whole)
        # exact: where the processor takes over, it computes what it computed above
        found = segment(hu, grid, model, RunOptions(device=card, engine="torch", reproducible=True))
        same = agreement(plain.labels, found.labels, labels)
        print(f"  with {room} MB of the card: {found.device}, {found.seconds:.1f} s, {found.notes}\n    {same}")
    torch.cuda.set_per_process_memory_fraction(1.0)


def lost(card: str, hu: Any, grid: Grid) -> None:
    """A card that breaks after three answers (a kernel reads where nothing is): nothing can be done with it any more."""
    import torch

    model = Zoo.at(Path("nowhere")).find()
    exact = RunOptions(device=card, engine="torch", reproducible=True)
    plain = segment(hu, grid, model, RunOptions(device="cpu", engine="torch", reproducible=True))
    answer, count = devices.TorchPredictor.__call__, 0

    def breaking(self: Any, patches: Any, waiting: Any) -> Any:
        nonlocal count
        logits = answer(self, patches, waiting)
        count += 1
        if count == 3:
            torch.zeros(4, device=card)[torch.full((4,), 1 << 20, device=card)]
        return logits

    devices.TorchPredictor.__call__ = breaking  # type: ignore[method-assign]
    # tile by tile: a small model gives all that it has in one answer, and nothing would break
    devices.GPU_TILES = 1
    for when in ("lost in the middle", "still lost"):
        found = segment(hu, grid, model, exact)
        print(f"  {when}: {found.device}, {found.notes}")
        print(f"    equal to the processor's: {np.array_equal(found.labels, plain.labels)}")
    print(f"  answers before it broke: {min(count, 3)} of 3")


def families(card: str) -> None:
    """Largest difference of logits, over the largest logit, of every MONAI network the parity tests know."""
    import torch
    from test_monai_networks import CASES

    from inference.networks import FAMILIES, build

    for case in CASES:
        if case["make"] not in FAMILIES:
            continue
        torch.manual_seed(0)
        try:
            network = build(case["make"], case["kwargs"])
        except ValueError:
            # MONAI's name for it, another kind of keyword
            continue
        patch = np.random.default_rng(0).normal(size=(2, case.get("channels", 1), *case["size"])).astype(np.float32)
        told = []
        truth = devices.TorchPredictor(network, "cpu", exact=True)(patch, lambda: None).numpy()
        for exact in (True, False):
            found = devices.TorchPredictor(network, card, exact=exact)(patch, lambda: None).cpu().numpy()
            told.append(f"{np.abs(found - truth).max() / np.abs(truth).max():.1e}")
        print(f"  {case['case']}: fp32 {told[0]}, fp16 {told[1]}")


def main() -> None:
    """Print what a card does."""
    card = devices.present_devices()[0]
    if card != "cuda":
        print(f"No CUDA card on this machine (it has: {card})")
        return
    import torch

    print(torch.cuda.get_device_name(0), torch.__version__)
    if len(sys.argv) > 1:
        with np.load(Path(sys.argv[1])) as kept:
            hu = kept["hu"]
            grid = Grid((hu.shape[2], hu.shape[1], hu.shape[0]), kept["affine"])
    else:
        hu, grid = body()
    began = time.perf_counter()
    families(card)
    whole_runs(card, hu, grid)
    # the last one: no program gets a broken card back
    lost(card, hu, grid)
    print(f"{time.perf_counter() - began:.0f} s in all")


if __name__ == "__main__":
    main()
