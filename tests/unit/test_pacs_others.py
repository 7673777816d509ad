"""The way there and back through other people's archives: Orthanc and DCMTK, plain and over mutual TLS."""

from __future__ import annotations

import json
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from archives import ct_series, free_port, orthanc, program, storescp
from certificates import Certificates
from pydicom import dcmread
from pydicom.dataset import Dataset
from roads import cut_once

from planning.errors import NetworkError
from planning.pacs import fetch as fetching
from planning.pacs.association import associate
from planning.pacs.commit import commit
from planning.pacs.fetch import fetch
from planning.pacs.intake import Intake
from planning.pacs.listen import Listener
from planning.pacs.node import Node, Own, Tls, WebNode
from planning.pacs.query import FIND, Wish, find_patients, find_series, find_studies
from planning.pacs.send import outgoing, send
from planning.pacs.services import contexts_for_retrieval, identifier, move
from planning.pacs.web import fetch_web, find_rows, send_web

CT = "1.2.840.10008.5.1.4.1.1.2"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return ct_series(tmp_path_factory.mktemp("ct"), 24, seed=4)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Node, Own, int]]:
    own = Own("THEATRUM", port=free_port())
    with orthanc(tmp_path_factory.mktemp("orthanc"), own.port) as (port, web):
        yield Node("orthanc", "127.0.0.1", port, "ORTHANC"), own, web


def _pixels(folder: Path) -> dict[str, bytes]:
    return {str(one.SOPInstanceUID): one.PixelData for one in map(dcmread, folder.rglob("*.dcm"))}


def test_orthanc_there_and_back(archive: tuple[Node, Own, int], files: list[Path], tmp_path: Path) -> None:
    node, own, _ = archive
    truth = _pixels(files[0].parent)
    sent = send(node, own, outgoing([files[0].parent])[0])
    assert (sent.stored + sent.there_before, sent.failed) == (24, ())
    assert send(node, own, outgoing([files[0].parent])[0]).stored == 0

    with associate(node, own, [FIND]) as association:
        (patient,) = find_patients(association, Wish(patient_name="MUSTER*"))
        (study,) = find_studies(association, Wish(patient_id=patient["PatientID"], date="20200101-20200103"))
        (series,) = find_series(association, Wish(study=study["StudyInstanceUID"]))
    assert (series["Modality"], series["NumberOfSeriesRelatedInstances"]) == ("CT", "24")

    wish = Wish(study=study["StudyInstanceUID"])
    assert fetch(node, own, wish, Intake(tmp_path / "got")).new == 24
    assert _pixels(tmp_path / "got") == truth

    moved = Intake(tmp_path / "moved")
    keys: dict[str, str | list[str]] = {name: series[name] for name in ("StudyInstanceUID", "SeriesInstanceUID")}
    with Listener(own, moved), associate(node, own, contexts_for_retrieval()) as association:
        counts = move(association, identifier("SERIES", keys), own.title, lambda now: None)
    assert counts.done == 24
    assert _pixels(tmp_path / "moved") == truth


def test_orthanc_answers_for_what_it_keeps(archive: tuple[Node, Own, int], files: list[Path]) -> None:
    node, own, _ = archive
    sent = send(node, own, outgoing(files[:5])[0])
    assert commit(node, own, sent.uids).kept == 5
    stranger = ("1.2.840.10008.5.1.4.1.1.2", "1.2.3.4.5")
    assert commit(node, own, [*sent.uids, stranger]).failed == ("1.2.3.4.5",)


def _asked_of(web: int, path: str, data: Any = None) -> Any:
    """Orthanc's own road for its administrators."""
    raw = None if data is None else json.dumps(data).encode()
    with urllib.request.urlopen(f"http://127.0.0.1:{web}{path}", data=raw, timeout=30) as answer:
        return json.load(answer)


