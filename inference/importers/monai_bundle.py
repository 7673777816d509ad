"""MONAI bundles read as descriptions: `configs/inference.*`, `configs/metadata.json` and `models/model.pt` into a model.

MONAI's own reader executes a bundle; here `bundle_config` judges every text of it, `monai_networks` and `monai_steps`
know a fixed list of networks and transforms, and everything else is refused by its name. Written after MONAI 1.6.1.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from inference.importers.bundle_config import Bundle, find_config, read_bundle, shown
from inference.importers.exported import torchscript_refusal
from inference.importers.licences import take_licence
from inference.importers.monai_networks import network_of
from inference.importers.monai_steps import Step, read_inferer, read_postprocessing, read_preprocessing, steps_of
from inference.importers.monai_weights import judge_patch, open_state, store_state
from inference.importers.naming import label_of, model_id, title_of
from inference.importers.onnx import FAMILY, store_onnx
from inference.importers.safe_zip import is_zip, open_zip, unpack
from inference.importers.validation import told_plainly
from inference.manifest import Card, Label, Manifest, Network, Output, Source, SourceFile, Stage, read_json_bounded
from inference.zoo import file_sha256
from planning.errors import ModelError
from planning.registry import canonical_name

MOST_CLASSES = 512
WEIGHTS = ("model.pt", "model.pth", "model.safetensors", "model.onnx", "model.pt2")
# of VISTA3D's 132 classes, those it answers only together with a click, or that hold others of the list
VISTA_LEFT_OUT = frozenset({2, 16, 18, 20, 21, 23, 24, 25, 26, 27, 128, 129, 130, 131, 132})


def recognise(path: Path) -> bool:
    """A bundle's folder, the folder's zip, or a weights file in its `models`."""
    if path.is_dir():
        return find_config(path) is not None
    if not path.is_file():
        return False
    if (
        path.parent.name == "models"
        and path.suffix in (".pt", ".pth", ".pt2", ".ts", ".onnx")
        and not path.parent.is_symlink()
    ):
        return find_config(path.parent.parent) is not None
    return is_zip(path) and path.suffix.lower() == ".zip" and _zip_root(path) is not None


def convert(path: Path, into: Path) -> Manifest:
    """Convert the bundle into `into`. Raises ModelError."""
    with _folder_of(path) as root, told_plainly(root.name):
        return _converted(root, into, path if path.is_file() and path.suffix != ".zip" else None)


def _converted(root: Path, into: Path, chosen: Path | None) -> Manifest:
    bundle = read_bundle(root)
    described = _metadata(root)
    weights = _weights(bundle, root, chosen)
    tiling = read_inferer(bundle.get("inferer"))
    prompts: tuple[int, ...] = ()
    if weights.suffix == ".onnx":
        # the network is in the file; the bundle says everything around it
        file, channels, note = store_onnx(weights, into, tiling.patch)
        network = Network(family=FAMILY, out_channels=channels)
        stored_notes: tuple[str, ...] = (note,)
    else:
        network, prompts = _network(bundle, described)
        judge_patch(network, tiling.patch)
    names = _names(bundle, described, prompts)
    key = str(bundle.get("image_key") or bundle.get("image") or "image")
    wanted, notes = read_preprocessing(_steps(bundle, "preprocessing"), key, _modality(described))
    output, labels, more = _output(bundle, prompts, network.out_channels, names)
    rules_output, rules, told = read_postprocessing(
        _steps(bundle, "postprocessing"), network.out_channels, {label.index: label.name for label in labels}
    )
    output = rules_output.model_copy(update={"values": output.values}) if output else rules_output
    if weights.suffix != ".onnx":
        with open_state(weights, _load_key(bundle)) as state:
            stored = store_state(state, network, into, "main")
        file, stored_notes = stored.file, stored.notes
    config = find_config(root)
    files = [weights, *([config] if config else []), *_existing(root / "configs" / "metadata.json")]
    title = _line(described.get("name")) or title_of(root.name)
    return Manifest(
        id=model_id(title),
        version=_version(described.get("version")),
        title=title,
        stages=(Stage(name="main", weights=(file,), network=network, input=wanted, tiling=tiling, output=output),),
        labels=labels,
        cleanup=rules,
        licence=take_licence([root, root / "docs"], into, _line(described.get("license") or described.get("licence"))),
        source=Source(
            importer="monai_bundle",
            files=tuple(SourceFile(name=file.name, sha256=file_sha256(file)) for file in files),
            notes=(*notes, *more, *told, *stored_notes),
        ),
        card=_card(described),
    )


@contextmanager
def _folder_of(path: Path) -> Iterator[Path]:
    """The bundle's folder; of a zip, a folder that is gone afterwards."""
    if path.is_dir():
        yield path
    elif path.suffix.lower() == ".zip":
        with tempfile.TemporaryDirectory(prefix="bundle-") as place, open_zip(path) as archive:
            unpack(archive, Path(place))
            root = _zip_root(path)
            yield Path(place) / root if root else Path(place)
    else:
        yield path.parent.parent


