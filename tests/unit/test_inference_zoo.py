"""Models on the disk: the manifest's strictness, folders, the licence gate, memory in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from small_models import make_model, make_stage

from inference import memory
from inference.manifest import (
    MANIFEST_NAME,
    Input,
    Licence,
    Manifest,
    Normalise,
    Output,
    Tiling,
    manifest_from_json,
    read_manifest,
)
from inference.zoo import Zoo, version_order
from planning.errors import ModelError


@pytest.fixture
def model_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "made"
    make_model(folder, make_stage(folder), licence=Licence(id="CC-BY-NC-4.0", commercial=False, text="LICENSE"))
    (folder / "LICENSE").write_text("Not for commercial work.", encoding="utf-8")
    return folder


def changed(folder: Path, **fields: object) -> dict[str, object]:
    data: dict[str, object] = json.loads((folder / MANIFEST_NAME).read_text(encoding="utf-8"))
    return data | fields


def test_a_manifest_comes_back_as_it_was(model_folder: Path) -> None:
    manifest = read_manifest(model_folder)
    assert manifest.names == {1: "s1", 2: "s2", 3: "s3"}
    assert manifest.files == ("whole-0.safetensors", "LICENSE")
    assert manifest_from_json(json.loads((model_folder / MANIFEST_NAME).read_text(encoding="utf-8"))) == manifest
    assert manifest.label("s2").index == 2
    with pytest.raises(ModelError, match="no structure 's9'"):
        manifest.label("s9")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"surprise": 1}, "surprise"),
        ({"schema": 2}, "schema"),
        ({"id": "../elsewhere"}, "id"),
        ({"labels": []}, "labels"),
        ({"labels": [{"index": 1, "name": "a"}, {"index": 1, "name": "b"}]}, "same name or index"),
        ({"labels": [{"index": 1, "name": "a"}]}, "writes values without a label"),
        ({"cleanup": [{"rule": "keep_largest", "labels": ["liver"]}]}, "no label"),
        ({"stages": []}, "stages"),
    ],
)
def test_a_wrong_field_is_named(model_folder: Path, fields: dict[str, object], words: str) -> None:
    with pytest.raises(ModelError, match=words):
        manifest_from_json(changed(model_folder, **fields))


@pytest.mark.parametrize(
    "text",
    ['{"a": 1, "a": 2}', '{"a": NaN}', "[" * 100 + "]" * 100, '{"a": ', '"' + "x" * (9 << 20) + '"'],
)
def test_json_from_outside_is_bounded(tmp_path: Path, text: str) -> None:
    (tmp_path / MANIFEST_NAME).write_text(text, encoding="utf-8")
    with pytest.raises(ModelError):
        read_manifest(tmp_path)


def test_what_cannot_be_is_refused_at_once() -> None:
    for build in (
        lambda: Tiling(patch=(4096, 4096, 4096)),
        lambda: Tiling(patch=(8, 8, 8), mirror_axes=(0, 0)),
        lambda: Input(spacing_mm=(0.001, 1.0, 1.0)),
        lambda: Input(orientation="LRS", spacing_mm=(1.0, 1.0, 1.0)),
        lambda: Normalise(scheme="range"),
        lambda: Normalise(clip=(5.0, -5.0)),
        lambda: Output(values=(-1,)),
    ):
        with pytest.raises(ValueError):
            build()


def test_models_are_added_found_and_removed(tmp_path: Path, model_folder: Path) -> None:
    zoo = Zoo(tmp_path / "models")
    assert zoo.installed() == []
    added = zoo.add(model_folder)
    assert sorted(path.name for path in added.folder.iterdir()) == ["LICENSE", MANIFEST_NAME, "whole-0.safetensors"]
    assert zoo.find("small").manifest == added.manifest
    assert zoo.find("small 1.0").key == "small 1.0"
    assert added.bytes_on_disk > 1000
    with pytest.raises(ModelError, match="there already"):
        zoo.add(model_folder)
    other = zoo.add(model_folder, "other")
    assert [model.manifest.id for model in zoo.installed()] == ["other", "small"]
    assert zoo.remove("small").manifest.id == "small"
    with pytest.raises(ModelError, match="Did you mean 'other'"):
        zoo.find("othr")
    assert not (tmp_path / "models" / "small").exists()
    assert read_manifest(other.folder).id == "other"


def test_the_newest_version_is_taken() -> None:
    assert sorted(["1.10.0", "1.9.2", "1.9.2rc1", "0.3"], key=version_order)[-1] == "1.10.0"


def test_a_model_that_ships_cannot_be_removed(tmp_path: Path, model_folder: Path) -> None:
    shipped = tmp_path / "shipped"
    Zoo(shipped).add(model_folder)
    zoo = Zoo(tmp_path / "models", shipped)
    assert zoo.find("small").shipped
    with pytest.raises(ModelError, match="ships with the program"):
        zoo.remove("small")


def test_a_folder_that_is_no_model_is_told_and_hides_no_other(tmp_path: Path, model_folder: Path) -> None:
    zoo = Zoo(tmp_path / "models")
    zoo.add(model_folder)
    (tmp_path / "models" / "broken" / "1").mkdir(parents=True)
    lying = tmp_path / "models" / "lying" / "1"
    lying.mkdir(parents=True)
    (lying / MANIFEST_NAME).write_bytes((model_folder / MANIFEST_NAME).read_bytes())
    assert [model.manifest.id for model in zoo.installed()] == ["small"]
    assert sorted(found.folder.parent.name for found in zoo.broken()) == ["broken", "lying"]


def test_a_lacking_or_changed_file_is_not_added(tmp_path: Path, model_folder: Path) -> None:
    zoo = Zoo(tmp_path / "models")
    weights = model_folder / "whole-0.safetensors"
    original = weights.read_bytes()
    weights.write_bytes(original[:-1])
    with pytest.raises(ModelError, match="was changed"):
        zoo.add(model_folder)
    weights.write_bytes(original)
    (model_folder / "LICENSE").unlink()
    with pytest.raises(ModelError, match="lacks LICENSE"):
        zoo.add(model_folder)
    assert zoo.installed() == []
    assert not list((tmp_path / "models").iterdir())


def test_an_unclear_licence_must_be_accepted_and_a_changed_one_again(tmp_path: Path, model_folder: Path) -> None:
    zoo = Zoo(tmp_path / "models")
    model = zoo.add(model_folder)
    assert not zoo.is_accepted(model)
    with pytest.raises(ModelError, match="does not allow commercial work") as refused:
        zoo.require_accepted(model)
    assert refused.value.code == "licence"
    zoo.accept(model)
    zoo.require_accepted(model)
    assert Zoo(tmp_path / "models").is_accepted(model)
    (model.folder / "LICENSE").write_text("Something else.", encoding="utf-8")
    assert not zoo.is_accepted(model)
    assert Licence(id="Apache-2.0", commercial=True).must_be_accepted is False
    assert Licence().must_be_accepted is True


def test_memory_is_told_in_words() -> None:
    plan = memory.MemoryPlan((memory.Need("program", 1 << 30), memory.Need("sums of tiles", 3 << 30)), 2 << 30)
    assert not plan.fits
    assert plan.in_words() == "needs 4.0 GB (sums of tiles 3.0 GB), 2.0 GB are free"
    assert memory.free_bytes() > 100 << 20
    assert memory.peak_bytes() > 10 << 20


def test_labels_need_stages_that_exist(model_folder: Path) -> None:
    data = changed(model_folder)
    stage = data["stages"][0]  # type: ignore[index]
    for link in ({"within": {"stage": "none"}}, {"previous": {"stage": "none", "values": [1]}}):
        more = stage | link
        if "previous" in link:
            more["network"] = stage["network"] | {"in_channels": 2}
        with pytest.raises(ModelError, match="does not come before it"):
            manifest_from_json(data | {"stages": [more]})
    assert isinstance(Manifest.model_validate(data), Manifest)
