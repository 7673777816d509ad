"""Territories as one array: codes, middles, what feeds and drains each, and codes on a surface."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from book_liver import LANDMARKS, book_liver

from planning.liver.couinaud import NUMERALS, CouinaudInputs
from planning.liver.model import LiverModel
from planning.liver.territory_field import KINDS, territory_field


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> LiverModel:
    path: Path = tmp_path_factory.mktemp("book") / "book.theatrum"
    with book_liver(path) as document:
        return LiverModel.prepare(
            organ=[("liver", document.mask("liver"))],
            tumors=[("tumor_1", document.mask("tumor_1"))],
            portal=[("portal_vein", document.mask("portal_vein"))],
            hepatic=[("hepatic_veins", document.mask("hepatic_veins"))],
        )


@pytest.mark.parametrize("kind", KINDS)
def test_codes_part_the_organ_as_the_volumes_say(model: LiverModel, kind: str) -> None:
    field = territory_field(model, kind)
    assert field is not None
    assert ((field.codes > 0) == model.organ.voxels).all()
    counts = np.bincount(field.codes.reshape(-1))[1:]
    assert counts * model.voxel_ml == pytest.approx(np.array(field.volumes_ml))
    for number, name in enumerate(field.names):
        assert (model.territory_voxels(name) == (field.codes == number + 1)).all()


@pytest.mark.parametrize("kind", KINDS)
def test_a_middle_lies_deep_in_its_own_territory(model: LiverModel, kind: str) -> None:
    field = territory_field(model, kind)
    assert field is not None
    assert field.codes_at(field.middles_mm).tolist() == list(range(1, len(field.names) + 1))
    for number, middle in enumerate(field.middles_mm):
        around = middle + 6.0 * np.array([(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)])
        assert (field.codes_at(around) == number + 1).sum() >= 5


def test_shares_of_supply_and_drainage_are_those_of_the_voxels(model: LiverModel) -> None:
    field = territory_field(model, "couinaud")
    assert field is not None
    assert field.feeds is not None
    assert field.drains is not None
    assert model.portal is not None
    assert field.feeds.sum(axis=1) == pytest.approx(np.ones(len(field.names)))
    assert field.drains.sum(axis=1) == pytest.approx(np.ones(len(field.names)))
    own = model.territory_voxels("VI")
    number = model.portal.names[0]
    both = (own & model.territory_voxels(number)).sum() / own.sum()
    assert field.feeds[field.names.index("VI")][0] == pytest.approx(both)
    portal = territory_field(model, "portal")
    assert portal is not None
    assert portal.feeds is None
    assert portal.drains is not None


def test_a_surface_takes_the_codes_of_the_voxels_behind_it(model: LiverModel) -> None:
    field = territory_field(model, "couinaud")
    assert field is not None
    k, j, i = np.nonzero(field.codes)
    outer = int(np.argmin(i))
    index = np.array((i[outer], j[outer], k[outer]), dtype=float)
    place = field.grid.to_world(index - (0.7, 0.0, 0.0))
    assert field.codes_at(place[None])[0] == field.codes[k[outer], j[outer], i[outer]]
    assert field.codes_at(np.array([(900.0, 0.0, 0.0)]))[0] == 0


def test_without_trees_or_segments_there_is_no_field(model: LiverModel) -> None:
    alone = LiverModel.prepare(organ=[("liver", model.organ)])
    assert [territory_field(alone, kind) for kind in KINDS] == [None, None, None]
    by_landmarks = alone.with_anatomy((), CouinaudInputs(tuple(LANDMARKS.items())))
    field = territory_field(by_landmarks, "couinaud")
    assert field is not None
    assert field.names == NUMERALS
    assert (field.feeds, field.drains) == (None, None)
