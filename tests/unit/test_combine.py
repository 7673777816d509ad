"""A network's labels and rule-based structures together: union where both agree, the network's where they do not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import ndimage

from inference.combine import Combined, finish, is_coarse
from inference.confidence.facts import AORTA, BONE, LIVER, LUNG
from inference.confidence.measures import dice
from inference.manifest import Label, Manifest
from inference.pipeline import Segmentation, StageReport, StructureEvidence
from planning.geometry import Grid
from tests.support.plain_torso import Torso, plain_torso
from tests.support.small_models import make_model, make_stage

LABELS = (
    Label(index=1, name="lung_left", code=("SCT", LUNG, "Lung"), laterality="left"),
    Label(index=2, name="lung_right", code=("SCT", LUNG, "Lung"), laterality="right"),
    Label(index=3, name="bone", code=("SCT", BONE, "Bone")),
    Label(index=4, name="liver", code=("SCT", LIVER, "Liver")),
    Label(index=5, name="aorta", code=("SCT", AORTA, "Aorta")),
)


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    folder = tmp_path_factory.mktemp("model")
    made = make_model(folder, make_stage(folder, classes=len(LABELS) + 1)).manifest
    return made.model_copy(update={"labels": LABELS})


def run_of(labels: np.ndarray, grid: Any, step_mm: float = 4.0) -> Segmentation:
    """As if a network of 4 mm had found these."""
    evidence = tuple(
        StructureEvidence(
            name=label.name,
            index=label.index,
            voxels=int((labels == label.index).sum()),
            volume_ml=float((labels == label.index).sum()) * grid.voxel_mm3 / 1000,
            boundary_cells=100,
            mean_margin=0.55,
            low_margin_share=0.15,
            mean_entropy=0.4,
            expected_ml=float((labels == label.index).sum()) * grid.voxel_mm3 / 1000,
            spread_ml=5.0,
            touches_border=False,
        )
        for label in LABELS
    )
    stage = StageReport("a", 1, 1, (1, 1, 1), (step_mm,) * 3, 0.0, 0.0, 0.0, 0.0)
    return Segmentation(labels, evidence, "cpu", "fp32", 1.0, 1.0, (), (), (stage,), "")


def roughly(torso: Torso, seed: int = 0) -> np.ndarray:
    """The truth as a coarse network gives it: wavy boundaries."""
    rng = np.random.default_rng(seed)
    labels = np.zeros(torso.volume.shape, np.uint8)
    for label in LABELS:
        part = torso.parts[label.name]
        away = ndimage.distance_transform_edt(part) - ndimage.distance_transform_edt(~part)
        waves = ndimage.gaussian_filter(rng.standard_normal(part.shape), 3.0)
        labels[away + 1.2 * waves / waves.std() > 0] = label.index
    return labels


def rows(result: Combined) -> dict[str, Any]:
    return {record.name: record for record in result.records}


@pytest.fixture(scope="module")
def torso() -> Torso:
    return plain_torso()


@pytest.fixture(scope="module")
def whole(torso: Torso, manifest: Manifest) -> Combined:
    return finish(run_of(roughly(torso), torso.grid), torso.volume, torso.grid, manifest)


def test_rules_and_edges_bring_a_coarse_result_nearer_the_truth(torso: Torso, whole: Combined) -> None:
    coarse = roughly(torso)
    for label in LABELS:
        before = dice(coarse == label.index, torso.parts[label.name])
        after = dice(whole.mask(label.name), torso.parts[label.name])
        # nothing is done to the edge of a liver, but lungs beside it take their own
        assert after > before - 0.01 if label.name == "liver" else after > before, label.name
    assert dice(whole.mask("lung_left"), torso.parts["lung_left"]) > 0.95
    assert dice(whole.mask("body"), torso.parts["body"]) > 0.97


def test_every_structure_has_a_light_with_a_reason(whole: Combined) -> None:
    found = rows(whole)
    assert list(found) == [label.name for label in LABELS] + ["body"]
    for record in found.values():
        assert record.interval_ml[0] <= record.volume_ml <= record.interval_ml[1]
        assert record.light == "green" or record.reasons
        assert record.as_json()["light"] == record.light
    assert found["lung_left"].engine.startswith("rule")
    assert found["liver"].light != "green"
    assert found["lung_left"].measures.agreement is not None


def test_the_runs_own_labels_are_not_touched(torso: Torso, manifest: Manifest) -> None:
    labels = roughly(torso)
    before = labels.copy()
    finish(run_of(labels, torso.grid), torso.volume, torso.grid, manifest, structures=("liver",))
    assert np.array_equal(labels, before)


def test_two_engines_that_disagree_lower_the_light(torso: Torso, manifest: Manifest) -> None:
    wrong = roughly(torso)
    lung = wrong == 1
    wrong[lung] = 0
    wrong[np.roll(lung, -34, axis=0)] = 1
    found = rows(finish(run_of(wrong, torso.grid), torso.volume, torso.grid, manifest))
    assert found["lung_left"].light == "red"
    assert "engines" in {reason.code for reason in found["lung_left"].reasons}
    assert found["lung_right"].measures.agreement == pytest.approx(1.0, abs=0.1)


def test_an_aorta_the_network_missed_is_followed_by_its_contrast_but_never_green(
    torso: Torso, manifest: Manifest
) -> None:
    labels = roughly(torso)
    labels[labels == 5] = 0
    result = finish(run_of(labels, torso.grid), torso.volume, torso.grid, manifest)
    assert dice(result.mask("aorta"), torso.parts["aorta"]) > 0.9
    assert rows(result)["aorta"].light == "red"


def test_only_what_was_asked_for_is_told(torso: Torso, manifest: Manifest) -> None:
    run = run_of(roughly(torso), torso.grid)
    result = finish(run, torso.volume, torso.grid, manifest, structures=("liver",))
    assert [record.name for record in result.records] == ["liver"]
    assert result.body is None


def test_without_hounsfield_units_no_rule_for_ct_runs_and_all_is_red(torso: Torso, manifest: Manifest) -> None:
    run = run_of(roughly(torso), torso.grid)
    result = finish(run, torso.volume, torso.grid, manifest, quantity="")
    assert np.array_equal(result.labels, run.labels)
    assert {record.light for record in result.records} == {"red"}


def test_fine_networks_keep_their_edges(torso: Torso, manifest: Manifest) -> None:
    run = run_of(roughly(torso), torso.grid, step_mm=1.5)
    result = finish(run, torso.volume, torso.grid, manifest, structures=("liver",))
    assert np.array_equal(result.labels == 4, run.labels == 4)


@pytest.mark.parametrize(("step_mm", "image_mm", "coarse"), [(4.0, 0.8, True), (2.5, 0.8, True), (1.5, 0.8, False)])
def test_edges_are_followed_after_coarse_networks_alone(
    step_mm: float, image_mm: float, coarse: bool, torso: Torso
) -> None:
    run = run_of(np.zeros(torso.volume.shape, np.uint8), torso.grid, step_mm)
    assert is_coarse(run, Grid.from_parts(torso.grid.size_ijk, (image_mm,) * 3)) == coarse
    # the image is no finer itself
    assert not is_coarse(run, Grid.from_parts(torso.grid.size_ijk, (4.0,) * 3))


def test_a_mirrored_scan_is_called_red(torso: Torso, manifest: Manifest) -> None:
    labels = roughly(torso)[:, :, ::-1].copy()
    swapped = labels.copy()
    swapped[labels == 1], swapped[labels == 2] = 2, 1
    # an appearance-driven network calls the left one right
    mirrored = replace(torso, volume=np.ascontiguousarray(torso.volume[:, :, ::-1]))
    found = rows(finish(run_of(labels, torso.grid), mirrored.volume, torso.grid, manifest))
    assert "side" in {reason.code for reason in found["lung_left"].reasons}
    assert found["lung_left"].light == "red"
