"""The training loop: one process, resumable at any checkpoint, patches made in a second thread.

The patch of a step depends on the seed and the step alone, so that all state is: weights, their average, the optimiser,
the step. `torch`'s own generator is kept too (initial weights come from it).
"""

from __future__ import annotations

import json
import os
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor, nn

from inference.networks import build
from inference.networks.nnunet import UNet
from inference.training.augment import Patch, Recipe, Source, patch_of
from inference.training.classes import CLASSES, WEIGHTS
from inference.training.loss import loss_of


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that decides a run beside its scans."""

    recipe: Recipe = field(default_factory=Recipe)
    features: tuple[int, ...] = (16, 32, 64, 128, 192)
    convs: tuple[int, ...] = (1, 2, 2, 2, 2)
    decoder_convs: tuple[int, ...] = (1, 1, 1, 1)
    classes: tuple[str, ...] = CLASSES
    seed: int = 1
    steps: int = 20_000
    batch: int = 1
    rate: float = 2e-3
    weight_decay: float = 1e-4
    average: float = 0.998
    deep_weight: float = 0.4
    threads: int = 1

    def network_kwargs(self) -> dict[str, Any]:
        """What `inference.networks.build("PlainConvUNet", …)` takes."""
        stages = len(self.features)
        return {
            "input_channels": 1,
            "num_classes": len(self.classes),
            "features_per_stage": list(self.features),
            "kernel_sizes": [3] * stages,
            "strides": [1] + [2] * (stages - 1),
            "n_conv_per_stage": list(self.convs),
            "n_conv_per_stage_decoder": list(self.decoder_convs),
        }


class Prefetch:
    """Patches of the coming steps, made while the network learns from this one."""

    def __init__(self, make: Callable[[int], list[Patch]], first: int, last: int, ahead: int = 4) -> None:
        self._pool = ThreadPoolExecutor(1)
        self._make = make
        self._next, self._last = first, last
        self._waiting: deque[Future[list[Patch]]] = deque()
        for _ in range(ahead):
            self._ask()

    def _ask(self) -> None:
        if self._next < self._last:
            self._waiting.append(self._pool.submit(self._make, self._next))
            self._next += 1

    def take(self) -> list[Patch]:
        patches = self._waiting.popleft().result()
        self._ask()
        return patches

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)


def new_network(plan: Plan) -> UNet:
    torch.manual_seed(plan.seed)
    return cast(UNet, build("PlainConvUNet", plan.network_kwargs()))


def save_checkpoint(
    path: Path,
    plan: Plan,
    step: int,
    network: nn.Module,
    mean: dict[str, Tensor],
    optimiser: torch.optim.Optimizer,
    begun: str,
) -> None:
    """Written beside and renamed, so that a run killed while it writes can still be resumed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    held = {
        "step": step,
        "begun": begun,
        "plan": json.dumps(asdict(plan)),
        "network": network.state_dict(),
        "mean": mean,
        "optimiser": optimiser.state_dict(),
        "rng": torch.get_rng_state(),
    }
    fresh = path.with_suffix(".tmp")
    torch.save(held, fresh)
    os.replace(fresh, path)


