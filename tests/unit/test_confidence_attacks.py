"""Scans that deceive: a network that is sure of itself, a calibration that believes it, and still nothing wrong is green."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from scipy import ndimage

from inference.combine import Combined, finish
from inference.confidence.calibration import Calibration, CaseResult
from inference.confidence.facts import AORTA, BONE, LIVER, LUNG
from inference.confidence.measures import dice
from inference.manifest import Label, Manifest
from inference.pipeline import Segmentation, StageReport, StructureEvidence
from planning.geometry import Grid
from tests.support.plain_torso import Torso, plain_torso
from tests.support.small_models import make_model, make_stage

LABELS = (
    # the torso is a small one
    Label(index=1, name="lung_left", code=("SCT", LUNG, "Lung"), laterality="left", volume_ml=(300, 4500)),
    Label(index=2, name="lung_right", code=("SCT", LUNG, "Lung"), laterality="right", volume_ml=(300, 4500)),
    Label(index=3, name="bone", code=("SCT", BONE, "Bone")),
    Label(index=4, name="liver", code=("SCT", LIVER, "Liver")),
    Label(index=5, name="aorta", code=("SCT", AORTA, "Aorta")),
)
INDEX = {label.name: label.index for label in LABELS}


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A scan, what a network says of it, and what is true. All `[k, j, i]`; truth holds the labels' indices."""

    volume: np.ndarray
    grid: Grid
    found: np.ndarray
    truth: np.ndarray


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    folder = tmp_path_factory.mktemp("model")
    made = make_model(folder, make_stage(folder, classes=len(LABELS) + 1)).manifest
    return made.model_copy(update={"labels": LABELS})


@pytest.fixture(scope="module")
def honest() -> Scene:
    torso: Torso = plain_torso()
    truth = np.zeros(torso.volume.shape, np.uint8)
    for label in LABELS:
        truth[torso.parts[label.name]] = label.index
    volume = torso.volume.copy()
    # lungs end below the border
    above = np.isin(truth[-4:], (1, 2))
    truth[-4:][above], volume[-4:][above] = 0, 45
    # left of the spine lies the gut, in fat
    gut = np.zeros(truth.shape, dtype=bool)
    gut[2:46, 8:60, 68:108] = True
    volume[gut & (truth == 0) & (volume > -60)] = -80
    return Scene(volume, torso.grid, truth.copy(), truth)


def believing() -> Calibration:
    """Thirty patients on whom the model was always right."""
    results = [
        CaseResult(case=f"p{n}", structure=label.name, features=(0.1, 0.0, 0.0, 0.0), difficulty=1.0, dice=0.97,
                   found_ml=1000.0, true_ml=1000.0)
        for n in range(30) for label in LABELS
    ]  # fmt: skip
    return Calibration(
        model="small", version="1.0", model_hash="", weights=(6.0, -4.0, -2.0, -2.0, -1.0), results=tuple(results)
    )


def judged(scene: Scene, manifest: Manifest) -> Combined:
    """As if a network of 1.5 mm had found it, sure everywhere."""
    evidence = []
    for label in LABELS:
        volume_ml = float((scene.found == label.index).sum()) * scene.grid.voxel_mm3 / 1000.0
        evidence.append(StructureEvidence(
            name=label.name, index=label.index, voxels=int((scene.found == label.index).sum()), volume_ml=volume_ml,
            boundary_cells=100, mean_margin=0.9, low_margin_share=0.01, mean_entropy=0.1, expected_ml=volume_ml,
            spread_ml=0.5, touches_border=False, certainty=0.99,
        ))  # fmt: skip
    stage = StageReport("a", 1, 1, (1, 1, 1), (1.5,) * 3, 0.0, 0.0, 0.0, 0.0)
    run = Segmentation(scene.found, tuple(evidence), "cpu", "fp32", 1.0, 1.0, (), (), (stage,), "")
    return finish(run, scene.volume, scene.grid, manifest, calibration=believing())


def greens(result: Combined) -> set[str]:
    return {record.name for record in result.records if record.light == "green"} - {"body"}


def wrong(scene: Scene, result: Combined) -> set[str]:
    """Structures below a Dice of 0.8."""
    return {n for n, index in INDEX.items() if dice(result.mask(n), scene.truth == index) < 0.8}


def swapped(labels: np.ndarray) -> np.ndarray:
    """Lungs named by where they lie."""
    other = labels.copy()
    other[labels == 1], other[labels == 2] = 2, 1
    return other


def mirrored(scene: Scene) -> Scene:
    """The network finds each organ by its looks and names lungs by their place."""
    turned, truth = np.flip(scene.volume, 2), np.flip(scene.truth, 2)
    return Scene(turned.copy(), scene.grid, swapped(truth), truth.copy())


def mirrored_without_a_chest(scene: Scene) -> Scene:
    """An abdomen without contrast, in which the network finds liver and aorta where they lie in other patients."""
    one = mirrored_and_dreamt(scene)
    part, grid = slice(0, 44), scene.grid.cropped((0, 0, 0), (*scene.grid.size_ijk[:2], 44))
    volume = np.where(one.truth == INDEX["aorta"], 45, one.volume).astype(np.int16)
    found = one.found.copy()
    found[found == INDEX["aorta"]] = 0
    found[(scene.truth == INDEX["aorta"]) & (found == 0)] = INDEX["aorta"]
    return Scene(volume[part].copy(), grid, found[part].copy(), one.truth[part].copy())


