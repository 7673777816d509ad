"""nnU-Net v2 results folders: `plans.json`, `dataset.json` and `fold_*/checkpoint_final.pth` into a model of ours.

Facts after nnunetv2 2.8.1 (Isensee et al., Nature Methods 18:203, 2021). Nothing of the plans is imported or called.
Trainers are never needed: the network follows from the plans, and weights that do not fit it name by name and size by
size are refused.
"""

from __future__ import annotations

from pathlib import Path

from inference.importers.licences import take_licence
from inference.importers.naming import label_of, model_id, title_of
from inference.importers.nnunet_folders import Training, chosen, read_training, sibling, training_folders
from inference.importers.nnunet_labels import heads_of
from inference.importers.nnunet_networks import network_of
from inference.importers.nnunet_steps import limits_of, notes_of, stage_of
from inference.importers.nnunet_weights import store_fold
from inference.importers.settings import Settings
from inference.manifest import Card, Manifest, Previous, Source, SourceFile, Stage, WeightsFile
from inference.zoo import file_sha256
from planning.errors import ModelError


def recognise(path: Path) -> bool:
    """A results folder, the dataset's folder around it, or one of its checkpoints."""
    return bool(training_folders(path))


def convert(path: Path, into: Path) -> Manifest:
    """Convert the results folder (with its first stage, for a cascade) into `into`. Raises ModelError."""
    folders = training_folders(path)
    training = read_training(chosen(folders, path))
    stages, notes, files = build_stages(training, into, "main")
    heads = heads_of(training)
    labels = tuple(label_of(value, name) for value, name in sorted(heads.names.items()))
    return Manifest(
        id=model_id(f"{training.name}-{training.configuration_name}"),
        version="1.0.0",
        title=f"{title_of(training.name)} (nnU-Net, {training.configuration_name})",
        stages=stages,
        labels=labels,
        licence=take_licence(
            [training.folder, training.folder.parent], into, _text(training.dataset, "licence", "license")
        ),
        source=Source(importer="nnunet", files=files, notes=notes),
        card=Card(
            intended_use=_text(training.dataset, "description"),
            limits=("Imported; nothing about its accuracy is stated.", *limits_of(training)),
        ),
    )


def build_stages(
    training: Training,
    into: Path,
    name: str,
    *,
    folds: tuple[int | str, ...] | None = None,
) -> tuple[tuple[Stage, ...], tuple[str, ...], tuple[SourceFile, ...]]:
    """The stages of a training, the one before it first; weights are written into `into`. Raises ModelError."""
    before: tuple[Stage, ...] = ()
    notes: tuple[str, ...] = ()
    files: tuple[SourceFile, ...] = ()
    previous = None
    if training.previous is not None:
        earlier = read_training(sibling(training, training.previous))
        if earlier.previous is not None:
            raise ModelError("A cascade of more than two stages cannot be used", "Choose its first stage", "cascade")
        before, notes, files = build_stages(earlier, into, f"{name}-before", folds=folds)
        before = (*before[:-1], before[-1].model_copy(update={"keeps": False}))
        previous = Previous(stage=before[-1].name, values=heads_of(earlier).foreground)
    wanted = tuple(item for item in training.checkpoints if folds is None or item[0] in folds)
    if not wanted:
        raise ModelError(
            f"{training.name} has none of the folds that are used", "Choose the whole folder", "no_weights"
        )
    network = network_of(training)
    kept: list[WeightsFile] = []
    for fold, path in wanted:
        found, told = store_fold(path, network, into, f"{name}-fold{fold}", fold)
        kept.append(found)
        notes = (*notes, *told)
        files = (
            *files,
            SourceFile(name=f"{training.folder.name}/{path.parent.name}/{path.name}"[:400], sha256=file_sha256(path)),
        )
    stage = stage_of(training, name, tuple(kept), previous)
    return (*before, stage), (*notes, *notes_of(training)), files


def _text(own: Settings, *keys: str) -> str | None:
    for key in keys:
        value = own.get(key)
        if isinstance(value, str) and value.strip():
            return value.strip()[:2000]
    return None
