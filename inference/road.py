"""One road for the window and the command line: a case's image → a model in its own process → structures for the case.

Nothing of the case is changed on the way. `found_command` makes the one step that a person can undo; a run that failed or
was stopped leaves no trace.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from inference.combine import BODY_LABEL, finish
from inference.confidence.calibration import (
    CALIBRATION_NAME,
    Calibration,
    own_means,
    read_calibration,
    write_calibration,
)
from inference.confidence.own_cases import Learned, calibrate
from inference.confidence.variants import repeat
from inference.confidence.verdict import StructureRecord
from inference.doubt import doubt_of
from inference.keeping import remember_run
from inference.manifest import Label, Manifest
from inference.pipeline import RunOptions, Seeing, Segmentation, model_hash, needed_stages
from inference.worker import run_and_then, run_in_worker
from inference.zoo import DEFAULT_MODEL, InstalledModel, Zoo
from planning.case.commands import AddStructure, Batch, Command, ReplaceStructure
from planning.case.document import Document
from planning.case.model import Case, Doubt, InVain, Structure
from planning.case.sought import KeepInVain, with_run
from planning.case.trust import Trust
from planning.errors import ModelError, UsageError
from planning.findings import Finding
from planning.geometry import Grid
from planning.naming import known_names
from planning.progress import CancelToken, Progress, no_progress, part_of
from planning.provenance import Provenance
from planning.registry import canonical_name, structure_style
from planning.volume import Mask, Volume

if TYPE_CHECKING:
    from collections.abc import Mapping

SOURCE = "model"
# of a structure: what the same run looked for and did not find
NOT_FOUND = "not found: "
NETWORK_SHARE = 0.97
# of what comes after the network, where it is run again
REPEATED_SHARE = 0.7


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What a model found in a scan. masks: only what has voxels, by the model's names; records: every structure asked for.

    doubt: where its networks are not sure of a structure's boundary, of those that have such places.
    """

    model: InstalledModel
    masks: Mapping[str, Mask]
    doubt: Mapping[str, Mask]
    records: tuple[StructureRecord, ...]
    run: Segmentation
    calibrated_on: int

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What must be known of the whole run."""
        told = [Finding("run", note) for note in self.run.notes]
        if not self.masks:
            told.append(Finding("nothing_found", "The model found none of the structures in this scan"))
        return tuple(told)


def default_model(zoo: Zoo, model_id: str | None = None) -> InstalledModel:
    """The model of that id, None for the one that ships. Raises UsageError while none ships, ModelError otherwise."""
    if model_id is None and not any(one.manifest.id == DEFAULT_MODEL for one in zoo.installed()):
        raise UsageError(
            "No model ships with this version of Theatrum yet", "Add one (theatrum models add) and name it with --model"
        )
    return zoo.find(model_id)


def wanted_structures(manifest: Manifest, names: Sequence[str]) -> tuple[str, ...]:
    """The model's own names of what is asked for, in any spelling. Raises ModelError offering near names."""
    by_key = {canonical_name(label.name): label.name for label in labels_of(manifest)}
    found = []
    for name in names:
        own = name if name in by_key.values() else by_key.get(canonical_name(name))
        if own is None:
            raise ModelError(
                f"{manifest.title} does not find '{name}'",
                known_names(name, by_key.values(), "It finds"),
                "no_structure",
            )
        found.append(own)
    return tuple(dict.fromkeys(found))


def find_structures(
    zoo: Zoo,
    model: InstalledModel,
    volume: Volume,
    options: RunOptions | None = None,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
    seen: Seeing | None = None,
) -> Found:
    """Run a model on a volume. seen: told after each network what it found so far.

    Raises ModelError (code "licence" while it is not accepted), Cancelled.
    """
    zoo.require_accepted(model)
    chosen = options or RunOptions()
    chosen = replace(chosen, structures=wanted_structures(model.manifest, chosen.structures))
    calibration = calibration_of(zoo, model)
    # the network knows nothing of the body, which is found without it
    of_network = tuple(name for name in chosen.structures if name != BODY_LABEL.name)
    if chosen.structures and not of_network:
        of_network = (model.manifest.labels[0].name,)
    asked = replace(chosen, structures=_with_neighbours(model.manifest, of_network))
    finishing = partial(_finished, model, asked, chosen.structures, calibration, volume.quantity)
    run, told = run_and_then(
        volume.voxels, volume.grid, model, asked, finishing, part_of(progress, 0.0, NETWORK_SHARE), cancel, seen
    )
    remember_run(zoo, volume.grid, run, model, asked)
    progress(NETWORK_SHARE, "Taking what was found")
    wanted = {record.name for record in told.records if record.volume_ml > 0}
    indices = {label.name: label.index for label in model.manifest.labels if label.name in wanted}
    masks = masks_of(run.labels, volume.grid, indices, cancel)
    doubt = doubt_of(run, volume.grid, masks, cancel)
    if BODY_LABEL.name in wanted and BODY_LABEL.name not in masks and told.body is not None:
        whole = np.unpackbits(told.body, count=run.labels.size).view(bool).reshape(run.labels.shape)
        masks[BODY_LABEL.name] = Mask.from_full(volume.grid, whole)
    progress(1.0, "")
    run = replace(run, notes=(*run.notes, *told.notes))
    return Found(model, masks, doubt, told.records, run, len(calibration.patients) if calibration is not None else 0)


