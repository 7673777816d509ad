"""What MONAI's transforms and inferers do, in the words of our manifest: a fixed list, everything else is refused by name.

The order in which a bundle lists its transforms matters (values before or after resampling, resampling before or after
turning, deciding before or after going back), so they are read one after the other as a small machine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from inference.importers import settings
from inference.importers.bundle_config import Opaque, shown
from inference.importers.settings import Settings
from inference.manifest import CleanupRule, Crop, Input, Normalise, Output, Resample, Tiling
from planning.errors import ModelError

MOST_STEPS = 100
# read the image, or change only how the array is held
_PASSED_OVER = {
    *(
        "LoadImage",
        "EnsureChannelFirst",
        "EnsureType",
        "CastToType",
        "ToTensor",
        "ToDevice",
        "AddChannel",
        "AsChannelFirst",
    ),
    *("SelectItems", "SaveImage", "SplitDim", "DeleteItems", "VistaPreTransform"),
}
_CODES = {"R": 0, "L": 0, "A": 1, "P": 1, "S": 2, "I": 2}


@dataclass(frozen=True)
class Step:
    """One transform: its name without the ending for dictionaries, its settings, what it is called in errors."""

    name: str
    own: Settings


def steps_of(value: Any, where: str) -> list[Step]:
    """The transforms of a `Compose` or a list of them, those that are switched off left out. Raises ModelError."""
    if isinstance(value, Mapping) and _plain_name(value.get("_target_")) == "Compose":
        value = value.get("transforms")
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > MOST_STEPS:
        raise ModelError(f"The {where} of the bundle is no list of transforms", "Get the bundle again", "steps")
    found = []
    for item in value:
        own = settings.of(item, f"the {where}")
        if own.get("_disabled_") is True:
            continue
        if own.get("_disabled_") not in (None, False):
            raise ModelError(f"The {where} of the bundle switches steps by a program", "Write true or false", "steps")
        if not isinstance(own.get("_target_"), str):
            raise ModelError(f"The {where} of the bundle has a step without a name", "Get the bundle again", "steps")
        name = _plain_name(own.get("_target_"))
        found.append(Step(name, Settings(own.values, name)))
    return found


def _plain_name(target: Any) -> str:
    """ "monai.transforms.Spacingd" → "Spacing"."""
    name = str(target).rsplit(".", 1)[-1]
    for ending in ("Dict", "D", "d"):
        if name.endswith(ending) and len(name) > len(ending) and name not in ("SplitDimd",):
            return name[: -len(ending)]
    return name


@dataclass
class _Reading:
    """What was read so far of the preprocessing."""

    orientation: str = "native"
    spacing: tuple[float | None, float | None, float | None] = (None, None, None)
    resample: dict[str, Any] = field(default_factory=lambda: {"grid": "none"})
    normalise: dict[str, Any] | None = None
    crop: dict[str, Any] | None = None
    resampled: bool = False
    zero_hu: float | None = 0.0
    notes: list[str] = field(default_factory=list)


def read_preprocessing(steps: Sequence[Step], image_key: str, modality: Any) -> tuple[Input, tuple[str, ...]]:
    """The input that the transforms describe, and what a person should know of it. Raises ModelError."""
    reading = _Reading()
    for step in steps:
        _right_key(step, image_key)
        if step.name in _PASSED_OVER:
            continue
        reader = _PRE.get(step.name)
        if reader is None:
            raise _unknown(step, "preprocessing")
        reader(step.own, reading)
    normalise = reading.normalise or {"scheme": "none"}
    # where nothing is resampled, before and after are the same
    normalise["when"] = normalise.get("when", "after") if reading.resampled else "before"
    crop = reading.crop or {"rule": "none"}
    if not reading.resampled:
        crop["when"] = "before"
    found = Input(
        modality=modality,
        orientation=reading.orientation,
        axes="ijk",
        spacing_mm=reading.spacing,
        resample=Resample(**reading.resample),
        normalise=Normalise(**normalise),
        crop=Crop(**crop),
    )
    return found, tuple(reading.notes)


def _orientation(own: Settings, reading: _Reading) -> None:
    codes = "RAS" if own.flag("as_closest_canonical", False) else own.word("axcodes").upper()
    if len(codes) != 3 or {_CODES.get(letter) for letter in codes} != {0, 1, 2}:
        raise ModelError(f"Orientation {shown(codes)} names no three axes", "Get the bundle again", "steps")
    if reading.resampled:
        isotropic = len(set(reading.spacing)) == 1
        if not isotropic:
            reading.notes.append("The bundle resamples before it turns: spacings are those of the turned axes here.")
        reading.resample["anchor"] = "image"
    reading.orientation = codes


def _spacing(own: Settings, reading: _Reading) -> None:
    if reading.resampled:
        raise ModelError("The bundle resamples twice", "Only one resampling can be used", "steps")
    for key in ("diagonal", "align_corners", "scale_extent"):
        value = own.get(key)
        if value is True or (isinstance(value, list) and any(value)):
            raise ModelError(f"Spacing with {key} cannot be used", "Ask for another bundle", "steps")
    values = own.get("pixdim")
    spacing = [float(values)] * 3 if isinstance(values, (int, float)) else own.numbers("pixdim", float, 1, 3)
    spacing += [spacing[-1]] * (3 - len(spacing))
    reading.spacing = tuple(value if value > 0 else None for value in spacing)  # type: ignore[assignment]
    reading.resampled = True
    reading.resample |= {"grid": "centre", "data_order": _order(own.get("mode", "bilinear"))}
    lower, upper = own.get("min_pixdim"), own.get("max_pixdim")
    if lower is not None or upper is not None:
        reading.resample["keep_within"] = _kept(own, spacing)


def _order(mode: Any) -> int:
    if isinstance(mode, list) and mode:
        mode = mode[0]
    orders = {"bilinear": 1, "linear": 1, "trilinear": 1, "nearest": 0, "0": 0, "1": 1, "3": 3}
    order = orders.get(str(mode).lower())
    if order is None:
        raise ModelError(f"Resampling by {shown(mode)} is not known here", "Known are nearest and bilinear", "steps")
    return order


def _kept(own: Settings, spacing: Sequence[float]) -> tuple[float, float]:
    lower, upper = own.numbers("min_pixdim", float, 1, 3), own.numbers("max_pixdim", float, 1, 3)
    shares = {(low / value, high / value) for low, high, value in zip(lower, upper, spacing, strict=False) if value > 0}
    if len({(round(low, 6), round(high, 6)) for low, high in shares}) != 1:
        raise ModelError("Spacing keeps other spacings on each axis", "Ask for another bundle", "steps")
    return min(shares)


def _scale_range(own: Settings, reading: _Reading) -> None:
    a_min, a_max = own.real("a_min"), own.real("a_max")
    if own.get("b_min") is None or own.get("b_max") is None:
        raise ModelError("ScaleIntensityRange without b_min and b_max cannot be used", "Add them", "steps")
    b_min, b_max = own.real("b_min"), own.real("b_max")
    if not a_min < a_max or not b_min < b_max:
        raise ModelError("ScaleIntensityRange has a range that does not grow", "Get the bundle again", "steps")
    _normalised(
        reading,
        {
            "scheme": "range",
            "clip": (a_min, a_max),
            "to": (b_min, b_max),
            "clip_output": own.flag("clip", False),
        },
    )
    # the value that becomes 0, which is where a later crop to the foreground cuts
    reading.zero_hu = a_min - b_min * (a_max - a_min) / (b_max - b_min)


def _normalise_intensity(own: Settings, reading: _Reading) -> None:
    nonzero = own.flag("nonzero", False)
    subtrahend, divisor = own.get("subtrahend"), own.get("divisor")
    if subtrahend is not None or divisor is not None:
        if nonzero or isinstance(subtrahend, list) or isinstance(divisor, list):
            raise ModelError("NormalizeIntensity with several constants cannot be used", "Write one number", "steps")
        mean = own.real("subtrahend") if subtrahend is not None else 0.0
        std = own.real("divisor") if divisor is not None else 1.0
        if std <= 0:
            raise ModelError("NormalizeIntensity divides by nothing above 0", "Get the bundle again", "steps")
        _normalised(reading, {"scheme": "ct", "mean": mean, "std": std})
        reading.zero_hu = mean
        return
    _normalised(reading, {"scheme": "zscore", "nonzero": nonzero})
    reading.zero_hu = None


def _scale_intensity(own: Settings, reading: _Reading) -> None:
    if own.get("factor") is not None:
        raise ModelError("ScaleIntensity with a factor cannot be used", "Ask for another bundle", "steps")
    low = 0.0 if own.get("minv") is None else own.real("minv")
    high = 1.0 if own.get("maxv") is None else own.real("maxv")
    if not low < high:
        raise ModelError("ScaleIntensity has a range that does not grow", "Get the bundle again", "steps")
    reading.zero_hu = None
    if reading.normalise and reading.normalise["scheme"] == "zscore":
        # least to greatest value of what the first step made
        reading.normalise |= {"then": "minmax", "to": (low, high)}
        return
    _normalised(reading, {"scheme": "minmax", "to": (low, high)})


def _normalised(reading: _Reading, found: dict[str, Any]) -> None:
    if reading.normalise is not None:
        raise ModelError("The bundle changes the image's values twice", "Only one such step can be used", "steps")
    reading.normalise = found | {"when": "after" if reading.resampled else "before"}


def _crop_foreground(own: Settings, reading: _Reading) -> None:
    if reading.crop is not None:
        raise ModelError("The bundle crops twice", "Only one crop can be used", "steps")
    if own.get("select_fn") is not None or own.get("k_divisible") not in (None, 1, [1, 1, 1]):
        raise ModelError("CropForeground with its own rule cannot be used", "Ask for another bundle", "steps")
    if reading.zero_hu is None:
        raise ModelError("The bundle crops by values that depend on the scan", "Ask for another bundle", "steps")
    margin = own.get("margin", 0)
    if isinstance(margin, list) and len(set(map(str, margin))) == 1:
        margin = margin[0]
    if type(margin) is not int or not 0 <= margin <= 256:
        raise ModelError("CropForeground has a margin that cannot be used", "Write one whole number", "steps")
    if margin and own.get("allow_smaller") is False:
        raise ModelError("CropForeground that pads its margin cannot be used", "Set allow_smaller", "steps")
    reading.crop = {
        "rule": "above",
        "threshold": reading.zero_hu,
        "margin_voxels": margin,
        "when": "after" if reading.resampled else "before",
    }


_PRE = {
    "Orientation": _orientation,
    "Spacing": _spacing,
    "ScaleIntensityRange": _scale_range,
    "NormalizeIntensity": _normalise_intensity,
    "ScaleIntensity": _scale_intensity,
    "CropForeground": _crop_foreground,
}


def _right_key(step: Step, key: str) -> None:
    keys = step.own.get("keys", key)
    if key not in (keys if isinstance(keys, list) else [keys]):
        raise ModelError(
            f"{step.name} is for {shown(keys)}, not for the image {shown(key)}", "Only one image can be used", "steps"
        )


def _unknown(step: Step, where: str) -> ModelError:
    return ModelError(f"The {where} has a step {shown(step.name)} that is not known here", "Ask for it", "step")


def read_inferer(value: Any) -> Tiling:
    """The tiles of a sliding window. Raises ModelError for another way of running."""
    own = settings.of(value, "the inferer")
    name = str(own.get("_target_")).rsplit(".", 1)[-1]
    vista = name == "Vista3dInferer"
    if name not in ("SlidingWindowInferer", "SlidingWindowInfererAdapt", "Vista3dInferer"):
        raise ModelError(
            f"The bundle runs its network by {shown(name)}", "Only a sliding window can be used", "inferer"
        )
    size = own.get("roi_size")
    patch = [size] * 3 if type(size) is int else own.numbers("roi_size", int, 3, 3)
    if min(patch) < 8:
        raise ModelError("The window of the bundle has no fixed size", "Write three lengths in voxels", "inferer")
    overlap = own.get("overlap", 0.25)
    if isinstance(overlap, list) and len(set(map(str, overlap))) == 1:
        overlap = overlap[0]
    if isinstance(overlap, bool) or not isinstance(overlap, (int, float)) or not 0 <= overlap <= 0.95:
        raise ModelError(
            "The windows of the bundle overlap by no fixed share", "Write a number from 0 to 0.9", "inferer"
        )
    mode = "gaussian" if vista else _enumerated(own.get("mode", "constant"))
    padding = _enumerated(own.get("padding_mode", "replicate" if vista else "constant"))
    if mode not in ("gaussian", "constant") or padding not in ("constant", "replicate"):
        raise ModelError(f"Windows of {shown(mode)} with {shown(padding)} cannot be used", "Ask for it", "inferer")
    return Tiling(
        patch=(patch[0], patch[1], patch[2]),
        rule="monai",
        step=1 - overlap,
        weight="gaussian" if mode == "gaussian" else "constant",
        sigma=own.number("sigma_scale", float, 0.01, 1.0) if own.get("sigma_scale") is not None else 0.125,
        pad="edge" if padding == "replicate" else "value",
        pad_value=own.real("cval") if own.get("cval") is not None else 0.0,
    )


def _enumerated(value: Any) -> str:
    return str(value).lower().rsplit(".", 1)[-1]


@dataclass
class _Deciding:
    """What was read so far of the postprocessing."""

    activation: str = "none"
    decision: str | None = None
    threshold: float = 0.5
    turned_back: bool = False
    # "linear" or "nearest", as Invert goes back to the image
    way_back: str = "linear"
    decided_first: bool = False
    cleanup: list[Settings] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_postprocessing(
    steps: Sequence[Step], channels: int, names: Mapping[int, str], key: str = "pred"
) -> tuple[Output, tuple[CleanupRule, ...], tuple[str, ...]]:
    """How channels become labels, what is cleaned up, and what a person should know. Raises ModelError.

    names: of the labels that will be painted, by index.
    """
    reading = _Deciding()
    for step in steps:
        if step.name not in ("SaveImage", "DeleteItems", "SelectItems"):
            _right_key(step, key)
        if step.name in _PASSED_OVER:
            continue
        reader = _POST.get(step.name)
        if reader is None:
            raise _unknown(step, "postprocessing")
        reader(step.own, reading)
    sigmoid = reading.activation == "sigmoid" or reading.decision == "threshold"
    if reading.decision is None:
        reading.notes.append("The bundle keeps probabilities; here the likeliest class of each voxel is taken.")
    if channels == 1 and not sigmoid:
        raise ModelError("The bundle decides between classes but its network has one", "Get it again", "steps")
    if sigmoid and reading.decision == "argmax":
        # the likeliest of several sigmoids is the likeliest of their logits
        sigmoid = False
        reading.activation = "none" if not reading.turned_back or reading.decided_first else reading.activation
    if reading.turned_back and reading.decided_first and reading.way_back == "linear":
        raise ModelError("The bundle interpolates between labels", "Ask for another bundle", "steps")
    if not reading.turned_back:
        reading.notes.append("The bundle leaves labels on its own grid; here they are brought to the image's grid.")
    nearest = reading.way_back == "nearest" or (reading.decided_first and reading.turned_back)
    if nearest and not sigmoid:
        # nothing is interpolated, and a softmax moves no decision
        reading.activation = "none"
    values = tuple(range(1, channels + 1)) if sigmoid else tuple(range(channels))
    output = Output(
        decision="regions" if sigmoid else "argmax",
        activation=reading.activation,  # type: ignore[arg-type]
        threshold=reading.threshold,
        upsample="labels-nearest" if nearest else "linear",
        values=values,
    )
    rules = tuple(_keep_largest(own, names, reading.notes) for own in reading.cleanup)
    return output, rules, tuple(reading.notes)


def _activations(own: Settings, reading: _Deciding) -> None:
    softmax, sigmoid = own.flag("softmax", False), own.flag("sigmoid", False)
    if own.get("other") is not None or softmax == sigmoid:
        raise ModelError("The bundle's activation is neither softmax nor sigmoid", "Ask for another bundle", "steps")
    if reading.turned_back or reading.decided_first:
        if reading.decided_first:
            raise ModelError("The bundle decides before its activation", "Get the bundle again", "steps")
        # after going back, a softmax moves no decision and a sigmoid only its threshold, which is on the sigmoid here
        if sigmoid:
            reading.decision = reading.decision or "threshold"
        return
    reading.activation = "softmax" if softmax else "sigmoid"


def _as_discrete(own: Settings, reading: _Deciding) -> None:
    if reading.decision == "argmax":
        if own.flag("argmax", False) or own.get("threshold") is not None:
            raise ModelError("The bundle decides twice", "Get the bundle again", "steps")
        return
    if own.flag("argmax", False):
        reading.decision = "argmax"
    else:
        threshold = own.get("threshold")
        if threshold in (None, False) and own.get("threshold_values") is True:
            threshold = own.get("logit_thresh", 0.5)
        if threshold is True:
            threshold = own.get("logit_thresh", 0.5)
        if isinstance(threshold, bool) or not isinstance(threshold, (int, float)) or not 0 < threshold < 1:
            raise ModelError("The bundle decides neither by argmax nor by a threshold", "Get it again", "steps")
        if reading.activation != "sigmoid" and reading.decision != "threshold":
            raise ModelError("The bundle sets a threshold on something other than a sigmoid", "Get it again", "steps")
        reading.decision, reading.threshold = "threshold", float(threshold)
    reading.decided_first = not reading.turned_back


def _vista(own: Settings, reading: _Deciding) -> None:
    reading.decision = "argmax"
    reading.decided_first = not reading.turned_back


def _invert(own: Settings, reading: _Deciding) -> None:
    nearest = own.get("nearest_interp", True)
    if isinstance(nearest, list) and nearest:
        nearest = nearest[0]
    if not isinstance(nearest, bool):
        raise ModelError("Invert does not say how it interpolates", "Get the bundle again", "steps")
    reading.turned_back = True
    reading.way_back = "nearest" if nearest else "linear"


def _largest(own: Settings, reading: _Deciding) -> None:
    if reading.decision is None:
        raise ModelError("The bundle cleans up before it decides", "Get the bundle again", "steps")
    if own.get("num_components") not in (None, 1) or own.get("connectivity") not in (None, 3):
        raise ModelError("KeepLargestConnectedComponent keeps more than the largest", "Ask for it", "steps")
    if not reading.turned_back:
        reading.notes.append("The bundle cleans up on its own grid; here the labels in the image are cleaned up.")
    reading.cleanup.append(own)


def _keep_largest(own: Settings, names: Mapping[int, str], notes: list[str]) -> CleanupRule:
    applied = own.get("applied_labels")
    wanted = [applied] if type(applied) is int else applied
    if wanted is None:
        wanted = sorted(names)
    if not isinstance(wanted, list) or any(type(item) is not int or item not in names for item in wanted if item != 0):
        raise ModelError("KeepLargestConnectedComponent names labels that are not there", "Get it again", "steps")
    if own.get("independent") is False and len(wanted) > 1:
        notes.append("The bundle keeps the largest piece of several labels together; here of each for itself.")
    return CleanupRule(rule="keep_largest", labels=tuple(names[item] for item in wanted if item != 0))


def _lambda(own: Settings, reading: _Deciding) -> None:
    function = own.get("func")
    if not isinstance(function, Opaque) or function.what != "nan_to_num":
        raise ModelError("The postprocessing has a function of its own", "Ask for another bundle", "steps")


_POST = {
    "Activations": _activations,
    "AsDiscrete": _as_discrete,
    "Invert": _invert,
    "KeepLargestConnectedComponent": _largest,
    "VistaPostTransform": _vista,
    "Lambda": _lambda,
}
