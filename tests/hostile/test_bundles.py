"""MONAI bundles that would run code, read other files or grow without end: refused in one line, nothing is run."""

from __future__ import annotations

import contextlib
import json
import os
import time
from pathlib import Path
from typing import Any

import bundles
import numpy as np
import pytest

from inference.importers import monai_bundle
from inference.importers.bundle_config import read_bundle, read_yaml_bounded
from inference.importers.child import convert_in_child
from inference.importers.exported import open_exported
from planning.errors import InputError, ModelError

MARK = "it-ran"

EXPRESSIONS = (
    f"$__import__('os').system('touch {MARK}')",
    f"$import os; os.system('touch {MARK}')",
    f"$os.system('touch {MARK}')",
    "$import subprocess",
    "$import socket as s",
    "$from os import system",
    "$import monai.bundle",
    f"$open('{MARK}', 'w').write('x')",
    f"$eval(\"open('{MARK}', 'w')\")",
    f"$exec(\"open('{MARK}', 'w')\")",
    "$().__class__.__bases__[0].__subclasses__()",
    "$@network_def.__class__.__init__.__globals__",
    "$getattr(os, 'system')('id')",
    "$setattr(torch, 'load', print)",
    f"$monai.utils.optional_import('os')[0].system('touch {MARK}')",
    "$monai.bundle.run()",
    "$torch.hub.load('a/b', 'c')",
    "$torch.jit.load('models/model.ts')",
    f"$(lambda: __import__('os').system('touch {MARK}'))()",
    "$[f for f in [print] if globals()]",
    "$json.load(open('/etc/passwd'))",
    "$f\"{open('/etc/passwd').read()}\"",
    "$(y := 3)",
    "$'a' if True else breakpoint()",
    "$1 +",
    "$" + "(" * 500 + "1" + ")" * 500,
    "$" + "1+" * 3000 + "1",
    "$\x00",
)


def _set(config: dict[str, Any], place: str, value: Any) -> dict[str, Any]:
    """The value at a place such as "network_def.in_channels" or "imports.0"."""
    at: Any = config
    *before, last = place.split(".")
    for part in before:
        at = at[int(part)] if isinstance(at, list) else at[part]
    if isinstance(at, list):
        at.insert(int(last), value)
    else:
        at[last] = value
    return config


def _refused(path: Path, into: Path, *words: str) -> ModelError:
    into.mkdir(exist_ok=True)
    start = time.perf_counter()
    with pytest.raises(ModelError) as caught:
        monai_bundle.convert(path, into)
    assert time.perf_counter() - start < 10
    assert caught.value.exit_code == 3
    assert "\n" not in str(caught.value)
    assert not list(into.glob("*.safetensors"))
    for word in words:
        assert word in str(caught.value)
    return caught.value


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, where a payload would leave its mark."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("place", ["imports.0", "network_def.in_channels", "initialize.0", "anything"])
@pytest.mark.parametrize("expression", EXPRESSIONS, ids=[f"e{number}" for number in range(len(EXPRESSIONS))])
def test_python_is_shown_and_refused(here: Path, expression: str, place: str) -> None:
    config = _set(bundles.without(bundles.SPLEEN), place, expression)
    path = bundles.write_bundle(here / "bundle", config, weights=False)
    _refused(path, here / "out", "Python")
    assert not (here / MARK).exists()


@pytest.mark.parametrize(
    "expression",
    ["$'a' * 1000000000", "$9 ** 9 ** 9", "$range(10**9)", "$[i for i in range(2000)] + [j for j in @imports]",
     "$@dataloader.run()", "$sorted(glob.glob('*'))", "$torch.load('models/model.pt')"],
)  # fmt: skip
def test_a_value_that_is_needed_must_be_plain(here: Path, expression: str) -> None:
    config = _set(bundles.without(bundles.SPLEEN), "network_def.in_channels", expression)
    _refused(bundles.write_bundle(here / "bundle", config, weights=False), here / "out")


@pytest.mark.parametrize("value", ["%/etc/passwd", "%../other.json::network", "%#network_def", " %configs/x.json"])
@pytest.mark.parametrize("place", ["network_def.in_channels", "imports.0", "preprocessing"])
def test_other_files_are_not_taken(here: Path, value: str, place: str) -> None:
    config = _set(bundles.without(bundles.SPLEEN), place, value)
    _refused(bundles.write_bundle(here / "bundle", config, weights=False), here / "out", "another file")