def _zip_root(path: Path) -> str | None:
    """The folder in a zip that holds `configs/inference.*`, "" for the top; None when there is none."""
    try:
        with open_zip(path) as archive:
            names = [PurePosixPath(name) for name in archive.entries]
    except (ModelError, OSError):
        return None
    for name in names:
        if name.name.startswith("inference.") and name.parent.name in ("configs", "config") and len(name.parts) <= 3:
            return "/".join(name.parts[:-2])
    return None


def _metadata(root: Path) -> Mapping[str, Any]:
    path = root / "configs" / "metadata.json"
    if not path.is_file():
        return {}
    found = read_json_bounded(path)
    return found if isinstance(found, dict) else {}


def _network(bundle: Bundle, described: Mapping[str, Any]) -> tuple[Network, tuple[int, ...]]:
    """The network and, for VISTA3D, the classes that are asked for."""
    value = bundle.get("network_def") if "network_def" in bundle.values else bundle.get("network")
    if not isinstance(value, Mapping) or not isinstance(value.get("_target_"), str):
        raise ModelError(
            f"{bundle.name} does not say which network it has", "It needs network_def with _target_", "network"
        )
    arguments = {key: item for key, item in value.items() if not key.startswith("_")}
    prompts: tuple[int, ...] = ()
    if value["_target_"].rsplit(".", 1)[-1] == "vista3d132":
        prompts = _prompts(bundle, described)
        arguments["prompts"] = list(prompts)
    family, kwargs = network_of(value["_target_"], arguments)
    channels = len(prompts) + 1 if prompts else int(kwargs.get("out_channels", 1 if family == "VNet" else 2))
    return Network(
        family=family, kwargs=kwargs, in_channels=int(kwargs.get("in_channels", 1)), out_channels=channels
    ), prompts


def _prompts(bundle: Bundle, described: Mapping[str, Any]) -> tuple[int, ...]:
    """VISTA3D's classes: the bundle's `everything_labels`, else all that it names but those that need a click."""
    wanted = bundle.get("everything_labels")
    if wanted is None:
        wanted = [number for number in sorted(_channel_names(described)) if number not in VISTA_LEFT_OUT]
    if (
        not isinstance(wanted, list)
        or not 0 < len(wanted) < MOST_CLASSES
        or any(type(number) is not int or not 0 < number < MOST_CLASSES for number in wanted)
        or len(set(wanted)) != len(wanted)
    ):
        raise ModelError("The bundle names no classes for its network", "everything_labels lists them", "prompts")
    return tuple(wanted)


def _channel_names(described: Mapping[str, Any]) -> dict[int, str]:
    """Names by channel out of metadata.json; empty where it has none."""
    found: Any = described
    for key in ("network_data_format", "outputs"):
        found = found.get(key) if isinstance(found, Mapping) else None
    for output in (found or {}).values() if isinstance(found, Mapping) else ():
        names = output.get("channel_def") if isinstance(output, Mapping) else None
        if isinstance(names, Mapping):
            return {
                int(key): _line(name) or f"class {key}"
                for key, name in names.items()
                if str(key).isdigit() and int(key) < MOST_CLASSES and isinstance(name, str)
            }
    return {}


def _names(bundle: Bundle, described: Mapping[str, Any], prompts: tuple[int, ...]) -> dict[int, str]:
    names = _channel_names(described)
    table = bundle.values.get("labels")
    if not names and isinstance(table, Mapping) and not prompts:
        names = {
            value: _line(name) for name, value in table.items() if type(value) is int and 0 <= value < MOST_CLASSES
        }
    return names


def _output(
    bundle: Bundle, prompts: tuple[int, ...], channels: int, names: Mapping[int, str]
) -> tuple[Output | None, tuple[Label, ...], tuple[str, ...]]:
    """Labels, and for VISTA3D the values its channels paint."""
    if prompts:
        output = Output(values=(0, *prompts))
        return output, _labels(prompts, names), ("Runs by classes only; clicks of VISTA3D are not used.",)
    steps = _steps(bundle, "postprocessing")
    by_threshold = channels == 1 or any(
        step.name == "AsDiscrete" and step.own.get("argmax") is not True and _has_threshold(step) for step in steps
    )
    if not by_threshold:
        return None, _labels(tuple(range(1, channels)), names), ()
    # every channel is a structure; channel 0 is one too unless it is called the background
    shift = {channel + 1: names.get(channel, "") for channel in range(channels)}
    if channels == 1 and names.keys() >= {0, 1}:
        shift = {1: names[1]}
    if shift.get(1, "").casefold() == "background" and channels > 1:
        raise ModelError(
            "The bundle sets a threshold on its background", "Only thresholds on structures can be used", "steps"
        )
    return None, _labels(tuple(shift), {key: name for key, name in shift.items() if name}), ()


