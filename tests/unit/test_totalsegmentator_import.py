"""TotalSegmentator's folders, made small without it: which task, which steps, which crop, which licence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nnunet_folder as small
import pytest

from inference.importers import load, nnunet, totalsegmentator
from inference.importers.class_maps import totalsegmentator as table
from inference.importers.licences import KNOWN
from inference.manifest import Manifest
from inference.pipeline import RunOptions, as_run, needed_stages
from planning.errors import ModelError


def _task(root: Path, number: int, classes: int | None = None, configuration: str = "3d_fullres", **more: Any) -> Path:
    """The folder of a network of theirs, with so many classes as its list says."""
    dataset = table().datasets[number]
    count = len(table().labels_of(dataset)) if classes is None else classes
    labels = {"background": 0, **{f"class_{n}": n for n in range(1, count + 1)}}
    weights = small.checkpoint(small.all_names(dict(small.network(count + 1).state_dict())))
    weights["init_args"]["configuration"] = configuration
    plans = small.plans(configurations={configuration: small.configuration(spacing=[1.5, 1.5, 1.5])})
    made = small.write_folder(
        root / f"making-{number}",
        name=f"nnUNetTrainer__nnUNetPlans__{configuration}",
        its_plans=plans,
        its_dataset=small.dataset(labels=labels, **more),
        saved=weights,
    )
    place = root / dataset.folder
    made.parent.rename(place)
    (root / f"making-{number}").rmdir()
    return place


def _convert(path: Path, into: Path) -> Manifest:
    into.mkdir(exist_ok=True)
    assert totalsegmentator.recognise(path)
    return totalsegmentator.convert(path, into)


def test_the_table_is_whole() -> None:
    maps = table()
    assert len(maps.tasks["total"].labels) == 117
    assert [len(maps.labels_of(maps.datasets[n])) for n in (291, 292, 293, 294, 295)] == [24, 26, 18, 23, 26]
    assert maps.tasks["total_v3"].labels[26] == "vertebrae_L6"
    assert maps.tasks["heartchambers_highres"].labels == {
        1: "heart_myocardium",
        2: "heart_atrium_left",
        3: "heart_ventricle_left",
        4: "heart_atrium_right",
        5: "heart_ventricle_right",
        6: "aorta",
        7: "pulmonary_artery",
    }
    assert list(maps.tasks["liver_vessels"].labels.values()) == ["liver_vessels", "liver_tumor"]
    assert len(maps.tasks["aortic_sinuses"].labels) == 4
    assert len(maps.tasks["aorta_annulus"].labels) == 2
    for task in maps.tasks.values():
        assert task.licence in KNOWN
        assert sorted(task.labels) == list(range(1, len(task.labels) + 1))
        assert all(number in maps.datasets for number in task.datasets)
    for dataset in maps.datasets.values():
        assert set(maps.labels_of(dataset).values()) <= set(maps.tasks[dataset.task].labels.values())


def test_the_narrower_importers_are_asked_first() -> None:
    names = [module.__name__.rsplit(".", 1)[-1] for module in load()]
    assert names.index("totalsegmentator") < names.index("nnunet")
    assert names[0] == "theatrum"


def test_a_task_has_the_steps_of_its_table(tmp_path: Path) -> None:
    manifest = _convert(_task(tmp_path, 305), tmp_path / "out")
    assert manifest.id == "totalsegmentator-vertebrae-body"
    assert manifest.version == "2.18.0"
    assert [label.name for label in manifest.labels] == ["vertebrae_body", "intervertebral_discs"]
    (stage,) = manifest.stages
    assert stage.input.orientation == "RAS"
    assert stage.input.spacing_mm == (1.5, 1.5, 1.5)
    assert (stage.input.resample.grid, stage.input.resample.data_order, stage.input.resample.truncate) == (
        "corner",
        1,
        True,
    )
    assert stage.input.normalise.when == "after"
    assert stage.output.upsample == "labels-nearest"
    assert stage.tiling.mirror_axes == ()
    ours = as_run(stage, RunOptions())
    assert (ours.input.resample.grid, ours.input.resample.truncate, ours.output.upsample) == ("edge", False, "linear")
    assert as_run(stage, RunOptions(mode="parity")).input == stage.input


def test_liver_vessels_look_round_the_liver_when_the_rough_model_is_there(tmp_path: Path) -> None:
    vessels = _task(tmp_path, 8)
    alone = _convert(vessels, tmp_path / "alone")
    assert [stage.name for stage in alone.stages] == ["part-8"]
    assert any("Dataset298" in note for note in alone.source.notes)
    _task(tmp_path, 298)
    both = _convert(vessels, tmp_path / "both")
    rough, fine = both.stages
    assert (rough.name, rough.keeps) == ("rough", False)
    assert rough.output.values.count(1) == 1
    assert rough.output.values[5] == 1  # liver
    assert rough.tiling.step == 0.8
    assert fine.within is not None
    assert (fine.within.stage, fine.within.values, fine.within.margin_mm, fine.within.cut) == (
        "rough",
        (1,),
        20,
        "before",
    )
    ours = as_run(fine, RunOptions()).within
    assert ours is not None
    assert ours.cut == "after"
    assert both.cleanup == ()
    # this task leaves resampling to nnU-Net
    assert fine.input.resample.grid == "edge"
    assert fine.input.orientation == "RAS"
    assert fine.tiling.step == 0.5


def test_heart_chambers_are_cleared_far_from_heart_and_great_vessels(tmp_path: Path) -> None:
    chambers = _task(tmp_path, 301)
    alone = _convert(chambers, tmp_path / "alone")
    assert alone.cleanup == ()
    assert any("far from heart, aorta, inferior_vena_cava is not cleared" in note for note in alone.source.notes)
    _task(tmp_path, 297)
    both = _convert(chambers, tmp_path / "both")
    total = {name: value for value, name in table().tasks["total"].labels.items()}
    values = both.stages[0].output.values
    assert (values[total["heart"]], values[total["aorta"]], values[total["inferior_vena_cava"]]) == (3, 2, 2)
    assert sorted(values) == [0] * (len(values) - 3) + [2, 2, 3]
    assert both.stages[1].within is not None
    assert both.stages[1].within.values == (3,)
    (rule,) = both.cleanup
    assert (rule.rule, rule.stage, rule.values, rule.margin_mm, rule.grown) == ("inside", "rough", (2, 3), 10, "steps")
    assert [stage.name for stage in needed_stages(both, ["aorta"])] == ["rough", "part-301"]


def test_teeth_are_looked_for_in_jaws_and_jaws_in_the_skull(tmp_path: Path) -> None:
    teeth = _task(tmp_path, 113, configuration="3d_lowres_high")
    _task(tmp_path, 115)
    half = _convert(teeth, tmp_path / "half")
    assert [stage.name for stage in half.stages] == ["rough", "part-113"]
    assert any("Dataset298" in note for note in half.source.notes)
    _task(tmp_path, 298)
    skull, jaws, fine = _convert(teeth, tmp_path / "out").stages
    assert (skull.name, jaws.name, skull.keeps, jaws.keeps) == ("rough-before", "rough", False, False)
    assert jaws.within is not None
    assert (jaws.within.stage, jaws.within.margin_mm) == ("rough-before", 20)
    assert fine.within is not None
    assert (fine.within.stage, fine.within.margin_mm) == ("rough", 10)


def test_five_parts_become_one_model_and_one_part_stays_one(tmp_path: Path) -> None:
    for number in (291, 292, 293, 294, 295, 297):
        _task(tmp_path, number)
    whole = _convert(tmp_path, tmp_path / "out")
    assert whole.id == "totalsegmentator-total"
    assert [stage.name for stage in whole.stages] == [f"part-{n}" for n in (291, 292, 293, 294, 295)]
    assert len(whole.labels) == 117
    assert whole.stages[2].output.values[1] == {label.name: label.index for label in whole.labels}["heart"]
    assert any("Dataset297" in note for note in whole.source.notes)
    part = _convert(tmp_path / table().datasets[293].folder, tmp_path / "part")
    assert part.id == "totalsegmentator-total-293"
    assert len(part.labels) == 18
    assert {label.index for label in part.labels} < {label.index for label in whole.labels}


def test_two_tasks_in_one_folder_are_not_guessed_between(tmp_path: Path) -> None:
    _task(tmp_path, 305)
    _task(tmp_path, 299)
    with pytest.raises(ModelError, match="holds 2 models"):
        _convert(tmp_path, tmp_path / "out")


def test_the_body_is_tidied_as_theirs(tmp_path: Path) -> None:
    body = _convert(_task(tmp_path, 299), tmp_path / "out")
    assert [(rule.rule, rule.labels, rule.volume_ml) for rule in body.cleanup] == [
        ("keep_largest", ("body_trunc",), 0.0),
        ("remove_smaller", ("body_extremities",), 50.0),
    ]


def test_weights_of_another_version_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="another version"):
        _convert(_task(tmp_path, 305, classes=3), tmp_path / "out")


def test_licences(tmp_path: Path) -> None:
    free = _convert(_task(tmp_path, 305), tmp_path / "a").licence
    assert (free.id, free.commercial, free.must_be_accepted) == ("Apache-2.0", True, False)
    chambers = _task(tmp_path, 301)
    bound = _convert(chambers, tmp_path / "b")
    assert (bound.licence.id, bound.licence.commercial) == ("TotalSegmentator-non-commercial", False)
    assert bound.licence.must_be_accepted
    # a free text beside bound weights frees nothing
    (chambers / "LICENSE").write_text("Apache License, Version 2.0")
    assert _convert(chambers, tmp_path / "c").licence.must_be_accepted


def test_a_configuration_that_the_task_does_not_use_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no single results folder for 3d_fullres_high"):
        _convert(_task(tmp_path, 591), tmp_path / "out")
    assert _convert(_task(tmp_path / "b", 591, configuration="3d_fullres_high"), tmp_path / "out2").labels


def test_a_folder_of_another_name_is_plain_nnunet(tmp_path: Path) -> None:
    place = _task(tmp_path, 305)
    other = place.rename(tmp_path / "Dataset305_something_else")
    assert not totalsegmentator.recognise(other)
    assert nnunet.recognise(other)


def test_the_table_names_its_source(project_root: Path) -> None:
    read = json.loads((project_root / "assets" / "totalsegmentator.json").read_text(encoding="utf-8"))
    assert "Apache-2.0" in read["source"]
