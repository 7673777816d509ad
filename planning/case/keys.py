"""Keys of encrypted cases: from a pass-phrase to the file's key, and who is asked for one.

An encrypted case is an SQLCipher database: AES-256-CBC and HMAC-SHA-256 for each page, the page's number included, so
that a changed, swapped or moved page is refused. Its first 16 bytes are plain: `MAGIC`, one byte that names how the key
was made (`COSTS`; a file cannot ask for more memory than these), and 12 random bytes. They are the salt of the key too, so
that none of them can be changed.

How a window or a command uses it:

    if is_encrypted(path):
        key = unlock(path, passphrase)              # CaseError, code "wrong_key"; takes about a second
        document = Document.open(path, key=key)     # from now on this process opens it without being asked

or `ask_with(provider)` once, and `Document.open(path)` everywhere: whoever opens an encrypted case whose key is not known
yet asks the provider, and without one raises CaseError with code "encrypted". A key lies in memory only, until `forget`
or the program's end. Making and changing pass-phrases: `planning.case.encrypting`.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from planning.case.held import held_header
from planning.errors import CaseError

MAGIC = b"TEC"
HEADER_BYTES = 16
SECRET_BYTES = 32
LEAST_LETTERS = 8
MOST_LETTERS = 1024
# so many pages at the file's start, and as many over all of it, have their seals looked at before a key is called wrong: the
# first may be torn by a power cut, or all of the start be lost with a part of the disk
TRIED_PAGES = 16


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess of a pass-phrase costs (Argon2id)."""

    memory_kib: int
    passes: int
    lanes: int


STANDARD, LIGHT = 1, 2
COSTS = {STANDARD: Cost(256 << 10, 3, 4), LIGHT: Cost(64 << 10, 3, 4)}


@dataclass(frozen=True, slots=True, repr=False)
class CaseKey:
    """header: the file's first 16 bytes. secret: 32 bytes, never written anywhere by this module."""

    header: bytes
    secret: bytes

    def __post_init__(self) -> None:
        if len(self.header) != HEADER_BYTES or len(self.secret) != SECRET_BYTES:
            raise ValueError("a case's key has 16 and 32 bytes")

    def __repr__(self) -> str:
        return "CaseKey(…)"

    @property
    def text(self) -> str:
        """As SQLCipher takes it: the key as it is, and the salt."""
        return f"x'{self.secret.hex()}{self.header.hex()}'"


Provider = Callable[[Path], "CaseKey | None"]
_known: dict[bytes, CaseKey] = {}
_provider: Provider | None = None


def ask_with(provider: Provider | None) -> None:
    """Who is asked from now on for the key of a case that is not known yet; None for nobody."""
    global _provider
    _provider = provider


def is_encrypted(path: Path) -> bool:
    """True for an encrypted case, by its first bytes. False for what is not there or cannot be read."""
    return header_of(path) is not None


def header_of(path: Path) -> bytes | None:
    """The first 16 bytes of an encrypted case, None of anything else."""
    held = held_header(path)
    if held is not None:
        return held or None
    try:
        with path.open("rb") as file:
            header = file.read(HEADER_BYTES)
    except OSError:
        return None
    return header if len(header) == HEADER_BYTES and header.startswith(MAGIC) else None


def unlock(path: Path, passphrase: str) -> CaseKey:
    """The key of an encrypted case from its pass-phrase; about a second and 256 MB. Raises CaseError: code "wrong_key"
    where it does not open the case, "plain" where the case is not encrypted."""
    header = header_of(path)
    if header is None:
        raise CaseError(f"{path.name} is not encrypted", "Open it without a pass-phrase", "plain")
    key = derived(header, passphrase)
    if not opens(path, key):
        raise wrong_key(path.name)
    remember(key)
    return key


def new_key(passphrase: str, cost: int = STANDARD) -> CaseKey:
    """A key for a case that is to be encrypted. Raises CaseError for a pass-phrase that is too short."""
    if len(passphrase) < LEAST_LETTERS:
        raise CaseError(
            f"A pass-phrase needs at least {LEAST_LETTERS} letters", "Several words are easy to keep in mind", "short"
        )
    return derived(MAGIC + bytes([cost]) + os.urandom(HEADER_BYTES - len(MAGIC) - 1), passphrase)


def derived(header: bytes, passphrase: str) -> CaseKey:
    """The key that a pass-phrase gives for a file's header. Raises CaseError for a header of a later version."""
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    cost = COSTS.get(header[len(MAGIC)])
    if cost is None:
        raise CaseError("This case was encrypted by a newer Theatrum", "Update Theatrum to open it", "newer")
    if len(passphrase) > MOST_LETTERS:
        raise CaseError(f"A pass-phrase has {MOST_LETTERS} letters at most", "Use a shorter one", "long")
    # an é typed on one keyboard is an e and an accent on another
    typed = unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")
    try:
        made = Argon2id(
            salt=header, length=SECRET_BYTES, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib
        )
        return CaseKey(header, made.derive(typed))
    except MemoryError as error:
        raise CaseError(
            f"The key needs {cost.memory_kib >> 10} MB of free memory", "Close other programs and try again", "memory"
        ) from error


def opens(path: Path, key: CaseKey) -> bool:
    """True when a page of the file bears the seal of this key."""
    from planning.case.sealed_pages import PAGE_BYTES, PageOpener

    if held_header(path) is not None:
        known = _known.get(key.header)
        return known is not None and hmac.compare_digest(known.secret, key.secret)
    opener = PageOpener(key)
    try:
        with path.open("rb") as file:
            pages = os.fstat(file.fileno()).st_size // PAGE_BYTES
            step = max(1, pages // TRIED_PAGES)
            for number in dict.fromkeys((*range(1, min(TRIED_PAGES, pages) + 1), *range(pages, 0, -step))):
                file.seek((number - 1) * PAGE_BYTES)
                if opener.is_sealed(file.read(PAGE_BYTES), number):
                    return True
    except OSError:
        return False
    return False


def key_for(path: Path) -> CaseKey | None:
    """The key to open a case with: the one that is known, or the provider's; None for a plain case.

    Raises CaseError, code "encrypted", where nobody gives one.
    """
    header = header_of(path)
    if header is None:
        return None
    known = _known.get(header)
    if known is not None:
        return known
    found = None if _provider is None else _provider(path)
    if found is None:
        raise CaseError(
            f"{path.name} is encrypted", "Give its pass-phrase (command line: --passphrase-file FILE)", "encrypted"
        )
    return found


def remember(key: CaseKey) -> None:
    """Keep a key that opened a case, in memory."""
    _known[key.header] = key


def forget(header: bytes | None = None) -> None:
    """Let go of the key of the case with this header; of all without one."""
    if header is None:
        _known.clear()
    else:
        _known.pop(header, None)


def wrong_key(name: str) -> CaseError:
    """What is said where a key does not open a case."""
    return CaseError(
        f"The pass-phrase does not open {name}",
        "Try again; look at the keyboard's layout and capital letters",
        "wrong_key",
    )


def seal_secret(key: CaseKey) -> bytes:
    """The key of the pages' seals, as SQLCipher makes it."""
    salt = bytes(byte ^ 0x3A for byte in key.header)
    return hashlib.pbkdf2_hmac("sha512", key.secret, salt, 2, SECRET_BYTES)
