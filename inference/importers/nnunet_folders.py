"""Where nnU-Net's trainings lie on the disk, and which configuration, folds and first stage are meant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inference.importers import settings
from inference.importers.checkpoint import open_checkpoint, plain
from inference.importers.settings import Settings
from inference.manifest import read_json_bounded
from planning.errors import ModelError

CHECKPOINTS = ("checkpoint_final.pth", "checkpoint_best.pth")
MOST_FOLDS = 10


@dataclass(frozen=True)
class Training:
    """One trained configuration: a folder with plans, dataset and folds, its settings read and judged."""

    folder: Path
    plans: Settings
    dataset: Settings
    configuration_name: str
    configuration: Settings
    checkpoints: tuple[tuple[int | str, Path], ...]
    mirror_axes: tuple[int, ...]
    trainer: str

    @property
    def name(self) -> str:
        """The dataset's name, "Dataset003_Liver"."""
        folder = self.folder.parent.name
        return folder if folder.startswith("Dataset") else str(self.plans.get("dataset_name", folder))[:64]

    @property
    def previous(self) -> str | None:
        """The configuration whose labels this one takes as input."""
        found = self.configuration.get("previous_stage")
        return str(found) if found else None


def read_training(folder: Path) -> Training:
    """Read and judge the settings of a results folder; its weights are not touched yet. Raises ModelError.

    The configuration is the one that the checkpoint names, as nnU-Net takes it; the folder's name may differ.
    """
    plans = settings.of(read_json_bounded(folder / "plans.json"), "plans.json")
    dataset = settings.of(read_json_bounded(folder / "dataset.json"), "dataset.json")
    checkpoints = _checkpoints(folder)
    with open_checkpoint(checkpoints[0][1]) as root:
        head = settings.of(root, "the checkpoint")
        begun = head.get("init_args")
        named = begun.get("configuration") if isinstance(begun, Mapping) else None
        axes = plain(head.get("inference_allowed_mirroring_axes"))
        trainer = str(plain(head.get("trainer_name")) or "")[:80]
    name = named if isinstance(named, str) else folder.name.rsplit("__", 1)[-1]
    configuration = resolve(plans, name)
    dims = len(configuration.numbers("patch_size", int, 2, 3))
    if axes is None:
        axes = []
    if not isinstance(axes, list) or any(type(axis) is not int or not 0 <= axis < dims for axis in axes):
        raise ModelError("The model is mirrored about axes that it has not", "The checkpoint is damaged", "axes")
    mirrored = tuple(sorted({axis + 3 - dims for axis in axes}))
    return Training(folder, plans, dataset, name, configuration, checkpoints, mirrored, trainer)


def resolve(plans: Settings, name: str) -> Settings:
    """A configuration with what it inherits; the child's own entries stand. Raises ModelError in a circle."""
    configurations = plans.table("configurations")
    merged: dict[str, Any] = {}
    seen: list[str] = []
    while name:
        if name in seen or len(seen) > 32:
            raise ModelError(
                f"The configurations inherit in a circle ({' → '.join(seen)[:80]})", "Mend plans.json", "circle"
            )
        if name not in configurations:
            raise ModelError(f"The plans have no configuration {name[:40]!r}", "Mend plans.json", "configuration")
        seen.append(name)
        own = settings.of(configurations[name], f"configuration {name[:40]}")
        merged = dict(own.values) | merged
        parent = own.get("inherits_from")
        name = str(parent) if parent is not None else ""
    merged.pop("inherits_from", None)
    return Settings(merged, f"configuration {seen[0][:40]}")


def training_folders(path: Path) -> list[Path]:
    if path.is_file() and path.suffix == ".pth":
        path = path.parent.parent
    if not path.is_dir():
        return []
    if _is_training(path):
        return [path]
    if _is_training(path.parent) and path.name.startswith("fold_"):
        return [path.parent]
    return sorted(place for place in path.iterdir() if "__" in place.name and _is_training(place))


def chosen(folders: list[Path], path: Path) -> Path:
    """The only folder, or the last stage of the only cascade."""
    if len(folders) == 1:
        return folders[0]
    later = [folder for folder in folders if read_training(folder).previous is not None]
    if len(later) == 1 and len(folders) == 2:
        return later[0]
    names = ", ".join(folder.name for folder in folders[:4])
    raise ModelError(f"{path.name} holds {len(folders)} models", f"Choose one of its folders: {names}", "several")


def sibling(training: Training, configuration: str) -> Path:
    """The folder of another configuration of the same trainer and plans."""
    stem = training.folder.name.rsplit("__", 1)[0]
    place = training.folder.parent / f"{stem}__{configuration}"
    if not re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", configuration) or not _is_training(place):
        raise ModelError(
            f"The model is the second half of a cascade; its first half {configuration[:40]} is missing",
            f"Put the folder {stem[:60]}__{configuration[:40]} beside it",
            "cascade",
        )
    return place


def _is_training(path: Path) -> bool:
    return (path / "plans.json").is_file() and (path / "dataset.json").is_file()


def _checkpoints(folder: Path) -> tuple[tuple[int | str, Path], ...]:
    """(fold, checkpoint) of every numbered fold; `fold_all` only where there is no other, as nnU-Net does it."""
    found: list[tuple[int | str, Path]] = []
    for place in sorted(folder.glob("fold_*")):
        number = place.name.removeprefix("fold_")
        files = [place / name for name in CHECKPOINTS if (place / name).is_file()]
        if files and number.isdigit() and len(number) < 4:
            found.append((int(number), files[0]))
    if not found:
        found += [
            ("all", folder / "fold_all" / name) for name in CHECKPOINTS if (folder / "fold_all" / name).is_file()
        ][:1]
    if not found:
        raise ModelError(f"{folder.name} has no checkpoint", "A fold's folder holds checkpoint_final.pth", "no_weights")
    if len(found) > MOST_FOLDS:
        raise ModelError(f"{folder.name} has {len(found)} folds", "That is too many", "too_large")
    return tuple(sorted(found, key=str))