def _tuples(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


@dataclass(frozen=True, slots=True)
class Held:
    """What a checkpoint holds for others: the averaged weights, and how they came to be (`begun`: with what weights)."""

    plan: Plan
    step: int
    weights: dict[str, Tensor]
    begun: str

    def history(self, name: str) -> str:
        """One line for a card or for the run that begins with these weights."""
        grid = f"{self.plan.recipe.spacing_mm:g} mm"
        line = f"{name}: {grid}, seed {self.plan.seed}, rate {self.plan.rate:g}, step {self.step} of {self.plan.steps}"
        return f"{line}, begun with ({self.begun})" if self.begun else line


def read_checkpoint(path: Path) -> Held:
    """A run's last checkpoint."""
    held = torch.load(path, weights_only=True, map_location="cpu")
    data: dict[str, Any] = {k: _tuples(v) for k, v in json.loads(held["plan"]).items()}
    recipe: dict[str, Any] = {k: _tuples(v) for k, v in data.pop("recipe").items()}
    plan = Plan(recipe=Recipe(**recipe), **data)
    return Held(plan, int(held["step"]), held["mean"], held.get("begun", ""))


def _write(log: Path, line: dict[str, Any]) -> None:
    with log.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def train(
    plan: Plan,
    sources: Sequence[Source],
    folder: Path,
    *,
    until: int | None = None,
    start: dict[str, Tensor] | None = None,
    begun: str = "",
    stop: Callable[[], bool] = lambda: False,
    check: Callable[[UNet], dict[str, float]] | None = None,
    check_every: int = 500,
    save_every: int = 250,
    precision: torch.dtype = torch.bfloat16,
) -> UNet:
    """Trains to `until` (default: the plan's end) from the last checkpoint in `folder`, and returns the averaged network.

    start: weights to begin with when there is no checkpoint yet (another run's average); begun: what they are, in words.
    stop: asked before each step; a run that is stopped writes its checkpoint first.
    check: measures the averaged network, every `check_every` steps, into `log.jsonl`.
    """
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.set_num_threads(plan.threads)
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "log.jsonl"
    network = new_network(plan).to(device).train()
    if start is not None:
        network.load_state_dict(start)
    optimiser = torch.optim.AdamW(network.parameters(), plan.rate, betas=(0.9, 0.99), weight_decay=plan.weight_decay)
    mean = {name: value.detach().clone() for name, value in network.state_dict().items()}
    step = 0
    last = folder / "checkpoint.pt"
    if last.exists():
        held = torch.load(last, weights_only=True, map_location=device)
        network.load_state_dict(held["network"])
        optimiser.load_state_dict(held["optimiser"])
        mean = held["mean"]
        begun = held.get("begun", "")
        step = int(held["step"])
        torch.set_rng_state(held["rng"].cpu())
    weights = torch.tensor([WEIGHTS[name] for name in plan.classes], device=device)
    averaged = new_network(plan).to(device)
    end = plan.steps if until is None else min(until, plan.steps)

    def make(number: int) -> list[Patch]:
        return [patch_of(sources, plan.recipe, plan.seed, number, item) for item in range(plan.batch)]

    coming = Prefetch(make, step, end)
    began, cpu, losses = time.monotonic(), time.process_time(), []
    try:
        while step < end and not stop():
            patches = coming.take()
            rate = plan.rate * (1 - step / plan.steps) ** 0.9 * min(1.0, (step + 1) / 100)
            for group in optimiser.param_groups:
                group["lr"] = rate
            image = torch.stack([patch.image for patch in patches]).to(device)
            with torch.autocast(device.type, dtype=precision, enabled=precision != torch.float32):
                scales = network.all_scales(image, 2)
            total = torch.zeros((), device=device)
            for item, patch in enumerate(patches):
                labels = patch.labels.to(device)
                fine = loss_of(scales[0][item].float(), labels, patch.absent, weights)
                coarse = loss_of(scales[1][item].float(), labels[::2, ::2, ::2], patch.absent, weights)
                total = total + (fine + plan.deep_weight * coarse) / len(patches)
            optimiser.zero_grad(set_to_none=True)
            total.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), 12.0)
            optimiser.step()
            step += 1
            keep = min(plan.average, (step + 1) / (step + 20))
            with torch.no_grad():
                for name, value in network.state_dict().items():
                    mean[name].lerp_(value, 1 - keep)
            losses.append(float(total.detach()))
            if step % 50 == 0:
                seconds = time.monotonic() - began
                _write(log, {
                    "step": step, "loss": round(sum(losses) / len(losses), 4), "rate": round(rate, 6),
                    "wall_s": round(seconds / len(losses), 3),
                    "cpu_s": round((time.process_time() - cpu) / len(losses), 3),
                    "at": time.strftime("%H:%M:%S"),
                })  # fmt: skip
                began, cpu, losses = time.monotonic(), time.process_time(), []
            if step % save_every == 0 or step == end:
                save_checkpoint(last, plan, step, network, mean, optimiser, begun)
            if check is not None and (step % check_every == 0 or step == end):
                averaged.load_state_dict(mean)
                averaged.eval()
                _write(log, {"step": step, "check": check(averaged)})
        if step % save_every and stop():
            save_checkpoint(last, plan, step, network, mean, optimiser, begun)
    finally:
        coming.close()
    averaged.load_state_dict(mean)
    return averaged.eval()
