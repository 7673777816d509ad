"""Whole runs of small models against the same thing at full size, and everything that may go wrong on the way."""

from __future__ import annotations

import os
import signal
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_models import NORMALISE, long_way, make_model, make_stage, smooth_scan

from inference import devices, labelling, needs, pipeline, worker
from inference.cleanup import box_of
from inference.devices import OutOfDeviceMemory
from inference.manifest import CleanupRule, Crop, Input, Output, Previous, Resample, Tiling, Within
from inference.networks import build
from inference.pipeline import RunOptions, as_run, needed_stages, segment
from inference.zoo import InstalledModel
from planning.errors import Cancelled, ModelError
from planning.geometry import Grid
from planning.progress import CancelToken

SHAPE = (44, 60, 52)
GRID = Grid.from_parts(SHAPE[::-1], (1.4, 1.2, 2.0), (10.0, -20.0, 30.0))
# torch needs no conversion, which takes longer than these small runs
EXACT = RunOptions(reproducible=True, device="cpu", threads=1, engine="torch")
WHOLE = Input(spacing_mm=(3.0, 3.0, 3.0), normalise=NORMALISE, modality="other")


@pytest.fixture(scope="module")
def scan() -> np.ndarray:
    return smooth_scan(SHAPE)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def differing(found: np.ndarray, logits: np.ndarray) -> float:
    """Share of voxels that differ, where the long way is not in doubt itself."""
    top = np.sort(logits, axis=0)[-2:]
    sure = top[1] - top[0] > 1e-4
    return float((found != logits.argmax(axis=0))[sure].mean())


@pytest.mark.parametrize("engine", ["openvino", "torch"])
def test_labels_are_those_of_the_long_way(engine: str, scan: np.ndarray, tmp_path: Path, cache: Path) -> None:
    model = make_model(tmp_path, make_stage(tmp_path, wanted=WHOLE))
    found = segment(scan, GRID, model, replace(EXACT, engine=engine, cache=cache))
    assert differing(found.labels, long_way(scan, GRID, model)) == 0
    assert found.labels.shape == SHAPE
    assert found.labels.dtype == np.uint8
    assert found.precision == "fp32"
    assert found.device == "cpu"
    assert found.stages[0].tiles == 12
    for told in found.evidence:
        assert told.voxels == np.count_nonzero(found.labels == told.index)


def test_half_precision_changes_little_and_is_told(scan: np.ndarray, tmp_path: Path, cache: Path) -> None:
    if "bf16" not in devices._capabilities():
        pytest.skip("this processor has no bf16")
    model = make_model(tmp_path, make_stage(tmp_path, wanted=WHOLE))
    found = segment(scan, GRID, model, RunOptions(device="cpu", cache=cache, threads=1))
    assert found.precision == "bf16"
    assert (found.labels != long_way(scan, GRID, model).argmax(axis=0)).mean() < 0.02


def test_folds_are_averaged(scan: np.ndarray, tmp_path: Path) -> None:
    model = make_model(tmp_path, make_stage(tmp_path, folds=2, wanted=WHOLE))
    assert differing(segment(scan, GRID, model, EXACT).labels, long_way(scan, GRID, model)) == 0
    assert len(as_run(model.manifest.stages[0], RunOptions(quality="fast")).weights) == 1


def test_a_network_of_slices(scan: np.ndarray, tmp_path: Path) -> None:
    wanted = Input(spacing_mm=(None, 3.0, 3.0), normalise=NORMALISE, modality="other")
    stage = make_stage(tmp_path, dims=2, patch=(1, 16, 16), wanted=wanted)
    model = make_model(tmp_path, stage)
    assert differing(segment(scan, GRID, model, EXACT).labels, long_way(scan, GRID, model)) == 0


@pytest.mark.parametrize("shape", [(3, 4, 5), (1, 40, 40), (40, 1, 7)])
def test_scans_smaller_than_a_tile(shape: tuple[int, int, int], tmp_path: Path) -> None:
    tiny = smooth_scan(shape, sigma=1.0)
    grid = Grid.from_parts(shape[::-1], (1.4, 1.2, 2.0))
    model = make_model(tmp_path, make_stage(tmp_path, wanted=WHOLE))
    found = segment(tiny, grid, model, EXACT)
    assert differing(found.labels, long_way(tiny, grid, model)) == 0