@pytest.mark.parametrize(
    "target",
    ["os.system", "subprocess.Popen", "builtins.eval", "pydoc.locate", "torch.hub.load", "torch.load", "monai.bundle.run",
     "monai.apps.utils.download_url", "scripts.own.Network", "eval", "system", 7, None, ["os.system"]],
)  # fmt: skip
@pytest.mark.parametrize(
    "place", ["network_def._target_", "handlers.0", "preprocessing.transforms.0", "evaluator._target_"]
)
def test_callables_that_are_no_parts_of_monai_are_refused(here: Path, target: Any, place: str) -> None:
    value = target if place.endswith("_target_") else {"_target_": target, "command": f"touch {MARK}"}
    config = _set(bundles.without(bundles.SPLEEN), place, value)
    _refused(bundles.write_bundle(here / "bundle", config, weights=False), here / "out", "would call")
    assert not (here / MARK).exists()


@pytest.mark.parametrize("place", ["network_def._mode_", "evaluator._mode_"])
def test_a_debugger_is_not_started(here: Path, place: str) -> None:
    config = _set(bundles.without(bundles.SPLEEN), place, "debug")
    _refused(bundles.write_bundle(here / "bundle", config, weights=False), here / "out", "debug")


@pytest.mark.parametrize(
    ("place", "value", "word"),
    [
        ("network_def._target_", "HighResNet", "not one of ours"),
        ("network_def.channels", [10_000_000, 4], "out of bounds"),
        ("network_def", {**bundles.SPLEEN["network_def"], "channels": [8192] * 3, "strides": [2, 2]}, "million"),
        ("network_def.channels", [4] * 100, "out of bounds"),
        ("network_def.num_res_units", 1_000_000, "out of bounds"),
        ("network_def.out_channels", 1_000_000, "out of bounds"),
        ("network_def.spatial_dims", 2, "three-dimensional"),
        ("network_def.spatial_dims", "x" * 3000, "three-dimensional"),
        ("network_def", {"_target_": "SegResNetDS", "blocks_down": 0, "out_channels": 2}, "out of bounds"),
        ("network_def.act", ["prelu", {"num_parameters": {"a": 1}}], "out of bounds"),
        ("network_def.norm", "layer", "cannot be built"),
        ("network_def.secret", 1, "not known"),
        ("inferer.roi_size", [4096, 4096, 4096], "too large"),
        ("inferer.roi_size", [15, 16, 16], "does not fit"),
        ("inferer.roi_size", -1, "no fixed size"),
        ("inferer.overlap", 1.5, "overlap"),
        ("inferer._target_", "SimpleInferer", "sliding window"),
        ("preprocessing.transforms.3.pixdim", [0.0001, 1, 1], "0.1"),
        ("preprocessing.transforms.3", {"_target_": "RandRotated", "keys": "image"}, "RandRotate"),
        ("postprocessing.transforms.0", {"_target_": "RemoveSmallObjectsd", "keys": "pred"}, "RemoveSmallObjects"),
        ("postprocessing.transforms.0", {"_target_": "Lambdad", "keys": "pred", "func": "$torch.float32"}, "function"),
        ("preprocessing.transforms.0._disabled_", "$not os.path.exists(@dataset_dir)", "Python"),
        ("checkpointloader.load_path", "/etc/passwd", "outside"),
        ("checkpointloader.load_path", "../../model.pt", "outside"),
    ],
)
def test_impossible_settings_are_refused_by_name(here: Path, place: str, value: Any, word: str) -> None:
    config = _set(bundles.without(bundles.SPLEEN), place, value)
    _refused(bundles.write_bundle(here / "bundle", config), here / "out", word)


def test_what_refers_to_itself_is_refused(here: Path) -> None:
    config = bundles.without(bundles.SPLEEN)
    config |= {"a": "@b", "b": "@a", "network_def": {**config["network_def"], "in_channels": "@a"}}
    _refused(bundles.write_bundle(here / "bundle", config), here / "out", "itself")


def test_references_that_multiply_are_refused(here: Path) -> None:
    config = bundles.without(bundles.SPLEEN)
    config["l0"] = [1] * 10
    for level in range(1, 12):
        config[f"l{level}"] = [f"@l{level - 1}"] * 10
    config["network_def"]["channels"] = "@l11"
    _refused(bundles.write_bundle(here / "bundle", config), here / "out", "without end")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[" * 100_000 + "]" * 100_000, "nested"),
        ('{"a": ' * 70 + "1" + "}" * 70, "nested"),
        ('{"network_def": {}, "network_def": {}}', "twice"),
        ('{"a": NaN}', "NaN"),
        ('{"a": Infinity}', "Infinity"),
        ('{"a": 1e999}', "finite"),
        ('{"a": ' + "9" * 10_000 + "}", "readable"),
        ("[1, 2]", "table"),
        ('"text"', "table"),
        ("", "readable"),
        ('{"+network_def": {"_target_": "UNet"}}', "changes"),
        ('{"network_def::_target_": "os.system"}', "changes"),
        ('{"a": "' + "x" * 30_000 + '"}', "without end"),
        ("{" + ", ".join(f'"k{n}": 1' for n in range(120_000)) + "}", "without measure"),
        (" " * (9 << 20), "larger"),
    ],
    ids=["deep", "depth", "twice", "nan", "infinity", "overflow", "digits", "list", "word", "empty", "plus", "id", "text",
         "many", "large"],
)  # fmt: skip
def test_json_that_attacks_its_reader_is_refused(here: Path, text: str, word: str) -> None:
    _refused(bundles.write_bundle(here / "bundle", text, weights=False), here / "out", word)


LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9)
)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (LAUGHS, "without measure"),
        ("a: &a [x]\n" + "b: [" + ", ".join(["*a"] * 200) + "]\n", "without measure"),
        ("a: !!python/object/apply:os.system ['touch it-ran']\n", "objects"),
        ("a: !!python/name:os.system\n", "objects"),
        ("!mine {a: 1}\n", "objects"),
        ("a: &a {x: 1}\nb:\n  <<: *a\n", "merges"),
        ("a: 1\na: 2\n", "readable"),
        ("[" * 3000 + "]" * 3000, "without measure"),
        ("a: &a [*a]\n", "without measure"),
        ("a: 2020-01-01\n", "plain values"),
        ("a: .nan\n", "finite"),
        ("a: {\n", "readable"),
        ("a: \x01\n", "readable"),
        ("? [1, 2]\n: 3\n", "readable"),
        ("a: " + "x" * (2 << 20), "larger"),
    ],
    ids=["laughs", "aliases", "apply", "name", "tag", "merge", "twice", "deep", "itself", "date", "nan", "open", "control",
         "key", "large"],
)  # fmt: skip
def test_yaml_that_attacks_its_reader_is_refused(here: Path, text: str, word: str) -> None:
    path = bundles.write_bundle(here / "bundle", "{}", weights=False)
    (path / "configs" / "inference.json").unlink()
    (path / "configs" / "inference.yaml").write_text(text, encoding="utf-8")
    _refused(path, here / "out", word)
    assert not (here / MARK).exists()


def test_the_reader_of_yaml_keeps_plain_types(here: Path) -> None:
    (here / "a.yaml").write_text("a: [1, 2.5, true, null, text]\nb: {c: '@a'}\n", encoding="utf-8")
    assert read_yaml_bounded(here / "a.yaml") == {"a": [1, 2.5, True, None, "text"], "b": {"c": "@a"}}


def test_torchscript_is_refused_with_what_to_do(here: Path) -> None:
    import torch

    path = bundles.write_bundle(here / "bundle", weights=False)
    torch.jit.save(torch.jit.trace(torch.nn.Conv3d(1, 2, 1), torch.zeros(1, 1, 4, 4, 4)), path / "models" / "model.ts")
    _refused(path, here / "out", "TorchScript", "model.pt")
    (path / "models" / "model.ts").rename(path / "models" / "model.pt")
    _refused(path, here / "out", "TorchScript", "ONNX")
    with pytest.raises(ModelError, match="TorchScript"):
        convert_in_child(path / "models" / "model.pt", here / "child")
    assert not list((here / "child").iterdir())


class _Payload:
    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, (f"touch {MARK}",)


def test_pickled_objects_are_named_and_never_made(here: Path) -> None:
    import torch

    path = bundles.write_bundle(here / "bundle", weights=False)
    torch.save({"state_dict": {"a": torch.zeros(2)}, "x": _Payload()}, path / "models" / "model.pt")
    _refused(path, here / "out", "system")
    torch.save(torch.nn.Conv3d(1, 2, 1), path / "models" / "model.pt")
    _refused(path, here / "out", "Conv3d")
    assert not (here / MARK).exists()


def test_weights_that_lie_elsewhere_are_not_followed(here: Path) -> None:
    path = bundles.write_bundle(here / "bundle", weights=False)
    bundles.write_state(here / "other.pt", bundles.SPLEEN["network_def"])
    (path / "models" / "model.pt").symlink_to(here / "other.pt")
    _refused(path, here / "out", "outside")


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_no_numbers_are_refused(here: Path, value: float) -> None:
    import torch

    path = bundles.write_bundle(here / "bundle")
    state = torch.load(path / "models" / "model.pt", weights_only=True)
    next(iter(state.values())).view(-1)[0] = value
    torch.save(state, path / "models" / "model.pt")
    _refused(path, here / "out", "NaN")


def _exported(path: Path) -> Path:
    import torch

    torch.manual_seed(1)
    network = torch.nn.Sequential(torch.nn.Conv3d(1, 2, 3), torch.nn.BatchNorm3d(2)).eval()
    torch.export.save(torch.export.export(network, (torch.zeros(1, 1, 8, 8, 8),)), path)
    return path