def test_orthanc_asks_for_our_word_and_gets_the_truth(
    archive: tuple[Node, Own, int], files: list[Path], tmp_path: Path
) -> None:
    node, own, web = archive
    send(node, own, outgoing(files[:4])[0])
    wanted = [str(dcmread(path).SOPInstanceUID) for path in files[:4]]
    resources = [
        one["ID"] for one in _asked_of(web, "/instances?expand") if one["MainDicomTags"]["SOPInstanceUID"] in wanted
    ]

    def word(intake: Intake, lost: bool) -> dict[str, Any]:
        """What Orthanc heard of the four images that it sent, one of which may have been taken away meanwhile."""
        with Listener(own, intake, partners=(node,)):
            _asked_of(web, "/modalities/us/store", {"Resources": resources})
            if lost:
                intake.settle()
                intake.arrived.pop(wanted[2]).unlink()
            rows = [{"SOPClassUID": CT, "SOPInstanceUID": uid} for uid in wanted]
            number = _asked_of(web, "/modalities/us/storage-commitment", {"DicomInstances": rows})["ID"]
            until = time.monotonic() + 20
            while (told := _asked_of(web, f"/storage-commitment/{number}"))["Status"] == "Pending":
                assert time.monotonic() < until
                time.sleep(0.05)
        return told

    told = word(Intake(tmp_path / "all"), lost=False)
    assert (told["Status"], len(told["Success"]), told["Failures"]) == ("Success", 4, [])
    told = word(Intake(tmp_path / "some"), lost=True)
    assert (told["Status"], len(told["Success"])) == ("Failure", 3)
    assert [one["SOPInstanceUID"] for one in told["Failures"]] == [wanted[2]]


def test_orthanc_does_not_know_where_to_move(archive: tuple[Node, Own, int], files: list[Path]) -> None:
    node, own, _ = archive
    send(node, own, outgoing(files)[0])
    asked = identifier("STUDY", {"StudyInstanceUID": str(dcmread(files[0]).StudyInstanceUID)})
    with (
        pytest.raises(NetworkError, match=r"the AE title is not in its list|refuses|cannot"),
        associate(node, own, contexts_for_retrieval()) as association,
    ):
        move(association, asked, "NOBODY", lambda now: None)


def test_an_archive_that_was_away_gets_the_rest_alone(tmp_path: Path) -> None:
    files = ct_series(tmp_path / "ct", 60, size=128, seed=7)
    own = Own("THEATRUM", port=free_port())
    objects, _ = outgoing([tmp_path / "ct"])

    with orthanc(tmp_path / "orthanc", own.port) as (port, _):
        node = Node("orthanc", "127.0.0.1", port, "ORTHANC")
        send(node, own, objects[:23])
    with pytest.raises(NetworkError, match="cannot be reached"):
        send(node, own, objects, answer_s=2.0)
    with orthanc(tmp_path / "orthanc", own.port) as (port, web):
        node = Node("orthanc", "127.0.0.1", port, "ORTHANC")
        sent = send(node, own, objects)
        assert (sent.stored, sent.there_before) == (37, 23)
        with urllib.request.urlopen(f"http://127.0.0.1:{web}/statistics", timeout=30) as answer:
            assert json.load(answer)["CountInstances"] == len(files)


def test_dcmtk_there_and_back(files: list[Path], tmp_path: Path) -> None:
    truth = _pixels(files[0].parent)
    with storescp(tmp_path / "scp", "--filename-extension", ".dcm", "-aet", "DCMTK") as port:
        sent = send(Node("dcmtk", "127.0.0.1", port, "DCMTK"), Own(), outgoing([files[0].parent])[0])
        assert sent.stored == 24
    assert _pixels(tmp_path / "scp") == truth
    with Listener(Own("THEATRUM", port=0), Intake(tmp_path / "in")) as listener:
        command = [program("storescu"), "-aec", "THEATRUM", "127.0.0.1", str(listener.port), *map(str, files)]
        subprocess.run(command, check=True, capture_output=True, timeout=60)
    assert _pixels(tmp_path / "in") == truth