def test_mirroring_is_the_mean_of_turned_logits() -> None:
    import torch

    class Ramp:
        device, precision = "cpu", "fp32"

        def __call__(self, patches: np.ndarray, waiting: object) -> torch.Tensor:
            ramp = torch.arange(patches.shape[-1], dtype=torch.float32)
            return torch.from_numpy(patches[:, :1]) * 0 + ramp

    ensemble = devices.Ensemble((Ramp(), Ramp()), (0, 2))
    assert ensemble.passes == 8
    found = ensemble(np.zeros((1, 1, 4, 4, 5), dtype=np.float32), lambda: None)
    assert torch.allclose(found, torch.full_like(found, 2.0))
    assert devices.mirrorings((0, 1, 2)) == [(), (0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2)]


def test_regions_are_painted_in_order(scan: np.ndarray, tmp_path: Path) -> None:
    output = Output(decision="regions", values=(3, 1, 2))
    model = make_model(tmp_path, make_stage(tmp_path, 3, wanted=WHOLE, output=output))
    logits = long_way(scan, GRID, model)
    truth = np.zeros(SHAPE, dtype=np.uint8)
    for channel, value in enumerate((3, 1, 2)):
        truth[logits[channel] > 0] = value
    sure = (np.abs(logits) > 1e-4).all(axis=0)
    assert (segment(scan, GRID, model, EXACT).labels != truth)[sure].sum() == 0


@pytest.mark.parametrize(("turned", "axes"), [("RAS", "ijk"), ("LPS", "kji"), ("AIL", "jki")])
def test_orientation_of_the_scan_does_not_matter(turned: str, axes: str, scan: np.ndarray, tmp_path: Path) -> None:
    wanted = Input(orientation=turned, axes=axes, spacing_mm=(3.0,) * 3, normalise=NORMALISE, modality="other")
    model = make_model(tmp_path, make_stage(tmp_path, wanted=wanted))
    found = segment(scan, GRID, model, EXACT).labels
    # the same patient, stored with i and k the other way round
    direction = np.diag([-1.0, 1.0, -1.0])
    origin = GRID.to_world((SHAPE[2] - 1, 0, SHAPE[0] - 1))
    other = Grid.from_parts(SHAPE[::-1], GRID.spacing_mm, origin, direction)
    again = segment(scan[::-1, :, ::-1], other, model, EXACT).labels
    assert np.array_equal(again[::-1, :, ::-1], found)


def test_softmax_comes_before_upsampling_where_the_model_wants_it(scan: np.ndarray, tmp_path: Path) -> None:
    output = Output(activation="softmax", values=(0, 1, 2, 3))
    stage = make_stage(
        tmp_path, wanted=WHOLE, output=output, tiling=Tiling(patch=(16, 16, 16), rule="monai", step=0.75)
    )
    found = segment(scan, GRID, make_model(tmp_path, stage), EXACT)
    assert found.labels.max() > 0


def test_labels_may_be_copied_from_the_nearest(scan: np.ndarray, tmp_path: Path) -> None:
    wanted = Input(spacing_mm=(3.0,) * 3, normalise=NORMALISE, resample=Resample(grid="corner", truncate=True))
    output = Output(upsample="labels-nearest", values=(0, 1, 2, 3))
    model = make_model(tmp_path, make_stage(tmp_path, wanted=wanted, output=output))
    steps = segment(scan, GRID, model, replace(EXACT, mode="parity")).labels
    smooth = segment(scan, GRID, model, EXACT).labels
    assert 0.7 < (steps == smooth).mean() < 1.0
    ours = as_run(model.manifest.stages[0], RunOptions())
    assert ours.output.upsample == "linear"
    assert ours.input.resample.grid == "edge"


def test_parity_sums_in_half_precision(scan: np.ndarray, tmp_path: Path) -> None:
    model = make_model(tmp_path, make_stage(tmp_path, wanted=WHOLE))
    found = segment(scan, GRID, model, replace(EXACT, mode="parity"))
    assert (found.labels == long_way(scan, GRID, model).argmax(axis=0)).mean() > 0.99


