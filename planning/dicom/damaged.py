"""Bytes that are no DICOM, or not any more: libraries meet them with errors of every kind, wherever they look."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from planning.errors import InputError


@contextmanager
def refused_as(refusal: InputError) -> Iterator[None]:
    """Whatever a damaged file does to its reader in here becomes `refusal`; refusals of our own stay what they are.

    Want of memory stays too: the disposable child has its own words for it.
    """
    try:
        yield
    except (InputError, MemoryError):
        raise
    except Exception as error:
        raise refusal from error
