"""MONAI Auto3DSeg's SegResNet: one `.pt` with weights and settings together, as its templates and 3D Slicer's models have it.

The file holds `state_dict` and `config`; the steps follow from the settings as the template's own inference does them:
turn to RAS (where asked), crop to what is above 0 HU, resample, bring values to the network's range, windows of 0.625
overlap with Gaussian weights, softmax or sigmoid, back to the scan. `labels.csv` beside it gives names and codes.
Written after MONAI 1.6.1 and the template's settings; missing settings are refused.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from inference.importers import settings
from inference.importers.bundle_config import find_config, shown
from inference.importers.checkpoint import kind_of, open_checkpoint, plain, tensors_of
from inference.importers.licences import take_licence
from inference.importers.monai_networks import network_of
from inference.importers.monai_weights import judge_patch, store_state
from inference.importers.naming import label_of, model_id, title_of
from inference.importers.safe_zip import is_zip, open_zip, unpack
from inference.importers.settings import Settings
from inference.importers.validation import told_plainly
from inference.manifest import (
    Card,
    Crop,
    Input,
    Label,
    Manifest,
    Network,
    Normalise,
    Output,
    Resample,
    Source,
    SourceFile,
    Stage,
    Tiling,
)
from inference.zoo import file_sha256
from planning.errors import ModelError

SUFFIXES = (".pt", ".pth", ".ckpt")
NAME = "model.pt"
LABELS = "labels.csv"
OVERLAP = 0.625
KEPT_SPACING = (0.75, 1.25)
MOST_CLASSES = 512
MOST_LABEL_BYTES = 1 << 20
CROP_MARGIN_VOXELS = 10


def recognise(path: Path) -> bool:
    """A torch checkpoint by itself, the folder of a model with its `labels.csv`, or the zip of such a folder."""
    if path.is_dir():
        return (path / NAME).is_file() and find_config(path) is None
    if not path.is_file():
        return False
    if path.suffix.lower() == ".zip":
        return is_zip(path) and _zip_root(path) is not None
    try:
        return path.suffix.lower() in SUFFIXES and kind_of(path) in ("zip", "legacy")
    except (ModelError, OSError):
        # a damaged zip is still a checkpoint by its name, and is refused in words when it is read
        return path.suffix.lower() in SUFFIXES


def convert(path: Path, into: Path) -> Manifest:
    """Convert the model into `into`. Raises ModelError."""
    with _file_of(path) as file, told_plainly(path.name):
        return _converted(file, path, into)


def _converted(file: Path, path: Path, into: Path) -> Manifest:
    with open_checkpoint(file) as content:
        if not isinstance(content, Mapping) or "config" not in content or "state_dict" not in content:
            raise ModelError(
                f"{file.name} holds no description of its network",
                "Add the whole bundle or results folder that it belongs to, or an Auto3DSeg .pt",
                "no_description",
            )
        config = settings.of(plain(content["config"]), f"the config of {file.name}")
        described = settings.of(config.get("network"), "the network of the config")
        arguments = {key: value for key, value in described.values.items() if not key.startswith("_")}
        family, kwargs = network_of(described.word("_target_"), arguments)
        channels = int(kwargs.get("out_channels", 2))
        network = Network(
            family=family, kwargs=kwargs, in_channels=int(kwargs.get("in_channels", 1)), out_channels=channels
        )
        tiling = _tiling(config)
        judge_patch(network, tiling.patch)
        output, labels = _labels(config, channels, file.parent / LABELS)
        stored = store_state(tensors_of(content["state_dict"]), network, into, "main")
        stage = Stage(
            name="main",
            weights=(stored.file,),
            network=network,
            input=_input(config),
            tiling=tiling,
            output=output,
        )
    files = [file, *([file.parent / LABELS] if (file.parent / LABELS).is_file() else [])]
    name = (
        path.parent.name if path.name == NAME else path.name.removesuffix(path.suffix) if path.is_file() else path.name
    )
    return Manifest(
        id=model_id(name),
        version="1.0.0",
        title=f"{title_of(name)} (Auto3DSeg)",
        stages=(stage,),
        labels=labels,
        licence=take_licence([file.parent], into),
        source=Source(
            importer="auto3dseg",
            files=tuple(SourceFile(name=item.name, sha256=file_sha256(item)) for item in files),
            notes=(*_notes(stage), *stored.notes),
        ),
        card=Card(
            limits=_limits(config),
        ),
    )


def _input(config: Settings) -> Input:
    resolution = config.get("resample_resolution")
    spacing = config.numbers("resample_resolution", float, 3, 3) if resolution is not None else None
    foreground = config.flag("crop_foreground", True)
    return Input(
        modality=_modality(config),
        orientation="RAS" if config.flag("orientation_ras", False) else "native",
        axes="ijk",
        spacing_mm=(spacing[0], spacing[1], spacing[2]) if spacing else (None, None, None),
        resample=Resample(grid="centre", data_order=1, keep_within=KEPT_SPACING) if spacing else Resample(grid="none"),
        normalise=_normalise(config, resampled=spacing is not None),
        crop=Crop(rule="above", threshold=0.0, margin_voxels=CROP_MARGIN_VOXELS) if foreground else Crop(),
    )


def _normalise(config: Settings, *, resampled: bool) -> Normalise:
    mode = config.word("normalize_mode")
    when: Any = "after" if resampled else "before"
    if mode == "none":
        return Normalise(scheme="none", when=when)
    if mode in ("range", "ct"):
        low, high = config.numbers("intensity_bounds", float, 2, 2)
        if not low < high:
            raise ModelError("The config has intensity bounds that do not grow", "Get the model again", "settings")
        # no clip: a sigmoid follows
        return Normalise(
            scheme="range", clip=(low, high), to=(-1.0, 1.0), clip_output=False, squash="sigmoid", when=when
        )
    if mode in ("meanstd", "mri"):
        return Normalise(scheme="zscore", nonzero=True, when=when)
    raise ModelError(
        f"The config brings values to their range by {shown(mode)}", "Known are ct, range, meanstd and none", "settings"
    )


def _modality(config: Settings) -> Any:
    word = str(config.get("modality", "ct")).casefold()
    return {"ct": "CT", "mri": "MR", "mr": "MR", "pet": "PT"}.get(word, "other")


def _tiling(config: Settings) -> Tiling:
    size = config.numbers("roi_size", int, 3, 3)
    if min(size) < 8:
        raise ModelError("The config has no window", "roi_size holds three lengths in voxels", "settings")
    return Tiling(patch=(size[0], size[1], size[2]), rule="monai", step=1 - OVERLAP, weight="gaussian")


def _labels(config: Settings, channels: int, table: Path) -> tuple[Output, tuple[Label, ...]]:
    """What the channels paint and how that is called."""
    sigmoid = config.flag("sigmoid", False)
    stated = config.get("class_names")
    words = [str(name)[:100] for name in stated] if isinstance(stated, list) and len(stated) <= MOST_CLASSES else []
    words = [word for word in words if word.casefold() not in ("background", "0")] if not sigmoid else words
    if sigmoid:
        values = _painted(config.get("class_index"), channels)
    else:
        values = tuple(range(channels))
    known = _label_table(table)
    found: dict[str, Label] = {}
    for number, value in enumerate(value for value in values if value):
        label = known.get(value) or label_of(value, words[number] if number < len(words) else f"class {value}")
        if label.name in found:
            label = label.model_copy(update={"name": f"{label.name} {value}"})
        found[label.name] = label
    output = Output(
        decision="regions" if sigmoid else "argmax",
        activation="sigmoid" if sigmoid else "softmax",
        values=values,
    )
    return output, tuple(sorted(found.values(), key=lambda label: label.index))


def _painted(index: Any, channels: int) -> tuple[int, ...]:
    """Labels of nested channels: each paints what the later ones inside it leave, as [[1, 2, 3], [2, 3], [2]] → 1, 3, 2."""
    if index is None:
        return tuple(range(1, channels + 1))
    if not isinstance(index, list) or len(index) != channels:
        raise ModelError("The config's class_index does not fit its channels", "Get the model again", "settings")
    groups = [set(group) if isinstance(group, list) else {group} for group in index]
    if any(type(value) is not int or not 0 < value <= MOST_CLASSES for group in groups for value in group):
        raise ModelError("The config's class_index holds no labels", "Get the model again", "settings")
    values = []
    for number, group in enumerate(groups):
        later = [other for other in groups[number + 1 :] if other < group]
        own = group.difference(*later)
        if len(own) != 1:
            raise ModelError(
                "The config's classes overlap in a way that no label map can hold", "Ask for it", "settings"
            )
        values.append(own.pop())
    if len(set(values)) != len(values):
        raise ModelError("The config gives two channels one label", "Get the model again", "settings")
    return tuple(values)


def _label_table(path: Path) -> dict[int, Label]:
    """Names and codes of 3D Slicer's table, where there is one."""
    if not path.is_file() or path.is_symlink() or path.stat().st_size > MOST_LABEL_BYTES:
        return {}
    found: dict[int, Label] = {}
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        try:
            rows = list(csv.DictReader(file))[:MOST_CLASSES]
        except csv.Error as error:
            raise ModelError(f"{LABELS} is no table", "Get the model again", "labels") from error
    for row in rows:
        value, name = str(row.get("LabelValue") or ""), _word(row.get("Name"))
        if not value.isdigit() or not 0 < int(value) <= MOST_CLASSES or not name:
            continue
        label = label_of(int(value), name)
        code = tuple(
            _word(row.get(f"SegmentedPropertyTypeCodeSequence.{part}"))
            for part in ("CodingSchemeDesignator", "CodeValue", "CodeMeaning")
        )
        if all(code):
            label = label.model_copy(update={"code": code})
        side = _word(row.get("SegmentedPropertyTypeModifierCodeSequence.CodeMeaning")).casefold()
        if side in ("left", "right"):
            label = label.model_copy(update={"laterality": side})
        found[label.index] = label
    return found