def test_a_cascade_takes_the_labels_of_the_stage_before(scan: np.ndarray, tmp_path: Path) -> None:
    first = make_stage(tmp_path, 3, name="low", spacing_mm=(5.0,) * 3, keeps=False)
    second = make_stage(
        tmp_path, 3, name="full", channels=3, seed=1, previous=Previous(stage="low", values=(1, 2)), wanted=WHOLE
    )
    model = make_model(tmp_path, first, second)
    found = segment(scan, GRID, model, EXACT)
    assert [report.name for report in found.stages] == ["low", "full"]
    assert found.labels.max() > 0


def test_a_second_stage_looks_only_into_the_box_of_the_first(tmp_path: Path) -> None:
    scan = np.full(SHAPE, -1000, dtype=np.int16)
    scan[8:30, 20:44, 10:40] = 80
    coarse = make_stage(tmp_path, 2, name="coarse")
    fine = make_stage(
        tmp_path,
        2,
        name="fine",
        spacing_mm=(2.0,) * 3,
        output=Output(values=(0, 2)),
        within=Within(stage="coarse", labels=("s1",), margin_mm=4.0),
        replaces=("s1",),
    )
    model = make_model(tmp_path, coarse, fine)
    found = segment(scan, GRID, model, EXACT)
    assert found.stages[1].network_shape <= tuple(int(n * s / 2.0) + 2 for n, s in zip(SHAPE, (2.0, 1.2, 1.4)))
    assert [stage.name for stage in needed_stages(model.manifest, ("s1",))] == ["coarse"]
    assert [stage.name for stage in needed_stages(model.manifest, ("s2",))] == ["coarse", "fine"]
    with pytest.raises(ModelError, match="Did you mean 's1'"):
        needed_stages(model.manifest, ("s11",))


def test_a_scan_that_is_cut_first_is_the_part_alone(scan: np.ndarray, tmp_path: Path) -> None:
    coarse = make_stage(tmp_path, 8, name="coarse", wanted=WHOLE)
    parity = replace(EXACT, mode="parity")
    rough = segment(scan, GRID, make_model(tmp_path, coarse), parity).labels
    sizes = {value: np.count_nonzero(rough == value) for value in range(1, 8)}
    rare = min((value for value in sizes if sizes[value]), key=lambda value: sizes[value])
    box = box_of(rough, rare)
    assert box is not None
    # whole voxels within 3 mm
    cut = tuple(slice(max(b.start - m, 0), min(b.stop + m, n)) for b, m, n in zip(box, (1, 2, 2), SHAPE, strict=True))
    part = np.ascontiguousarray(scan[cut])
    assert part.size < 0.9 * scan.size
    corner = WHOLE.model_copy(update={"resample": Resample(grid="corner")})
    alone = make_stage(tmp_path, 3, name="fine", wanted=corner)
    truth = np.zeros_like(rough)
    truth[cut] = segment(
        part, Grid.from_parts(part.shape[::-1], (1.4, 1.2, 2.0)), make_model(tmp_path, alone), parity
    ).labels
    within = Within(stage="coarse", values=(rare,), margin_mm=3.0, cut="before")
    stages = coarse.model_copy(update={"keeps": False}), alone.model_copy(update={"within": within})
    found = segment(scan, GRID, make_model(tmp_path, *stages), parity).labels
    assert len(np.unique(truth)) > 1
    assert np.array_equal(found, truth)


def test_nothing_found_leaves_the_second_stage_out(tmp_path: Path) -> None:
    scan = np.full(SHAPE, -1000, dtype=np.int16)
    never = Output(decision="regions", threshold=0.999999, values=(1,))
    coarse = make_stage(tmp_path, 1, name="coarse", output=never)
    fine = make_stage(tmp_path, 2, name="fine", output=Output(values=(0, 2)), within=Within(stage="coarse"))
    found = segment(scan, GRID, make_model(tmp_path, coarse, fine), EXACT)
    assert found.labels.max() == 0
    assert any("fine was left out" in note for note in found.notes)


def test_only_wanted_structures_are_given(scan: np.ndarray, tmp_path: Path) -> None:
    rules = (CleanupRule(rule="keep_largest", labels=("s1", "s2")),)
    model = make_model(tmp_path, make_stage(tmp_path, wanted=WHOLE), cleanup=rules)
    whole = segment(scan, GRID, model, EXACT)
    some = segment(scan, GRID, model, replace(EXACT, structures=("s2",)))
    assert set(np.unique(some.labels)) <= {0, 2}
    assert np.array_equal(some.labels == 2, whole.labels == 2)
    assert [told.name for told in some.evidence] == ["s2"]
    assert {change.label for change in some.changes} <= {"s2"}


