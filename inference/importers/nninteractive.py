"""nnInteractive's folder: an nnU-Net training whose input has seven more channels for what a person points at.

Beside plans, dataset and one fold lies `inference_info.json` (version 2) or `inference_session_class.json` (version 1),
and LICENSE, whose first line is the licence's id. The model works in the scan's own voxels and serves the interactive
tools only; it wants a graphics card (10 GB are recommended by its makers), which is said when it is added.
Facts after nnInteractive 2.6.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from inference.importers import settings
from inference.importers.licences import take_licence
from inference.importers.naming import model_id, title_of
from inference.importers.nnunet_folders import Training, read_training
from inference.importers.nnunet_networks import network_of, patch_of
from inference.importers.nnunet_weights import store_fold
from inference.importers.settings import Settings
from inference.importers.validation import told_plainly
from inference.manifest import (
    Card,
    Crop,
    Input,
    Label,
    Licence,
    Manifest,
    Normalise,
    Output,
    Prompting,
    Resample,
    Source,
    SourceFile,
    Stage,
    Tiling,
    read_json_bounded,
)
from inference.zoo import file_sha256
from planning.errors import ModelError

NEW, OLD = "inference_info.json", "inference_session_class.json"
DECAY, OLD_DECAY = 0.98, 0.9
GPU_ONLY = "Runs on a graphics card only: one click takes minutes on a processor."
# what upstream calls its channels, for positive and negative prompts
PROMPTS = {"points": "point", "scribble": "scribble", "bbox2d": "box", "bbox3d": "box", "lasso": "lasso"}
USUAL: Mapping[str, Any] = {
    **{"prev_seg": 0, "bbox2d": [1, 2], "bbox3d": [1, 2], "lasso": [1, 2], "points": [3, 4], "scribble": [5, 6]},
}
MOST_CHANNELS = 16
PUBLISHED = ("Dataset225_nnInteractiveV2", "3d_fullres_ps192_bs24")
PUBLISHED_LICENCE = "CC-BY-NC-SA-4.0"


def recognise(path: Path) -> bool:
    """The folder with plans and one of the two files, or the folder around it."""
    return _folder(path) is not None


def convert(path: Path, into: Path) -> Manifest:
    """Convert the folder into `into`. Raises ModelError."""
    folder = _folder(path)
    assert folder is not None
    with told_plainly(folder.name):
        return _converted(folder, into)


def _converted(folder: Path, into: Path) -> Manifest:
    training = read_training(folder)
    if len(training.checkpoints) != 1:
        raise ModelError(f"{folder.name} has {len(training.checkpoints)} folds", "Keep one of them", "several")
    prompting = _prompting(folder)
    network = network_of(training)
    inputs = 1 + len(prompting.channels)
    network = network.model_copy(update={"in_channels": inputs, "kwargs": {**network.kwargs, "input_channels": inputs}})
    if network.out_channels != 2 or network.dims != 3:
        raise ModelError("The interactive network does not part one structure from the rest", "It cannot be used")
    ((fold, checkpoint),) = training.checkpoints
    weights, notes = store_fold(checkpoint, network, into, "main", fold)
    patch, _ = patch_of(training)
    stage = Stage(
        name="main",
        weights=(weights,),
        network=network,
        # in the scan's own voxels, brought to mean 0 over everything that was scanned
        input=Input(
            modality="other",
            orientation="native",
            axes="kji",
            spacing_mm=(None, None, None),
            resample=Resample(grid="none"),
            normalise=Normalise(scheme="zscore", when="before"),
            crop=Crop(rule="nonzero"),
        ),
        tiling=Tiling(patch=patch),
        output=Output(values=(0, 1)),
        prompting=prompting,
    )
    name = folder.parent.name if folder.parent.name.startswith(("nnInteractive", "Dataset")) else folder.name
    files = [checkpoint, folder / "plans.json", *(folder / name for name in (NEW, OLD) if (folder / name).is_file())]
    return Manifest(
        id=model_id(name),
        version="1.0.0",
        title=f"{title_of(name)} (nnInteractive)",
        kind="interactive",
        stages=(stage,),
        labels=(Label(index=1, name="structure"),),
        licence=_licence(training, into),
        source=Source(
            importer="nninteractive",
            files=tuple(SourceFile(name=file.name, sha256=file_sha256(file)) for file in files),
            notes=(GPU_ONLY, *notes),
        ),
        card=Card(
            intended_use="Any structure, by clicks, scribbles, boxes and lassos of a person.",
            not_for="Segmentation without a person.",
            limits=(GPU_ONLY, "Imported; nothing about its accuracy in this program is stated."),
        ),
    )


def _licence(training: Training, into: Path) -> Licence:
    """Of the folder's LICENSE; the first published weights came without it, and their licence is known."""
    found = take_licence([training.folder, training.folder.parent], into)
    published = (training.plans.get("dataset_name"), training.configuration_name) == PUBLISHED
    return Licence(id=PUBLISHED_LICENCE, commercial=False) if found.text is None and published else found


