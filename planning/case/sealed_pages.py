"""Single pages of an encrypted case, opened without SQLCipher: to try a key, and to bring back what is left of a damaged one.

A page on the disk is ciphertext, 16 bytes of initial vector, 32 bytes of HMAC-SHA-256 over both and the page's number. The
first page begins with the file's own 16 plain bytes.
"""

from __future__ import annotations

import hashlib
import hmac

from planning.case.keys import HEADER_BYTES, CaseKey, seal_secret

PAGE_BYTES = 16384
IV_BYTES, SEAL_BYTES = 16, 32
SEALED_END = IV_BYTES + SEAL_BYTES
# what SQLCipher's b-trees leave at a page's end: room for the longest seal, whichever is used
RESERVED_BYTES = 80
SQLITE_HEADER = b"SQLite format 3\x00"


class PageOpener:
    """Opens pages of one case."""

    def __init__(self, key: CaseKey) -> None:
        self._secret, self._seal = key.secret, seal_secret(key)

    def is_sealed(self, page: bytes, number: int) -> bool:
        """True when the page is as it was written, at this very place. number: from 1."""
        if len(page) != PAGE_BYTES:
            return False
        start = HEADER_BYTES if number == 1 else 0
        end = PAGE_BYTES - SEAL_BYTES
        made = hmac.new(self._seal, page[start:end] + number.to_bytes(4, "little"), hashlib.sha256).digest()
        return hmac.compare_digest(made, page[end:])

    def opened(self, page: bytes, number: int) -> bytes | None:
        """The page as SQLite sees it, None where its seal is broken."""
        from cryptography.hazmat.primitives.ciphers import Cipher
        from cryptography.hazmat.primitives.ciphers.algorithms import AES
        from cryptography.hazmat.primitives.ciphers.modes import CBC

        if not self.is_sealed(page, number):
            return None
        start = HEADER_BYTES if number == 1 else 0
        end = PAGE_BYTES - SEALED_END
        reader = Cipher(AES(self._secret), CBC(page[end : end + IV_BYTES])).decryptor()
        content = reader.update(page[start:end]) + reader.finalize()
        return (SQLITE_HEADER if number == 1 else b"") + content + bytes(SEALED_END)
