"""Fetching by a line that the archive makes to us, and questions as the window puts them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from archives import ct_series, free_port
from small_archive import SmallArchive, small_archive

from app.archive.asking import ask_series, ask_studies, date_wish, name_wish, text_wish
from app.archive.fetching import Chosen, fetch_chosen
from app.archive.kept import Kept, images_here, received_folder, study_folder
from app.archive.rows import person_name, study_row
from app.archive.sending import _refusals
from app.cli import main
from planning.errors import InputError
from planning.pacs.bring import bring
from planning.pacs.intake import Intake
from planning.pacs.node import MOVE, Node, Own
from planning.pacs.query import Wish
from planning.progress import CancelToken, no_progress


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return [path for n in range(3) for path in ct_series(tmp_path_factory.mktemp("ct"), 4, seed=n)]


@pytest.fixture
def archive(files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("THEATRUM_HOME", str(tmp_path / "home"))
    with small_archive(files) as made:
        made.us = ("127.0.0.1", free_port())
        yield made


def _node(archive: SmallArchive, by: str = MOVE) -> Node:
    return Node("archive", "127.0.0.1", archive.port, "ARCHIVE", by=by)


def _study(archive: SmallArchive) -> str:
    return str(archive.held[0].StudyInstanceUID)


def test_only_what_is_missing_is_moved(archive: SmallArchive, tmp_path: Path) -> None:
    own, wish = Own(port=archive.us[1]), Wish(study=_study(archive))
    first = bring(_node(archive), own, wish, Intake(tmp_path / "in"))
    assert (first.new, first.known, first.missing) == (4, 0, ())
    gone = sorted((tmp_path / "in").rglob("*.dcm"))[:1]
    gone[0].unlink()
    archive.asked.clear()
    second = bring(_node(archive), own, wish, Intake(tmp_path / "in"))
    assert (second.new, second.known) == (1, 3)
    assert archive.asked == [gone[0].stem]


def test_an_archive_elsewhere_cannot_send_to_this_computer_alone(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="only this computer is listened to"):
        bring(Node("far", "10.1.2.3", 104, "FAR"), Own(), Wish(study="1.2"), Intake(tmp_path))


def test_the_command_line_knows_both_ways(
    archive: SmallArchive, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pacs", "add", "near", f"ARCHIVE@127.0.0.1:{archive.port}", "--move", "--json"]) == 0
    assert main(["pacs", "self", "--port", str(archive.us[1]), "--json"]) == 0
    capsys.readouterr()
    out = str(tmp_path / "scans")
    assert main(["pacs", "get", "near", "--study", _study(archive), "-o", out, "--quiet", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["new"] == 4
    assert main(["pacs", "nodes", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["nodes"][0]["by"] == "move"


def test_questions_stop_at_what_is_shown(archive: SmallArchive) -> None:
    node = _node(archive, "get")
    some = ask_studies(node, Own(), Wish(), 2)
    assert (len(some.rows), some.has_more, some.error) == (2, True, None)
    every = ask_studies(node, Own(), Wish(), 3)
    assert (len(every.rows), every.has_more) == (3, False)
    series = ask_series(node, Own(), _study(archive))
    assert [row["NumberOfSeriesRelatedInstances"] for row in series.rows] == ["4"]
    wrong = ask_studies(Node("archive", "127.0.0.1", archive.port, "OTHER"), Own(), Wish(), 2)
    assert wrong.error is not None
    assert not wrong.rows


def test_several_are_fetched_into_one_folder_and_counted(archive: SmallArchive) -> None:
    chosen = [Chosen(str(archive.held[at].StudyInstanceUID), told=4) for at in (0, 4)]
    shares: list[float] = []
    got = fetch_chosen(_node(archive, "get"), Own(), chosen, lambda share, text="": shares.append(share), CancelToken())
    assert (got.new, got.here, got.told, got.missing) == (8, 8, 8, 0)
    assert shares == sorted(shares)
    assert [images_here(one.study) for one in chosen] == [4, 4]
    assert chosen[0].folder == study_folder(chosen[0].study)
    # the folder is shared: a question about one study looks at it alone, and leaves others' drafts
    (received_folder() / ".arriving").mkdir(exist_ok=True)
    (received_folder() / ".arriving" / "a.part").write_bytes(b"begun")
    kept = Kept(received_folder(), study=chosen[0].study)
    assert len(kept.known()) == 4
    assert (received_folder() / ".arriving" / "a.part").exists()
    again = fetch_chosen(_node(archive, "get"), Own(), chosen, no_progress, CancelToken())
    assert (again.new, again.known) == (0, 8)


@pytest.mark.parametrize(
    ("typed", "asked"),
    [("", ""), ("Mu", "Mu*"), ("Muster, Anna", "Muster^Anna*"), ("M?ster", "M?ster"), (" *er ", "*er")],
)
def test_names_as_typed(typed: str, asked: str) -> None:
    assert name_wish(typed) == asked


def test_texts_and_days_as_typed() -> None:
    assert (text_wish("liver"), text_wish("liver*"), text_wish(" ")) == ("*liver*", "liver*", "")
    assert date_wish("2026-03-01", "") == "20260301-"
    assert date_wish("", "31.3.2026") == "-20260331"
    assert date_wish("20260301", "2026-03-01") == "20260301"
    for begin, end in (("2026-02-30", ""), ("soon", ""), ("2026-03-02", "2026-03-01")):
        with pytest.raises(InputError):
            date_wish(begin, end)


def test_counts_that_are_nonsense_are_none() -> None:
    names = ("PatientID", "PatientName", "PatientBirthDate", "PatientSex", "StudyInstanceUID", "StudyDate", "StudyTime",
             "StudyDescription", "AccessionNumber", "ModalitiesInStudy", "NumberOfStudyRelatedSeries",
             "NumberOfStudyRelatedInstances")  # fmt: skip
    row = study_row(dict.fromkeys(names, "") | {"NumberOfStudyRelatedInstances": "-5", "PatientName": "Muster^Anna=x"})
    assert (row.title, row.told, row.is_whole) == ("Muster, Anna", None, False)
    assert person_name("^^") == ""


def test_many_refusals_of_one_kind_are_told_once() -> None:
    rows = [{"file": "seg.dcm", "kind": "seg", "structures": ["liver"]}, {"file": "image", "kind": "image"}]
    told = _refusals([("0001.dcm", "no"), ("0002.dcm", "no"), ("seg.dcm", "other")], rows)
    assert [(one.kind, one.name, one.why, one.count) for one in told] == [
        ("image", "", "no", 2),
        ("seg", "liver", "other", 1),
    ]
