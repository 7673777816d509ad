"""What a model is: one JSON file beside its weights, read strictly.

A model is a row of stages. A stage is one network with the grid, the tiles and the decision it was made with. Stages run
in order and write into one label map: a later stage overwrites an earlier one where it finds something (parts of a class
list), may look only into a box of what an earlier one found (`within`), may take an earlier one's labels as input
channels (`previous`), or may exist only for that (`keeps` false).

Axes: `input.orientation` names where i, j, k grow to ("LPS": i towards left), `input.axes` names the network's array axes
from first to last in these letters ("kji": slices first). Everything else with three numbers (spacing, patch, step,
mirrored axes) is in the order of `axes`.
"""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from planning.errors import ModelError

MANIFEST_NAME = "manifest.json"
MOST_BYTES = 8 << 20
MOST_DEPTH = 64
MOST_CLASSES = 512
MOST_PATCH_VOXELS = 2 * 256**3
SCHEMA = 1


def printable(text: str) -> str:
    """Letters only: a description from outside may hold what moves a terminal's cursor or turns its writing round."""
    return "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text)


def _one_line(text: str) -> str:
    return " ".join(printable(text).split())


Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
FileName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Spacing = Annotated[float, Field(ge=0.1, le=20.0)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Text = Annotated[str, Field(max_length=20_000), AfterValidator(printable)]
Name = Annotated[str, AfterValidator(_one_line), Field(min_length=1, max_length=128)]
Pair = tuple[Finite, Finite]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WeightsFile(_Strict):
    """A safetensors file of one network. Several with role "fold" are averaged (mean of logits).

    answer: hash of what the network said to a fixed test image when it was added.
    """

    file: FileName
    sha256: Sha256
    role: Literal["fold"] = "fold"
    fold: int | str = 0
    answer: str | None = Field(default=None, pattern=r"^[0-9a-f]{12}$")


class Network(_Strict):
    """What `inference.networks.build` makes. `dims` 2: the network takes single slices across `axes[0]`."""

    family: str = Field(min_length=1, max_length=64)
    kwargs: dict[str, Any] = Field(default_factory=dict)
    dims: Literal[2, 3] = 3
    in_channels: int = Field(default=1, ge=1, le=MOST_CLASSES)
    out_channels: int = Field(ge=1, le=MOST_CLASSES)


class Resample(_Strict):
    """How the image comes to the network's grid.

    grid: "edge" keeps the outer faces of the field (nnU-Net), "centre" keeps voxel 0 and the spacing (MONAI), "corner"
    keeps the first and last voxel centres (zoom without grid mode, TotalSegmentator), "none" leaves the image's grid.
    data_order: 0 nearest, 1 linear, 3 cubic B-spline with prefilter. separate_z: in-plane first, then `order_z` along
    the coarse axis; "auto" when spacing differs by more than 3 (nnU-Net), "always", "never".
    clip_to_input: values stay in the range the image had. truncate: whole numbers after resampling (towards zero).
    anchor: whose first voxel "centre" keeps, the network's or the image's own (MONAI resamples before it turns).
    keep_within: an axis whose spacing lies within these multiples of the wanted one stays as it is (Auto3DSeg).
    """

    grid: Literal["edge", "centre", "corner", "none"] = "edge"
    data_order: Literal[0, 1, 3] = 1
    separate_z: Literal["auto", "always", "never"] = "never"
    order_z: Literal[0, 1, 3] = 0
    clip_to_input: bool = False
    truncate: bool = False
    out_of_field: Finite = -1024.0
    anchor: Literal["network", "image"] = "network"
    keep_within: Pair | None = None


class Normalise(_Strict):
    """Values for the network.

    "ct": clip, then (x - mean) / std. "zscore": mean and standard deviation of the field (`nonzero`: of what is not 0).
    "range": `clip` linearly onto `to`, kept inside when `clip_output`. "minmax": least and greatest value onto `to`.
    then: after "zscore", the least and greatest value are brought onto `to`. squash: applied last. when: before or after
    resampling.
    """

    scheme: Literal["ct", "zscore", "range", "minmax", "none"] = "ct"
    clip: Pair | None = None
    mean: Finite = 0.0
    std: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1.0
    to: Pair = (0.0, 1.0)
    clip_output: bool = True
    nonzero: bool = False
    then: Literal["none", "minmax"] = "none"
    squash: Literal["none", "sigmoid"] = "none"
    when: Literal["before", "after"] = "before"

    @model_validator(mode="after")
    def _range(self) -> Normalise:
        if self.scheme == "range" and self.clip is None:
            raise ValueError("a range needs its two ends in clip")
        if self.clip is not None and not self.clip[0] < self.clip[1]:
            raise ValueError("clip must grow")
        return self


class Crop(_Strict):
    """The part of the image that is looked at.

    "body": the patient without table and air, `margin_mm` wider. "nonzero": the box of values other than 0 (nnU-Net).
    "above": the box of values above `threshold` (HU), `margin_voxels` wider, before or after resampling.
    """

    rule: Literal["none", "body", "nonzero", "above"] = "none"
    margin_mm: Annotated[float, Field(ge=0, le=200)] = 20.0
    threshold: Finite = 0.0
    margin_voxels: Annotated[int, Field(ge=0, le=256)] = 0
    when: Literal["before", "after"] = "before"


class Input(_Strict):
    """The image as the network wants it. `spacing_mm` None on an axis leaves that axis as it is."""

    modality: Literal["CT", "MR", "PT", "other"] = "CT"
    orientation: str = Field(default="LPS", pattern=r"^(native|[LRPAHFSI]{3})$")
    axes: Literal["kji", "kij", "jki", "jik", "ikj", "ijk"] = "kji"
    spacing_mm: tuple[Spacing | None, Spacing | None, Spacing | None]
    resample: Resample = Resample()
    normalise: Normalise = Normalise()
    crop: Crop = Crop()

    @model_validator(mode="after")
    def _three_sides(self) -> Input:
        sides = {"L": 0, "R": 0, "P": 1, "A": 1, "H": 2, "S": 2, "F": 2, "I": 2}
        if self.orientation != "native" and len({sides[letter] for letter in self.orientation}) != 3:
            raise ValueError(f"'{self.orientation}' does not name three axes")
        return self


class Tiling(_Strict):
    """How the field is covered.

    rule: positions, padding and weights of nnU-Net's predictor or of MONAI's sliding window. step: fraction of the patch
    from tile to tile (MONAI's overlap is 1 - step). sigma: of the Gaussian, as a fraction of the patch.
    pad: outside the field stands `pad_value` (after normalisation) or the nearest voxel.
    mirror_axes: test-time flips (indices into `axes`).
    """

    patch: tuple[Annotated[int, Field(ge=1)], Annotated[int, Field(ge=1)], Annotated[int, Field(ge=1)]]
    rule: Literal["nnunet", "monai"] = "nnunet"
    step: Annotated[float, Field(gt=0, le=1)] = 0.5
    weight: Literal["gaussian", "constant"] = "gaussian"
    sigma: Annotated[float, Field(gt=0, le=1)] = 0.125
    pad: Literal["value", "edge"] = "value"
    pad_value: Finite = 0.0
    mirror_axes: tuple[Annotated[int, Field(ge=0, le=2)], ...] = ()
    accumulate: Literal["fp32", "fp16"] = "fp32"

    @model_validator(mode="after")
    def _bounded(self) -> Tiling:
        if math.prod(self.patch) > MOST_PATCH_VOXELS:
            raise ValueError(f"a patch of {self.patch} voxels is too large")
        if len(set(self.mirror_axes)) != len(self.mirror_axes):
            raise ValueError("an axis is mirrored twice")
        return self


class Output(_Strict):
    """How channels become labels.

    decision: "argmax" (ties: lowest channel) or "regions" (each channel by its own `threshold` on the sigmoid, painted in
    channel order). values: the model's label index for each channel; 0 paints nothing (argmax: background).
    activation: applied on the network's grid, before upsampling (MONAI); "none" upsamples logits (nnU-Net).
    upsample: "linear" (exact), "linear-separate-z" (linear in plane, nearest along the coarse axis where input.resample
    separates it), "labels-nearest" (decide on the network's grid, copy the nearest label).
    activated: the network's output already is a probability.
    """

    decision: Literal["argmax", "regions"] = "argmax"
    activation: Literal["none", "softmax", "sigmoid"] = "none"
    activated: bool = False
    threshold: Annotated[float, Field(gt=0, lt=1)] = 0.5
    upsample: Literal["linear", "linear-separate-z", "labels-nearest"] = "linear"
    values: tuple[Annotated[int, Field(ge=0, le=65_535)], ...]


class Within(_Strict):
    """Look only into the box of what an earlier stage found, `margin_mm` wider; nothing found: the stage is left out.

    labels, values: which of it, by the model's names or by what that stage writes; all when both are empty.
    cut: the image before it is resampled (TotalSegmentator, in parity mode), or its samples afterwards.
    """

    stage: Id
    labels: tuple[Name, ...] = ()
    values: tuple[Annotated[int, Field(ge=1, le=65_535)], ...] = ()
    margin_mm: Annotated[float, Field(ge=0, le=200)] = 20.0
    cut: Literal["before", "after"] = "after"


class Previous(_Strict):
    """An earlier stage's labels as one-hot input channels, in the order of `values`."""

    stage: Id
    values: tuple[int, ...] = Field(min_length=1)


class Prompting(_Strict):
    """What a person gives to an interactive network, one input channel each after the image.

    channels: "previous" (the structure so far), "box+", "box-" (also lassos), "point+", "point-", "scribble+",
    "scribble-"; a lasso of its own is "lasso+", "lasso-". point_radius, scribble_thickness: voxels. decay: what is left
    of older prompts when a new one comes.
    """

    channels: tuple[str, ...] = Field(min_length=1, max_length=16)
    point_radius: Annotated[float, Field(ge=0, le=50)] = 4.0
    scribble_thickness: Annotated[float, Field(ge=0, le=50)] = 2.0
    decay: Annotated[float, Field(gt=0, le=1)] = 0.9


class Stage(_Strict):
    """One network and all it was made with.

    replaces: labels of earlier stages cleared inside the stage's box. prompting: of interactive models only.
    """

    name: Id
    weights: tuple[WeightsFile, ...] = Field(min_length=1)
    network: Network
    input: Input
    tiling: Tiling
    output: Output
    within: Within | None = None
    previous: Previous | None = None
    prompting: Prompting | None = None
    keeps: bool = True
    replaces: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def _fits(self) -> Stage:
        if len(self.output.values) != self.network.out_channels:
            raise ValueError(f"{self.name}: {self.network.out_channels} channels, {len(self.output.values)} values")
        if self.network.dims == 2 and self.tiling.patch[0] != 1:
            raise ValueError(f"{self.name}: a network of slices needs a patch of one slice")
        extra = len(self.previous.values) if self.previous else 0
        extra += len(self.prompting.channels) if self.prompting else 0
        if self.network.in_channels != 1 + extra:
            raise ValueError(f"{self.name}: {self.network.in_channels} input channels; only one image channel is taken")
        return self


class Label(_Strict):
    """A structure of the model. `code`: scheme, value, meaning. `volume_ml`: what adults have; `hu` by phase."""

    index: Annotated[int, Field(ge=1, le=65_535)]
    name: Name
    code: tuple[str, str, str] | None = None
    laterality: Literal["left", "right"] | None = None
    volume_ml: Pair | None = None
    hu: dict[str, Pair] = Field(default_factory=dict)


class CleanupRule(_Strict):
    """A rule of `inference.cleanup`, applied in order; every change is logged and can be taken back.

    "keep_largest": the largest piece. "remove_smaller": pieces below `volume_ml`. "fill_holes". "inside" / "outside": of
    what `of` names, grown by `margin_mm`; or of the `values` that the stage `stage` wrote, which need not be results.
    grown: "mm" in all directions, or "steps" from face to face, whole ones of the mean spacing (TotalSegmentator).
    """

    rule: Literal["keep_largest", "remove_smaller", "fill_holes", "inside", "outside"]
    labels: tuple[Name, ...] = Field(min_length=1)
    volume_ml: Annotated[float, Field(ge=0)] = 0.0
    of: tuple[Name, ...] = ()
    stage: Id | None = None
    values: tuple[Annotated[int, Field(ge=1, le=65_535)], ...] = ()
    margin_mm: Annotated[float, Field(ge=0, le=200)] = 0.0
    grown: Literal["mm", "steps"] = "mm"

    @model_validator(mode="after")
    def _of_something(self) -> CleanupRule:
        beside = self.rule in ("inside", "outside")
        if beside and (self.stage is None) == (not self.of):
            raise ValueError("inside and outside are of labels or of a stage")
        if (self.stage is None) != (not self.values) or (self.stage is not None and not beside):
            raise ValueError("a stage and its values belong together, to inside and outside")
        return self


class Ood(_Strict):
    """What the features of the training scans look like."""

    features: Literal["bottleneck"] = "bottleneck"
    file: FileName


class Licence(_Strict):
    """`commercial` None: unknown, treated as not allowed. `text`: the file with the wording."""

    id: Name = "unknown"
    commercial: bool | None = None
    text: FileName | None = None
    citations: tuple[Text, ...] = ()

    @property
    def must_be_accepted(self) -> bool:
        """True when a person must tick the licence before the model runs."""
        return self.commercial is not True


class SourceFile(_Strict):
    """A file that was imported, as it was."""

    name: Text
    sha256: Sha256


class Source(_Strict):
    """Where the model came from. `importer` None: trained here."""

    importer: str | None = None
    files: tuple[SourceFile, ...] = ()
    notes: tuple[Text, ...] = ()


class Population(_Strict):
    """Whom the model learned from; None is "not stated"."""

    n: int | None = None
    countries: Text | None = None
    sex: Text | None = None
    age: Text | None = None
    scanners: Text | None = None
    phases: Text | None = None
    labels_by: Text | None = None


class Validation(_Strict):
    """Held-out numbers of one structure on one set of n patients."""

    structure: str
    n: int
    set: Text
    dice: Finite | None = None
    nsd_mm: Finite | None = None
    nsd: Finite | None = None
    hd95_mm: Finite | None = None
    volume_error_pct: Finite | None = None


class Card(_Strict):
    """What a person should know first; None is "not stated"."""

    intended_use: Text | None = None
    not_for: Text | None = None
    training_population: Population = Population()
    validation: tuple[Validation, ...] = ()
    limits: tuple[Text, ...] = ()
    contact: Text | None = None


class Parity(_Strict):
    """How the imported model compares with its own program, measured on `case`."""

    against: Text
    equal_voxels: Annotated[float, Field(ge=0, le=1)]
    case: Text


class Manifest(_Strict):
    """A model. `modes`: "parity" repeats the source's own steps, "ours" is the same network with our geometry."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    id: Id
    version: str = Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z.+-]{0,31}$")
    title: Annotated[str, AfterValidator(_one_line), Field(max_length=400)]
    kind: Literal["segmentation", "interactive"] = "segmentation"
    stages: tuple[Stage, ...] = Field(min_length=1, max_length=32)
    labels: tuple[Label, ...] = Field(min_length=1, max_length=MOST_CLASSES)
    cleanup: tuple[CleanupRule, ...] = ()
    ood: Ood | None = None
    calibration: FileName | None = None
    licence: Licence = Licence()
    source: Source = Source()
    card: Card = Card()
    parity: Parity | None = None

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @model_validator(mode="after")
    def _consistent(self) -> Manifest:
        names = [label.name for label in self.labels]
        indices = [label.index for label in self.labels]
        if len(set(names)) != len(names) or len(set(indices)) != len(indices):
            raise ValueError("two labels have the same name or index")
        stages = [stage.name for stage in self.stages]
        if len(set(stages)) != len(stages):
            raise ValueError("two stages have the same name")
        for number, stage in enumerate(self.stages):
            unknown = set(stage.output.values) - set(indices) - {0} if stage.keeps else set()
            if unknown:
                raise ValueError(f"{stage.name} writes values without a label: {sorted(unknown)}")
            for link in (stage.within, stage.previous):
                if link is not None and link.stage not in stages[:number]:
                    raise ValueError(f"{stage.name} needs '{link.stage}', which does not come before it")
        missing = {rule.stage for rule in self.cleanup if rule.stage is not None} - set(stages)
        if missing:
            raise ValueError(f"a clean-up rule needs '{min(missing)}', which is no stage")
        used = [name for rule in self.cleanup for name in (*rule.labels, *rule.of)]
        used += [name for stage in self.stages for name in stage.replaces]
        used += [name for stage in self.stages if stage.within for name in stage.within.labels]
        if set(used) - set(names):
            raise ValueError(f"there is no label {sorted(set(used) - set(names))}")
        return self

    @property
    def names(self) -> dict[int, str]:
        """Name of each label index."""
        return {label.index: label.name for label in self.labels}

    def label(self, name: str) -> Label:
        """The label of that name. Raises ModelError."""
        for label in self.labels:
            if label.name == name:
                return label
        raise ModelError(f"{self.title} has no structure '{name}'")

    @property
    def files(self) -> tuple[str, ...]:
        """Every file the model needs beside its manifest."""
        found = [weights.file for stage in self.stages for weights in stage.weights]
        found += [name for name in (self.ood.file if self.ood else None, self.calibration, self.licence.text) if name]
        return tuple(dict.fromkeys(found))


def read_json_bounded(path: Path) -> Any:
    """JSON from outside: at most 8 MB, 64 levels deep, no key twice, no NaN. Raises ModelError."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ModelError(f"{path.name} is larger than {MOST_BYTES >> 20} MB", "A model's description is small")
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"{path.name} cannot be read", "Choose the model's folder again") from error
    return parse_json_bounded(text, path.name)


