"""TotalSegmentator's class lists and steps, as data of ours: a new version of theirs is a new table, never new code."""

from __future__ import annotations

import functools
import importlib.resources
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Task:
    """A task as TotalSegmentator runs it.

    datasets: one network each, later ones overwrite. spacing_zyx_mm: what the scan is resampled to before nnU-Net, None
    for nnU-Net's own. crop: structures of the rough network `crop_dataset` around which the scan is cut, `crop_margin_mm`
    wider. remove_outside: structures of it; what lies further than `remove_outside_mm` from them is cleared.
    """

    name: str
    datasets: tuple[int, ...]
    modality: str
    spacing_zyx_mm: tuple[float, float, float] | None
    step: float
    configuration: str
    folds: tuple[int, ...] | None
    labels: Mapping[int, str]
    licence: str
    crop: tuple[str, ...]
    crop_margin_mm: float
    crop_dataset: int | None
    remove_outside: tuple[str, ...]
    remove_outside_mm: float
    cleanup: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Dataset:
    """One network's folder name, its task, and its own labels where it is a part of several."""

    number: int
    folder: str
    task: str
    labels: Mapping[int, str] | None


@dataclass(frozen=True)
class ClassMaps:
    """The whole table. codes: (scheme, value, meaning, side) by structure."""

    datasets: Mapping[int, Dataset]
    tasks: Mapping[str, Task]
    codes: Mapping[str, tuple[str, str, str, str | None]]

    def dataset_named(self, folder: str) -> Dataset | None:
        """The network whose weights lie in a folder of that name."""
        for dataset in self.datasets.values():
            if dataset.folder == folder:
                return dataset
        return None

    def labels_of(self, dataset: Dataset) -> Mapping[int, str]:
        """Names of a network's own output channels above 0."""
        return dataset.labels if dataset.labels is not None else self.tasks[dataset.task].labels


@functools.cache
def totalsegmentator() -> ClassMaps:
    """The table that comes with the program (`assets/totalsegmentator.json`)."""
    text = importlib.resources.files("assets").joinpath("totalsegmentator.json").read_text(encoding="utf-8")
    read = json.loads(text)
    datasets = {
        int(key): Dataset(int(key), row["folder"], row["task"], _numbered(row.get("labels")))
        for key, row in read["datasets"].items()
    }
    tasks = {name: _task(name, row, read["tasks"]) for name, row in read["tasks"].items()}
    return ClassMaps(datasets, tasks, {name: tuple(code) for name, code in read["codes"].items()})


def _task(name: str, row: Mapping[str, Any], every: Mapping[str, Any]) -> Task:
    spacing, folds, crop = row["spacing_xyz_mm"], row["folds"], tuple(row.get("crop", ()))
    return Task(
        name=name,
        datasets=tuple(row["datasets"]),
        modality=row["modality"],
        spacing_zyx_mm=None if spacing is None else (spacing[2], spacing[1], spacing[0]),
        step=row["step"],
        configuration=row["configuration"],
        folds=None if folds is None else tuple(folds),
        labels=_numbered(row["labels"]) or {},
        licence=row["licence"],
        crop=crop,
        crop_margin_mm=float(row.get("crop_margin_mm", 0)),
        crop_dataset=_rough(row, crop, every) if crop else None,
        remove_outside=tuple(row.get("remove_outside", ())),
        remove_outside_mm=float(row.get("remove_outside_mm", 0)),
        cleanup=tuple(row.get("cleanup", ())),
    )


def _rough(row: Mapping[str, Any], crop: tuple[str, ...], every: Mapping[str, Any]) -> int:
    """The network that finds what is cut around: 6 mm, 3 mm where the task asks for the safer one, or one it names."""
    if "crop_task" in row:
        return int(every[row["crop_task"]]["datasets"][0])
    if row["modality"] == "MR":
        return 852
    if any(name.startswith("body_") for name in crop):
        return 300
    return 297 if row.get("robust_crop") else 298


def _numbered(labels: Mapping[str, str] | None) -> dict[int, str] | None:
    return None if labels is None else {int(key): name for key, name in labels.items()}
