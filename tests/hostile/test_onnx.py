"""ONNX files: a plain one becomes a model and runs, everything that reaches further is refused before it is read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx_files as files
import pytest

from inference.importers import onnx
from inference.importers.child import convert_in_child
from planning.errors import ModelError


def _described(path: Path, **changed: Any) -> Path:
    path.with_suffix(".json").write_text(json.dumps({**files.DESCRIPTION, **changed}), encoding="utf-8")
    return path


def test_a_plain_file_becomes_a_model_in_the_child_and_runs(tmp_path: Path) -> None:
    from inference.pipeline import RunOptions, segment
    from inference.zoo import InstalledModel
    from planning.geometry import Grid

    path = _described(files.write_onnx(tmp_path / "net.onnx"))
    manifest = convert_in_child(path, tmp_path / "out")
    assert manifest.stages[0].network.family == "onnx"
    assert manifest.stages[0].network.out_channels == 3
    grid = Grid.from_parts((20, 18, 16), (2.5, 2.5, 3.0))
    scan = np.random.default_rng(1).integers(-200, 300, grid.shape_kji).astype(np.int16)
    found = segment(scan, grid, InstalledModel(tmp_path / "out", manifest), RunOptions(device="cpu"))
    assert found.labels.shape == scan.shape
    assert set(np.unique(found.labels)) <= {0, 1, 2}


def test_a_file_without_its_description_is_told_what_to_write(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"Write net\.json"):
        onnx.convert(files.write_onnx(tmp_path / "net.onnx"), tmp_path)


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"extra": 1}, "extra"),
        ({"output": {"values": [0, 1]}}, "channels"),
        ({"labels": [{"index": 1, "name": "liver"}]}, "label"),
        ({"tiling": {"patch": [5000, 5000, 5000]}}, "too large"),
        ({"input": {"spacing_mm": [0, 1, 1]}}, "0.1"),
        ({"title": ""}, "title"),
    ],
)
def test_a_description_that_does_not_fit_is_refused(tmp_path: Path, changed: dict[str, Any], word: str) -> None:
    path = _described(files.write_onnx(tmp_path / "net.onnx"), **changed)
    (tmp_path / "out").mkdir()
    with pytest.raises(ModelError, match=word):
        onnx.convert(path, tmp_path / "out")


LOOP = files.part(5, files.part(1, "body") + files.part(6, files.part(1, files.node("Relu", ["a"], ["b"]))))


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"ir": 99}, "version"),
        ({"opset": ("com.microsoft", 1)}, "operators of"),
        ({"opset": ("", 1000)}, "operators of"),
        ({"nodes": [files.node("Conv", ["image", "w"], ["logits"], files.part(7, "my.domain"))]}, "my.domain"),
        ({"nodes": [files.node("Loop", ["image"], ["logits"])]}, "Loop"),
        ({"nodes": [files.node("Relu", ["image"], ["logits"], LOOP)]}, "loops"),
        ({"nodes": [files.node("If", ["image"], ["logits"])]}, "If"),
        ({"nodes": [files.node("RandomNormal", ["image"], ["logits"])]}, "RandomNormal"),
        ({"nodes": [files.node("Relu", ["a"], ["b"])] * 20_001}, "20000"),
        ({"tensors": [files.tensor("w", np.zeros((3, 1, 3, 3, 3)), files.number(14, 1))]}, "another file"),
        ({"tensors": [files.tensor("w", np.zeros((3, 1, 3, 3, 3)),
                                   files.part(13, files.part(1, "location") + files.part(2, "../../x")))]},
         "another file"),
        ({"tensors": [files.number(1, 10**9) + files.number(2, 1) + files.part(8, "w") + files.part(9, b"1234")]},
         "another size"),
        ({"tensors": [files.number(1, 10**9) + files.number(2, 1) + files.part(8, "w")]}, "fewer numbers"),
        ({"tensors": [files.number(1, 1) + files.number(2, 8) + files.part(8, "w") + files.part(6, b"x")]}, "texts"),
        ({"tensors": [files.number(1, 1) + files.number(2, 99) + files.part(8, "w")]}, "kind"),
        ({"inputs": [files.described("image", [1, 1, 16, 16])]}, "three-dimensional"),
        ({"inputs": [files.described("image", [1, 3, 16, 16, 16])]}, "three-dimensional"),
        ({"inputs": [files.described("image", [1, 1, 16, 16, 16], kind=10)]}, "three-dimensional"),
        ({"inputs": [files.described(name, [1, 1, 16, 16, 16]) for name in "ab"]}, "2 inputs"),
        ({"outputs": []}, "0 outputs"),
        ({"model": files.part(25, files.part(1, "f"))}, "functions"),
        ({"model": files.part(20, b"")}, "training"),
        ({"model": files.part(7, b"")}, "no network"),
        ({"model": b"\xff" * 20}, "damaged"),
        ({"model": files.part(4, b"x")[:-1]}, "damaged"),
        ({"nodes": [b"\x0b"]}, "damaged"),
        # OpenVINO's reader falls over this one
        ({"nodes": [files.node("Conv", ["image"], ["logits"])]}, "too few"),
        ({"nodes": [files.node("Conv", ["image", ""], ["logits"])]}, "too few"),
        ({"nodes": [files.node("Conv", ["image", "nowhere"], ["logits"])]}, "nothing makes"),
        ({"nodes": [files.node("Relu", ["image"], ["other"])]}, "nothing makes"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_reaches_further_is_refused_unread(tmp_path: Path, changed: dict[str, Any], word: str) -> None:
    path = files.write_onnx(tmp_path / "net.onnx", **changed)
    with pytest.raises(ModelError, match=word) as caught:
        onnx.judge(path)
    assert caught.value.exit_code == 3
    assert "\n" not in str(caught.value)


def test_a_network_that_does_not_answer_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    nodes = [files.node("Conv", ["image", "w"], ["logits"])]
    with pytest.raises(ModelError, match="one value for each class"):
        onnx.convert(_described(files.write_onnx(tmp_path / "net.onnx", nodes=nodes)), tmp_path / "out")
    unlike = [files.tensor("w", np.zeros((3, 2, 3, 3, 3)))]
    with pytest.raises(ModelError, match="test image"):
        onnx.convert(_described(files.write_onnx(tmp_path / "net.onnx", tensors=unlike)), tmp_path / "out")
    infinite = [files.tensor("w", np.full((3, 1, 3, 3, 3), np.inf))]
    with pytest.raises(ModelError, match="infinity"):
        onnx.convert(_described(files.write_onnx(tmp_path / "net.onnx", tensors=infinite)), tmp_path / "out")


def test_broken_files_are_refused_or_whole(tmp_path: Path) -> None:
    """Truncations and flipped bits: a refusal or an honest file; never another error."""
    generator = np.random.default_rng(7)
    whole = files.write_onnx(tmp_path / "net.onnx").read_bytes()
    path = tmp_path / "broken.onnx"
    refused = 0
    for number in range(400):
        at = int(generator.integers(len(whole)))
        damaged = bytearray(whole[:at] if number % 2 else whole)
        if not number % 2:
            damaged[at] ^= 1 << int(generator.integers(8))
        path.write_bytes(bytes(damaged))
        try:
            onnx.judge(path)
        except ModelError:
            refused += 1
    assert refused > 200