def parse_json_bounded(text: str, name: str) -> Any:
    """The same for a text; `name` is told in the error."""
    if _depth(text) > MOST_DEPTH:
        raise ModelError(f"{name} is nested deeper than {MOST_DEPTH} levels", "It is no model's description")

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        if len(set(keys)) != len(keys):
            raise ModelError(f"{name} has a key twice", "Ask for the file again from where it came")
        return dict(pairs)

    def refused(constant: str) -> Any:
        raise ModelError(f"{name} holds {constant}", "Only finite numbers can be used")

    try:
        return json.loads(text, object_pairs_hook=unique, parse_constant=refused)
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{name} is no readable JSON", "Ask for the file again from where it came") from error


def _depth(text: str) -> int:
    depth = deepest = 0
    # a text that never ends is taken to the end of the file: looking for its end again and again would take hours
    for token in re.finditer(r'"(?:\\.|[^"\\])*"?|[\[{]|[\]}]', text, re.DOTALL):
        opened = token.group()
        if opened in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif opened in "]}":
            depth -= 1
    return deepest


def manifest_from_json(data: Any, name: str = MANIFEST_NAME) -> Manifest:
    """A manifest from parsed JSON. Raises ModelError naming the first field that is wrong."""
    try:
        return Manifest.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise ModelError(f"{name} cannot be used: {where}: {first['msg']}", "Add the model again") from error


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a model's folder. Raises ModelError."""
    path = folder / MANIFEST_NAME
    if not path.is_file():
        raise ModelError(f"There is no model in {folder.name}", f"A model's folder holds {MANIFEST_NAME}")
    return manifest_from_json(read_json_bounded(path), f"{folder.name}/{MANIFEST_NAME}")


def write_manifest(manifest: Manifest, folder: Path) -> Path:
    """Write the manifest into the folder, beside its place and renamed at the end; what is not stated is left out."""
    path = folder / MANIFEST_NAME
    beside = folder / f".{MANIFEST_NAME}.new"
    text = json.dumps(manifest.model_dump(mode="json", by_alias=True, exclude_none=True) | {"schema": SCHEMA}, indent=1)
    beside.write_text(text + "\n", encoding="utf-8")
    beside.replace(path)
    return path
