"""What a network found and what needs no network, made one result: labels, and for each structure how far to believe it.

`finish` is the whole road after `pipeline.segment`: rule-based structures, their union with the network's where both agree,
boundaries moved to clear edges, measures, and a light with its reasons for every structure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.classical.aorta import ContrastAorta
from inference.classical.coarse import Coarse
from inference.classical.engine import STRUCTURES, Classical, find_classical
from inference.classical.refine import refine
from inference.confidence.calibration import Calibration
from inference.confidence.facts import AORTA, BODY, BONE, HEART, KIDNEY, LUNG, PULMONARY, Phase, code_of
from inference.confidence.measures import Measures, dice, measure, near, near_dice
from inference.confidence.scan_facts import ScanFacts, look_at
from inference.confidence.solid import solid_by_side
from inference.confidence.verdict import StructureRecord, judge
from inference.manifest import Label, Manifest
from inference.pipeline import Segmentation
from planning.geometry import Grid
from planning.progress import CancelToken, Progress, no_progress, part_of

NEAR_MM = 4.0
BONE_GUARD, LUNG_GUARD, LUNG_NEAR_MM = 0.88, 0.85, 10.0
ALONE_HU, AORTA_GUARD = 200.0, 0.5
BONE_NEAR_MM = 15.0
# after networks of 4 and of 2.5 mm the image's edges made kidneys better on two scans (Dice +0.01 to +0.06); spleens became
# worse (down to −0.03), livers gained on one scan what they lost on the other
REFINED = (KIDNEY,)
COARSE_NETWORK_MM = 2.0
LEAST_KEPT = 0.85
BODY_LABEL = Label(index=1, name="body", code=("SCT", BODY, "Body trunk"))

LabelArray = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Combined:
    """labels: (k, j, i), the model's own indices. body: the patient, which overlaps all others; None when not asked for.

    records: one for each wanted structure of the model, and for "body". notes: what was done, in plain sentences.
    """

    labels: LabelArray
    records: tuple[StructureRecord, ...]
    phase: Phase | None
    scan: ScanFacts
    notes: tuple[str, ...]
    body: Mask | None = None

    def mask(self, name: str) -> Mask:
        """One structure's voxels. Raises KeyError."""
        if name == "body" and self.body is not None:
            return self.body
        index = self._indices[name]
        return np.asarray(self.labels == index)

    _indices: Mapping[str, int] = field(default_factory=dict)


