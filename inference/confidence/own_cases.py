"""A site's own labelled cases: how well a model does on them, and what its lights and intervals then rest on.

A case is a `.theatrum` file with structures of the model's names, or a CT beside its labels: `NAME.nii.gz` (or
`NAME/ct.nii.gz`) with `NAME_labels.nii.gz` (or `labels.nii.gz`) and the names of their values in a JSON of the same
name. One case is one patient.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.combine import Combined, finish
from inference.confidence.calibration import (
    ENOUGH_PATIENTS,
    LEAST_PATIENTS,
    Calibration,
    CaseResult,
    difficulty_of,
    fitted,
    own_means,
)
from inference.confidence.measures import dice
from inference.manifest import Manifest
from inference.pipeline import RunOptions, Segmentation, model_hash
from inference.zoo import InstalledModel
from planning.errors import InputError, ModelError
from planning.geometry import Grid
from planning.progress import CancelToken, Progress, no_progress, part_of
from planning.registry import canonical_name

ENDINGS = (".nii.gz", ".nii", ".nrrd", ".mha")
LABELS_NAME = "labels"
LEAST_ML = 0.5

Run = Callable[[npt.NDArray[Any], Grid, InstalledModel, RunOptions, Progress, CancelToken | None], Segmentation]


@dataclass(frozen=True, slots=True, eq=False)
class LabelledCase:
    """One patient. truth: bool (k, j, i) masks on `grid`, by the model's names."""

    name: str
    volume: npt.NDArray[Any]
    grid: Grid
    quantity: str
    truth: Mapping[str, npt.NDArray[np.bool_]]


@dataclass(frozen=True, slots=True)
class Learned:
    """calibration: to be kept. skipped: cases that could not be used, with the reason. notes: plain sentences."""

    calibration: Calibration
    skipped: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