def test_a_line_that_breaks_amid_sending_goes_on_and_sends_nothing_twice(tmp_path: Path) -> None:
    files = ct_series(tmp_path / "ct", 40, size=256, seed=8)
    whole = sum(path.stat().st_size for path in files)
    own = Own("THEATRUM", port=free_port())
    with orthanc(tmp_path / "orthanc", own.port) as (port, web), cut_once(port, whole // 2) as (road, counted):
        node = Node("orthanc", "127.0.0.1", road, "ORTHANC")
        sent = send(node, own, outgoing([tmp_path / "ct"])[0], lines=1)
        assert sent.stored == 40
        with urllib.request.urlopen(f"http://127.0.0.1:{web}/statistics", timeout=30) as answer:
            assert json.load(answer)["CountInstances"] == 40
    # the image that was under way, and questions
    assert sum(counted) < whole + 2 * files[0].stat().st_size + 60_000


def test_lines_that_break_amid_fetching_bring_the_rest_and_nothing_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "AT_ONCE", 10)
    files = ct_series(tmp_path / "ct", 40, size=256, seed=12)
    own, study = Own("THEATRUM", port=free_port()), str(dcmread(files[0]).StudyInstanceUID)
    whole = sum(path.stat().st_size for path in files)
    with orthanc(tmp_path / "orthanc", own.port) as (port, _):
        send(Node("orthanc", "127.0.0.1", port, "ORTHANC"), own, outgoing([tmp_path / "ct"])[0])
        with cut_once(port, whole // 2, backwards=True) as (road, counted):
            node = Node("orthanc", "127.0.0.1", road, "ORTHANC")
            got = fetch(node, own, Wish(study=study), Intake(tmp_path / "got"))
        assert (got.new, got.missing) == (40, ())
        assert _pixels(tmp_path / "got") == _pixels(tmp_path / "ct")
        assert len(counted) > fetching.LINES
        # the image that was under way when the line broke, and answers
        assert whole * 0.98 < sum(counted) < whole + 2 * files[0].stat().st_size + 60_000


def test_dicomweb_there_and_back(archive: tuple[Node, Own, int], tmp_path: Path) -> None:
    files = ct_series(tmp_path / "ct", 12, seed=9)
    node = WebNode("web", f"http://127.0.0.1:{archive[2]}/dicom-web")
    objects, _ = outgoing([tmp_path / "ct"])
    assert send_web(node, objects).stored == 12
    assert send_web(node, objects).there_before == 12
    study = str(dcmread(files[0]).StudyInstanceUID)
    (row,) = find_rows(node, "STUDY", Wish(study=study))
    assert row["PatientName"] == "Muster^Anna"
    # Orthanc reads a search as it is written, without undoing what an address must write in another way
    for name, count in (("Muster*", 1), ("Muster^*", 1), ("muster?anna", 1), ("M*ster Anna", 0), ("Müster*", 0)):
        assert len(find_rows(node, "STUDY", Wish(study=study, patient_name=name))) == count, name
    assert len(find_rows(node, "SERIES", Wish(study=study, description="portal venous"))) == 1
    assert len(find_rows(node, "SERIES", Wish(study=study, description="portal arterial"))) == 0
    assert fetch_web(node, Wish(study=study), Intake(tmp_path / "got")).new == 12
    assert _pixels(tmp_path / "got") == _pixels(tmp_path / "ct")
    next((tmp_path / "got").rglob("*.dcm")).unlink()
    again = fetch_web(node, Wish(study=study), Intake(tmp_path / "got"))
    assert (again.new, again.known) == (1, 11)
    with pytest.raises(NetworkError, match="HTTP 404"):
        find_rows(WebNode("web", f"http://127.0.0.1:{archive[2]}/nowhere"), "STUDY", Wish())


def test_what_an_archive_says_nothing_of_is_not_called_stored(
    archive: tuple[Node, Own, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dicomweb_client import DICOMwebClient

    ct_series(tmp_path / "ct", 3, seed=21)
    node = WebNode("web", f"http://127.0.0.1:{archive[2]}/dicom-web")
    objects, _ = outgoing([tmp_path / "ct"])
    real = DICOMwebClient.store_instances

    def keeps_one(self: DICOMwebClient, datasets: list[Dataset]) -> Dataset:
        real(self, datasets[:1])
        return Dataset()

    monkeypatch.setattr(DICOMwebClient, "store_instances", keeps_one)
    sent = send_web(node, objects)
    assert (sent.stored, len(sent.uids)) == (1, 1)
    assert [name for name, _ in sent.failed] == [one.path.name for one in objects[1:]]
    monkeypatch.undo()
    assert (send_web(node, objects).stored, send_web(node, objects).there_before) == (2, 3)


def test_dicomweb_over_mutual_tls(archive: tuple[Node, Own, int], certificates: Certificates, tmp_path: Path) -> None:
    # secured by a road in front of the archive, as hospitals do
    files = ct_series(tmp_path / "ct", 3, seed=10)
    us, them = certificates.pair("us"), certificates.pair("them")
    secure = Tls(str(certificates.authority), str(them[0]), str(them[1])).server()
    with cut_once(archive[2], 1 << 40, secure) as (web, _):
        url = f"https://localhost:{web}/dicom-web"
        node = WebNode("web", url, Tls(str(certificates.authority), str(us[0]), str(us[1])))
        assert send_web(node, outgoing([tmp_path / "ct"])[0]).stored == 3
        study = str(dcmread(files[0]).StudyInstanceUID)
        assert fetch_web(node, Wish(study=study), Intake(tmp_path / "got")).new == 3
        with pytest.raises(NetworkError, match="cannot be trusted"):
            find_rows(WebNode("web", url, Tls(str(certificates.stranger))), "STUDY", Wish())
        with pytest.raises(NetworkError):
            find_rows(WebNode("web", url, Tls(str(certificates.authority))), "STUDY", Wish())


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates.made(tmp_path_factory.mktemp("certificates"))


def test_orthanc_over_mutual_tls(certificates: Certificates, files: list[Path], tmp_path: Path) -> None:
    us, them = certificates.pair("us"), certificates.pair("them")
    tls = Tls(str(certificates.authority), str(us[0]), str(us[1]), "localhost")
    wishes = {
        "DicomTlsEnabled": True,
        "DicomTlsCertificate": str(them[0]),
        "DicomTlsPrivateKey": str(them[1]),
        "DicomTlsTrustedCertificates": str(certificates.authority),
        "DicomTlsRemoteCertificateRequired": True,
    }
    own = Own("THEATRUM", port=free_port())
    study = str(dcmread(files[0]).StudyInstanceUID)
    with orthanc(tmp_path / "orthanc", own.port, **wishes) as (port, _):
        node = Node("orthanc", "127.0.0.1", port, "ORTHANC", tls)
        assert send(node, own, outgoing(files)[0]).stored == 24
        assert fetch(node, own, Wish(study=study), Intake(tmp_path / "got")).new == 24
        for wrong, said in (
            (Tls(str(certificates.authority)), "cannot be trusted|ended the secured line|ended the connection"),
            (Tls(str(certificates.stranger), str(us[0]), str(us[1]), "localhost"), "cannot be trusted"),
            (Tls(str(certificates.authority), str(us[0]), str(us[1]), "elsewhere"), "mismatch"),
        ):
            with pytest.raises(NetworkError, match=said):
                associate(Node("orthanc", "127.0.0.1", port, "ORTHANC", wrong), own, [FIND], 5.0)
        with pytest.raises(NetworkError):
            associate(Node("orthanc", "127.0.0.1", port, "ORTHANC"), own, [FIND], 5.0)
    assert _pixels(tmp_path / "got") == _pixels(files[0].parent)


def test_dcmtk_sends_to_us_over_mutual_tls(certificates: Certificates, files: list[Path], tmp_path: Path) -> None:
    us, them = certificates.pair("us"), certificates.pair("them")
    own = Own("THEATRUM", port=0, tls=Tls(str(certificates.authority), str(us[0]), str(us[1])))
    with Listener(own, Intake(tmp_path / "in")) as listener:
        common = ["-aec", "THEATRUM", "127.0.0.1", str(listener.port), *map(str, files)]
        secured = ["+tls", str(them[1]), str(them[0]), "+cf", str(certificates.authority), "-rc"]
        subprocess.run([program("storescu"), *secured, *common], check=True, capture_output=True, timeout=60)
        # plain, and with a certificate of a stranger: turned away
        assert subprocess.run([program("storescu"), *common], capture_output=True, timeout=60).returncode != 0
    assert _pixels(tmp_path / "in") == _pixels(files[0].parent)
    assert len(list((tmp_path / "in").rglob("*.dcm"))) == 24