def _has_threshold(step: Step) -> bool:
    return step.own.get("threshold") not in (None, False) or step.own.get("threshold_values") is True


def _labels(values: tuple[int, ...], names: Mapping[int, str]) -> tuple[Label, ...]:
    found: dict[str, Label] = {}
    for value in values:
        name = names.get(value) or f"class {value}"
        name = name if name not in found else f"{name} {value}"
        found[name] = _sided(label_of(value, name))
    return tuple(found.values())


def _sided(label: Label) -> Label:
    """VISTA3D writes the side first ("left kidney"); codes and sides are known for "kidney left"."""
    side, _, rest = canonical_name(label.name).partition("_")
    if side not in ("left", "right") or not rest:
        return label
    turned = label_of(label.index, f"{rest} {side}")
    code = label.code or turned.code or label_of(label.index, rest).code
    return label.model_copy(update={"laterality": turned.laterality, "code": code})


def _steps(bundle: Bundle, key: str) -> list[Step]:
    return steps_of(bundle.get(key), key)


def _modality(described: Mapping[str, Any]) -> str:
    text = str(described.get("network_data_format", ""))[:20_000]
    for sign, modality in (("'modality': 'CT'", "CT"), ("'modality': 'MR", "MR"), ("'modality': 'PT'", "PT")):
        if sign in text:
            return modality
    return "CT" if "hounsfield" in text or not text else "other"


def _weights(bundle: Bundle, root: Path, chosen: Path | None) -> Path:
    """The weights file that the bundle loads, else the usual one. Raises ModelError."""
    if chosen is not None and chosen.suffix != ".ts":
        return chosen
    stated = _stated_weights(bundle)
    if stated is not None:
        place = root / stated
        if place.is_file():
            return _inside(place, root)
    for name in WEIGHTS:
        if (root / "models" / name).is_file():
            return _inside(root / "models" / name, root)
    scripts = sorted((root / "models").glob("*.ts")) if (root / "models").is_dir() else []
    if scripts:
        raise torchscript_refusal(scripts[0])
    raise ModelError(f"{root.name} has no models/model.pt", "Get the bundle with its weights", "no_weights")


def _inside(place: Path, root: Path) -> Path:
    if place.is_symlink() or not place.resolve().is_relative_to(root.resolve()):
        raise ModelError(
            f"The bundle's weights {shown(place.name)} lie outside of it", "Get the bundle again", "escapes"
        )
    return place


def _loaders(bundle: Bundle) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every CheckpointLoader of the configuration, as it is written."""
    for name, value in bundle.values.items():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, Mapping) and str(item.get("_target_")).rsplit(".", 1)[-1] == "CheckpointLoader":
                yield name, item


def _stated_weights(bundle: Bundle) -> PurePosixPath | None:
    for name, loader in _loaders(bundle):
        path = bundle.resolved(loader.get("load_path"), f"{name}.load_path")
        if isinstance(path, str):
            found = PurePosixPath(path.replace("\\", "/"))
            if found.is_absolute() or ".." in found.parts:
                raise ModelError(f"The bundle loads {shown(path)}, outside of itself", "Get it again", "escapes")
            return found
    return None


def _load_key(bundle: Bundle) -> str | None:
    for _, loader in _loaders(bundle):
        table = loader.get("load_dict")
        if isinstance(table, Mapping) and len(table) == 1:
            return str(next(iter(table)))
    return None


def _existing(*paths: Path) -> list[Path]:
    return [path for path in paths if path.is_file()]


def _line(value: Any) -> str:
    """Foreign text as one plain line, "" for anything else."""
    if not isinstance(value, str):
        return ""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in value).split())[:100]


def _version(value: Any) -> str:
    plain = "".join(
        letter for letter in str(value or "1.0.0") if letter.isascii() and (letter.isalnum() or letter in ".+-")
    )
    return plain[:32] if plain and plain[0].isalnum() else "1.0.0"


def _card(described: Mapping[str, Any]) -> Card:
    intended = " ".join(_line(described.get(key)) for key in ("description", "intended_use")).strip()
    limits = ["Imported; nothing about its accuracy in this program is stated."]
    metrics = described.get("eval_metrics")
    if isinstance(metrics, Mapping):
        told = ", ".join(f"{_line(str(key))} {_line(str(value))}" for key, value in list(metrics.items())[:8])
        limits.append(f"Its makers state: {told}; on which patients is not stated.")
    return Card(intended_use=intended[:1000] or None, limits=tuple(limits))
