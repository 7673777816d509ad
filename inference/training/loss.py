"""Cross entropy and Dice that know what a label map does not know.

Where a scan's map says 0, the voxel is background *or any class this scan has no labels for*: their probabilities are
summed (marginal loss). Ignored voxels count nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from inference.training.classes import CERTAIN_BACKGROUND, IGNORE


def loss_of(logits: Tensor, labels: Tensor, absent: Sequence[int], weights: Tensor) -> Tensor:
    """Scalar loss of one image. logits (classes, *space) float32; labels (*space) uint8; weights (classes,)."""
    classes = logits.shape[0]
    flat = logits.reshape(classes, -1)
    target = labels.reshape(-1).long()
    known = target != IGNORE
    certain = target == CERTAIN_BACKGROUND
    target = torch.where(certain | ~known, torch.zeros_like(target), target)
    logp = functional.log_softmax(flat, 0)
    picked = logp.gather(0, target[None])[0]
    if absent:
        maybe = torch.logsumexp(logp[[0, *absent]], 0)
        picked = torch.where((target == 0) & ~certain, maybe, picked)
    weight = weights[target] * known
    entropy = -(picked * weight).sum() / weight.sum().clamp_min(1)
    named = [c for c in range(1, classes) if c not in set(absent)]
    p = logp[named].exp() * known
    truth = (target[None] == torch.tensor(named, device=target.device)[:, None]) & known
    overlap = (p * truth).sum(1)
    total = p.sum(1) + truth.sum(1)
    present = truth.any(1)
    dice = (2 * overlap + 20) / (total + 20)
    dice_loss = (1 - dice[present]).mean() if bool(present.any()) else logits.new_zeros(())
    return entropy + dice_loss
