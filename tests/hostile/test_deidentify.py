"""`theatrum deidentify`: words planted in every place of a file are nowhere in what comes out; pictures are the same."""

from __future__ import annotations

import json
import os
import random
import stat
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from byte_search import found_in
from faces import head
from planted import planted_series

from app.cli import main
from planning.dicom.decode import FrameReader
from planning.dicom.header import read_facts
from planning.dicom.load import load_series
from planning.dicom.model import ReadRequest
from planning.dicom.privacy import Made, check_places, deidentify
from planning.dicom.privacy_file import LEFT_OUT, answer_privacy
from planning.dicom.privacy_profile import PrivacyOptions, PrivacyRequest
from planning.dicom.write import write_ct_series
from planning.errors import Cancelled, DicomError, InputError
from planning.progress import CancelToken

pytestmark = pytest.mark.filterwarnings("ignore")
ALL = [
    "--clean-descriptors",
    "--clean-graphics",
    "--clean-structured",
    "--retain-safe-private",
    "--retain-patient-characteristics",
    "--shift-dates",
    "--keep-burned-in",
]


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    return planted_series(tmp_path_factory.mktemp("planted"))


@pytest.fixture(autouse=True)
def _settings() -> Any:
    settings = pydicom.config.settings
    before = settings.reading_validation_mode, settings.writing_validation_mode
    yield
    settings.reading_validation_mode, settings.writing_validation_mode = before


def test_the_search_finds_every_word_in_the_series_itself(planted: tuple[Path, dict[str, str]]) -> None:
    folder, words = planted
    assert len(words) > 60
    assert set(found_in([folder.parent], words)) == set(words)


