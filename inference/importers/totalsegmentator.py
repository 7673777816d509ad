"""TotalSegmentator's weight folders: nnU-Net networks with class lists, steps and crops of TotalSegmentator 2.18.0.

Its package is never needed. What a manifest says is what TotalSegmentator does ("parity"): closest canonical axes, one
resampling whose first and last samples coincide with the scan's, whole numbers, tiles 0.8 apart for `total`, no
mirroring, parts over each other, labels copied back to the nearest voxel. Our own way of running the same networks
("ours") keeps the outer faces of the field and interpolates the boundaries instead (`inference.pipeline`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from inference.importers.class_maps import ClassMaps, Dataset, Task, totalsegmentator
from inference.importers.licences import KNOWN, take_licence
from inference.importers.nnunet import build_stages
from inference.importers.nnunet_folders import Training, read_training
from inference.manifest import (
    Card,
    CleanupRule,
    Input,
    Label,
    Licence,
    Manifest,
    Resample,
    Source,
    SourceFile,
    Stage,
    Within,
)
from planning.errors import ModelError
from planning.registry import structure_style

CITATION = "Wasserthal et al., TotalSegmentator, Radiology: Artificial Intelligence 5:e230024, 2023"
# all of a person's folder at once is the whole list of structures; single tasks are chosen by their own folder
_WHOLE = ("total", "total_v3", "total_mr")


def recognise(path: Path) -> bool:
    """A folder of one of the known networks, something inside it, or the folder that holds several."""
    return bool(_found(path)[0])


def convert(path: Path, into: Path) -> Manifest:
    """Convert the folder's task into `into`. Raises ModelError."""
    maps = totalsegmentator()
    found, root = _found(path)
    task, numbers, left_out = _chosen(maps, found)
    rough = _rough(maps, task, root, into)
    stages, files, notes = list(rough.stages), list(rough.files), list(rough.notes)
    indices = {name: index for index, name in task.labels.items()}
    for number in numbers:
        dataset = maps.datasets[number]
        training = _training(found[number], task)
        own = maps.labels_of(dataset)
        made, said, read = build_stages(training, into, f"part-{number}", folds=task.folds)
        painted = tuple(indices[own[key]] for key in sorted(own))
        stages.append(_as_task(_single(made, dataset), training, task, painted, rough.within))
        notes += said
        files += read
    if left_out:
        notes.append(f"Left out, because one model is added at a time: {', '.join(left_out)}.")
    written = {value for stage in stages if stage.keeps for value in stage.output.values}
    labels = tuple(_label(maps, index, name) for index, name in sorted(task.labels.items()) if index in written)
    rules = tuple(CleanupRule.model_validate(dict(rule)) for rule in task.cleanup)
    partial = "" if len(numbers) == len(task.datasets) else f" (part {', '.join(map(str, numbers))})"
    return Manifest(
        id=f"totalsegmentator-{task.name.replace('_', '-').lower()}"
        + ("" if not partial else f"-{'-'.join(map(str, numbers))}"),
        version="2.18.0",
        title=f"TotalSegmentator {task.name.replace('_', ' ')}{partial}",
        stages=tuple(stages),
        labels=labels,
        cleanup=(*(() if partial else rules), *rough.cleanup),
        licence=_licence(task, found[numbers[0]], into),
        source=Source(importer="totalsegmentator", files=tuple(files), notes=tuple(dict.fromkeys(notes))),
        card=Card(
            intended_use="Research; TotalSegmentator is no medical device.",
            limits=("Imported; its published accuracy holds for its own program and its own test scans.",),
        ),
    )


def _found(path: Path) -> tuple[dict[int, Path], Path]:
    """The known networks below a path by number, and the folder in which others of them may lie."""
    maps = totalsegmentator()
    for place in (path, *list(path.parents)[:3]):
        dataset = maps.dataset_named(place.name)
        if dataset is not None:
            return {dataset.number: place}, place.parent
    if not path.is_dir():
        return {}, path
    return {
        dataset.number: place
        for place in sorted(path.iterdir())
        if place.is_dir() and (dataset := maps.dataset_named(place.name)) is not None
    }, path


def _chosen(maps: ClassMaps, found: dict[int, Path]) -> tuple[Task, tuple[int, ...], list[str]]:
    """The task, its networks that are there, and the folders that are not taken."""
    if len(found) == 1:
        number = next(iter(found))
        return maps.tasks[maps.datasets[number].task], (number,), []
    whole = [maps.tasks[name] for name in _WHOLE if all(number in found for number in maps.tasks[name].datasets)]
    tasks = whole or [
        task
        for task in {maps.datasets[number].task: maps.tasks[maps.datasets[number].task] for number in found}.values()
        if all(number in found for number in task.datasets)
    ]
    if len(tasks) != 1:
        names = ", ".join(place.name for place in list(found.values())[:4])
        raise ModelError(f"The folder holds {len(found)} models", f"Choose one of its folders: {names}", "several")
    task = tasks[0]
    left = [place.name for number, place in found.items() if number not in task.datasets]
    return task, task.datasets, left


