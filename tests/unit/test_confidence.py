"""Lights and reasons: each rule speaks when it should, nothing is green without support, and scores learn."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.classical.coarse import Coarse
from inference.confidence.calibration import (
    FEATURES,
    Calibration,
    CaseResult,
    conformal_log_factor,
    features_of,
    fitted,
    own_means,
    probability,
    read_calibration,
    volume_interval,
    write_calibration,
)
from inference.confidence.facts import AORTA, BONE, HEART, LIVER, LUNG, SPLEEN, hu_range, volume_range_ml
from inference.confidence.measures import Measures, dice, measure, near_dice
from inference.confidence.reasons import left_of_spine, of_scan, of_sides, of_structure, shows_left, worst
from inference.confidence.scan_facts import ScanFacts, look_at, phase_of
from inference.confidence.solid import solid_by_side
from inference.confidence.verdict import judge
from inference.manifest import Label
from planning.errors import ModelError
from planning.geometry import Grid

FACTS = ScanFacts("HU", -1000.0, -95.0, 1.0, 400.0, 1.4, 15.0)
LIVER_LABEL = Label(index=1, name="liver", code=("SCT", LIVER, "Liver"))
SPLEEN_LABEL = Label(index=2, name="spleen", code=("SCT", SPLEEN, "Spleen"))
AORTA_LABEL = Label(index=3, name="aorta", code=("SCT", AORTA, "Aorta"))
BONE_LABEL = Label(index=4, name="bone", code=("SCT", BONE, "Bone"))
HEART_LABEL = Label(index=5, name="heart", code=("SCT", HEART, "Heart"))
LEFT_LUNG = Label(index=6, name="lung_left", code=("SCT", LUNG, "Lung"), laterality="left")
RIGHT_LUNG = Label(index=7, name="lung_right", code=("SCT", LUNG, "Lung"), laterality="right")
GOOD = Measures(
    1500.0, 0.6, 0.1, 0.3, 1500.0, 20.0, False, 0.0, 110.0, 15.0, (-60.0, 0.0, 0.0), ambiguous_ml=40.0, certainty=0.97
)
# beside a structure they show which side is left
BESIDE = {
    "bone": Measures(1500.0, median_hu=300.0, centroid_mm=(0.0, 40.0, 100.0), spine_mm=0.0),
    "heart": Measures(600.0, median_hu=130.0, centroid_mm=(20.0, -40.0, 150.0)),
}


def light_of(label: Label, measures: Measures, score: Calibration | None = None, facts: ScanFacts | None = None) -> str:
    """Of a structure beside bones and a heart."""
    labels = [label, BONE_LABEL, HEART_LABEL]
    return judge(facts or FACTS, labels, {label.name: measures, **BESIDE}, score).records[0].light


def codes(label: Label, measures: Measures, phase: str | None = "portal") -> set[str]:
    return {reason.code for reason in of_structure(label, measures, phase)}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"quantity": ""}, "modality"),
        ({"dark_share": 0.0}, "modality"),
        ({"air_hu": -900.0}, "air"),
        ({"air_hu": -800.0}, "air"),
        ({"air_hu": None, "fat_hu": -290.0}, "fat"),
        ({"slice_mm": 7.5}, "slices"),
        ({"slice_mm": 10.0}, "slices"),
        ({"wide_over_deep": 0.7}, "turned"),
        ({"noise_hu": 90.0}, "noise"),
    ],
)
def test_a_scan_is_doubted_for_one_reason(changed: dict[str, object], code: str) -> None:
    assert of_scan(FACTS) == []
    assert [reason.code for reason in of_scan(replace(FACTS, **changed))] == [code]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"volume_ml": 0.0, "median_hu": None}, "empty"),
        ({"volume_ml": 300.0}, "volume"),
        ({"volume_ml": 6000.0}, "volume"),
        ({"median_hu": 30.0}, "hu"),
        ({"touches_border": True}, "border"),
        ({"second_piece_share": 0.1}, "pieces"),
        ({"gap_share": 0.2}, "gaps"),
        ({"agreement": 0.8}, "engines"),
        ({"stability": 0.85}, "repeated"),
    ],
)
def test_a_structure_is_doubted_for_one_reason(changed: dict[str, object], code: str) -> None:
    assert codes(LIVER_LABEL, GOOD) == set()
    assert codes(LIVER_LABEL, replace(GOOD, **changed)) == {code}  # type: ignore[arg-type]


def test_reasons_are_plain_sentences() -> None:
    bad = replace(GOOD, volume_ml=6000.0, median_hu=-40.0, touches_border=True, agreement=0.3, second_piece_share=0.4)
    told = [*of_structure(LIVER_LABEL, bad, "portal"), *of_scan(replace(FACTS, air_hu=-700.0, slice_mm=9.0))]
    for reason in told:
        assert reason.text[0].isupper()
        assert not reason.text.endswith(".")
    assert worst(reason.light for reason in told) == "red"
    assert worst(()) == "green"


def test_an_aorta_without_contrast_is_no_vessel_to_measure() -> None:
    native = replace(GOOD, volume_ml=150.0, median_hu=42.0)
    assert codes(AORTA_LABEL, native, "native") == {"contrast"}


def test_a_part_of_an_organ_at_the_border_is_not_called_small() -> None:
    assert codes(LIVER_LABEL, replace(GOOD, volume_ml=200.0, touches_border=True)) == {"border"}


def test_sides_contradict_each_other_only_when_mirrored() -> None:
    labels = {"liver": LIVER_LABEL, "spleen": SPLEEN_LABEL}
    right = {"liver": GOOD, "spleen": replace(GOOD, centroid_mm=(90.0, 0.0, 0.0))}
    assert of_sides(labels, right) == ([], {})
    wrong = {"liver": replace(GOOD, centroid_mm=(90.0, 0.0, 0.0)), "spleen": GOOD}
    whole, _ = of_sides(labels, wrong)
    assert [reason.light for reason in whole] == ["red"]


def test_kidneys_that_changed_places_and_lungs_below_the_liver() -> None:
    def lung(side: str) -> Label:
        return Label(index=4, name=f"lung_{side}", code=("SCT", LUNG, "Lung"), laterality=side)  # type: ignore[arg-type]

    labels = {"lung_left": lung("left"), "lung_right": lung("right"), "liver": LIVER_LABEL}
    below = replace(GOOD, centroid_mm=(60.0, 0.0, -200.0))
    whole, own = of_sides(labels, {"lung_left": replace(below, centroid_mm=(-60.0, 0.0, -200.0)), "lung_right": below,
                                   "liver": GOOD})  # fmt: skip
    assert [reason.code for reason in whole] == ["side"]
    assert set(own) == {"lung_left", "lung_right"}


def test_a_heart_right_of_the_spine_tells_of_a_mirrored_scan() -> None:
    labels = {"bone": BONE_LABEL, "heart": HEART_LABEL}
    bone = replace(GOOD, spine_mm=-5.0)
    left = {"bone": bone, "heart": replace(GOOD, centroid_mm=(20.0, 0.0, 0.0))}
    assert of_sides(labels, left) == ([], {})
    assert left_of_spine(labels, left) == pytest.approx(20.0)
    right = {"bone": bone, "heart": replace(GOOD, centroid_mm=(-15.0, 0.0, 0.0))}
    assert [reason.code for reason in of_sides(labels, right)[0]] == ["side"]
    assert left_of_spine({"heart": HEART_LABEL}, right) is None


def test_the_side_of_most_solid_tissue_tells_of_a_mirrored_scan() -> None:
    assert of_sides({}, {}, (600.0, 80.0)) == ([], {})
    assert [reason.light for reason in of_sides({}, {}, (80.0, 600.0))[0]] == ["red"]
    # too little to say anything
    assert of_sides({}, {}, (5.0, 30.0)) == ([], {})
    assert shows_left({}, {}, (600.0, 80.0))
    assert not shows_left({}, {}, (60.0, 55.0))
    assert not shows_left({}, {}, None)


@pytest.mark.parametrize("turned", [False, True])
def test_solid_tissue_is_measured_by_side_whatever_way_the_scan_is_stored(turned: bool) -> None:
    volume = np.full((40, 60, 80), -100, dtype=np.int16)
    volume[10:35, 10:50, 10:40], volume[10:30, 20:40, 50:70] = 60, 60
    matrix = np.diag([2.5, 2.5, 2.5, 1.0])
    matrix[:3, 3] = (-112.5, 0.0, 0.0)
    if turned:
        # the same voxels, stored from the left and from behind
        volume = np.ascontiguousarray(volume[:, ::-1, ::-1])
        matrix[0, :] = (-2.5, 0.0, 0.0, -112.5 + 79 * 2.5)
        matrix[1, :] = (0.0, -2.5, 0.0, 59 * 2.5)
    grid = Grid((80, 60, 40), matrix)
    coarse = Coarse.of(volume, grid)
    right, left = solid_by_side(coarse, grid, 0.0)
    assert right > 10 * left > 0
    assert solid_by_side(coarse, grid, 0.0, coarse.hu > 0)[0] == 0


def test_an_organ_beyond_the_spine_and_an_unlike_pair_are_told() -> None:
    labels = {"bone": BONE_LABEL, "liver": LIVER_LABEL, "lung_left": LEFT_LUNG, "lung_right": RIGHT_LUNG}
    right = {
        "bone": replace(GOOD, spine_mm=0.0),
        "liver": GOOD,
        "lung_left": replace(GOOD, volume_ml=2300.0, centroid_mm=(70.0, 0.0, 90.0)),
        "lung_right": replace(GOOD, volume_ml=2600.0, centroid_mm=(-70.0, 0.0, 90.0)),
    }
    assert of_sides(labels, right) == ([], {})
    beyond = right | {"liver": replace(GOOD, centroid_mm=(60.0, 0.0, 0.0))}
    assert [reason.code for reason in of_sides(labels, beyond)[1]["liver"]] == ["side"]
    collapsed = right | {"lung_left": replace(right["lung_left"], volume_ml=900.0)}
    own = of_sides(labels, collapsed)[1]
    assert {name: [(r.code, r.light) for r in reasons] for name, reasons in own.items()} == {
        "lung_left": [("pair", "amber")],
        "lung_right": [("pair", "amber")],
    }


@pytest.mark.parametrize(
    ("medians", "phase"),
    [
        ({AORTA: 390.0, LIVER: 75.0}, "arterial"),
        ({AORTA: 160.0, LIVER: 110.0}, "portal"),
        ({AORTA: 42.0, LIVER: 55.0}, "native"),
        ({AORTA: 95.0, LIVER: 85.0}, "late"),
        ({LIVER: 110.0, SPLEEN: 120.0}, "portal"),
        ({}, None),
    ],
)
def test_blood_tells_the_phase(medians: dict[str, float], phase: str | None) -> None:
    assert phase_of(medians) == phase


def test_a_models_own_ranges_go_before_the_general_ones() -> None:
    own = Label(index=1, name="liver", code=LIVER_LABEL.code, volume_ml=(1.0, 2.0), hu={"portal": (0.0, 5.0)})
    assert volume_range_ml(own) == (1.0, 2.0)
    assert hu_range(own, "portal") == (0.0, 5.0)
    assert volume_range_ml(LIVER_LABEL) == (700, 3000)
    assert volume_range_ml(Label(index=9, name="x")) is None
    assert hu_range(Label(index=9, name="x"), None) is None


def test_nothing_is_green_without_calibration_unless_two_engines_agree() -> None:
    alone = judge(FACTS, [LIVER_LABEL], {"liver": GOOD}).records[0]
    assert alone.light != "green"
    assert not alone.calibrated
    lung = replace(GOOD, median_hu=-850.0, centroid_mm=(70.0, 0.0, 150.0), volume_ml=2400.0, agreement=0.97)
    assert light_of(LEFT_LUNG, lung) == "green"
    assert light_of(LEFT_LUNG, replace(lung, agreement=0.90)) == "amber"
    assert light_of(LEFT_LUNG, replace(lung, agreement=0.97, stability=0.7)) == "red"
    # without a spine and a heart nobody knows which side is left
    assert judge(FACTS, [LEFT_LUNG], {"lung_left": lung}).records[0].light == "amber"
    # rules find bones and vessels in part: that they agree with them is not enough
    assert light_of(LIVER_LABEL, replace(GOOD, agreement=0.99)) == "amber"


def test_a_rule_is_stronger_than_any_score() -> None:
    score = calibration(rows(30), (6.0, 0.0, 0.0, 0.0, 0.0))
    assert light_of(LIVER_LABEL, GOOD, score) == "green"
    assert light_of(LIVER_LABEL, GOOD, score, replace(FACTS, wide_over_deep=0.6)) == "red"
    huge = judge(FACTS, [LIVER_LABEL], {"liver": replace(GOOD, volume_ml=9000.0)}, score).records[0]
    assert huge.light == "red"
    assert huge.confidence <= 0.5


def rows(n: int, good: bool = True, name: str = "liver", off: float = 1.05) -> list[CaseResult]:
    clear = [0.1, 0.03, 0.0, 0.0] if good else [0.9, 0.3, 0.0, 0.4]
    return [
        CaseResult(
            case=f"{name}{good}{k}",
            structure=name,
            features=tuple(clear),
            difficulty=1.2,
            dice=0.95 if good else 0.4,
            found_ml=1000.0 * off ** (k % 3),
            true_ml=1000.0,
        )
        for k in range(n)
    ]


def calibration(results: list[CaseResult], weights: tuple[float, ...] | None = None) -> Calibration:
    return Calibration(model="m", version="1", model_hash="", results=tuple(results), weights=weights)


def test_a_score_learns_to_part_good_from_bad() -> None:
    results = rows(20) + rows(20, good=False)
    score = calibration(results, fitted(results))
    assert probability(np.array(results[0].features), score) > 0.85
    assert probability(np.array(results[-1].features), score) < 0.1
    with pytest.raises(ModelError, match="some that did not"):
        fitted(rows(20))


def test_patients_weigh_alike_whatever_their_copies() -> None:
    one = rows(3) + rows(3, good=False)
    copies = one + [one[0]] * 50
    assert np.allclose(fitted(one, ridge=8.0), fitted(copies, ridge=8.0), atol=1.5)


def test_calibrated_structures_may_be_green_and_unsure_ones_not() -> None:
    results = rows(12) + rows(12, good=False, name="spleen")
    score = calibration(results, fitted(rows(40) + rows(40, good=False)))
    sharp = replace(GOOD, certainty=0.99, ambiguous_ml=10.0)
    record = judge(FACTS, [LIVER_LABEL, BONE_LABEL, HEART_LABEL], {"liver": sharp, **BESIDE}, score).records[0]
    assert record.calibrated
    assert record.patients == 12
    assert record.light == ("green" if record.confidence >= 0.95 else "amber")
    vague = replace(GOOD, certainty=0.5, ambiguous_ml=900.0)
    assert judge(FACTS, [LIVER_LABEL], {"liver": vague}, score).records[0].light == "red"


@pytest.mark.parametrize(("n", "known"), [(0, False), (8, False), (9, True), (30, True)])
def test_an_interval_needs_nine_patients(n: int, known: bool) -> None:
    interval = volume_interval("liver", GOOD, calibration(rows(n)))
    assert interval.calibrated is known
    assert interval.patients == n
    assert interval.low_ml < GOOD.volume_ml < interval.high_ml
    if not known:
        assert interval.high_ml / interval.low_ml > 2.0


def test_corrupted_copies_are_no_patients() -> None:
    copies = [one.model_copy(update={"corruption": "noise"}) for one in rows(20)]
    assert not volume_interval("liver", GOOD, calibration(copies)).calibrated
    assert calibration(copies).patients == ()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0.5, 2.0), st.floats(1.0, 3.0)), min_size=9, max_size=60),
    st.sampled_from([0.5, 0.8, 0.9]),
)
def test_conformal_intervals_hold_the_wanted_share_of_their_own_cases(
    cases: list[tuple[float, float]], coverage: float
) -> None:
    results = [(100.0 * off, 100.0, hard) for off, hard in cases]
    factor = conformal_log_factor(results, coverage)
    assert factor is not None
    held = np.mean([abs(math.log(found / true)) <= hard * factor + 1e-12 for found, true, hard in results])
    assert held >= coverage - 1e-9


def test_intervals_of_new_cases_hold_nine_of_ten() -> None:
    rng = np.random.default_rng(3)
    held = []
    for _ in range(400):
        errors = rng.normal(0, 0.1, 25)
        factor = conformal_log_factor([(100 * math.exp(e), 100.0, 1.0) for e in errors[:24]])
        assert factor is not None
        held.append(abs(errors[24]) <= factor)
    assert 0.86 <= float(np.mean(held)) <= 0.97


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 5000), st.none() | st.floats(0, 1), st.none() | st.floats(-1100, 2000), st.none() | st.floats(0, 1))
def test_features_are_finite_and_bounded(
    volume: float, margin: float | None, hu: float | None, agreement: float | None
) -> None:
    measures = replace(GOOD, volume_ml=volume, certainty=margin, median_hu=hu, agreement=agreement)
    found = features_of(LIVER_LABEL, measures, lost=True)
    assert found.shape == (len(FEATURES),)
    assert np.isfinite(found).all()
    assert found.min() >= 0
    assert found.max() <= 2
    assert 0 < probability(found, None) < 1


def test_a_calibration_is_kept_and_refused_when_broken(tmp_path: Path) -> None:
    kept = calibration(rows(3), weights=tuple(float(n) for n in range(5)))
    path = write_calibration(kept, tmp_path / "new" / "c.json")
    assert read_calibration(path) == kept
    assert own_means(kept)["liver"][0] == 3
    path.write_text('{"schema": 1, "model": 7}')
    with pytest.raises(ModelError, match=r"c\.json"):
        read_calibration(path)


def test_measures_are_those_of_the_voxels() -> None:
    grid = Grid.from_parts((40, 30, 20), (1.0, 1.0, 2.0), (-20.0, 0.0, 0.0))
    labels = np.zeros(grid.shape_kji, dtype=np.uint8)
    labels[8:14, 10:20, 5:15] = 1
    labels[8:14, 10:12, 18:20] = 1
    labels[18:, :5, :5] = 2
    volume = np.where(labels == 1, 111, -90).astype(np.int16)
    found = measure(labels, volume, grid, [LIVER_LABEL, SPLEEN_LABEL, AORTA_LABEL])
    liver = found["liver"]
    assert liver.volume_ml == pytest.approx((600 + 24) * 2 / 1000)
    assert liver.median_hu == 111
    assert not liver.touches_border
    assert 0 < liver.second_piece_share < 0.1
    assert liver.centroid_mm[2] == pytest.approx(21.0, abs=1.0)
    assert found["spleen"].touches_border
    assert found["aorta"].volume_ml == 0
    assert found["aorta"].median_hu is None


def test_an_aorta_with_a_gap_beside_the_liver_is_told() -> None:
    grid = Grid.from_parts((40, 40, 20), (2.0, 2.0, 2.0))
    labels = np.zeros(grid.shape_kji, dtype=np.uint8)
    labels[2:18, 4:36, 2:20] = 1
    labels[2:8, 16:24, 28:34] = 3
    found = measure(labels, np.zeros(grid.shape_kji, np.int16), grid, [LIVER_LABEL, AORTA_LABEL])
    assert found["aorta"].gap_share == pytest.approx(10 / 16)


def test_agreement_forgives_a_boundary() -> None:
    one = np.zeros((20, 20, 20), dtype=bool)
    one[5:15, 5:15, 5:15] = True
    two = np.roll(one, 1, axis=0)
    assert near_dice(one, two, (2.0, 2.0, 2.0), 2.0) == 1.0
    assert dice(one, two) == pytest.approx(0.9)
    assert near_dice(one, np.zeros_like(one), (1, 1, 1), 2.0) == 0.0
    assert near_dice(np.zeros_like(one), np.zeros_like(one), (1, 1, 1), 2.0) == 1.0


def test_a_scan_tells_of_air_fat_and_its_orientation() -> None:
    rng = np.random.default_rng(0)
    _, y, x = np.mgrid[0:24, 0:80, 0:120]
    inside = ((x - 60) / 50.0) ** 2 + ((y - 40) / 30.0) ** 2 < 1
    fat = inside & (((x - 60) / 44.0) ** 2 + ((y - 40) / 25.0) ** 2 > 1)
    hu = np.where(inside, 50, -1000) + np.where(fat, -150, 0) + rng.normal(0, 12, x.shape)
    volume = np.round(hu).astype(np.int16)
    grid = Grid.from_parts((120, 80, 24), (3.0, 3.0, 3.0))
    facts = look_at(volume, grid)
    assert of_scan(facts) == []
    assert facts.air_hu == pytest.approx(-1000, abs=10)
    assert facts.fat_hu == pytest.approx(-100, abs=15)
    assert facts.noise_hu == pytest.approx(12, rel=0.25)
    turned = look_at(np.ascontiguousarray(np.rot90(volume, 1, (1, 2))), Grid.from_parts((80, 120, 24), (3.0, 3.0, 3.0)))
    assert {reason.code for reason in of_scan(turned)} == {"turned"}
    shifted = {reason.code for reason in of_scan(look_at((volume + 200).astype(np.int16), grid))}
    assert "air" in shifted