@pytest.mark.parametrize("options", [[], ALL], ids=["plain", "all options"])
def test_planted_words_are_nowhere_in_the_output(
    planted: tuple[Path, dict[str, str]], tmp_path: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, words = planted
    archive = tmp_path / "disc.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for file in folder.iterdir():
            packed.write(file, f"{folder.name}/{file.name}")
    out, report = tmp_path / "out", tmp_path / "report.json"
    call = ["deidentify", str(archive), "-o", str(out), "--report", str(report), "--json", *options]
    assert main(call) == 0
    said = capsys.readouterr()
    told = tmp_path / "told.txt"
    told.write_text(said.out + said.err, encoding="utf-8")
    assert found_in([out, report, told, Path(os.environ["THEATRUM_HOME"])], words) == {}
    content = json.loads(said.out)
    assert content["schema"] == "theatrum.deidentify/1"
    assert content["files"] == 6
    assert {row["done"] for row in content["attributes"]} >= {"removed", "emptied", "replaced", "kept", "new UID"}
    files = sorted(out.rglob("*.dcm"))
    assert len(files) == 6
    first = pydicom.dcmread(files[0])
    assert first.PatientIdentityRemoved == "YES"
    assert first.DeidentificationMethodCodeSequence[0].CodeValue == "113100"
    assert first.LongitudinalTemporalInformationModified == ("MODIFIED" if options else "REMOVED")
    assert files[0].read_bytes()[:128] == bytes(128)
    pixels = {dataset.InstanceNumber: dataset.PixelData for dataset in map(pydicom.dcmread, folder.iterdir())}
    assert all(pixels[new.InstanceNumber].startswith(new.PixelData) for new in map(pydicom.dcmread, files))


# what the shared collection's files are after: the same pixels at the same place
KEPT_DIRS = (
    "synthetic/high_bits_overlay", "synthetic/big_endian", "synthetic/implicit", "synthetic/deflated", "synthetic/no_preamble",
    "synthetic/odd_number_strings", "synthetic/charset_japanese", "synthetic/padding_minus2000", "synthetic/slope_per_slice",
    "synthetic/enhanced_ct_rescale_per_frame.dcm", "enhanced_ct", "transfer_syntax", "dcmqi_24x38x3", "ct_3slice",
)  # fmt: skip


def _answers(files: list[Path], into: Path, **options: bool) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    names = tuple((str(file), file.name) for file in files)
    task = PrivacyRequest(PrivacyOptions(**options), bytes(32), str(into), "0")
    answer_privacy(ReadRequest(names, load=False, privacy=task), found.append)
    return [message for message in found if message[0] != "file"]


def test_real_files_keep_their_pixels_and_places(shared_data: Path, tmp_path: Path) -> None:
    root = shared_data / "dicom_robustness"
    tops = [root / name for name in KEPT_DIRS]
    files = [file for top in tops for file in ([top] if top.is_file() else sorted(top.rglob("*"))) if file.is_file()]
    answers = _answers(files, tmp_path)
    compared = 0
    for kind, number, answer in answers:
        if kind == "left out":
            continue
        old, new = read_facts(str(files[number]), 0), read_facts(str(tmp_path / answer.path), 0)
        assert len(old.frames) == len(new.frames)
        assert old.modality == new.modality
        for before, after in zip(old.frames, new.frames, strict=True):
            assert (before.position, before.orientation, before.spacing) == (
                after.position,
                after.orientation,
                after.spacing,
            )
            assert (before.slope, before.intercept, before.has_rescale) == (
                after.slope,
                after.intercept,
                after.has_rescale,
            )
        try:
            pixels = FrameReader().read(old, 0) if old.frames else None
        except DicomError:
            continue
        if pixels is not None:
            assert np.array_equal(FrameReader().read(new, 0), pixels), files[number]
            compared += 1
    assert compared > 60


def test_an_import_of_real_data_gives_the_same_voxels(
    shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = shared_data / "dicom_robustness" / "ct_3slice"
    out = tmp_path / "out"
    assert main(["deidentify", str(source), "-o", str(out), "--quiet"]) == 0
    capsys.readouterr()
    sums = []
    for name, folder in (("old", source), ("new", out)):
        assert main(["import", str(folder), "-o", str(tmp_path / f"{name}.theatrum"), "--json", "--quiet"]) == 0
        sums.append(json.loads(capsys.readouterr().out)["images"][0]["sha256"])
    assert sums[0] == sums[1]


def test_a_segmentation_still_refers_to_its_images(shared_data: Path, tmp_path: Path) -> None:
    files = [file for file in sorted((shared_data / "dicom_robustness" / "dcmqi_24x38x3").rglob("*")) if file.is_file()]
    made = [
        pydicom.dcmread(tmp_path / answer[2].path) for answer in _answers(files, tmp_path) if answer[0] == "written"
    ]
    images = {dataset.SOPInstanceUID: dataset for dataset in made if dataset.Modality == "CT"}
    (label,) = (dataset for dataset in made if dataset.Modality == "SEG")
    referred = label.ReferencedSeriesSequence[0]
    uids = {item.ReferencedSOPInstanceUID for item in referred.ReferencedInstanceSequence}
    assert uids
    assert uids <= set(images)
    assert referred.SeriesInstanceUID in {dataset.SeriesInstanceUID for dataset in images.values()}
    assert all(uid.startswith("2.25.") for uid in uids)
    # whatever the label said, it is now what its code says, or known words
    assert all(segment.SegmentLabel for segment in label.SegmentSequence)


def test_what_cannot_be_judged_is_left_out_and_named(shared_data: Path, tmp_path: Path) -> None:
    root = shared_data / "dicom_robustness"
    hostile = sorted(file for file in (root / "synthetic" / "hostile").iterdir() if file.is_file())
    captures = sorted(file for file in (root / "secondary_capture").rglob("*") if file.is_file())
    report = root / "seg_sr" / "sr_tid1500.dcm"
    answers = _answers([*hostile, *captures, report], tmp_path)
    reasons = [answer for kind, _, answer in answers if kind == "left out"]
    assert set(reasons) <= set(LEFT_OUT)
    assert reasons.count("burned_in") == len(captures) > 0
    assert reasons[-1] == "report"
    (kept,) = _answers([report], tmp_path, structured=True)
    dataset = pydicom.dcmread(tmp_path / kept[2].path)
    assert dataset.ContentSequence
    old = pydicom.dcmread(report)
    assert dataset.ContentSequence[-1].ValueType == old.ContentSequence[-1].ValueType


def test_the_key_file_joins_runs_and_stays_out(planted: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    folder, _ = planted
    key = tmp_path / "secret.key"
    for name in ("a", "b"):
        call = ["deidentify", str(folder), "-o", str(tmp_path / name), "--key", str(key), "--quiet"]
        assert main(call) == 0
    names = [
        sorted(str(file.relative_to(tmp_path / name)) for file in (tmp_path / name).rglob("*.dcm")) for name in "ab"
    ]
    assert names[0] == names[1]
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    secret = {"key": key.read_text(encoding="ascii").strip()}
    assert found_in([tmp_path / "a"], secret) == {}
    inside = ["deidentify", str(folder), "-o", str(tmp_path / "c"), "--key", str(tmp_path / "c" / "key"), "--quiet"]
    assert main(inside) == 3


def test_nothing_is_replaced_unasked_and_nothing_half_done_stays(
    planted: tuple[Path, dict[str, str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, _ = planted
    out = tmp_path / "out"
    out.mkdir()
    (out / "letter.txt").write_text("mine", encoding="utf-8")
    call = ["deidentify", str(folder), "-o", str(out), "--quiet"]
    assert main(call) == 3
    assert main([*call, "--force"]) == 3
    assert "other files" in capsys.readouterr().err
    assert main(["deidentify", str(folder), "-o", str(folder / "out"), "--quiet"]) == 3
    empty = tmp_path / "texts"
    empty.mkdir()
    (empty / "a.txt").write_text("nothing", encoding="utf-8")
    assert main(["deidentify", str(empty), "-o", str(tmp_path / "none"), "--quiet"]) == 3
    assert main([*call, "--retain-dates", "--shift-dates"]) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "texts"]


def test_only_the_report_of_the_same_name_is_replaced(tmp_path: Path) -> None:
    out = tmp_path / "out"
    scan = out / "PAT-0123456789" / ("a" * 16) / ("b" * 16)
    scan.mkdir(parents=True)
    (scan / f"{'c' * 16}.dcm").write_bytes(b"")
    (out / "report.json").write_text("{}", encoding="utf-8")
    check_places((), out, True, "report.json")
    # tables that a person laid there are no output, whatever they end in
    with pytest.raises(InputError, match="other files"):
        check_places((), out, True)
    for name in ("trial.csv", "notes.json", "report.csv"):
        (out / name).write_text("mine", encoding="utf-8")
        with pytest.raises(InputError, match="other files"):
            check_places((), out, True, "report.json")
        (out / name).unlink()
    # nor is a file where a folder of ours would lie
    (out / "PAT-ABCDEF0123").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="other files"):
        check_places((), out, True, "report.json")


def test_a_report_within_the_output_is_replaced_with_it(planted: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    out = tmp_path / "out"
    call = ["deidentify", str(next(planted[0].iterdir())), "-o", str(out), "--report", str(out / "r.json"), "--quiet"]
    assert main(call) == 0
    (out / "r.json").write_text("{}", encoding="utf-8")
    assert main([*call, "--force"]) == 0
    assert "theatrum.deidentify/1" in (out / "r.json").read_text(encoding="utf-8")
    (out / "mine.csv").write_text("mine", encoding="utf-8")
    assert main([*call, "--force"]) == 3
    assert (out / "mine.csv").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("force", [False, True])
def test_what_another_wrote_there_meanwhile_stays(
    force: bool, planted: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    out = tmp_path / "out"

    def meanwhile(made: Made, draft: Path) -> None:
        out.mkdir()
        (out / "letter.txt").write_text("mine", encoding="utf-8")

    with pytest.raises(InputError, match="out "):
        deidentify([next(planted[0].iterdir())], out, PrivacyOptions(), force=force, finish=meanwhile)
    assert [path.name for path in tmp_path.rglob("*")] == ["out", "letter.txt"]


def test_what_is_stopped_leaves_the_former_output_as_it_was(
    planted: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    folder, _ = planted
    out, token = tmp_path / "out", CancelToken()
    deidentify([folder], out, PrivacyOptions(), key=bytes(32))
    before = {file: file.read_bytes() for file in out.rglob("*.dcm")}

    def progress(fraction: float, text: str = "") -> None:
        token.set()

    with pytest.raises(Cancelled):
        deidentify([folder], out, PrivacyOptions(), force=True, progress=progress, cancel=token)
    assert {file: file.read_bytes() for file in out.rglob("*.dcm")} == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_damaged_headers_let_no_word_through(planted: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    """Kinds, lengths and tags at random places: what is still written holds none of the words."""
    folder, words = planted
    chance, source = random.Random(11), sorted(folder.iterdir())[1].read_bytes()
    kinds = [b"LO", b"UN", b"SQ", b"OB", b"OW", b"FD", b"US", b"UI", b"DS", b"IS", b"PN", b"UT", b"DA", b"CS", b"SV"]
    places = [at for at in range(136, len(source) - 8) if source[at : at + 2] in kinds]
    tags = (0x00280010, 0x00283006, 0x7FE00010, 0x00200032, 0x00080100, 0x54001010, 0x00280106)
    files = []
    for number in range(80):
        data, at = bytearray(source), chance.choice(places)
        if number % 3 == 0:
            data[at : at + 2] = chance.choice(kinds)
        elif number % 3 == 1:
            data[at + 2 : at + 4] = chance.randrange(60).to_bytes(2, "little")
        else:
            tag = chance.choice(tags)
            data[at - 4 : at] = (tag >> 16).to_bytes(2, "little") + (tag & 0xFFFF).to_bytes(2, "little")
        files.append(tmp_path / f"{number}.dcm")
        files[-1].write_bytes(data)
    out = tmp_path / "out"
    answers = _answers(files, out, shifted=True, descriptors=True, graphics=True, safe_private=True, burned_in=True)
    assert sum(kind == "written" for kind, *_ in answers) > 40
    # a file's own UID may be cut short here, and be no longer what it was
    assert found_in([out], {place: word for place, word in words.items() if place != "old UID"}) == {}


def test_a_file_that_stopped_the_reader_is_left_out(planted: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    files = sorted(planted[0].iterdir())
    found: list[tuple[Any, ...]] = []
    task = PrivacyRequest(PrivacyOptions(), bytes(32), str(tmp_path), "0")
    names = tuple((str(file), file.name) for file in files)
    answer_privacy(ReadRequest(names, load=False, privacy=task, skip=((2, "it stopped the reader"),)), found.append)
    assert ("left out", 2, "not_dicom") in found
    assert sum(message[0] == "written" for message in found) == len(files) - 1


def test_a_face_is_taken_from_a_series_or_the_series_is_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    volume, brain = head(5.0)
    whole, cut = tmp_path / "in" / "whole", tmp_path / "in" / "cut"
    write_ct_series(volume, whole, description="head", label="A")
    write_ct_series(head(5.0, top_mm=85.0)[0], cut, description="head", label="B")
    (shown,) = _answers([whole / "00001.dcm"], tmp_path / "shown")
    assert shown[2].may_show_face
    assert main(["deidentify", str(tmp_path / "in"), "-o", str(tmp_path / "out"), "--json", "--quiet", "--deface"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert sorted(row["face"][:9] for row in content["series"]) == ["removed", "the crown"]
    assert any("crown" in warning["text"] for warning in content["warnings"])
    new = load_series([tmp_path / "out"]).volumes[0]
    changed = new.voxels != volume.voxels
    assert changed.sum() > 500
    assert (new.voxels[changed] == -1000).all()
    assert not (changed & brain).any()
    first = pydicom.dcmread(next((tmp_path / "out").rglob("*.dcm")))
    assert first.RecognizableVisualFeatures == "NO"
    assert first.DeidentificationMethodCodeSequence[-1].CodeValue == "113102"