def calibrate(
    model: InstalledModel,
    folder: Path,
    run: Run,
    options: RunOptions | None = None,
    before: Calibration | None = None,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> Learned:
    """Run the model on every labelled case of a folder and learn from it.

    run: how a model is run, `worker.run_in_worker` or `pipeline.segment`. before: what the model came with; its weights
    are kept where the own cases hold no failures to learn from. Raises ModelError when no case can be used, Cancelled.
    """
    paths = case_paths(folder)
    if not paths:
        raise ModelError(
            f"There are no labelled cases in {folder.name}",
            "Put .theatrum files with structures there, or CTs beside labels (case1.nii.gz, case1_labels.nii.gz)",
        )
    results: list[CaseResult] = []
    skipped: list[tuple[str, str]] = []
    for number, path in enumerate(paths):
        told = part_of(progress, number / len(paths), (number + 1) / len(paths))
        try:
            case = read_case(path, model.manifest)
        except InputError as error:
            skipped.append((path.name, str(error)))
            continue
        found = run(case.volume, case.grid, model, options or RunOptions(), told, cancel)
        whole = finish(found, case.volume, case.grid, model.manifest, quantity=case.quantity, cancel=cancel)
        results += results_of(case, whole, model.manifest)
    if not results:
        why = f": {skipped[0][0]}: {skipped[0][1]}" if skipped else ""
        raise ModelError(
            f"None of the {len(paths)} cases holds a structure that {model.manifest.title} finds{why}",
            "Name the structures as the model does",
        )
    weights, notes = _weights(results, before)
    calibration = Calibration(
        model=model.manifest.id,
        version=model.manifest.version,
        model_hash=model_hash(model.manifest),
        source=f"{len({one.case for one in results})} labelled cases of this site",
        weights=weights,
        results=tuple(results),
    )
    progress(1.0, "")
    return Learned(calibration, tuple(skipped), (*notes, *_too_few(calibration)))


def results_of(case: LabelledCase, whole: Combined, manifest: Manifest) -> list[CaseResult]:
    """One row for each structure that the case has and the model finds."""
    known = {label.name for label in manifest.labels}
    rows = []
    for record in whole.records:
        truth = case.truth.get(record.name)
        if truth is None or record.name not in known:
            continue
        true_ml = float(np.count_nonzero(truth)) * case.grid.voxel_mm3 / 1000.0
        if true_ml < LEAST_ML:
            continue
        rows.append(
            CaseResult(
                case=case.name,
                structure=record.name,
                features=record.features,
                difficulty=difficulty_of(record.measures),
                dice=dice(whole.mask(record.name), truth),
                found_ml=record.volume_ml,
                true_ml=true_ml,
            )
        )
    return rows


def _weights(results: list[CaseResult], before: Calibration | None) -> tuple[tuple[float, ...] | None, tuple[str, ...]]:
    kept = None if before is None else before.weights
    patients = len({one.case for one in results})
    if patients < LEAST_PATIENTS:
        return kept, ()
    try:
        return fitted(results), ()
    except ModelError:
        return kept, ("The model did well on all of them: how failures look could not be learned from these cases",)


def _too_few(calibration: Calibration) -> tuple[str, ...]:
    counts = {name: n for name, (n, _, _) in own_means(calibration).items()}
    few = [name for name, n in counts.items() if n < LEAST_PATIENTS]
    some = [name for name, n in counts.items() if LEAST_PATIENTS <= n < ENOUGH_PATIENTS]
    notes = []
    if few:
        notes.append(f"Fewer than {LEAST_PATIENTS} patients, still uncalibrated: {', '.join(few)}")
    if some:
        notes.append(f"Fewer than {ENOUGH_PATIENTS} patients, intervals are rough: {', '.join(some)}")
    return tuple(notes)


def case_paths(folder: Path) -> list[Path]:
    """Cases of a folder in order: `.theatrum` files, images that have labels beside them, folders with both."""
    if not folder.is_dir():
        raise ModelError(f"{folder.name} is no folder", "Give the folder that holds the labelled cases")
    found = []
    for path in sorted(folder.iterdir()):
        if path.suffix == ".theatrum" or (_labels_beside(path) is not None):
            found.append(path)
        elif path.is_dir() and (inner := _image_in(path)) is not None:
            found.append(inner)
    return found


def _stem(path: Path) -> str | None:
    return next((path.name[: -len(ending)] for ending in ENDINGS if path.name.endswith(ending)), None)


def _labels_beside(path: Path) -> Path | None:
    """The labels of an image `NAME`: `NAME_labels` of any known ending."""
    stem = _stem(path) if path.is_file() else None
    if stem is None or stem.endswith(f"_{LABELS_NAME}") or stem == LABELS_NAME:
        return None
    names = [f"{stem}_{LABELS_NAME}", *([LABELS_NAME] if stem == "ct" else [])]
    beside = [path.with_name(name + ending) for name in names for ending in ENDINGS]
    return next((one for one in beside if one.is_file()), None)


def _image_in(folder: Path) -> Path | None:
    return next((one for one in sorted(folder.iterdir()) if _labels_beside(one) is not None), None)


def read_case(path: Path, manifest: Manifest) -> LabelledCase:
    """One labelled case. Raises InputError for what cannot be read or holds none of the model's structures."""
    names = {canonical_name(label.name): label.name for label in manifest.labels}
    case = _from_file(path, names) if path.suffix == ".theatrum" else _from_pair(path, names)
    if not case.truth:
        raise ModelError("It holds no structure of the model's names", f"The model finds {', '.join(names.values())}")
    return case


def _from_file(path: Path, names: Mapping[str, str]) -> LabelledCase:
    from planning.case.document import Document

    with Document.open(path, read_only=True) as document:
        case = document.case
        # what a model made is no truth, unless a person looked at it
        own = [
            name
            for name, structure in case.structures.items()
            if canonical_name(name) in names and (structure.trust is None or structure.trust.checked)
        ]
        if not case.images or not own:
            raise ModelError("It holds no image with structures of the model's names", "Name them as the model does")
        grid = case.structures[own[0]].grid
        image = next((name for name, one in case.images.items() if one.grid.is_same(grid)), next(iter(case.images)))
        volume = document.volume(image)
        truth = {names[canonical_name(name)]: document.mask(name).full() for name in own}
        truth = {name: mask for name, mask in truth.items() if mask.shape == volume.voxels.shape}
        return LabelledCase(path.stem, np.array(volume.voxels), volume.grid, volume.quantity, truth)


def _from_pair(path: Path, names: Mapping[str, str]) -> LabelledCase:
    from planning.files.labels import on_grid, read_label_map, read_names
    from planning.files.volumes import image_values, read_volume

    beside = _labels_beside(path)
    assert beside is not None
    voxels, grid = read_volume(path)
    voxels = image_values(voxels, path.name)
    told = _names_file(beside)
    labels = on_grid(read_label_map(beside, read_names(told) if told is not None else None), grid, resample=False)
    truth = {
        names[canonical_name(name)]: np.asarray(labels.voxels == value)
        for value, name in labels.names.items()
        if canonical_name(name) in names
    }
    stem = _stem(path) or path.name
    return LabelledCase(path.parent.name if stem == "ct" else stem, voxels, grid, "HU", truth)


def _names_file(labels: Path) -> Path | None:
    stem = _stem(labels) or labels.stem
    one = labels.with_name(f"{stem}.json")
    return one if one.is_file() else None
