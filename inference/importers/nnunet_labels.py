"""What nnU-Net's channels mean, in and out: `labels`, `regions_class_order` and `channel_names` of dataset.json."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inference.importers.nnunet_folders import Training
from planning.errors import ModelError

MOST_LABELS = 512


@dataclass(frozen=True)
class Heads:
    """What the output channels mean. values: what each paints; names: of each painted value above 0."""

    regions: bool
    values: tuple[int, ...]
    names: dict[int, str]
    foreground: tuple[int, ...]


def heads_of(training: Training) -> Heads:
    """Output channels from `labels` and `regions_class_order`. Raises ModelError."""
    labels = training.dataset.table("labels")
    if len(labels) > MOST_LABELS:
        raise ModelError(
            f"The model has {len(labels)} labels, more than {MOST_LABELS}", "It cannot be used", "too_large"
        )
    wanted = {str(name): _label_values(value) for name, value in labels.items() if name != "ignore"}
    if wanted.get("background") != (0,):
        raise ModelError("The model's background is not label 0", "It cannot be used", "labels")
    every = sorted({value for values in wanted.values() for value in values})
    if every != list(range(len(every))):
        raise ModelError("The model's labels are not numbered 0, 1, 2 …", "It cannot be used", "labels")
    foreground = tuple(every[1:])
    if not any(len(values) > 1 for values in wanted.values()):
        names = {values[0]: name for name, values in wanted.items() if values[0] > 0}
        if len(names) != len(foreground):
            raise ModelError("Two of the model's labels have one number", "It cannot be used", "labels")
        return Heads(False, tuple(every), _distinct(names), foreground)
    regions = [name for name, values in wanted.items() if set(values) != {0}]
    order = training.dataset.numbers("regions_class_order", int, 1, MOST_LABELS)
    if len(order) != len(regions) or min(order, default=0) < 1 or max(order, default=0) > 65_535:
        raise ModelError("The order of the model's regions does not fit its regions", "Mend dataset.json", "labels")
    # a value that is painted twice keeps the later name, as it keeps the later paint
    names = dict(zip(order, regions))
    return Heads(True, tuple(order), _distinct(names), foreground)


def channels_in(training: Training) -> int:
    """Image channels and, in a cascade, one a foreground label of the stage before."""
    channels = training.dataset.get("channel_names") or training.dataset.get("modality")
    if not isinstance(channels, Mapping) or not channels:
        raise ModelError("dataset.json names no image channels", "Mend dataset.json", "channels")
    if len(channels) != 1:
        told = ", ".join(str(name)[:20] for name in list(channels.values())[:4])
        raise ModelError(
            f"The model wants {len(channels)} images of one patient ({told})",
            "Only models that take a single image can be used",
            "channels",
        )
    return 1 + (len(heads_of(training).foreground) if training.previous is not None else 0)


def _label_values(value: Any) -> tuple[int, ...]:
    items = value if isinstance(value, list) else [value]
    if (
        not items
        or len(items) > MOST_LABELS
        or any(type(item) is not int or not 0 <= item <= MOST_LABELS for item in items)
    ):
        raise ModelError("The model's labels are not whole numbers", "Mend dataset.json", "labels")
    return tuple(items)


def _distinct(names: Mapping[int, str]) -> dict[int, str]:
    """Names that can be read and told apart."""
    found: dict[int, str] = {}
    for value, name in names.items():
        plain = " ".join("".join(letter if letter.isprintable() else " " for letter in str(name)).split())[:100]
        plain = plain or f"label {value}"
        found[value] = plain if plain not in found.values() else f"{plain} {value}"
    return found
