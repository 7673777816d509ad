"""What is done with models beside running them on a case: added, tried, timed."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from inference.devices import cores
from inference.grid import axes_of, make_field
from inference.importers.child import convert_in_child
from inference.importers.parity import measured
from inference.manifest import Manifest, Stage, write_manifest
from inference.pipeline import RunOptions, Segmentation, as_run, model_hash, needed_stages
from inference.tiles import plan_tiles
from inference.weights import check_weights
from inference.worker import run_in_worker
from inference.zoo import InstalledModel, Zoo
from planning.errors import InputError, ModelError
from planning.files.json_text import parsed_json
from planning.geometry import Grid
from planning.progress import CancelToken, Progress, no_progress, part_of

TIMINGS_NAME = "timings.json"
PHANTOM_SEED = 20_26
MOST_PHANTOM = 96
TISSUE_HU, AIR_HU, NOISE_HU = 60, -1000, 20


def add_model(
    zoo: Zoo,
    path: Path,
    model_id: str | None = None,
    *,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> InstalledModel:
    """Read a model of any known kind in the throw-away child and put it into the zoo, in one step.

    Raises ModelError; then the zoo is as it was.
    """
    if not path.exists():
        raise ModelError(f"There is nothing at {path}", "Check the path", "not_found")
    zoo.user.mkdir(parents=True, exist_ok=True)
    progress(0.0, f"Reading {path.name}")
    with tempfile.TemporaryDirectory(prefix=".reading-", dir=zoo.user) as folder:
        into = Path(folder) / "model"
        manifest = convert_in_child(path, into, cancel)
        if cancel is not None:
            cancel.raise_if_set()
        progress(0.4, f"Comparing {manifest.title} with its own program's steps")
        parity = measured(InstalledModel(into, manifest), cancel)
        if parity is not None:
            write_manifest(manifest.model_copy(update={"parity": parity}), into)
        progress(0.9, "Adding the model")
        model = zoo.add(into, model_id)
    progress(1.0, "")
    return model


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was tried."""

    name: str
    ok: bool
    seconds: float
    detail: str