def test_the_body_alone_is_looked_at(tmp_path: Path) -> None:
    scan = np.full((30, 120, 120), -1000, dtype=np.int16)
    scan[:, 30:80, 40:90] = 40
    grid = Grid.from_parts((120, 120, 30), (2.0, 2.0, 3.0))
    model = make_model(tmp_path, make_stage(tmp_path, spacing_mm=(3.0,) * 3))
    found = segment(scan, grid, model, EXACT)
    assert found.stages[0].network_shape[1] < 70
    box = found.labels[:, :15], found.labels[:, 95:]
    assert all(part.max() == 0 for part in box)


def test_memory_is_planned_and_a_run_that_will_not_fit_is_refused(
    scan: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # so small a network holds less than what comes after it
    monkeypatch.setattr(needs, "AFTERWARDS_BYTES_PER_VOXEL", 0)
    model = make_model(tmp_path, make_stage(tmp_path, wanted=WHOLE))
    with pytest.raises(ModelError, match="GB are free") as refused:
        segment(scan, GRID, model, RunOptions(memory_bytes=1 << 20))
    assert refused.value.code == "memory"
    stage = as_run(model.manifest.stages[0], RunOptions())
    whole = pipeline.make_field(GRID, stage.input)
    planned, less = (sum(n.bytes for n in needs.memory_needs(scan, stage, whole, half=h)) for h in (False, True))
    found = segment(scan, GRID, model, replace(EXACT, memory_bytes=(planned + less) // 2))
    assert any("half precision" in note for note in found.notes)
    assert found.stages[0].planned_mb == pytest.approx(less / 2**20)
    monkeypatch.undo()
    after = needs.memory_needs(scan, stage, whole, half=False)[-1]
    assert after.bytes > 0
    assert after.bytes < needs.AFTERWARDS_BYTES_PER_VOXEL * scan.size


@pytest.mark.parametrize(
    ("family", "kwargs"),
    [("SegResNet", {"init_filters": 8}), ("BasicUNet", {"features": [8, 8, 12, 16, 20, 8]})],
)
def test_a_networks_largest_result_is_known_from_a_small_patch(family: str, kwargs: dict) -> None:
    import torch

    wanted = {"in_channels": 1, "out_channels": 3, **kwargs}
    shape = [1, 1, 96, 64, 128]
    with torch.device("meta"):
        whole = needs._largest(build(family, wanted), shape, "meta")
    assert whole is not None
    assert whole >= 8 * 4 * 96 * 64 * 128
    assert needs._largest_of_small(build(family, wanted), shape) == whole


def test_progress_grows_and_tells_tiles(scan: np.ndarray, tmp_path: Path) -> None:
    model = make_model(tmp_path, make_stage(tmp_path, wanted=WHOLE))
    told: list[tuple[float, str]] = []
    segment(scan, GRID, model, EXACT, lambda fraction, text="": told.append((fraction, text)))
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert any("tile 12 of 12" in text for _, text in told)


def test_leaving_out_what_is_outweighed_moves_next_to_nothing(scan: np.ndarray, tmp_path: Path) -> None:
    model = make_model(tmp_path, make_stage(tmp_path, wanted=WHOLE))
    exact = segment(scan, GRID, model, EXACT).labels
    quick = segment(scan, GRID, model, replace(EXACT, reproducible=False)).labels
    assert (exact != quick).mean() < 1e-2


def test_a_stop_in_the_middle_gives_nothing(scan: np.ndarray, tmp_path: Path) -> None:
    model = make_model(tmp_path, make_stage(tmp_path, wanted=WHOLE))
    cancel = CancelToken()

    def stop(fraction: float, text: str = "") -> None:
        if "tile 1" in text:
            cancel.set()

    with pytest.raises(Cancelled):
        segment(scan, GRID, model, EXACT, stop, cancel)


def test_a_graphics_card_without_memory_hands_over_to_the_processor(
    scan: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = make_model(tmp_path, make_stage(tmp_path, wanted=WHOLE))
    truth = segment(scan, GRID, model, EXACT).labels
    real = devices.prepare

    class Full:
        device, precision = "cuda", "fp16"

        def __call__(self, patches: np.ndarray, waiting: object) -> object:
            raise OutOfDeviceMemory("out of memory")

    def prepare(stage, folder, request, device, numbers, notes):  # type: ignore[no-untyped-def]
        return [Full()] if device == "cuda" else real(stage, folder, request, device, numbers, notes)

    slab = pipeline.RollingSlab
    monkeypatch.setattr(devices, "choose_device", lambda wanted: "cuda")
    monkeypatch.setattr(devices, "prepare", prepare)
    monkeypatch.setattr(pipeline, "RollingSlab", lambda *args, **named: slab(*args, **(named | {"device": "cpu"})))
    found = segment(scan, GRID, model, EXACT)
    assert found.device == "cpu"
    assert np.array_equal(found.labels, truth)
    assert any("2 tiles at a time" in note for note in found.notes)
    assert any("the processor was used" in note for note in found.notes)


def test_a_graphics_card_that_is_lost_half_way_leaves_nothing_behind(
    scan: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make_stage(tmp_path, name="first", wanted=WHOLE)
    model = make_model(tmp_path, first, make_stage(tmp_path, name="second", seed=1, wanted=WHOLE))
    truth = segment(scan, GRID, model, EXACT)
    real, slab = devices.prepare, pipeline.RollingSlab
    made: list[object] = []

    class Dying(slab):  # type: ignore[misc, valid-type]
        """Of the second stage on the card: its first planes are rubbish, then the card is gone."""

        def finish_row(self):  # type: ignore[no-untyped-def]
            for at, plane in super().finish_row():
                if len(made) == 2 and at == 12:
                    raise RuntimeError("CUDA error: unspecified launch failure")
                yield at, np.roll(plane, 1, axis=0) if len(made) == 2 else plane

    def build(*args, **named):  # type: ignore[no-untyped-def]
        made.append(named.get("device"))
        return Dying(*args, **(named | {"device": "cpu"}))

    monkeypatch.setattr(devices, "choose_device", lambda wanted: "cuda")
    monkeypatch.setattr(
        devices, "prepare", lambda stage, folder, request, _, *rest: real(stage, folder, request, "cpu", *rest)
    )
    monkeypatch.setattr(pipeline, "RollingSlab", build)
    # every plane is written before the next comes
    monkeypatch.setattr(labelling, "PLANES_WRITTEN_AT_ONCE", 1)
    monkeypatch.setattr(labelling, "PLANES_WAITING", 0)
    found = segment(scan, GRID, model, EXACT)
    assert len(made) == 3
    assert np.array_equal(found.labels, truth.labels)
    assert np.array_equal(found.doubt, truth.doubt)
    assert any("stopped working" in note for note in found.notes)


def test_labels_made_aside_are_the_same(scan: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = make_model(tmp_path, make_stage(tmp_path, wanted=WHOLE))
    truth = segment(scan, GRID, model, EXACT).labels
    real, slab = devices.prepare, pipeline.RollingSlab
    monkeypatch.setattr(devices, "choose_device", lambda wanted: "cuda")
    monkeypatch.setattr(
        devices, "prepare", lambda stage, folder, request, _, *rest: real(stage, folder, request, "cpu", *rest)
    )
    monkeypatch.setattr(pipeline, "RollingSlab", lambda *args, **named: slab(*args, **(named | {"device": "cpu"})))
    assert np.array_equal(segment(scan, GRID, model, EXACT).labels, truth)


def test_a_card_that_cannot_run_a_network_hands_over(tmp_path: Path) -> None:
    with pytest.raises(devices.DeviceFailed, match="not implemented"), devices.failures_told("mps"):
        raise NotImplementedError("ConvTranspose3D not implemented on MPS")
    with pytest.raises(OutOfDeviceMemory), devices.failures_told("cuda"):
        raise RuntimeError("CUDA out of memory")
    with pytest.raises(RuntimeError, match="a bug"), devices.failures_told("cpu"):
        raise RuntimeError("a bug")


def test_a_device_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "present_devices", lambda: ("cpu",))
    assert devices.choose_device("auto") == "cpu"
    with pytest.raises(ModelError, match="no 'cuda' device"):
        devices.choose_device("cuda")


def test_changed_weights_do_not_run(scan: np.ndarray, tmp_path: Path) -> None:
    model = make_model(tmp_path, make_stage(tmp_path, wanted=WHOLE))
    file = tmp_path / model.manifest.stages[0].weights[0].file
    file.write_bytes(file.read_bytes()[:-4] + b"\0\0\0\1")
    with pytest.raises(ModelError, match="was changed"):
        segment(scan, GRID, model, EXACT)


def test_converted_networks_are_kept_and_used_again(scan: np.ndarray, tmp_path: Path) -> None:
    model = make_model(tmp_path, make_stage(tmp_path, wanted=WHOLE))
    options = replace(EXACT, engine="openvino", cache=tmp_path / "cache")
    first = segment(scan, GRID, model, options)
    kept = sorted(path.name for path in (tmp_path / "cache").iterdir())
    assert [name.rsplit(".", 1)[1] for name in kept] == ["bin", "xml"]
    assert np.array_equal(segment(scan, GRID, model, options).labels, first.labels)
    assert sorted(path.name for path in (tmp_path / "cache").iterdir()) == kept


def test_the_converter_tells_nobody(scan: np.ndarray) -> None:
    import sys

    devices.openvino()
    assert sys.modules["openvino_telemetry"] is None


def test_slow_to_trace_networks_are_traced_small() -> None:
    assert devices.small_side(96) == 64
    assert devices.small_side(64) == 32
    assert devices.small_side(28) == 28
    assert devices.small_side(160) == 64
    assert devices.small_side(24) == 24


# --- the worker ---


@pytest.fixture
def long_run(tmp_path: Path) -> tuple[np.ndarray, Grid, InstalledModel]:
    """A run of many seconds."""
    stage = make_stage(
        tmp_path, wanted=Input(spacing_mm=(1.0,) * 3, normalise=NORMALISE, modality="other", crop=Crop())
    )
    scan = smooth_scan((160, 160, 160), sigma=2.0)
    return scan, Grid.from_parts((160, 160, 160)), make_model(tmp_path, stage)


def test_the_worker_gives_the_same_labels(scan: np.ndarray, tmp_path: Path) -> None:
    model = make_model(tmp_path, make_stage(tmp_path, wanted=WHOLE))
    told: list[float] = []
    found = worker.run_in_worker(scan, GRID, model, EXACT, lambda fraction, text="": told.append(fraction))
    assert np.array_equal(found.labels, segment(scan, GRID, model, EXACT).labels)
    assert found.peak_memory_mb > 50
    assert told


def test_cancelling_stops_the_worker_within_a_second(long_run: tuple[np.ndarray, Grid, InstalledModel]) -> None:
    cancel, asked = CancelToken(), []

    def stop(fraction: float, text: str = "") -> None:
        if "tile" in text and not asked:
            asked.append(time.perf_counter())
            cancel.set()

    with pytest.raises(Cancelled):
        worker.run_in_worker(*long_run, EXACT, stop, cancel)
    assert time.perf_counter() - asked[0] < 1.0


def test_a_killed_worker_is_told_in_words(
    long_run: tuple[np.ndarray, Grid, InstalledModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    if not hasattr(signal, "SIGKILL"):
        pytest.skip("this system has no SIGKILL")
    real = worker._start

    def start(job):  # type: ignore[no-untyped-def]
        process, connection = real(job)
        threading.Timer(1.0, os.kill, (process.pid, signal.SIGKILL)).start()
        return process, connection

    monkeypatch.setattr(worker, "_start", start)
    with pytest.raises(ModelError, match=r"was killed, most likely because memory ran out.*the case is unchanged"):
        worker.run_in_worker(*long_run, EXACT)


def test_the_workers_refusal_comes_through(scan: np.ndarray, tmp_path: Path) -> None:
    model = make_model(tmp_path, make_stage(tmp_path, wanted=WHOLE))
    with pytest.raises(ModelError, match="GB are free") as refused:
        worker.run_in_worker(scan, GRID, model, RunOptions(memory_bytes=1 << 20))
    assert refused.value.code == "memory"


def test_ends_of_a_worker_in_words() -> None:
    assert "memory ran out" in worker.death_in_words(-9)[0]
    assert "SIGSEGV" in worker.death_in_words(-11)[0]
    assert "instruction" in worker.death_in_words(-4)[0]
    assert "invalid memory access" in worker.death_in_words(-1073741819)[0]
    assert "code 1" in worker.death_in_words(1)[0]
    assert "does not answer" in worker.death_in_words(None)[0]
