"""Reads every byte of a case and compares it with its hashes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from planning.case.document import Document
from planning.case.keys import CaseKey
from planning.case.outgoing import outgoings
from planning.case.schema import damaged


def verify_case(path: Path, key: CaseKey | None = None) -> dict[str, Any]:
    """Check file, journal, notes of what went out, snapshots, images and structures. Raises CaseError at the first thing wrong.

    key: of an encrypted case, as `CaseStore.open` takes it.
    Returns what was checked: {"steps", "images", "structures", "chunks", "encrypted", "warnings"}.
    """
    with Document.open(path, read_only=True, beside=True, key=key) as document:
        if document.encrypted:
            _verify_seals(document)
        outgoings(document)
        for image in document.case.images.values():
            for phase in range(len(image.arrays)):
                document.volume(image.name, phase)
        for name in document.case.structures:
            document.mask(name)
            document.doubt(name)
        chunks = _verify_chunks(document)
        return {
            "steps": document.journal_length,
            "images": len(document.case.images),
            "structures": len(document.case.structures),
            "chunks": chunks,
            "encrypted": document.encrypted,
            "warnings": [],
        }


def _verify_seals(document: Document) -> None:
    """Every page's seal, those that nothing is kept in too, and then that the pages fit together."""
    if document.store.rows("PRAGMA cipher_integrity_check"):
        raise damaged("the seal of a page is broken")
    if document.store.rows("PRAGMA quick_check(1)") != [("ok",)]:
        raise damaged("its pages do not fit together")


def _verify_chunks(document: Document) -> int:
    """Chunks that no current array uses belong to steps that can be undone: they count too."""
    import hashlib

    digests = [str(row[0]) for row in document.store.rows("SELECT sha256 FROM chunk")]
    for digest in digests:
        ((data,),) = document.store.rows("SELECT data FROM chunk WHERE sha256=?", (digest,))
        if hashlib.sha256(data).hexdigest() != digest:
            raise damaged("a block of voxels differs from its hash")
    return len(digests)