def mirrored_and_dreamt(scene: Scene) -> Scene:
    """The network finds the liver where a liver lies in other patients."""
    one = mirrored(scene)
    found = one.found.copy()
    found[found == INDEX["liver"]] = 0
    found[(scene.truth == INDEX["liver"]) & (found == 0)] = INDEX["liver"]
    return Scene(one.volume, one.grid, found, one.truth)


def upside_down(scene: Scene) -> Scene:
    """Everything is dreamt where it usually lies."""
    return Scene(np.flip(scene.volume, 0).copy(), scene.grid, scene.found, np.flip(scene.truth, 0).copy())


def turned(scene: Scene) -> Scene:
    """A quarter turn, the liver dreamt at its usual place."""
    volume, truth = np.rot90(scene.volume, 1, (1, 2)), np.rot90(scene.truth, 1, (1, 2))
    grid = Grid.from_parts(volume.shape[::-1], scene.grid.spacing_mm)
    found = truth.copy()
    found[found == INDEX["liver"]] = 0
    found[10:40, 40:70, 10:35] = INDEX["liver"]
    return Scene(volume.copy(), grid, found, truth.copy())


def another_organ(scene: Scene) -> Scene:
    """What lies across the spine is called liver."""
    found = scene.found.copy()
    liver = scene.truth == INDEX["liver"]
    found[liver] = 0
    across = np.flip(liver, 2) & (found == 0) & (scene.volume > -200)
    found[across] = INDEX["liver"]
    return Scene(scene.volume, scene.grid, found, scene.truth)


def resected(scene: Scene) -> Scene:
    """The liver is not there any more, fat is."""
    liver = scene.truth == INDEX["liver"]
    truth, volume = scene.truth.copy(), scene.volume.copy()
    truth[liver] = 0
    volume[liver] = -100
    return Scene(volume, scene.grid, scene.found, truth)


def half_at_the_border(scene: Scene) -> Scene:
    """The scan ends in the liver, and the network goes no nearer to the end than 3 mm."""
    cut = slice(28, None)
    found = scene.found[cut].copy()
    found[:8][found[:8] == INDEX["liver"]] = 0
    found[1:8][scene.truth[cut][1:8] == INDEX["liver"]] = 0
    grid = scene.grid.cropped((0, 0, 28), (*scene.grid.size_ijk[:2], found.shape[0]))
    return Scene(scene.volume[cut].copy(), grid, found, scene.truth[cut].copy())


def like_mr(scene: Scene) -> Scene:
    """No value below zero, bones dark; the network's result is off by 30 mm."""
    volume = np.clip(np.where(scene.volume > 200, 100, scene.volume + 300), 0, 800).astype(np.int16)
    return Scene(volume, scene.grid, np.roll(scene.found, 10, axis=1), scene.truth)


def wrong_rescale(scene: Scene) -> Scene:
    return Scene((scene.volume + 300).astype(np.int16), scene.grid, np.roll(scene.found, 10, axis=1), scene.truth)


def lost_in_noise(scene: Scene) -> Scene:
    noise = np.random.default_rng(0).normal(0, 130, scene.volume.shape)
    return Scene((scene.volume + noise).astype(np.int16), scene.grid, np.roll(scene.found, 10, axis=1), scene.truth)


def only_a_shell(scene: Scene) -> Scene:
    """A third of the liver."""
    found = scene.found.copy()
    liver = found == INDEX["liver"]
    found[liver] = 0
    found[ndimage.binary_erosion(liver, iterations=6)] = INDEX["liver"]
    return Scene(scene.volume, scene.grid, found, scene.truth)


ATTACKS: tuple[Callable[[Scene], Scene], ...] = (
    mirrored,
    mirrored_and_dreamt,
    mirrored_without_a_chest,
    upside_down,
    turned,
    another_organ,
    resected,
    half_at_the_border,
    like_mr,
    wrong_rescale,
    lost_in_noise,
    only_a_shell,
)


def test_what_is_right_may_be_green(honest: Scene, manifest: Manifest) -> None:
    result = judged(honest, manifest)
    assert wrong(honest, result) == set()
    assert {"liver", "lung_left", "lung_right"} <= greens(result)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_nothing_wrong_is_green(attack: Callable[[Scene], Scene], honest: Scene, manifest: Manifest) -> None:
    scene = attack(honest)
    result = judged(scene, manifest)
    below = wrong(scene, result)
    assert below, "the attack does no harm"
    assert not below & greens(result)


@pytest.mark.parametrize("factors", [(1.0, 1.0, 3.0), (1.0, 1.0, 0.5), (0.5, 0.5, 1.0), (0.5, 1.0, 1.0)])
def test_wrong_spacing_in_the_header_is_not_green(
    factors: tuple[float, float, float], honest: Scene, manifest: Manifest
) -> None:
    spacing: Any = tuple(float(a) * b for a, b in zip(honest.grid.spacing_mm, factors, strict=True))
    grid = Grid.from_parts(honest.grid.size_ijk, spacing)
    result = judged(Scene(honest.volume, grid, honest.found, honest.truth), manifest)
    assert "liver" not in greens(result)
