"""Networks that take prompts: what they are shown, how they look from farther away, and that they want a graphics card."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from small_models import NORMALISE, make_stage

from inference import devices
from inference.devices import OutOfDeviceMemory, Request
from inference.interactive.network import PromptedSession, open_session, require_card
from inference.manifest import (
    Input,
    Label,
    Licence,
    Manifest,
    Network,
    Output,
    Prompting,
    Resample,
    Stage,
    Tiling,
    WeightsFile,
)
from inference.zoo import InstalledModel
from planning.errors import Cancelled, ModelError
from planning.geometry import Grid
from planning.progress import CancelToken
from planning.volume import Mask, Volume

PATCH = (16, 16, 16)
CHANNELS = ("previous", "box+", "box-", "point+", "point-", "scribble+", "scribble-")
GRID = Grid.from_parts((64, 60, 56), (0.8, 0.8, 1.5), (10.0, -5.0, 3.0))


def _stage(channels: tuple[str, ...] = CHANNELS, decay: float = 0.9) -> Stage:
    return Stage(
        name="main",
        weights=(WeightsFile(file="main-0.safetensors", sha256="0" * 64),),
        network=Network(family="PlainConvUNet", in_channels=1 + len(channels), out_channels=2),
        input=Input(
            modality="other", orientation="native", spacing_mm=(None, None, None), resample=Resample(grid="none")
        ),
        tiling=Tiling(patch=PATCH),
        output=Output(values=(0, 1)),
        prompting=Prompting(channels=channels, decay=decay),
    )


def _ball(radius: float) -> npt.NDArray[np.bool_]:
    k, j, i = np.meshgrid(*[np.arange(n) - n // 2 for n in GRID.shape_kji], indexing="ij")
    return np.asarray(k**2 + j**2 + i**2 < radius**2)


def _volume(radius: float) -> Volume:
    hu = np.where(_ball(radius), 500, 100).astype(np.int16)
    hu[:4] = 0
    return Volume(GRID, hu)


@dataclass
class Bright:
    """Says that bright voxels belong to it, and remembers what it was shown."""

    device: str = "cuda"
    precision: str = "fp32"
    shown: list[npt.NDArray[np.float32]] = field(default_factory=list)

    def __call__(self, patches: npt.NDArray[np.float32], waiting: Callable[[], None]) -> Any:
        import torch

        waiting()
        self.shown.append(patches.copy())
        bright = torch.from_numpy(patches[:, 0])
        return torch.stack([-bright, bright], dim=1)


def _at(*ijk: float) -> npt.NDArray[np.float64]:
    return GRID.to_world(np.array(ijk))


def test_the_image_has_mean_0_over_what_was_scanned_and_a_point_is_a_fading_ball() -> None:
    volume = _volume(6.0)
    network = Bright()
    session = PromptedSession(volume, _stage(), network)
    session.add_point(True, _at(32, 30, 28))
    (shown,) = network.shown
    assert shown.shape == (1, 8, *PATCH)
    scanned = volume.voxels[4:].astype(float)
    expected = (volume.voxels[20:36, 22:38, 24:40] - scanned.mean()) / scanned.std()
    assert np.allclose(shown[0, 0], expected, atol=1e-4)
    point = shown[0, 1 + CHANNELS.index("point+")]
    assert point[8, 8, 8] == point.max() == 1.0
    assert point[8, 8, 12] > 0.0 == point[8, 8, 13]
    assert point[8, 8, 10] == pytest.approx(0.6)
    others = [n for n, name in enumerate(("image", *CHANNELS)) if name not in ("image", "point+")]
    assert not shown[0, others].any()
    assert (session.mask.full() == _ball(6.0)).all()


def test_older_prompts_fade_and_the_last_result_goes_in() -> None:
    network = Bright()
    session = PromptedSession(_volume(6.0), _stage(decay=0.9), network)
    session.add_point(True, _at(32, 30, 28))
    session.add_scribble(False, np.array([_at(30, 33, 28), _at(34, 33, 28)]))
    session.add_box(True, np.array([_at(28, 26, 28), _at(36, 34, 28)]))
    shown = dict(zip(("image", *CHANNELS), network.shown[-1][0], strict=True))
    assert shown["point+"].max() == pytest.approx(0.81)
    assert shown["scribble-"].max() == pytest.approx(0.9)
    assert set(np.unique(shown["box+"]).tolist()) == {0.0, 1.0}
    assert shown["box+"].sum() == 81
    assert shown["previous"].sum() == _ball(6.0).sum()
    assert not shown["point-"].any()


def test_a_lasso_goes_with_the_boxes_unless_it_has_its_own_channel() -> None:
    outline = np.array([_at(28, 26, 28), _at(36, 26, 28), _at(36, 34, 28), _at(28, 34, 28)])
    shown = []
    for channels in (CHANNELS, (*CHANNELS, "lasso+", "lasso-")):
        network = Bright()
        session = PromptedSession(_volume(6.0), _stage(channels), network)
        session.add_lasso(True, outline)
        shown.append(dict(zip(("image", *channels), network.shown[-1][0], strict=True)))
    assert shown[0]["box+"].sum() == 81 == shown[1]["lasso+"].sum()
    assert not shown[1]["box+"].any()


def test_what_goes_beyond_the_patch_is_looked_at_from_farther_away_and_sharpened() -> None:
    network = Bright()
    session = PromptedSession(_volume(20.0), _stage(), network)
    session.add_point(True, _at(32, 30, 28))
    found = session.mask.full()
    truth = _ball(20.0)
    assert 2.0 * (found & truth).sum() / (found.sum() + truth.sum()) > 0.995
    assert len(network.shown) > 4
    assert {one.shape for one in network.shown} == {(1, 8, *PATCH)}
    # seen from afar a point does not vanish
    assert network.shown[2][0, 1 + CHANNELS.index("point+")].max() > 0.3


def test_a_prompt_at_the_images_edge_sees_nothing_beyond() -> None:
    network = Bright()
    session = PromptedSession(_volume(6.0), _stage(), network)
    session.add_point(True, _at(0, 0, 0))
    assert not network.shown[0][0, :, :8].any()
    assert session.mask.grid is GRID


def test_undo_and_a_structure_to_start_from() -> None:
    network = Bright()
    session = PromptedSession(_volume(6.0), _stage(), network)
    session.set_initial(Mask.from_full(GRID, _ball(3.0)))
    session.add_point(True, _at(32, 30, 28))
    assert network.shown[0][0, 1].sum() == _ball(3.0).sum()
    session.undo()
    assert (session.mask.full() == _ball(3.0)).all()


def test_a_stop_and_a_full_card_leave_the_session_as_it_was() -> None:
    session = PromptedSession(_volume(20.0), _stage(), Bright())
    token = CancelToken()
    token.set()
    with pytest.raises(Cancelled):
        session.add_point(True, _at(32, 30, 28), token)

    class Full(Bright):
        def __call__(self, patches: npt.NDArray[np.float32], waiting: Callable[[], None]) -> Any:
            raise OutOfDeviceMemory("full")

    session = PromptedSession(_volume(20.0), _stage(), Full())
    with pytest.raises(ModelError, match="too little memory"):
        session.add_point(True, _at(32, 30, 28))
    assert session.mask.voxel_count == 0
    assert session.prompts == ()


def _model(folder: Path, *, interactive: bool = True) -> InstalledModel:
    stage = make_stage(
        folder,
        2,
        channels=1 + len(CHANNELS),
        patch=PATCH,
        prompting=Prompting(channels=CHANNELS),
        wanted=Input(orientation="native", spacing_mm=(None, None, None), normalise=NORMALISE),
    )
    manifest = Manifest(
        id="prompted",
        version="1.0.0",
        title="A prompted network",
        kind="interactive" if interactive else "segmentation",
        stages=(stage,),
        labels=(Label(index=1, name="structure"),),
        licence=Licence(id="CC-BY-NC-SA-4.0", commercial=False),
    )
    return InstalledModel(folder, manifest)


def test_a_small_network_of_random_weights_runs(tmp_path: Path) -> None:
    model = _model(tmp_path / "model")
    stage = model.manifest.stages[0]
    request = Request(device="cpu", exact=True, engine="torch")
    (predictor,) = devices.prepare(stage, model.folder, request, "cpu", (0,), [])
    answers = []
    for _ in range(2):
        session = PromptedSession(_volume(12.0), stage, predictor)
        session.add_point(True, _at(32, 30, 28))
        session.add_scribble(False, np.array([_at(20, 30, 28), _at(20, 40, 28)]))
        answers.append(session.mask.full())
    assert (answers[0] == answers[1]).all()


def test_without_a_graphics_card_nothing_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = _model(tmp_path / "model")
    monkeypatch.setattr(devices, "present_devices", lambda: ("cpu",))
    monkeypatch.setattr(devices, "prepare", lambda *_: pytest.fail("a network was loaded"))
    with pytest.raises(ModelError, match="needs a graphics card") as told:
        open_session(_volume(6.0), model)
    assert told.value.code == "no_device"
    monkeypatch.setattr(devices, "present_devices", lambda: ("cuda", "cpu"))
    assert require_card(model) == "cuda"
    other = InstalledModel(model.folder, model.manifest.model_copy(update={"kind": "segmentation"}))
    with pytest.raises(ModelError, match="takes no prompts"):
        open_session(_volume(6.0), other)


def test_a_card_that_is_lost_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    network = Bright()
    session = PromptedSession(_volume(6.0), _stage(), network)
    session.add_point(True, _at(32, 30, 28))
    kept = session.mask.full().copy()
    for text, told, code in (
        ("CUDA error: unspecified launch failure", "stopped working", "device"),
        ("CUDA out of memory", "too little memory", "memory"),
    ):

        def lost(*_: object, text: str = text) -> None:
            raise RuntimeError(text)

        monkeypatch.setattr(Bright, "__call__", lost)
        with pytest.raises(ModelError, match=told) as caught:
            session.add_point(True, _at(30, 30, 28))
        assert caught.value.code == code
    assert (session.mask.full() == kept).all()
