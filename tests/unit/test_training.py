"""The road from scans to the shipped model: patches, loss, resuming, export."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from inference.manifest import read_manifest  # noqa: E402
from inference.networks import build  # noqa: E402
from inference.training.augment import Recipe, Source, patch_of  # noqa: E402
from inference.training.classes import CERTAIN_BACKGROUND, CLASSES, IGNORE, INDEX  # noqa: E402
from inference.training.export import Trained, export  # noqa: E402
from inference.training.held_out import compare  # noqa: E402
from inference.training.loop import Plan, read_checkpoint, train  # noqa: E402
from inference.training.loss import loss_of  # noqa: E402
from inference.training.outlines import along, between_slices, drawn  # noqa: E402
from inference.training.scans import Scan, body, lungs, onto_grid  # noqa: E402

UNET = {
    "input_channels": 1,
    "num_classes": 3,
    "features_per_stage": [4, 8],
    "kernel_sizes": [3, 3],
    "strides": [1, 2],
    "n_conv_per_stage_decoder": 1,
}


def _scan() -> Scan:
    """A body with a liver on its right and a spleen on its left (i grows to the left)."""
    shape = (40, 40, 48)
    k, j, i = np.ogrid[: shape[0], : shape[1], : shape[2]]
    hu = np.full(shape, -1000, np.int16)
    labels = np.full(shape, CERTAIN_BACKGROUND, np.uint8)
    inside = ((j - 20) / 17) ** 2 + ((i - 24) / 21) ** 2 + 0 * k < 1
    liver = (k - 20) ** 2 + (j - 20) ** 2 + (i - 15) ** 2 < 8**2
    spleen = (k - 20) ** 2 + (j - 24) ** 2 + (i - 36) ** 2 < 5**2
    hu[inside], labels[inside] = 20, 0
    hu[liver], labels[liver] = 60, INDEX["liver"]
    hu[spleen], labels[spleen] = 50, INDEX["spleen"]
    absent = tuple(n for n, name in enumerate(CLASSES) if name not in ("background", "liver", "spleen"))
    return Scan("made", hu, labels, absent, "native")


def _plan(**changes: object) -> Plan:
    small = Plan(
        recipe=Recipe(patch=(16, 16, 16)),
        features=(4, 8, 8),
        convs=(1, 1, 1),
        decoder_convs=(1, 1),
        steps=40,
        rate=1e-2,
    )
    return replace(small, **changes)  # type: ignore[arg-type]


def test_a_patch_is_a_function_of_seed_and_step() -> None:
    sources = [Source(_scan(), 1.0)]
    first, again, other = (patch_of(sources, Recipe(patch=(24, 24, 24)), 7, step) for step in (3, 3, 4))
    assert torch.equal(first.image, again.image)
    assert torch.equal(first.labels, again.labels)
    assert not torch.equal(first.image, other.image)


def test_a_patch_is_never_mirrored() -> None:
    sources = [Source(_scan(), 1.0)]
    for step in range(30):
        labels = patch_of(sources, Recipe(patch=(32, 32, 32)), 1, step).labels.numpy()
        liver, spleen = (np.nonzero(labels == INDEX[name])[2] for name in ("liver", "spleen"))
        if len(liver) > 20 and len(spleen) > 20:
            assert liver.mean() < spleen.mean()


def test_unlabelled_structures_are_no_error_where_the_scan_does_not_know_them() -> None:
    logits = torch.full((len(CLASSES), 2, 2, 2), -10.0)
    logits[INDEX["bladder"]] = 10.0
    silent = torch.zeros((2, 2, 2), dtype=torch.uint8)
    weights = torch.ones(len(CLASSES))
    assert float(loss_of(logits, silent, [INDEX["bladder"]], weights)) < 1e-3
    assert float(loss_of(logits, silent, [], weights)) > 10
    assert float(loss_of(logits, torch.full_like(silent, CERTAIN_BACKGROUND), [INDEX["bladder"]], weights)) > 10
    assert float(loss_of(logits, torch.full_like(silent, IGNORE), [], weights)) == 0


def test_two_halves_are_one_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # a graphics card adds in another order each time
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    sources = [Source(_scan(), 1.0)]
    whole = train(_plan(), sources, tmp_path / "whole", until=8, precision=torch.float32)
    train(_plan(), sources, tmp_path / "halves", until=4, precision=torch.float32)
    halves = train(_plan(), sources, tmp_path / "halves", until=8, precision=torch.float32)
    for name, value in whole.state_dict().items():
        assert torch.equal(value, halves.state_dict()[name]), name


def test_a_checkpoint_tells_its_plan_and_where_its_weights_come_from(tmp_path: Path) -> None:
    plan, sources = _plan(), [Source(_scan(), 1.0)]
    train(plan, sources, tmp_path / "first", until=2)
    held = read_checkpoint(tmp_path / "first" / "checkpoint.pt")
    assert (held.plan, held.step, held.begun) == (plan, 2, "")
    assert set(held.weights) == set(build("PlainConvUNet", plan.network_kwargs()).state_dict())
    train(plan, sources, tmp_path / "next", until=1, start=held.weights, begun=held.history("first"))
    train(plan, sources, tmp_path / "next", until=2)
    assert "step 2 of 40" in read_checkpoint(tmp_path / "next" / "checkpoint.pt").begun


def test_an_exported_model_is_read_by_the_program(tmp_path: Path, project_root: Path) -> None:
    plan = _plan()
    network = build("PlainConvUNet", plan.network_kwargs())
    kept = ("liver", "spleen")
    trained = [
        Trained("body", plan, network.state_dict(), kept),
        Trained("fine", replace(plan, seed=2), network.state_dict(), ("liver",), "body", ("liver",)),
    ]
    licence = project_root / "LICENSE"
    folder = export(trained, tmp_path, "0.0.1", measured=[], limits=["none"], notes=["a test"], licence_text=licence)
    manifest = read_manifest(folder)
    assert [label.name for label in manifest.labels] == ["liver", "spleen"]
    painted = manifest.stages[0].output.values
    assert [CLASSES[n] for n, value in enumerate(painted) if value] == ["liver", "spleen"]
    assert manifest.stages[1].within is not None
    assert manifest.stages[1].replaces == ("liver",)
    assert all((folder / name).is_file() for name in manifest.files)


def test_outlines_fill_what_lies_between_them() -> None:
    square = [[4, 4], [4, 12], [12, 12], [12, 4]]
    mask = between_slices({2: square, 6: square}, (10, 16, 16))
    assert list(np.nonzero(mask.any((1, 2)))[0]) == [2, 3, 4, 5, 6]
    assert mask[4].sum() == pytest.approx(64, abs=24)
    tube = along([[1, 8, 8, 3], [8, 8, 8, 3]], (10, 16, 16))
    assert tube[4].sum() == pytest.approx(np.pi * 9, abs=4)


def test_outlined_scans_hold_only_known_structures() -> None:
    for name in ("lidc0001", "acrin001", "ts_abdomen", "kits00072", "lidc0002", "cmbcrc01068"):
        pieces = drawn(name, np.zeros((170, 130, 190), np.int16))
        assert pieces
        assert {structure for structure, _ in pieces} <= {*CLASSES, "ignore"}


def test_the_training_grid_keeps_the_outer_faces() -> None:
    coarse = np.repeat(np.arange(4, dtype=np.int16), 2)[:, None, None] * np.ones((1, 4, 4), np.int16)
    out = onto_grid(coarse, (1.0, 1.0, 1.0), 2.0, labels=True)
    assert out.shape == (4, 2, 2)
    assert out[:, 0, 0].tolist() == [0, 1, 2, 3]
    assert onto_grid(coarse * 100, (1.0, 1.0, 1.0), 2.0, labels=False)[:, 0, 0] == pytest.approx(
        [0, 100, 200, 300], abs=30
    )


def test_lungs_have_sides_and_gas_outside_is_none() -> None:
    shape = (40, 60, 80)
    k, j, i = np.ogrid[: shape[0], : shape[1], : shape[2]]
    hu = np.full(shape, -1000, np.int16)
    hu[np.broadcast_to(((j - 30) / 26) ** 2 + ((i - 40) / 36) ** 2 < 1, shape)] = 40
    for middle in (22, 58):
        hu[(k - 20) ** 2 + (j - 30) ** 2 + (i - middle) ** 2 < 13**2] = -800
    found = lungs(hu, body(hu, 4.0), 4.0)
    left, right = (np.nonzero(found == side)[2] for side in (1, 2))
    assert left.min() > 40 > right.max()
    assert not (found[:, 0, 0]).any()


def test_a_comparison_tells_shift_and_size() -> None:
    a, b = np.zeros((2, 30, 30, 30), bool)
    a[10:20, 10:20, 10:20] = True
    b[10:20, 10:20, 13:23] = True
    numbers = compare(a, b, (1.0, 1.0, 1.0))
    assert numbers["dice"] == pytest.approx(0.7)
    assert numbers["volume_error_pct"] == 0
    assert numbers["hd95_mm"] == pytest.approx(3)


def test_unknown_families_and_keywords_are_refused() -> None:
    with pytest.raises(ValueError, match="No network family"):
        build("Nothing", {})
    with pytest.raises(ValueError, match="cannot be built"):
        build("PlainConvUNet", {**UNET, "n_conv_per_stage": 1, "colour": "red"})
    with pytest.raises(ValueError, match="strides"):
        build("PlainConvUNet", {**UNET, "n_conv_per_stage": 1, "strides": [1]})


@pytest.mark.parametrize(
    ("family", "kwargs"),
    [
        ("PlainConvUNet", {"n_conv_per_stage": 2}),
        ("ResidualEncoderUNet", {"n_blocks_per_stage": [1, 2]}),
        ("ResidualUNet", {"n_blocks_per_stage": [1, 2], "bottleneck_channels": [2, 2]}),
    ],
)
def test_networks_keep_the_size_and_have_canonical_names(family: str, kwargs: dict[str, object]) -> None:
    network = build(family, {**UNET, **kwargs})
    with torch.inference_mode():
        assert network(torch.zeros(1, 1, 8, 12, 16)).shape == (1, 3, 8, 12, 16)
    names = set(network.state_dict())
    assert {"decoder.transpconvs.0.weight", "decoder.seg_layers.0.weight"} <= names
    assert not [name for name in names if "all_modules" in name or name.startswith("decoder.encoder")]