def check_model(
    zoo: Zoo, model: InstalledModel, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> tuple[Check, ...]:
    """Files, weights, licence, and a run on a small phantom in a process of its own; that run times this computer."""
    checks: list[Check] = []

    def tried(name: str, work: Callable[[], str]) -> bool:
        began = time.perf_counter()
        try:
            ok, detail = True, work()
        except InputError as error:
            ok, detail = False, f"{error.what}. {error.hint}"
        checks.append(Check(name, ok, time.perf_counter() - began, detail))
        return ok

    progress(0.0, "Checking the files")
    if tried("files", lambda: _files(model)) and tried("weights", lambda: _weights(model)):
        tried("run", lambda: time_model(zoo, model, progress=part_of(progress, 0.2, 1.0), cancel=cancel).in_words())
    tried("licence", lambda: _licence(zoo, model))
    progress(1.0, "")
    return tuple(checks)


def _files(model: InstalledModel) -> str:
    model.check_files()
    return f"{len(model.manifest.files)} files, as they were added"


def _weights(model: InstalledModel) -> str:
    for stage in model.manifest.stages:
        for weights in stage.weights:
            if weights.file.endswith(".safetensors"):
                check_weights(model.folder / weights.file)
    return "complete"


def _licence(zoo: Zoo, model: InstalledModel) -> str:
    zoo.require_accepted(model)
    return model.manifest.licence.id


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run will take. measured: "run" of this model on this computer, or "tile" of a small phantom (at most)."""

    seconds: float
    memory_mb: float
    measured: str

    def in_words(self) -> str:
        """ "about 48 s, 2.6 GB"."""
        word = "about" if self.measured == "run" else "at most"
        return f"{word} {duration(self.seconds)}, {self.memory_mb / 1024:.1f} GB"


def duration(seconds: float) -> str:
    """ "48 s", "3 min"."""
    return f"{max(seconds, 1):.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of a tile on this computer, all in all, and the most memory beside the scan."""

    tile_seconds: float
    memory_mb: float
    measured: str

    def in_words(self) -> str:
        """For a check's line."""
        return f"{self.tile_seconds:.2f} s a tile on this computer"


def time_model(
    zoo: Zoo,
    model: InstalledModel,
    options: RunOptions | None = None,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> Timing:
    """Run the model on a small phantom and remember what a tile takes. Raises ModelError, Cancelled."""
    chosen = replace(options or RunOptions(), structures=())
    grid, voxels = _phantom(model.manifest.stages[0])
    run = run_in_worker(voxels, grid, model, chosen, progress, cancel)
    tiles = max(sum(stage.tiles for stage in run.stages), 1)
    seconds = sum(stage.network_seconds + stage.after_seconds for stage in run.stages)
    timing = Timing(seconds / tiles, run.peak_memory_mb - _scan_mb(voxels.size), "tile")
    _remember(zoo, model, chosen, timing)
    return timing


def remember_run(zoo: Zoo, grid: Grid, found: Segmentation, model: InstalledModel, options: RunOptions) -> None:
    """What a real run took tells the next one's time better than any phantom."""
    tiles = tiles_of(grid, model.manifest, options)
    size = int(np.prod(grid.shape_kji))
    _remember(zoo, model, options, Timing(found.seconds / tiles, found.peak_memory_mb - _scan_mb(size), "run"))


def estimate(zoo: Zoo, grid: Grid, model: InstalledModel, options: RunOptions) -> Estimate | None:
    """What a run on such a grid will take; None while this computer never ran the model this way."""
    known = _timings(zoo)
    timing = known.get(_key(model, options))
    if timing is None and options.device == "auto" and not _may_have_a_card():
        timing = known.get(_key(model, replace(options, device="cpu")))
    if timing is None:
        return None
    seconds = timing.tile_seconds * tiles_of(grid, model.manifest, options)
    return Estimate(seconds, timing.memory_mb + _scan_mb(int(np.prod(grid.shape_kji))), timing.measured)


def _may_have_a_card() -> bool:
    """Whether "auto" may be something else than the processor; asked without loading torch."""
    return sys.platform != "linux" or Path("/dev/nvidia0").exists() or Path("/dev/dri").exists()


def tiles_of(grid: Grid, manifest: Manifest, options: RunOptions) -> int:
    """Tiles times passes over the whole scan, no box left out: an upper bound."""
    count = 0
    own = {label.name for label in manifest.labels}
    for stage in needed_stages(manifest, [name for name in options.structures if name in own]):
        run = as_run(stage, options)
        field = make_field(grid, run.input)
        passes = len(run.weights) * 2 ** len(run.tiling.mirror_axes)
        count += passes * plan_tiles(field.shape, run.tiling, run.network.dims).count
    return max(count, 1)


def _scan_mb(voxels: int) -> float:
    """Scan and labels, here and in the worker."""
    return 4.0 * voxels / 2**20


def _phantom(stage: Stage) -> tuple[Grid, Any]:
    """A cylinder of tissue in air, about a patch large, on the stage's own spacing."""
    wanted = [step or 1.0 for step in stage.input.spacing_mm]
    grid = Grid.from_parts((8, 8, 8), (1.0, 1.0, 1.0), (0.0, 0.0, 0.0))
    order = axes_of(grid, stage.input).order
    spacing, size = [1.0, 1.0, 1.0], [8, 8, 8]
    for n, axis in enumerate(order):
        spacing[2 - axis] = wanted[n]
        size[2 - axis] = min(max(stage.tiling.patch[n], 16), MOST_PHANTOM)
    i, j, k = size
    grid = Grid.from_parts((i, j, k), (spacing[0], spacing[1], spacing[2]), (0.0, 0.0, 0.0))
    y, x = np.mgrid[-1 : 1 : complex(0, j), -1 : 1 : complex(0, i)]
    plane = np.where(np.hypot(x, y) < 0.9, TISSUE_HU, AIR_HU)
    noise = np.random.default_rng(PHANTOM_SEED).normal(0, NOISE_HU, (k, j, i))
    return grid, (plane + noise).astype(np.int16)


def _key(model: InstalledModel, options: RunOptions) -> str:
    exact = "exact" if options.reproducible else options.quality
    return f"{model_hash(model.manifest)[:16]} {options.device} {exact} {options.threads or cores()}"


def _timings(zoo: Zoo) -> dict[str, Timing]:
    try:
        read = parsed_json((zoo.user / f".{TIMINGS_NAME}").read_text(encoding="utf-8"))
        return {key: Timing(float(row[0]), float(row[1]), str(row[2])) for key, row in read.items()}
    except (OSError, ValueError, TypeError, IndexError, AttributeError):
        # times are a comfort: a file that cannot be read is made anew
        return {}


def _remember(zoo: Zoo, model: InstalledModel, options: RunOptions, timing: Timing) -> None:
    known = _timings(zoo)
    key = _key(model, options)
    if timing.measured == "tile" and known.get(key, timing).measured == "run":
        return
    known[key] = timing
    zoo.user.mkdir(parents=True, exist_ok=True)
    beside = zoo.user / f".{TIMINGS_NAME}.new"
    rows = {name: [one.tile_seconds, one.memory_mb, one.measured] for name, one in known.items()}
    beside.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    beside.replace(zoo.user / f".{TIMINGS_NAME}")