def _folder(path: Path) -> Path | None:
    """The folder with the training: the path itself, or the only one in it."""
    if path.is_file() and path.name in (NEW, OLD):
        path = path.parent
    if not path.is_dir():
        return None
    if _is_training(path):
        return path
    inner = [place for place in path.iterdir() if place.is_dir() and _is_training(place)]
    return inner[0] if len(inner) == 1 else None


def _is_training(path: Path) -> bool:
    named = (path / NEW).is_file() or (path / OLD).is_file()
    return named and (path / "plans.json").is_file() and (path / "dataset.json").is_file()


def _prompting(folder: Path) -> Prompting:
    """How prompts are drawn into the channels, from the newer file where it is there."""
    described = read_json_bounded(folder / (NEW if (folder / NEW).is_file() else OLD))
    if isinstance(described, str):
        # the first version names a class of theirs and nothing else
        return Prompting(channels=_channels(USUAL), decay=OLD_DECAY)
    own = settings.of(described, "the description of nnInteractive")
    return Prompting(
        channels=_channels(own.get("channel_mapping") or USUAL),
        point_radius=_number(own, "point_radius", 4.0),
        scribble_thickness=_number(own, "preferred_scribble_thickness", 2.0),
        decay=_number(own, "interaction_decay", DECAY if (folder / NEW).is_file() else OLD_DECAY),
    )


def _number(own: Settings, key: str, otherwise: float) -> float:
    value = own.get(key)
    if isinstance(value, list) and value:
        # one thickness for each axis
        value = value[0]
    if value is None:
        return otherwise
    return Settings({key: value}, own.name).number(key, float, 0.0, 50.0)


def _channels(mapping: Any) -> tuple[str, ...]:
    """Names of the channels after the image, in their order. Raises ModelError."""
    table = settings.of(mapping, "channel_mapping").values
    found: dict[int, str] = {}
    for key, places in table.items():
        if key == "prev_seg":
            pairs = [(places, "previous")]
        elif key in PROMPTS and isinstance(places, list) and len(places) == 2:
            pairs = [(places[0], f"{PROMPTS[key]}+"), (places[1], f"{PROMPTS[key]}-")]
        else:
            raise ModelError(f"The channel {str(key)[:40]} of nnInteractive is not known", "Ask for it", "channels")
        for place, name in pairs:
            if type(place) is not int or not 0 <= place < MOST_CHANNELS:
                raise ModelError("The channels of nnInteractive have impossible places", "Get it again", "channels")
            if found.setdefault(place, name) != name and not {found[place][:-1], name[:-1]} <= {"box", "lasso"}:
                raise ModelError("Two prompts of nnInteractive share a channel", "Get it again", "channels")
            if name.startswith("box"):
                found[place] = name
    if sorted(found) != list(range(len(found))) or "previous" not in found.values():
        raise ModelError("The channels of nnInteractive have gaps", "Get it again", "channels")
    return tuple(found[place] for place in sorted(found))