def _word(value: Any) -> str:
    plain_text = "".join(letter if letter.isprintable() else " " for letter in str(value or ""))
    return " ".join(plain_text.split())[:100]


def _notes(stage: Stage) -> tuple[str, ...]:
    if stage.input.normalise.scheme != "zscore":
        return ()
    # which of the voxels of exactly 0 HU are left out depends on its rounding
    return ("Auto3DSeg resamples in single precision: voxels of exactly 0 HU may be counted otherwise there.",)


def _limits(config: Settings) -> tuple[str, ...]:
    metric = config.get("best_metric")
    told = "Imported; nothing about its accuracy in this program is stated."
    return (told, f"Its training states a best metric of {metric:.3f}.") if isinstance(metric, float) else (told,)


@contextmanager
def _file_of(path: Path) -> Iterator[Path]:
    """The checkpoint; of a zip, in a folder that is gone afterwards."""
    if path.is_dir():
        yield path / NAME
    elif path.suffix.lower() == ".zip":
        with tempfile.TemporaryDirectory(prefix="auto3dseg-") as place, open_zip(path) as archive:
            unpack(archive, Path(place))
            yield Path(place) / (_zip_root(path) or "") / NAME
    else:
        yield path


def _zip_root(path: Path) -> str | None:
    """The folder in a zip that holds `model.pt`, at most one deep; None when there is none."""
    try:
        with open_zip(path) as archive:
            names: Sequence[PurePosixPath] = [PurePosixPath(name) for name in archive.entries]
    except (ModelError, OSError):
        return None
    for name in names:
        if name.name == NAME and len(name.parts) <= 2:
            return "/".join(name.parts[:-1])
    return None