def masks_of(
    labels: npt.NDArray[Any], grid: Grid, indices: Mapping[str, int], cancel: CancelToken | None = None
) -> dict[str, Mask]:
    """Voxels of each label that has any, by name; all boxes are found in one pass. Raises Cancelled."""
    from scipy import ndimage

    boxes = ndimage.find_objects(labels)
    masks = {}
    for name, index in indices.items():
        if cancel is not None:
            cancel.raise_if_set()
        box = boxes[index - 1] if index <= len(boxes) else None
        if box is not None:
            k, j, i = (part.start for part in box)
            masks[name] = Mask(grid, (i, j, k), labels[box] == index)
    return masks


def _with_neighbours(manifest: Manifest, structures: tuple[str, ...]) -> tuple[str, ...]:
    """All that the same networks find: it costs nothing, and tells of sides, contrast and where an organ ends."""
    if not structures:
        return ()
    runs = {stage.name for stage in needed_stages(manifest, structures)}
    others = [label.name for label in manifest.labels if label.name not in structures]
    free = [name for name in others if {stage.name for stage in needed_stages(manifest, (name,))} <= runs]
    return (*structures, *free)


@dataclass(frozen=True, slots=True, eq=False)
class _Told:
    """What comes back beside the labels. body: bits of its voxels, None when it was not asked for."""

    records: tuple[StructureRecord, ...]
    notes: tuple[str, ...]
    body: npt.NDArray[np.uint8] | None


def _finished(
    model: InstalledModel,
    options: RunOptions,
    structures: tuple[str, ...],
    calibration: Calibration | None,
    quantity: str,
    run: Segmentation,
    volume_hu: npt.NDArray[Any],
    grid: Grid,
    progress: Progress,
) -> tuple[npt.NDArray[Any], _Told]:
    """In the worker: what needs no network, clear edges, and how far to believe each structure.

    The best quality also runs the model again with its grid moved and with each fold alone: how alike the results are
    tells of doubt that one run does not know.
    """
    stability = None
    if options.quality == "best":
        again = repeat(run, volume_hu, grid, model, options, progress=part_of(progress, 0.0, REPEATED_SHARE))
        stability = again.stability
    whole = finish(
        run,
        volume_hu,
        grid,
        model.manifest,
        structures=structures,
        calibration=calibration,
        stability=stability,
        quantity=quantity,
        progress=part_of(progress, 0.0 if stability is None else REPEATED_SHARE, 1.0),
    )
    body = None if whole.body is None else np.packbits(whole.body)
    return whole.labels, _Told(whole.records, whole.notes, body)


def labels_of(manifest: Manifest) -> tuple[Label, ...]:
    """What can be asked of a model: its own structures, and the body where the scan is CT."""
    own = manifest.labels
    is_ct = all(stage.input.modality == "CT" for stage in manifest.stages)
    is_new = is_ct and all(label.name != BODY_LABEL.name for label in own)
    return (*own, BODY_LABEL) if is_new else own


def calibration_of(zoo: Zoo, model: InstalledModel) -> Calibration | None:
    """The site's own calibration of this very model, else the one it ships with, else None."""
    own = own_calibration_file(zoo, model)
    for path in (own, model.folder / (model.manifest.calibration or CALIBRATION_NAME)):
        if path.is_file():
            read = read_calibration(path)
            # other weights under the same name are another model
            if read.model_hash in ("", model_hash(model.manifest)):
                return read
    return None


