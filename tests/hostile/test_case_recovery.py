"""What is brought back of a damaged case is what was there, what is not is named, and the damaged file stays as it is."""

from __future__ import annotations

import json
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from cases import add_structures, make_case
from durability import PASSPHRASE, leave_log, light_key
from hypothesis import given
from hypothesis import strategies as st

from app.cli import main
from planning.case import journal, keys
from planning.case.commands import AddImage, AddMeasurement, SetLabel, SetPlan
from planning.case.document import Document
from planning.case.encrypting import encrypt_case
from planning.case.held import is_locked
from planning.case.keys import CaseKey
from planning.case.manifest import case_json, image_json, structure_json
from planning.case.model import ArrayRef, Case, Image, Measurement, PlanRecord
from planning.case.raw_pages import RawFile
from planning.case.raw_rows import rows_of
from planning.case.recovered import Recovered
from planning.case.recovering import AIR_HU, default_target, recover_case
from planning.case.salvage import Salvage
from planning.case.second_copy import second_case
from planning.case.store import CHUNK_SLICES
from planning.case.verify import verify_case
from planning.errors import CaseError
from planning.geometry import Grid
from planning.provenance import Provenance
from planning.volume import Mask, Volume

GRID = Grid.from_parts((40, 36, 70), (0.8, 0.8, 1.5))
PAGE = 16384
LABELS = 12


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An image of five blocks, two structures, a plan, a measurement, some steps undone and redone."""
    path = tmp_path_factory.mktemp("case") / "whole.theatrum"
    generator = np.random.default_rng(4)
    voxels = generator.integers(-900, 1000, GRID.shape_kji).astype(np.int16)
    with make_case(path, Volume(GRID, voxels)) as document:
        masks = {name: Mask.from_full(GRID, generator.random(GRID.shape_kji) < 0.3) for name in ("liver", "tumor")}
        add_structures(document, masks)
        plan = PlanRecord(
            name="A", kind="liver", inputs={"organ": ["liver"]}, results={"organ_ml": 1.0}, created="now",
            provenance=Provenance("test"),
        )  # fmt: skip
        document.do(SetPlan(plan))
        points = ((0.0, 0.0, 0.0), (3.0, 0.0, 4.0))
        document.do(AddMeasurement(Measurement(name="m", kind="distance", points_mm=points, value=5.0, unit="mm")))
        for number in range(LABELS):
            document.do(SetLabel(f"label {number}"))
        document.undo()
        document.redo()
    return path


def _shown(path: Path, key: CaseKey | None = None) -> tuple[str, np.ndarray, dict[str, bytes]]:
    with Document.open(path, read_only=True, key=key) as document:
        masks = {name: document.mask(name).voxels.tobytes() for name in document.case.structures}
        images = document.case.images
        voxels = document.volume("CT").voxels.copy() if images else np.empty(0)
        return json.dumps(case_json(document.case), sort_keys=True), voxels, masks


def _damaged(whole: Path, folder: Path, damage: bytes | bytearray) -> Path:
    path = folder / "damaged.theatrum"
    path.write_bytes(damage)
    return path


def _recovered(path: Path, key: CaseKey | None = None) -> tuple[Recovered, Path]:
    """Bring it back; the damaged file and all beside it must not change by that."""
    beside = {item.name: item.read_bytes() for item in path.parent.iterdir() if item.name.startswith(path.name)}
    target = path.with_name("back.theatrum")
    told = recover_case(path, target, key=key, force=True)
    verify_case(target, key)
    assert {item.name: item.read_bytes() for item in path.parent.iterdir() if item.name.startswith(path.name)} == beside
    return told, target


def _proves_true(whole: Path, told: Recovered, target: Path, key: CaseKey | None = None) -> None:
    """Everything that is not named as lost is as it was."""
    text, voxels, masks = _shown(whole)
    found_text, found, found_masks = _shown(target, key)
    if told.is_whole:
        assert found_text == text
    lost = np.zeros(len(voxels), dtype=bool)
    for image in told.images:
        for first, last in image.lost:
            lost[first : last + 1] = True
    if told.images:
        assert np.array_equal(found[~lost], voxels[~lost])
        assert (found[lost] == AIR_HU).all()
        assert told.images[0].lost_slices == lost.sum()
    assert all(found_masks[name] == masks[name] for name in found_masks)
    assert set(found_masks) | set(told.structures_lost) == set(masks)


@pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "encrypted"])
@pytest.mark.parametrize("kind", ["header", "cut", "zero tail", "zero pages", "noise", "bits"])
def test_what_comes_back_is_what_was_there(kind: str, encrypted: bool, whole: Path, tmp_path: Path) -> None:
    source, key = tmp_path / "source.theatrum", light_key() if encrypted else None
    shutil.copyfile(whole, source)
    if key is not None:
        encrypt_case(source, key=key)
    raw = source.read_bytes()
    generator = np.random.default_rng(len(kind))
    came = 0
    for _ in range(1 if kind == "header" else 8):
        damage, at = bytearray(raw), int(generator.integers(len(raw) // 4, len(raw)))
        if kind == "header":
            damage[16:100] = generator.bytes(84)
        elif kind == "cut":
            damage = damage[:at]
        elif kind == "zero tail":
            damage[at:] = bytes(len(damage) - at)
        elif kind == "zero pages":
            at -= at % PAGE
            damage[at : at + 2 * PAGE] = bytes(len(damage[at : at + 2 * PAGE]))
        elif kind == "noise":
            damage[at : at + 700] = generator.bytes(len(damage[at : at + 700]))
        else:
            for place in generator.integers(len(raw) // 4, len(raw), 5):
                damage[int(place)] ^= 1 << int(generator.integers(8))
        path = _damaged(whole, tmp_path, damage)
        try:
            told, target = _recovered(path, key)
        except CaseError as error:
            assert error.code == "nothing_left"  # noqa: PT017
            continue
        came += 1
        _proves_true(whole, told, target, key)
        if kind == "header":
            assert told.is_whole
    assert came >= (1 if kind == "header" else 6)


def test_a_lost_block_of_the_image_is_named_and_air(whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "damaged.theatrum"
    shutil.copyfile(whole, path)
    with Document.open(path, read_only=True) as document:
        ((third,),) = document.store.rows(
            "SELECT sha256 FROM array_chunk WHERE n=2 AND array_id LIKE ?",
            (f"{document.case.images['CT'].arrays[0].sha256}%",),
        )
    _change(path, f"DELETE FROM chunk WHERE sha256='{third}'")
    told, target = _recovered(path)
    _proves_true(whole, told, target)
    first, last = 2 * CHUNK_SLICES, 3 * CHUNK_SLICES - 1
    assert told.images[0].lost == ((first, last),)
    assert told.plans_on_lost == ("A",)
    assert not told.undo_kept
    assert any(f"slices {first + 1}–{last + 1} of 70" in line for line in told.lines())
    with Document.open(target) as document:
        image = document.case.images["CT"]
        assert [one.code for one in image.findings] == ["lost_slices"]
        assert f"{first + 1}–{last + 1}" in image.findings[0].text
        assert list(document.case.plans) == ["A"]
        assert not document.undo_text.startswith("Rename")


def _change(path: Path, *statements: str) -> None:
    """As damage would leave it, without what was deleted."""
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in (*statements, "VACUUM"):
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    ("change", "steps", "lost"),
    [
        ("DELETE FROM journal WHERE seq=10", 9, 9),
        ("UPDATE journal SET parameters_json=replace(parameters_json, 'label 5', 'label 6') WHERE seq=10", 9, 9),
        ("UPDATE journal SET sha256=previous_sha256 WHERE seq=15", 14, 4),
    ],
)
def test_plans_come_back_to_the_last_sound_step(
    change: str, steps: int, lost: int, whole: Path, tmp_path: Path
) -> None:
    path = tmp_path / "damaged.theatrum"
    shutil.copyfile(whole, path)
    _change(path, change, "DELETE FROM snapshot")
    told, target = _recovered(path)
    assert (told.steps, told.steps_lost, told.undo_kept) == (steps, lost, True)
    with Document.open(target) as document:
        assert document.journal_length == steps
        assert document.case.label == f"label {steps - 5}"
        document.undo()
        assert document.case.label == f"label {steps - 6}"
        assert list(document.case.plans) == ["A"]


def test_a_snapshot_after_a_gap_brings_the_newest_state_back_without_undo(whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "damaged.theatrum"
    shutil.copyfile(whole, path)
    _change(path, "DELETE FROM journal WHERE seq=7")
    told, target = _recovered(path)
    assert (told.steps_lost, told.undo_kept) == (0, False)
    assert _shown(target)[0] == _shown(whole)[0]


def test_a_snapshot_newer_than_the_journal_tells_that_a_step_is_lost(whole: Path, tmp_path: Path) -> None:
    """Journal and head as they were a step before, as a disk leaves them that lost two of its writes."""
    path = tmp_path / "damaged.theatrum"
    shutil.copyfile(whole, path)
    _change(
        path,
        "DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)",
        "UPDATE meta SET value = (SELECT seq || ' ' || sha256 FROM journal ORDER BY seq DESC LIMIT 1) WHERE key = 'head'",
    )
    told, _ = _recovered(path)
    assert (told.is_whole, told.steps_lost) == (False, 1)


@pytest.mark.parametrize(
    "change", ["DELETE FROM array_chunk", "DELETE FROM array", "DELETE FROM snapshot", "UPDATE meta SET value='0 0'"]
)
def test_tables_that_follow_from_others_are_not_needed(change: str, whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "damaged.theatrum"
    shutil.copyfile(whole, path)
    _change(path, change)
    told, target = _recovered(path)
    assert told.undo_kept
    assert told.is_whole
    _proves_true(whole, told, target)


def test_a_block_under_another_number_never_shows_another_slice(whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "damaged.theatrum"
    shutil.copyfile(whole, path)
    with Document.open(path, read_only=True) as document:
        name = document.case.images["CT"].arrays[0].sha256
    # blocks 1 and 3 exchanged, and block 2 lost, so that the hash of the whole cannot tell
    where = f"WHERE array_id LIKE '{name}%'"
    _change(
        path,
        f"DELETE FROM chunk WHERE sha256=(SELECT sha256 FROM array_chunk {where} AND n=2)",
        f"UPDATE array_chunk SET n=100 {where} AND n=1",
        f"UPDATE array_chunk SET n=1 {where} AND n=3",
        f"UPDATE array_chunk SET n=3 {where} AND n=100",
    )
    told, target = _recovered(path)
    _proves_true(whole, told, target)


@pytest.mark.parametrize("damage", ["none", "header", "a bit", "a page", "main file"])
def test_steps_in_a_log_that_was_left_come_back(damage: str, whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "left.theatrum"
    shutil.copyfile(whole, path)
    leave_log(path)
    log = path.with_name("left.theatrum-wal")
    raw = bytearray(log.read_bytes())
    if damage == "header":
        raw[:32] = bytes(32)
    elif damage == "a bit":
        raw[32 + 24 + 4000] ^= 4
    elif damage == "a page":
        raw[32 + 24 : 32 + 24 + PAGE] = bytes(PAGE)
    elif damage == "main file":
        main_file = bytearray(path.read_bytes())
        main_file[16:100] = bytes(84)
        path.write_bytes(main_file)
    log.write_bytes(raw)
    told, target = _recovered(path)
    # eight were told to be on the disk; the last of a page's versions holds all rows of those before
    assert told.steps >= 18 + 8
    assert told.steps_lost == 0
    with Document.open(target) as document:
        assert document.case.label.startswith("edit ")


def test_a_case_that_is_open_elsewhere_is_left_alone(whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "open.theatrum"
    shutil.copyfile(whole, path)
    assert not is_locked(path)
    with Document.open(path) as document, pytest.raises(CaseError, match="another window"):
        recover_case(path, tmp_path / "back.theatrum")
    assert document.case.label == f"label {LABELS - 1}"


GONE = ("DELETE FROM journal", "DELETE FROM snapshot", "DELETE FROM meta WHERE key IN ('head', 'view')")


def _structures(case: Case) -> list[dict[str, object]]:
    return [structure_json(one) for one in case.structures.values()]


def test_without_journal_and_snapshot_images_and_structures_come_back_and_nothing_else(
    whole: Path, tmp_path: Path
) -> None:
    path = tmp_path / "damaged.theatrum"
    shutil.copyfile(whole, path)
    _change(path, *GONE)
    told, target = _recovered(path)
    _proves_true(whole, told, target)
    assert (told.without_journal, told.is_whole, told.undo_kept) == (True, False, False)
    assert (told.structures, told.plans, told.measurements) == (("liver", "tumor"), (), 0)
    assert [code for code, _ in told.losses()] == ["lost_journal"]
    assert "without plans, measurements" in told.lines()[1]
    with Document.open(whole, read_only=True) as old, Document.open(target, read_only=True) as new:
        # in the patient's place and size, or not at all
        assert image_json(new.case.images["CT"]) == image_json(old.case.images["CT"])
        assert _structures(new.case) == _structures(old.case)
        assert (new.case.label, dict(new.case.plans), dict(new.case.measurements)) == ("", {}, {})


@pytest.mark.parametrize(
    ("damage", "back"),
    [
        ("UPDATE meta SET value=replace(value, '0.8', '0.9') WHERE key='second image CT'", (0, ("liver", "tumor"))),
        ("UPDATE meta SET value=replace(value, 'liver', 'spleen') WHERE key='second structure liver'", (1, ("tumor",))),
        ("DELETE FROM meta WHERE key='second'", (1, ("liver", "tumor"))),
        ("DELETE FROM meta WHERE key LIKE 'second%'", None),
    ],
    ids=["image", "structure", "index", "all"],
)
def test_of_the_second_copy_only_what_is_sound_comes_back(
    damage: str, back: tuple[int, tuple[str, ...]] | None, whole: Path, tmp_path: Path
) -> None:
    path = tmp_path / "damaged.theatrum"
    shutil.copyfile(whole, path)
    _change(path, *GONE, damage)
    if back is None:
        with pytest.raises(CaseError, match="Nothing can be brought back"):
            _recovered(path)
        return
    told, target = _recovered(path)
    assert (len(told.images), told.structures) == back
    _, voxels, masks = _shown(target)
    assert set(masks) == set(back[1])
    assert len(voxels) == (GRID.size_ijk[2] if back[0] else 0)


def test_the_second_copy_follows_the_case(tmp_path: Path) -> None:
    path = tmp_path / "a.theatrum"
    grid = Grid.from_parts((6, 5, 4))
    with make_case(path, Volume(grid, np.zeros(grid.shape_kji, dtype=np.int16))) as document:
        for name in ("liver", "spleen"):
            add_structures(document, {name: Mask.from_full(grid, np.ones(grid.shape_kji, bool))})
    with Document.open(path) as document:
        document.undo()
        document.do(SetLabel("x"))
    with Document.open(path, read_only=True) as document:
        kept = dict(document.store.rows("SELECT key, value FROM meta WHERE key LIKE 'second%'"))
        assert list(document.case.structures) == ["liver"]
        assert _structures(second_case(kept)) == _structures(document.case)
        assert list(second_case(kept).images) == ["CT"]
        assert not second_case({}).images
    with Document.open(path) as document:
        # plans stand on the first image, whatever the others are called
        (image,) = document.case.images.values()
        document.do(AddImage(replace(image, name="A")))
        document.keep_snapshot()
        kept = dict(document.store.rows("SELECT key, value FROM meta WHERE key LIKE 'second%'"))
        assert list(second_case(kept).images) == ["CT", "A"]


def test_where_nothing_is_left_it_is_said_and_nothing_is_written(tmp_path: Path) -> None:
    for number, content in enumerate((b"", b"hello", bytes(100_000), np.random.default_rng(1).bytes(200_000))):
        path = tmp_path / f"{number}.theatrum"
        path.write_bytes(content)
        with pytest.raises(CaseError) as refused:
            recover_case(path, default_target(path))
        assert refused.value.code == "nothing_left"
    assert len(list(tmp_path.iterdir())) == 4


@given(st.binary(min_size=1, max_size=400), st.sampled_from([0x0D, 0x0A, 0x02]), st.integers(0, 300))
def test_no_page_of_any_bytes_stops_the_reader(content: bytes, kind: int, cells: int) -> None:
    page = (bytes([kind, 0, 0, *cells.to_bytes(2, "big")]) + content * 3)[:512].ljust(512, b"\x81")
    for row in rows_of(page, 2, 512, lambda number: page, 4096):
        assert len(row.values) <= 16


def test_chains_without_an_end_are_given_up(tmp_path: Path) -> None:
    # thirty pages full of rows that all go on over thirty others, round and round
    length, local, cells = 2031 + 54 * 16380 + 100, 2131, 2500
    leaf = bytearray(PAGE)
    leaf[0] = 0x0D
    leaf[3:5] = cells.to_bytes(2, "big")
    for n in range(cells):
        leaf[8 + 2 * n : 10 + 2 * n] = (6000).to_bytes(2, "big")
    leaf[6000:6004] = bytes([0x80 | length >> 14, 0x80 | length >> 7 & 0x7F, length & 0x7F, 1])
    leaf[6004 + local : 6008 + local] = (40).to_bytes(4, "big")
    chain = b"".join((32 + n % 30).to_bytes(4, "big") + bytes(PAGE - 4) for n in range(1, 31))
    path = tmp_path / "endless.theatrum"
    header = b"SQLite format 3\0" + PAGE.to_bytes(2, "big") + bytes(PAGE - 18)
    path.write_bytes(header + bytes(leaf) * 30 + chain)
    read = 0
    with RawFile(path) as raw:
        real = raw.page

        def counted(number: int, *, newest: bool = True) -> bytes | None:
            nonlocal read
            read += 1
            return real(number, newest=newest)

        raw.page = counted  # type: ignore[method-assign]
        Salvage(raw).gather()
        assert 54 < read < 20 * raw.pages
    with pytest.raises(CaseError):
        recover_case(path, tmp_path / "back.theatrum")


@pytest.mark.parametrize("shape", [(10**12, 1, 1), (16, 1 << 19, 1 << 19), (-5, 4, 4)])
def test_an_image_that_cannot_be_takes_no_memory(shape: tuple[int, int, int], whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "damaged.theatrum"
    shutil.copyfile(whole, path)
    with Document.open(path) as document:
        array = ArrayRef("0" * 64, "int16", shape)
        document.do(AddImage(Image(name="huge", modality="CT", grid=GRID, arrays=(array,), provenance=Provenance("t"))))
    told, _ = _recovered(path)
    assert told.images_lost == ("huge",)


@pytest.mark.parametrize("of", ["x", [1], None, 99])
def test_an_undo_of_nothing_ends_what_can_be_done_again(of: object, whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "damaged.theatrum"
    shutil.copyfile(whole, path)
    with Document.open(path) as document:
        length = document.journal_length
        history = journal.History(document.head_sha256, length, undoable=[of])  # type: ignore[list-item]
        journal.append(document.store, history, journal.UNDO, 1, {"of": of}, [])
    told, target = _recovered(path)
    assert (told.steps, told.steps_lost) == (length, 1)
    with Document.open(target, read_only=True) as document:
        assert document.case.label == f"label {LABELS - 1}"


def test_a_key_is_known_though_the_whole_start_is_lost(tmp_path: Path) -> None:
    path, key = tmp_path / "case.theatrum", light_key()
    noise = np.random.default_rng(1).integers(-900, 1000, (128, 64, 64)).astype(np.int16)
    make_case(path, Volume(Grid.from_parts((64, 64, 128), (1, 1, 1)), noise)).close()
    encrypt_case(path, key=key)
    raw = bytearray(path.read_bytes())
    raw[16 : 20 * PAGE] = bytes(20 * PAGE - 16)
    path.write_bytes(raw)
    assert keys.opens(path, key)
    assert not keys.opens(path, CaseKey(key.header, bytes(32)))


@pytest.mark.parametrize(("place", "bit"), [(0, 5), (3, 4), (4, 1)])
def test_a_changed_bit_of_the_first_bytes_is_searched_for(
    place: int, bit: int, whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, words = tmp_path / "case.theatrum", tmp_path / "words.txt"
    shutil.copyfile(whole, path)
    words.write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    encrypt_case(path, key=light_key())
    raw = bytearray(path.read_bytes())
    raw[place] ^= 1 << bit
    path.write_bytes(raw)
    keys.forget()
    given = [str(path), "--passphrase-file", str(words), "--quiet"]
    assert main(["case", "recover", *given]) == 3
    assert capsys.readouterr().err.count("\n") == 1
    assert main(["case", "recover", *given, "--search-header"]) == 0
    assert "Everything came back" in capsys.readouterr().out
    assert main(["case", "verify", str(tmp_path / "case-recovered.theatrum"), *given[1:3]]) == 0


def test_the_command_says_what_came_back_and_what_did_not(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "case.theatrum"
    raw = bytearray(whole.read_bytes())
    raw[-3 * PAGE :] = bytes(3 * PAGE)
    raw[30:60] = bytes(30)
    path.write_bytes(raw)
    assert main(["case", "verify", str(path)]) == 3
    assert "case recover" in capsys.readouterr().err
    assert main(["case", "recover", str(path), "--quiet", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == "theatrum.case/1"
    assert told["output"].endswith("case-recovered.theatrum")
    assert {warning["code"] for warning in told["warnings"]} <= {
        "lost_slices", "lost_structure", "lost_steps", "lost_undo", "plan_on_lost",
    }  # fmt: skip
    assert main(["case", "recover", str(path), "--quiet"]) == 3
    assert "exists already" in capsys.readouterr().err
    assert main(["case", "recover", str(path), "--quiet", "-o", str(path), "--force"]) == 3
    assert "never written to" in capsys.readouterr().err
    assert main(["case", "recover", str(path), "--quiet", "--force"]) == 0
    assert "case-recovered.theatrum: 1 image(s)" in capsys.readouterr().out
    assert path.read_bytes() == raw
