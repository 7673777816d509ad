"""An encrypted case: opened by its pass-phrase only, refused when a byte of it changed, and nowhere plain on the disk."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from byte_search import spellings
from durability import GRID, content, light_key, small_case
from installed import in_sources

from app.cli import main
from app.keyring_store import kept_key
from planning.case import database, keys
from planning.case.beside import copied_aside
from planning.case.commands import SetLabel
from planning.case.copying import copy_rows
from planning.case.document import Document
from planning.case.encrypting import change_passphrase, decrypt_case, encrypt_case
from planning.case.keys import COSTS, LIGHT, MAGIC, CaseKey, new_key, unlock
from planning.case.places import _kind_at
from planning.case.saving import save_copy
from planning.case.schema import HEADER
from planning.case.sealed_pages import PAGE_BYTES, PageOpener
from planning.case.verify import verify_case
from planning.errors import CaseError, InputError
from planning.progress import Cancelled, CancelToken

WORDS = "one plain pass-phrase"
NAME = "Zirbelnuss Quarkteig"


@pytest.fixture(autouse=True)
def nobody_is_asked() -> Iterator[None]:
    keys.forget()
    keys.ask_with(None)
    yield
    keys.forget()
    keys.ask_with(None)


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    path = small_case(tmp_path / "case.theatrum")
    with Document.open(path) as document:
        document.do(SetLabel(NAME))
    return path


def _passphrase_file(folder: Path, words: str = WORDS) -> str:
    path = folder / "words.txt"
    path.write_text(f"{words}\nanother line\n", encoding="utf-8")
    return str(path)


def _lines(path: Path) -> list[str]:
    return sorted(item.name for item in path.parent.iterdir())


def test_what_was_encrypted_comes_back_to_the_byte_and_only_by_its_passphrase(plain: Path) -> None:
    before = content(plain)
    encrypt_case(plain, key=new_key(WORDS, LIGHT))
    assert plain.read_bytes()[:4] == MAGIC + bytes([LIGHT])
    assert keys.is_encrypted(plain)
    # this process knows the key from now on; another one asks
    assert content(plain) == before
    keys.forget()
    with pytest.raises(CaseError, match="is encrypted") as refused:
        Document.open(plain)
    assert refused.value.code == "encrypted"
    with pytest.raises(CaseError) as refused:
        unlock(plain, WORDS.upper())
    assert refused.value.code == "wrong_key"
    unlock(plain, WORDS)
    assert content(plain) == before
    decrypt_case(plain)
    assert plain.read_bytes().startswith(HEADER)
    assert content(plain) == before
    assert _lines(plain) == ["case.theatrum"]


def test_an_accent_typed_in_two_ways_is_one_passphrase_and_a_short_one_is_refused() -> None:
    header = MAGIC + bytes([LIGHT]) + bytes(12)
    assert keys.derived(header, "Gru\u0308ne Mo\u0308wen").secret == keys.derived(header, "Grüne Möwen").secret
    assert keys.derived(header, "Grüne Möwen").secret != keys.derived(header[:-1] + b"\1", "Grüne Möwen").secret
    with pytest.raises(CaseError, match="at least 8"):
        new_key("seven77")
    assert WORDS not in repr(new_key(WORDS, LIGHT))


def test_no_file_can_ask_for_more_memory_than_the_known_costs(tmp_path: Path) -> None:
    path = tmp_path / "hostile.theatrum"
    path.write_bytes(MAGIC + b"\xff" + bytes(12 + PAGE_BYTES))
    with pytest.raises(CaseError, match="newer Theatrum"):
        unlock(path, WORDS)
    assert max(cost.memory_kib for cost in COSTS.values()) <= 1 << 20


def test_changed_bytes_swapped_pages_and_foreign_keys_are_refused(plain: Path, tmp_path: Path) -> None:
    key = light_key()
    encrypt_case(plain, key=key)
    raw = plain.read_bytes()
    pages = len(raw) // PAGE_BYTES
    assert pages > 8
    generator = np.random.default_rng(2)
    broken = tmp_path / "broken.theatrum"
    # one byte in each page, the first 16 and all seals and vectors too
    for page in range(pages):
        damaged = bytearray(raw)
        damaged[page * PAGE_BYTES + int(generator.integers(PAGE_BYTES))] ^= 1 << int(generator.integers(8))
        broken.write_bytes(damaged)
        with pytest.raises(CaseError):
            verify_case(broken, key)
    for first, second in ((1, 2), (3, pages - 1), (pages - 2, pages - 1)):
        swapped = bytearray(raw)
        one, other = (slice(n * PAGE_BYTES, (n + 1) * PAGE_BYTES) for n in (first, second))
        swapped[one], swapped[other] = raw[other], raw[one]
        broken.write_bytes(swapped)
        with pytest.raises(CaseError):
            verify_case(broken, key)
    broken.write_bytes(raw[:-PAGE_BYTES])
    with pytest.raises(CaseError):
        verify_case(broken, key)
    with pytest.raises(CaseError) as refused:
        verify_case(plain, CaseKey(key.header, bytes(32)))
    assert refused.value.code == "wrong_key"


def test_a_page_that_was_moved_is_no_page(plain: Path) -> None:
    key = light_key()
    encrypt_case(plain, key=key)
    raw, opener = plain.read_bytes(), PageOpener(key)
    second = raw[PAGE_BYTES : 2 * PAGE_BYTES]
    assert opener.opened(second, 2) is not None
    assert opener.opened(second, 3) is None
    first = opener.opened(raw[:PAGE_BYTES], 1)
    assert first is not None
    assert first.startswith(HEADER)


def _plain_pieces(path: Path) -> list[bytes]:
    """What would betray the case: its label, a table's name, packed voxels."""
    with Document.open(path, read_only=True) as document:
        packed = [bytes(row[0]) for row in document.store.rows("SELECT data FROM chunk")]
    return (
        [piece for piece, _ in spellings(NAME)]
        + [b"CREATE TABLE", b"set_label", HEADER]
        + [data[64:96] for data in packed]
    )