def _training(folder: Path, task: Task) -> Training:
    """The results folder of the configuration that the task uses."""
    places = [place for place in sorted(folder.iterdir()) if (place / "plans.json").is_file()]
    fitting = [place for place in places if place.name.endswith(f"__{task.configuration}")]
    if len(fitting) > 1:
        fitting = [place for place in fitting if "__nnUNetPlans__" in place.name] or fitting
    if len(fitting) != 1:
        raise ModelError(
            f"{folder.name} has no single results folder for {task.configuration}",
            "Choose the folder as TotalSegmentator unpacked it",
            "configuration",
        )
    return read_training(fitting[0])


def _single(stages: tuple[Stage, ...], dataset: Dataset) -> Stage:
    if len(stages) != 1:
        raise ModelError(
            f"{dataset.folder} is a cascade, which its task does not use", "Get the weights again", "cascade"
        )
    return stages[0]


def _as_task(
    stage: Stage, training: Training, task: Task, painted: tuple[int, ...], within: Within | None = None
) -> Stage:
    """nnU-Net's stage with the task's steps around it."""
    if stage.output.decision != "argmax" or stage.network.out_channels != len(painted) + 1:
        raise ModelError(
            f"{training.name} has {stage.network.out_channels} classes, the list of its version has {len(painted) + 1}",
            "These weights are of another version of TotalSegmentator",
            "classes",
        )
    order = [{"k": 0, "j": 1, "i": 2}[axis] for axis in stage.input.axes]
    wanted: dict[str, object] = {"orientation": "RAS", "modality": task.modality}
    output = stage.output.model_copy(update={"values": (0, *painted)})
    if task.spacing_zyx_mm is not None:
        turned = [task.spacing_zyx_mm[axis] for axis in order]
        wanted["spacing_mm"] = (turned[0], turned[1], turned[2])
        wanted["resample"] = Resample(grid="corner", data_order=1, truncate=True)
        wanted["normalise"] = stage.input.normalise.model_copy(update={"when": "after"})
        output = output.model_copy(update={"upsample": "labels-nearest"})
    made: Input = stage.input.model_copy(update=wanted)
    tiling = stage.tiling.model_copy(update={"step": task.step, "mirror_axes": ()})
    return stage.model_copy(update={"input": made, "output": output, "tiling": tiling, "within": within})


@dataclass(frozen=True)
class _Rough:
    """The networks that find what a task looks around, and what the task does with it; nothing where it has none."""

    stages: tuple[Stage, ...] = ()
    files: tuple[SourceFile, ...] = ()
    notes: tuple[str, ...] = ()
    within: Within | None = None
    cleanup: tuple[CleanupRule, ...] = ()


def _rough(maps: ClassMaps, task: Task, root: Path, into: Path, name: str = "rough") -> _Rough:
    """The rough network's folder lies beside the task's; it may itself look around something (`teeth`)."""
    if task.crop_dataset is None:
        return _Rough()
    dataset = maps.datasets[task.crop_dataset]
    if not (root / dataset.folder).is_dir():
        cleared = f", and what lies far from {', '.join(task.remove_outside)} is not cleared"
        return _Rough(
            notes=(
                f"TotalSegmentator first cuts the scan around {', '.join(task.crop)}, found by {dataset.folder}, which"
                f" was not beside it: the whole body is looked at instead{cleared if task.remove_outside else ''}.",
            )
        )
    own_task, own = maps.tasks[dataset.task], maps.labels_of(dataset)
    before = _rough(maps, own_task, root, into, f"{name}-before")
    training = _training(root / dataset.folder, own_task)
    made, said, read = build_stages(training, into, name, folds=own_task.folds)
    stage = _as_task(_single(made, dataset), training, own_task, tuple(sorted(own)), before.within)
    # nothing of it is a result: 1 is cut around, 2 is stayed near, 3 both
    values = tuple(int(own[key] in task.crop) + 2 * int(own[key] in task.remove_outside) for key in sorted(own))
    output = stage.output.model_copy(update={"values": (0, *values)})
    around, near = (tuple(sorted({value for value in values if value & bit})) for bit in (1, 2))
    return _Rough(
        stages=(*before.stages, stage.model_copy(update={"output": output, "keeps": False})),
        files=(*before.files, *read),
        notes=(*before.notes, *said),
        within=Within(stage=name, values=around, margin_mm=task.crop_margin_mm, cut="before"),
        cleanup=(_stayed_near(task, name, near),) if near else (),
    )


def _stayed_near(task: Task, stage: str, values: tuple[int, ...]) -> CleanupRule:
    return CleanupRule(
        rule="inside",
        labels=tuple(task.labels.values()),
        stage=stage,
        values=values,
        margin_mm=task.remove_outside_mm,
        grown="steps",
    )


def _label(maps: ClassMaps, index: int, name: str) -> Label:
    code = maps.codes.get(name)
    if code is None:
        own = structure_style(name).code
        side = name.rsplit("_", 1)[-1] if name.endswith(("_left", "_right")) else None
        return Label(index=index, name=name, code=own, laterality=side)  # type: ignore[arg-type]
    return Label(index=index, name=name, code=code[:3], laterality=code[3])  # type: ignore[arg-type]


def _licence(task: Task, folder: Path, into: Path) -> Licence:
    """The text that lies beside the weights, else what TotalSegmentator says about the task."""
    taken = take_licence([folder, folder.parent], into)
    if taken.text is not None and taken.id != "unknown" and KNOWN[task.licence]:
        return taken.model_copy(update={"citations": (CITATION,)})
    return Licence(id=task.licence, commercial=KNOWN[task.licence], text=taken.text, citations=(CITATION,))
