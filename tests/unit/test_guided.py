"""From clicks to structures of a case: the road that window and `theatrum guide` share."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from guided_scene import (
    AIR_AT,
    HEPATIC_AT,
    LESION_AT,
    LESION_MM,
    NEIGHBOUR_AT,
    PLAIN_AT,
    PORTAL_AT,
    GuidedScene,
    dice,
    guided_document,
)

from app.cli import main
from planning.case.document import Document
from planning.case.guided import (
    HEPATIC,
    NOT,
    PORTAL,
    THIS,
    FoundVessels,
    Mark,
    closed_liver,
    count_words,
    find_vessels,
    free_tumor_name,
    guide_liver,
    guide_tumor,
    guide_vessels,
    guided_command,
    kept_marks,
)
from planning.errors import Cancelled, InputError
from planning.liver.graph import graph_of
from planning.liver.roles import guess_roles
from planning.liver.segment.liver import PreparedScan, prepare_scan
from planning.progress import CancelToken
from planning.volume import Mask


@pytest.fixture(scope="module")
def scene() -> GuidedScene:
    return GuidedScene()


@pytest.fixture(scope="module")
def scan(scene: GuidedScene) -> PreparedScan:
    return prepare_scan(scene.volume)


def mark(kind: str, *places: tuple[float, float, float]) -> Mark:
    return Mark(kind, np.array(places))


def text_of(place: tuple[float, float, float]) -> str:
    return ",".join(str(value) for value in place)


def test_one_click_is_the_liver_and_is_kept_with_it_as_one_step(
    scene: GuidedScene, scan: PreparedScan, tmp_path: Path
) -> None:
    marks = (mark(THIS, PLAIN_AT),)
    found = guide_liver(scan, marks)
    assert dice(found.masks["liver"].full(), scene.liver) > 0.96
    assert found.findings == ()
    assert found.seconds > 0.0
    with guided_document(tmp_path / "case.theatrum", scene) as document:
        steps = document.journal_length
        document.do(guided_command(document, found))
        assert document.journal_length == steps + 1
        kept = document.case.structures["liver"]
        assert (kept.source, kept.provenance.source) == ("automatic", "guided, 1 click")
        assert [one.text for one in kept_marks(kept)] == [one.text for one in marks]
        assert document.mask("liver").voxel_count == found.masks["liver"].voxel_count
    with Document.open(tmp_path / "case.theatrum") as again:
        assert kept_marks(again.case.structures["liver"])[0].points_mm == pytest.approx(np.array([PLAIN_AT]))
        again.undo()
        assert not again.case.structures


def test_finding_again_replaces_the_shape_and_keeps_the_colour(
    scene: GuidedScene, scan: PreparedScan, tmp_path: Path
) -> None:
    marks = (mark(THIS, PLAIN_AT), mark(NOT, NEIGHBOUR_AT))
    with guided_document(tmp_path / "case.theatrum", scene) as document:
        document.do(guided_command(document, guide_liver(scan, marks[:1])))
        before = document.case.structures["liver"]
        document.do(guided_command(document, guide_liver(scan, marks)))
        after = document.case.structures["liver"]
        assert after.color == before.color
        assert after.provenance.source == "guided, 2 clicks"
        document.undo()
        assert document.case.structures["liver"].array == before.array


def test_vessels_that_touch_are_parted_by_a_click_in_each(scene: GuidedScene, scan: PreparedScan) -> None:
    found = find_vessels(scan, Mask.from_full(scene.grid, scene.liver))
    both = guide_vessels(found, (mark(PORTAL, PORTAL_AT), mark(HEPATIC, HEPATIC_AT)))
    portal, hepatic = both.masks["portal_vein"].full(), both.masks["hepatic_veins"].full()
    assert not (portal & hepatic).any()
    within = scene.liver
    assert np.mean(portal[scene.portal & within]) > 0.7
    assert np.mean(hepatic[scene.hepatic & within]) > 0.7
    assert not portal[scene.hepatic].any()
    assert not hepatic[scene.portal].any()
    alone = guide_vessels(found, (mark(HEPATIC, HEPATIC_AT),))
    assert list(alone.masks) == ["hepatic_veins"]
    assert guess_roles(list(both.masks)).portal == ("portal_vein",)
    assert guess_roles(list(both.masks)).hepatic == ("hepatic_veins",)


def test_parted_vessels_are_the_whole_and_a_wrong_side_is_turned_by_a_click(scene: GuidedScene) -> None:
    whole = Mask.from_full(
        scene.grid, scene.portal | scene.hepatic | scene._tubes((((70, 97, 69), (72, 104, 96), 2.2),))
    )
    found = FoundVessels(whole, graph_of(whole), 80.0, 5.0)
    first = guide_vessels(found, (mark(PORTAL, PORTAL_AT), mark(HEPATIC, HEPATIC_AT)))
    parts = [first.masks[name] for name in ("portal_vein", "hepatic_veins")]
    assert sum(part.voxel_count for part in parts) == whole.voxel_count
    assert [finding.code for finding in first.findings] == ["trees_touch"]
    assert dice(parts[0].full(), scene.portal) > 0.95
    assert dice(parts[1].full(), scene.hepatic) > 0.95
    end = (50.0, 100.0, 73.0)
    turned = guide_vessels(found, (mark(PORTAL, PORTAL_AT), mark(HEPATIC, HEPATIC_AT), mark(NOT, end)))
    assert not turned.masks["portal_vein"].full()[tuple(np.rint(scene.grid.to_index(end)).astype(int)[::-1])]


def test_a_tumour_is_held_in_the_liver_and_named_for_the_plan(
    scene: GuidedScene, scan: PreparedScan, tmp_path: Path
) -> None:
    x, y, z = LESION_AT
    line = mark(THIS, (x - LESION_MM, y, z), (x + LESION_MM, y, z))
    found = guide_tumor(scan, (line,), "tumor_1", liver=Mask.from_full(scene.grid, scene.liver))
    assert dice(found.masks["tumor_1"].full(), scene.lesion) > 0.88
    with guided_document(tmp_path / "case.theatrum", scene) as document:
        assert free_tumor_name(document.case) == "tumor_1"
        document.do(guided_command(document, found))
        assert free_tumor_name(document.case) == "tumor_2"
        assert document.case.structures["tumor_1"].provenance.source == "guided, 1 stroke"
        document.do(guided_command(document, guide_liver(scan, (mark(THIS, PLAIN_AT),))))
        whole = closed_liver(list(document.case.structures), document.mask)
        assert guess_roles(list(document.case.structures)).tumors == ("tumor_1",)
        assert whole.full()[found.masks["tumor_1"].full()].all()


def test_marks_off_what_is_meant_are_refused_in_words(scene: GuidedScene, scan: PreparedScan) -> None:
    liver = Mask.from_full(scene.grid, scene.liver)
    with pytest.raises(InputError, match="no liver"):
        guide_liver(scan, (mark(THIS, AIR_AT),))
    with pytest.raises(InputError, match="outside the liver"):
        guide_tumor(scan, (mark(THIS, NEIGHBOUR_AT),), "tumor_1", liver=liver)
    found = FoundVessels(
        Mask.from_full(scene.grid, scene.portal), graph_of(Mask.from_full(scene.grid, scene.portal)), 80.0, 5.0
    )
    with pytest.raises(InputError, match="no vessel"):
        guide_vessels(found, (mark(PORTAL, AIR_AT),))
    with pytest.raises(InputError, match="No click"):
        guide_vessels(found, (mark(NOT, PORTAL_AT),))
    with pytest.raises(InputError, match="cannot be"):
        Mark("perhaps", np.zeros((1, 3)))
    for text in ("this", "this a,b,c", "this 1,2", ""):
        with pytest.raises(InputError):
            Mark.from_text(text)


def test_a_scan_without_contrast_and_a_size_that_is_no_liver_are_said(scene: GuidedScene, scan: PreparedScan) -> None:
    pale = prepare_scan(GuidedScene(liver_hu=55.0).volume)
    assert "no_portal_phase" in [one.code for one in guide_liver(pale, (mark(THIS, PLAIN_AT),)).findings]
    other = guide_liver(scan, (mark(THIS, NEIGHBOUR_AT), mark(NOT, PLAIN_AT)))
    assert "liver_size" in [one.code for one in other.findings]


def test_cancelling_gives_nothing(scene: GuidedScene, scan: PreparedScan) -> None:
    token = CancelToken()
    token.set()
    liver = Mask.from_full(scene.grid, scene.liver)
    with pytest.raises(Cancelled):
        guide_liver(scan, (mark(THIS, PLAIN_AT),), cancel=token)
    with pytest.raises(Cancelled):
        find_vessels(scan, liver, cancel=token)
    with pytest.raises(Cancelled):
        guide_tumor(scan, (mark(THIS, LESION_AT),), "tumor_1", liver=liver, cancel=token)


def test_clicks_and_strokes_are_counted_apart() -> None:
    line = mark(THIS, (0.0, 0.0, 0.0), (1.0, 0.0, 0.0))
    assert count_words(()) == "no click"
    assert count_words((mark(THIS, PLAIN_AT),)) == "1 click"
    assert count_words((line, mark(NOT, PLAIN_AT), mark(THIS, PLAIN_AT), line)) == "2 clicks, 2 strokes"


def test_the_command_finds_all_three_and_counts(scene: GuidedScene, tmp_path: Path, capsys) -> None:
    path = tmp_path / "case.theatrum"
    guided_document(path, scene).close()
    assert main(["guide", str(path), "vessels", f"--portal={text_of(PORTAL_AT)}", "--json"]) == 3
    assert "Find the liver first" in capsys.readouterr().err
    click, refused = f"--click={text_of(PLAIN_AT)}", f"--not={text_of(NEIGHBOUR_AT)}"
    assert main(["guide", str(path), "liver", click, refused, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == "theatrum.guide/1"
    assert (told["clicks"], told["strokes"]) == (2, 0)
    assert told["structures"][0]["volume_ml"] == pytest.approx(
        scene.liver.sum() * scene.grid.voxel_mm3 / 1000.0, rel=0.04
    )
    assert told["seconds"] > 0.0
    assert main(["guide", str(path), "liver", click]) == 3
    assert "already" in capsys.readouterr().err
    places = [f"--portal={text_of(PORTAL_AT)}", f"--hepatic={text_of(HEPATIC_AT)}"]
    assert main(["guide", str(path), "vessels", *places, "--quiet"]) == 0
    assert "portal_vein" in capsys.readouterr().out
    x, y, z = LESION_AT
    line = f"{x - LESION_MM},{y},{z} {x + LESION_MM},{y},{z}"
    assert main(["guide", str(path), "tumor", "--line", line, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["structures"][0]["name"] == "tumor_1"
    assert main(["guide", str(path), "tumor", f"--not={text_of(PLAIN_AT)}"]) == 2
    with Document.open(path, read_only=True) as document:
        assert list(document.case.structures) == ["liver", "portal_vein", "hepatic_veins", "tumor_1"]
        assert document.journal_length == 4