def _changed(source: Path, target: Path, entry: str, change: Any) -> Path:
    """The zip with one JSON entry changed, written anew."""
    import zipfile

    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename.endswith(entry):
                table = json.loads(content)
                change(table)
                content = json.dumps(table).encode()
            new.writestr(info.filename, content)
    return target


def test_an_exported_program_gives_its_weights_and_nothing_else(here: Path) -> None:
    path = _exported(here / "a.pt2")
    with open_exported(path) as state:
        shapes = {name: tensor.array().shape for name, tensor in state.items()}
    assert shapes["0.weight"] == (2, 1, 3, 3, 3)
    assert shapes["1.num_batches_tracked"] == ()
    with pytest.raises(ModelError, match="exported program"):
        convert_in_child(path, here / "out")


def _all_numbers(path: Path) -> None:
    with open_exported(path) as state:
        for tensor in state.values():
            tensor.array()


@pytest.mark.parametrize(
    ("entry", "change", "word"),
    [
        ("model_weights_config.json", lambda t: t["config"]["0.weight"].update(use_pickle=True), "pickled"),
        ("model_constants_config.json", lambda t: t["config"].update(c={"use_pickle": True}), "pickled"),
        ("model_weights_config.json",
         lambda t: t["config"]["0.weight"]["tensor_meta"].update(sizes=[{"as_expr": {"expr_str": "2*x"}}]), "computed"),
        ("model_weights_config.json",
         lambda t: t["config"]["0.weight"]["tensor_meta"].update(sizes=[{"as_int": 1 << 39}], strides=[{"as_int": 1}]),
         "plainly"),
        ("model_weights_config.json",
         lambda t: t["config"]["0.weight"]["tensor_meta"].update(storage_offset={"as_int": 5}), "plainly"),
        ("model_weights_config.json",
         lambda t: t["config"]["0.weight"]["tensor_meta"]["strides"].__setitem__(0, {"as_int": 0}), "plainly"),
        ("model_weights_config.json",
         lambda t: t["config"]["0.weight"].update(path_name="../constants/x"), "damaged"),
        ("model_weights_config.json", lambda t: t["config"]["0.weight"].update(path_name="weight_99"), "damaged"),
        ("model_weights_config.json", lambda t: t["config"]["0.weight"]["tensor_meta"].update(dtype=9), "numbers"),
    ],
)  # fmt: skip
def test_exported_programs_that_attack_are_refused(here: Path, entry: str, change: Any, word: str) -> None:
    path = _changed(_exported(here / "a.pt2"), here / "b.pt2", entry, change)
    with pytest.raises(ModelError, match=word):
        _all_numbers(path)


def test_an_exported_program_in_a_bundle_of_ours_is_used(here: Path) -> None:
    import torch

    from inference.importers.monai_networks import network_of
    from inference.networks import build

    path = bundles.write_bundle(here / "bundle", weights=False)
    network = {key: value for key, value in bundles.SPLEEN["network_def"].items() if key != "_target_"}
    module = build(*network_of("UNet", network))
    torch.export.save(torch.export.export(module, (torch.zeros(1, 1, 16, 16, 16),)), path / "models" / "model.pt2")
    (here / "out").mkdir()
    manifest = monai_bundle.convert(path, here / "out")
    assert manifest.stages[0].network.family == "UNet"
    assert (here / "out" / "main.safetensors").is_file()


def test_broken_bundles_are_refused_or_the_same(here: Path) -> None:
    """Truncated and flipped configurations and weights: a refusal, or a model; never another error."""
    generator = np.random.default_rng(5)
    path = bundles.write_bundle(here / "bundle")
    start = time.perf_counter()
    for file in (path / "configs" / "inference.json", path / "models" / "model.pt"):
        whole = file.read_bytes()
        for number in range(50):
            at = int(generator.integers(len(whole)))
            damaged = bytearray(whole[:at] if number % 2 else whole)
            if not number % 2:
                damaged[at] ^= 1 << int(generator.integers(8))
            file.write_bytes(bytes(damaged))
            into = here / f"{file.name}-{number}"
            into.mkdir()
            with contextlib.suppress(InputError):
                monai_bundle.convert(path, into)
            assert (into / "main.safetensors").exists() or not list(into.glob("*.safetensors"))
        file.write_bytes(whole)
    assert time.perf_counter() - start < 120


def test_what_is_harmless_is_read(here: Path) -> None:
    bundle = read_bundle(bundles.write_bundle(here / "bundle", weights=False))
    assert bundle.get("output_dir") == "./eval"
    assert bundle.get("network")["channels"] == [4, 8]