def test_nothing_of_it_lies_plain_anywhere_while_it_is_worked_on(
    plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aside = tmp_path / "aside"
    aside.mkdir()
    monkeypatch.setenv("TMPDIR", str(aside))
    monkeypatch.setattr("tempfile.tempdir", str(aside))
    pieces = _plain_pieces(plain)

    def betrayed(path: Path) -> bool:
        data = path.read_bytes().lower()
        return any(piece.lower() in data for piece in pieces)

    assert betrayed(plain)
    key = light_key()
    encrypt_case(plain, key=key)
    reader = (
        "import sys\nfrom pathlib import Path\nfrom planning.case.document import Document\n"
        "from planning.case.keys import CaseKey\n"
        "key = CaseKey(bytes.fromhex(sys.argv[2]), bytes.fromhex(sys.argv[3]))\n"
        "with Document.open(Path(sys.argv[1]), read_only=True, beside=True, key=key) as document:\n"
        "    print(document.case.label, flush=True)\n    input()\n"
    )
    with Document.open(plain, key=key) as document:
        for number in range(40):
            document.do(SetLabel(f"{NAME} {number} " + "x" * 3000))
        save_copy(document, tmp_path / "copy.theatrum")
        # what it is written as has a longer name than a file may have
        with pytest.raises(InputError, match=r"^The name c+… is too long"):
            save_copy(document, tmp_path / f"{'c' * 244}.theatrum")
        # while it is open here, another process reads a copy of file and log
        with subprocess.Popen(
            [sys.executable, "-c", reader, str(plain), key.header.hex(), key.secret.hex()],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
        ) as other:  # fmt: skip
            assert other.stdout is not None
            assert other.stdout.readline().startswith(f"{NAME} 39")
            looked_at = [item for item in tmp_path.rglob("*") if item.is_file()]
            assert {item.name for item in looked_at} >= {"case.theatrum", "case.theatrum-wal", "copy.theatrum"}
            assert any(item.is_relative_to(aside) for item in looked_at)
            assert [item.name for item in looked_at if betrayed(item)] == []
            other.communicate("\n")
    assert content(tmp_path / "copy.theatrum", key)[1] == content(plain, key)[1]


def test_a_stop_or_a_fault_while_it_is_encrypted_changes_nothing(plain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = plain.read_bytes()
    cancel = CancelToken()
    cancel.set()
    with pytest.raises(Cancelled):
        encrypt_case(plain, key=light_key(), cancel=cancel)

    def faulty(source: object, made: object, *rest: object) -> None:
        copy_rows(source, made, *rest)  # type: ignore[arg-type]
        with made.transaction() as connection:  # type: ignore[attr-defined]
            connection.execute("UPDATE meta SET value = value || ' '")

    monkeypatch.setattr("planning.case.encrypting.copy_rows", faulty)
    with pytest.raises(CaseError):
        encrypt_case(plain, key=light_key())
    with Document.open(plain), pytest.raises(CaseError, match="another window"):
        encrypt_case(plain, key=light_key())
    assert plain.read_bytes() == before
    assert _lines(plain) == ["case.theatrum"]


def test_another_passphrase_takes_the_place_of_the_old_one(plain: Path) -> None:
    before = content(plain)
    encrypt_case(plain, key=new_key(WORDS, LIGHT))
    change_passphrase(plain, new=new_key("quite another one", LIGHT))
    keys.forget()
    with pytest.raises(CaseError):
        unlock(plain, WORDS)
    unlock(plain, "quite another one")
    assert content(plain) == before


def test_commands_open_it_with_a_file_and_say_in_one_line_what_is_missing(
    plain: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    in_sources(monkeypatch, "planning.case.keys.STANDARD", LIGHT)
    in_sources(monkeypatch, "planning.case.keys.new_key", lambda words: new_key(words, LIGHT))
    words = _passphrase_file(tmp_path)
    assert main(["case", "encrypt", str(plain), "--passphrase-file", words, "--quiet", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["encrypted"] is True
    assert "may be readable" in told["warnings"][0]["text"]
    keys.forget()
    # nobody can be asked; a process of its own has no terminal either
    in_sources(monkeypatch, "sys.stdin", io.StringIO())
    for arguments in (["info"], ["case", "verify"], ["labels"], ["case", "decrypt"]):
        more = ["list"] if arguments == ["labels"] else []
        assert main([*arguments, str(plain), *more]) == 3
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        assert "is encrypted" in said
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("not this one\n", encoding="utf-8")
    assert main(["info", str(plain), "--passphrase-file", str(wrong)]) == 3
    assert "does not open" in capsys.readouterr().err
    assert main(["info", str(plain), "--passphrase-file", words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["images"][0]["name"] == "CT"
    keys.forget()
    assert main(["labels", str(plain), "--passphrase-file", words, "list"]) == 0
    keys.forget()
    assert main(["labels", str(plain), "list", "--passphrase-file", words]) == 0
    assert main(["case", "encrypt", str(plain), "--passphrase-file", words]) == 3
    assert "already" in capsys.readouterr().err
    assert main(["case", "decrypt", str(plain), "--passphrase-file", words, "--quiet"]) == 0
    assert plain.read_bytes().startswith(HEADER)


def test_a_keyring_is_used_only_where_there_is_one(
    plain: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import keyring
    from keyring.backend import KeyringBackend
    from keyring.backends import fail

    class Memory(KeyringBackend):
        priority = 1.0  # type: ignore[assignment]
        kept: dict[tuple[str, str], str]

        def get_password(self, service: str, username: str) -> str | None:
            return self.kept.get((service, username))

        def set_password(self, service: str, username: str, password: str) -> None:
            self.kept[service, username] = password

        def delete_password(self, service: str, username: str) -> None:
            del self.kept[service, username]

    monkeypatch.setattr("planning.case.keys.new_key", lambda words: new_key(words, LIGHT))
    before, words = plain.read_bytes(), _passphrase_file(tmp_path)
    old = keyring.get_keyring()
    try:
        keyring.set_keyring(fail.Keyring())
        assert main(["case", "encrypt", str(plain), "--keyring", "--passphrase-file", words]) == 3
        assert "no keyring" in capsys.readouterr().err
        assert plain.read_bytes() == before
        memory = Memory()
        memory.kept = {}
        keyring.set_keyring(memory)
        assert main(["case", "encrypt", str(plain), "--keyring", "--passphrase-file", words, "--quiet"]) == 0
        keys.forget()
        assert main(["case", "verify", str(plain)]) == 0
        header = plain.read_bytes()[:16]
        assert kept_key(header) is not None
        assert not any(WORDS in value for value in memory.kept.values())
        assert main(["case", "decrypt", str(plain), "--quiet"]) == 0
        assert memory.kept == {}
    finally:
        keyring.set_keyring(old)


def test_an_encrypted_case_can_be_replaced_by_an_import_and_no_other_file(plain: Path, tmp_path: Path) -> None:
    from planning.case.importing import _check_replaceable

    encrypt_case(plain, key=light_key())
    _check_replaceable(plain, ())
    other = tmp_path / "scan.nii"
    other.write_bytes(b"TE" + bytes(100))
    with pytest.raises(CaseError, match="is no case"):
        _check_replaceable(other, ())


def test_a_scan_is_encrypted_from_its_first_byte_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from planning.files.volumes import write_volume

    in_sources(monkeypatch, "planning.case.keys.new_key", lambda words: new_key(words, LIGHT))
    voxels = np.random.default_rng(8).integers(-900, 900, GRID.shape_kji).astype(np.int16)
    scan, target, words = tmp_path / "scan.nii.gz", tmp_path / "new.theatrum", _passphrase_file(tmp_path)
    write_volume(scan, voxels, GRID)
    given = ["import", str(scan), "-o", str(target), "--quiet", "--passphrase-file", words]
    assert main(given) == 2
    assert "--encrypt" in capsys.readouterr().err
    assert main([*given, "--encrypt"]) == 0
    assert keys.is_encrypted(target)
    assert content(target, unlock(target, WORDS))[1] == voxels.tobytes()
    assert not [item for item in tmp_path.iterdir() if ".part" in item.name]


def test_a_share_gets_a_rollback_journal_and_loses_nothing(plain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "is_network", lambda path: True)
    with Document.open(plain) as document:
        for number in range(3):
            document.do(SetLabel(f"step {number}"))
        assert not plain.with_name("case.theatrum-wal").exists()
        assert document.store.rows("PRAGMA journal_mode") == [("delete",)]
        assert document.store.rows("PRAGMA synchronous") == [(3,)]
        # as a killed program would leave it
        shutil.copyfile(plain, plain.with_name("killed.theatrum"))
    with Document.open(plain.with_name("killed.theatrum")) as document:
        assert document.case.label == "step 2"


def test_a_case_on_a_share_is_not_copied_in_the_middle_of_a_change(plain: Path) -> None:
    journal = plain.with_name("case.theatrum-journal")
    # as it lies there between two changes, and within one
    journal.write_bytes(bytes(512))
    folder, copy = copied_aside(plain)
    assert copy.read_bytes() == plain.read_bytes()
    folder.cleanup()
    journal.write_bytes(bytes.fromhex("d9d505f920a163d7") + bytes(504))
    with pytest.raises(CaseError) as refused:
        copied_aside(plain)
    assert refused.value.code == "locked"


def test_where_the_log_is_refused_a_rollback_journal_does_it(plain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing:
        def __init__(self, real: object) -> None:
            self._real = real

        def __getattr__(self, name: str) -> object:
            return getattr(self._real, name)

        def execute(self, query: str, *values: object) -> object:
            return self._real.execute("PRAGMA journal_mode" if "journal_mode=WAL" in query else query, *values)  # type: ignore[attr-defined]

        def __enter__(self) -> object:
            return self._real.__enter__()  # type: ignore[attr-defined]

        def __exit__(self, *rest: object) -> object:
            return self._real.__exit__(*rest)  # type: ignore[attr-defined]

    real = database._opened
    monkeypatch.setattr(database, "_opened", lambda uri, key: Refusing(real(uri, key)))
    with Document.open(plain) as document:
        document.do(SetLabel("kept"))
        assert not plain.with_name("case.theatrum-wal").exists()
        assert document.store.rows("PRAGMA synchronous") == [(3,)]
    with Document.open(plain) as document:
        assert document.case.label == "kept"
    assert verify_case(plain)["steps"] == 8


def test_the_innermost_mount_says_where_a_case_lies() -> None:
    table = (
        "/dev/sda1 / ext4 rw 0 0\nserver:/x /mnt/my\\040share nfs4 rw 0 0\nnone /mnt/my\\040share/here tmpfs rw 0 0\n"
    )
    assert _kind_at("/home/case.theatrum", table) == "ext4"
    assert _kind_at("/mnt/my share/case.theatrum", table) == "nfs4"
    assert _kind_at("/mnt/my shared/case.theatrum", table) == "ext4"
    assert _kind_at("/mnt/my share/here/case.theatrum", table) == "tmpfs"