def calibrate_on(
    zoo: Zoo,
    model: InstalledModel,
    folder: Path,
    *,
    cache: Path | None = None,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> Learned:
    """Learn from the labelled cases of a folder and keep it on this machine, instead of what was learned before.

    Raises ModelError, Cancelled; then nothing is kept.
    """
    zoo.require_accepted(model)
    shipped = model.folder / (model.manifest.calibration or CALIBRATION_NAME)
    before = read_calibration(shipped) if shipped.is_file() else None
    options = RunOptions(cache=cache)
    learned = calibrate(model, folder, run_in_worker, options, before, progress, cancel)
    write_calibration(learned.calibration, own_calibration_file(zoo, model))
    return learned


def own_results(zoo: Zoo, model: InstalledModel) -> list[dict[str, Any]]:
    """The site's own column of the model card: structure, n, mean Dice, mean volume error in per cent."""
    path = own_calibration_file(zoo, model)
    if not path.is_file():
        return []
    rows = own_means(read_calibration(path))
    return [
        {"structure": name, "n": n, "dice": dice, "volume_error_percent": error}
        for name, (n, dice, error) in rows.items()
    ]


def own_calibration_file(zoo: Zoo, model: InstalledModel) -> Path:
    """Where this machine keeps what labelled cases of its own taught about a model."""
    return zoo.user / ".calibrations" / model.manifest.id / f"{model.manifest.version}.json"


def names_in_case(case: Case, found: Found, *, force: bool = False) -> dict[str, str]:
    """What each found structure is called in the case, by the model's name.

    A structure that a model made before gets the new shape. One that a person made, or that came with the scan, stays:
    the model's stands beside it under a number, unless `force` replaces it.
    """
    taken = case.structures
    named: dict[str, str] = {}
    for name in found.masks:
        wanted, number = name, 2
        while not force and wanted in taken and not _is_models(taken[wanted]):
            wanted, number = f"{name}_{number}", number + 1
        named[name] = wanted
    return named


def _is_models(structure: Structure) -> bool:
    return structure.trust is not None and structure.source == "automatic"


def found_structures(document: Document, found: Found, *, force: bool = False) -> tuple[Structure, ...]:
    """What was found as structures that no step has put into the case yet; their voxels lie in the file already."""
    records = {record.name: record for record in found.records}
    manifest = found.model.manifest
    # kept with what was found, so that a case that is opened again tells it from what was not looked for
    absent = [record.name for record in found.records if record.volume_ml <= 0]
    made = []
    for name, called in names_in_case(document.case, found, force=force).items():
        mask, record = found.masks[name], records[name]
        start, reference = document.put_mask(mask)
        unsure = found.doubt.get(name)
        before = document.case.structures.get(called)
        made.append(
            Structure(
                name=called,
                grid=mask.grid,
                start_ijk=start,
                array=reference,
                voxel_count=mask.voxel_count,
                color=structure_style(called).color if before is None else before.color,
                source="automatic",
                confidence=record.confidence if record.calibrated else None,
                provenance=Provenance(
                    f"{SOURCE} {manifest.id} {manifest.version}",
                    (
                        f"structure {name}",
                        f"weights {found.run.model_hash}",
                        f"{found.run.device} {found.run.precision}",
                        *([f"{NOT_FOUND}{', '.join(absent)}"] if absent else []),
                        *(change.in_words() for change in found.run.changes if change.label == name),
                    ),
                ),
                trust=trust_of(record, found),
                doubt=None if unsure is None else Doubt(*document.put_mask(unsure)),
            )
        )
    return tuple(made)


def trust_of(record: StructureRecord, found: Found) -> Trust:
    """What is kept of a record with its structure."""
    manifest = found.model.manifest
    return Trust(
        light=record.light,
        confidence=record.confidence if record.calibrated else None,
        interval_ml=record.interval_ml if record.calibrated else None,
        reasons=tuple(Finding(reason.code, reason.text) for reason in record.reasons),
        model=manifest.id,
        version=manifest.version,
        licence=manifest.licence.id,
        weights_sha256=found.run.model_hash,
    )


def found_command(case: Case, structures: Sequence[Structure], found: Found) -> Command:
    """The one step that puts them all into the case; where nothing was found, that it was looked for."""
    if not structures:
        manifest, names = found.model.manifest, tuple(record.name for record in found.records)
        run = InVain(manifest.id, manifest.version, found.run.model_hash, names)
        return KeepInVain(
            with_run(case.in_vain, run),
            f"Look with {manifest.title} for {len(names)} structure{'' if len(names) == 1 else 's'}, none found",
        )
    return Batch(
        tuple(ReplaceStructure(one) if one.name in case.structures else AddStructure(one) for one in structures),
        f"Find {len(structures)} structure{'' if len(structures) == 1 else 's'} with {found.model.manifest.title}",
    )