def finish(
    found: Segmentation,
    volume_hu: npt.NDArray[Any],
    grid: Grid,
    manifest: Manifest,
    *,
    structures: Sequence[str] = (),
    calibration: Calibration | None = None,
    stability: Mapping[str, float] | None = None,
    quantity: str = "HU",
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> Combined:
    """The final labels and records of a run.

    found: of `pipeline.segment`; its labels are not changed. volume_hu: (k, j, i) on `grid`. structures: names wanted, all
    when empty ("body" may be among them). stability: mean Dice of repeated runs by name, from `confidence.variants`.
    quantity: of the volume; rules for CT run on "HU" alone. Raises Cancelled.
    """
    labels = [label for label in manifest.labels if not structures or label.name in structures]
    # what was not asked for still tells of sides and contrast
    ran = {one.name for one in found.evidence}
    present = [label for label in manifest.labels if label in labels or label.name in ran]
    result = found.labels.copy()
    classical = Classical()
    if quantity == "HU":
        wanted = _wanted_rules(labels, structures)
        bone = _named(labels, BONE)
        classical = find_classical(
            volume_hu, grid, wanted, result, bone.index if bone else None, part_of(progress, 0.0, 0.5), cancel
        )
    merge = _Merge(result, volume_hu, grid, labels, classical)
    merge.run()
    if quantity == "HU" and is_coarse(found, grid):
        merge.edges(part_of(progress, 0.5, 0.9), cancel)
    if cancel is not None:
        cancel.raise_if_set()
    progress(0.9, "Judging what was found")
    measures = measure(result, volume_hu, grid, present, found.evidence, found.changes, _cell_ml(found))
    for name, own in measures.items():
        if merge.engines.get(name) == "rule":
            # what the network thought of it says nothing of what a rule found elsewhere
            own = replace(own, certainty=None, ambiguous_ml=None)
        measures[name] = replace(
            own, agreement=merge.agreement.get(name), stability=None if stability is None else stability.get(name)
        )
    scan = look_at(volume_hu, grid, quantity)
    if quantity == "HU":
        scan = replace(scan, solid_ml=merge.solid_ml(present, measures))
    body = classical.masks.get("body")
    told = list(present)
    if body is not None:
        told.append(BODY_LABEL)
        measures["body"] = _body_measures(body, grid)
        merge.engines["body"] = "rule"
    verdict = judge(scan, told, measures, calibration, merge.engines)
    wanted_names = {label.name for label in (*labels, BODY_LABEL)}
    _only(result, [label.index for label in labels])
    progress(1.0, "")
    return Combined(
        labels=result,
        records=tuple(record for record in verdict.records if record.name in wanted_names),
        phase=verdict.phase,
        scan=scan,
        notes=tuple(merge.notes),
        body=body,
        _indices={label.name: label.index for label in labels},
    )


def _only(labels: LabelArray, indices: Sequence[int]) -> None:
    """Only these stay."""
    most = int(labels.max()) if labels.size else 0
    kept = np.zeros(most + 1, dtype=labels.dtype)
    inside = [index for index in indices if index <= most]
    kept[inside] = inside
    for plane in labels:
        plane[...] = kept[plane]


def is_coarse(found: Segmentation, grid: Grid) -> bool:
    """True when the network's voxels are so much coarser than the image's that edges are worth a look."""
    finest = min((max(stage.network_spacing_mm) for stage in found.stages), default=0.0)
    return finest >= COARSE_NETWORK_MM and finest > 1.2 * float(np.median(grid.spacing_mm))


def _cell_ml(found: Segmentation) -> float | None:
    """Volume of the finest network's voxels."""
    return min((float(np.prod(stage.network_spacing_mm)) / 1000.0 for stage in found.stages), default=None)


def _wanted_rules(labels: Sequence[Label], structures: Sequence[str]) -> set[str]:
    wanted = {"body"} if not structures or "body" in structures else set()
    if _named(labels, LUNG, "left"):
        wanted.add("lung_left")
    if _named(labels, LUNG, "right"):
        wanted.add("lung_right")
    if _named(labels, BONE):
        wanted.add("bone")
    if _named(labels, AORTA):
        wanted.add("aorta")
    return wanted & set(STRUCTURES)


def _named(labels: Sequence[Label], code: str, side: str | None = None) -> Label | None:
    return next((label for label in labels if code_of(label) == code and label.laterality == side), None)


def _body_measures(body: Mask, grid: Grid) -> Measures:
    # air around it decides its edge to a voxel: nothing else is as sure
    ml = float(np.count_nonzero(body)) * grid.voxel_mm3 / 1000.0
    return Measures(volume_ml=ml, margin=0.95, low_margin_share=0.0, entropy=0.05, expected_ml=ml, agreement=1.0)


class _Merge:
    """Brings rule-based structures into the network's labels, and keeps who made what and how well both agreed."""

    def __init__(
        self, labels: LabelArray, volume_hu: npt.NDArray[Any], grid: Grid, wanted: Sequence[Label], classical: Classical
    ) -> None:
        self.labels, self.volume_hu, self.grid = labels, volume_hu, grid
        self.wanted, self.classical = wanted, classical
        self.agreement: dict[str, float] = {}
        self.engines: dict[str, str] = {}
        self.notes: list[str] = []
        self._coarse = classical.coarse or Coarse.of(volume_hu, grid)

    def run(self) -> None:
        """All of them."""
        for side in ("left", "right"):
            lung = _named(self.wanted, LUNG, side)
            if lung is not None:
                self._lung(lung, self.classical.masks.get(f"lung_{side}"))
        bone, aorta = _named(self.wanted, BONE), _named(self.wanted, AORTA)
        if bone is not None:
            self._bone(bone, self.classical.masks.get("bone"))
        if aorta is not None and self.classical.aorta is not None and "aorta" in self.classical.masks:
            self._aorta(aorta, self.classical.masks["aorta"], self.classical.aorta)

    def edges(self, progress: Progress, cancel: CancelToken | None) -> None:
        """Boundaries of kidneys to the image's edges; taken back where an organ would become another."""
        wanted = [label for label in self.wanted if code_of(label) in REFINED]
        for number, label in enumerate(wanted):
            progress(number / len(wanted), f"Fitting {label.name.replace('_', ' ')} to its edge")
            before = np.asarray(self.labels == label.index)
            told = refine(self.labels, label.index, self.volume_hu, self.grid, cancel=cancel)
            after = np.asarray(self.labels == label.index)
            if told.moved_ml > 0 and dice(before, after) < LEAST_KEPT:
                self.labels[after & ~before] = 0
                self.labels[before] = label.index
                self.notes.append(f"{label.name}: the edges in the image were not clear enough to follow")

    def solid_ml(self, present: Sequence[Label], measures: Mapping[str, Measures]) -> tuple[float, float] | None:
        """Right and left of the spine, the heart left out; None without a spine."""
        bone, heart = _named(present, BONE), _named(present, HEART)
        spine = None if bone is None else measures[bone.name].spine_mm
        if spine is None:
            return None
        without = None if heart is None else np.asarray(self._coarse.sampled(self.labels) == heart.index)
        return solid_by_side(self._coarse, self.grid, spine, without)

    def _agree(self, name: str, network: Mask, rule: Mask) -> float:
        """Compared on coarse voxels, a boundary's breadth forgiven."""
        one, two = self._coarse.sampled(network), self._coarse.sampled(rule)
        share = near_dice(one, two, self._coarse.spacing_mm, NEAR_MM)
        self.agreement[name] = share
        return share

    def _lung(self, label: Label, rule: Mask | None) -> None:
        network = np.asarray(self.labels == label.index)
        if rule is None:
            # the rule does not see less than 100 ml
            if float(np.count_nonzero(network)) * self.grid.voxel_mm3 > 2e5:
                self.agreement[label.name] = 0.0
            return
        # gas in the gut is air too: only what lies at the network's lung can be lung
        rule = rule & self._near(network, LUNG_NEAR_MM)
        if self._agree(label.name, network, rule) < LUNG_GUARD:
            self.notes.append(f"{label.name}: air there looks otherwise than the network says; the network's is kept")
            return
        self.labels[network] = 0
        self.labels[rule] = label.index
        self.engines[label.name] = "rule, network agrees"

    def _near(self, mask: Mask, within_mm: float) -> Mask:
        """Image voxels within some mm of a mask, to a coarse voxel."""
        return self._spread(near(self._coarse.sampled(mask), self._coarse.spacing_mm, within_mm))

    def _spread(self, coarse: Mask) -> Mask:
        """A coarse mask on the image's voxels."""
        found = np.zeros(self.labels.shape, dtype=bool)
        turned = self._coarse.axes.apply(found)
        for planes, k, _ in self._coarse.slabs(self.volume_hu):
            if coarse[k].any():
                turned[planes] = self._coarse.spread(coarse[k], (turned.shape[1], turned.shape[2]))
        return found

    def _bone(self, label: Label, rule: Mask | None) -> None:
        network = np.asarray(self.labels == label.index)
        if rule is None:
            return
        if self._agree(label.name, network, rule) < BONE_GUARD:
            self.notes.append(
                f"{label.name}: hard tissue looked otherwise than the network says; the network's is kept"
            )
            return
        # hard tissue has a clear edge; far from what the network calls bone it is contrast, metal or calcium
        near = self._near(network, BONE_NEAR_MM)
        self.labels[network] = 0
        self.labels[rule & near & (self.labels == 0)] = label.index
        self.engines[label.name] = "rule, network agrees"

    def _aorta(self, label: Label, rule: Mask, found: ContrastAorta) -> None:
        network = np.asarray(self.labels == label.index)
        one, two = self._coarse.sampled(network), self._coarse.sampled(rule)
        rows: npt.NDArray[Any] = np.asarray(two.any(axis=(1, 2)))
        share = near_dice(one & rows[:, None, None], two, self._coarse.spacing_mm, NEAR_MM)
        self.agreement[label.name] = share
        if share < AORTA_GUARD and found.lumen_hu < ALONE_HU:
            self.notes.append(f"{label.name}: a bright round vessel was found elsewhere; the network's is kept")
            return
        if share < AORTA_GUARD:
            self.notes.append(f"{label.name}: followed by its contrast; the network found it elsewhere")
            self.labels[network] = 0
        elif found.lumen_hu >= ALONE_HU:
            # contrast tells more than the network: where the vessel was followed whole, nothing else is aorta
            whole = self._spread(np.broadcast_to(self._followed_whole(rows, found)[:, None, None], one.shape))
            self.labels[network & (whole | (self.volume_hu < found.level_hu))] = 0
        self.labels[rule] = label.index
        self.engines[label.name] = "rule" if share < AORTA_GUARD else "network and rule"

    def _followed_whole(self, rows: npt.NDArray[Any], found: ContrastAorta) -> npt.NDArray[Any]:
        """Coarse slices in which the rule has all of the aorta: where there is no ascending part, or over the arch."""
        if found.over_arch:
            return rows
        heart = [label.index for label in self.wanted if code_of(label) in (HEART, PULMONARY)]
        chest: npt.NDArray[Any] = np.ones(len(rows), dtype=bool)
        if heart:
            chest = np.asarray(np.isin(self._coarse.sampled(self.labels), heart).any(axis=(1, 2)))
        if chest.any():
            # above the heart lies the arch
            chest[int(np.argmax(chest)) :] = True
        return np.asarray(rows & ~chest)
