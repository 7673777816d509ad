"""Keys of encrypted cases in the system's keyring: only where a person asked for it, only in a keyring that is one.

What is kept is the file's key, under the file's own first bytes: neither the pass-phrase nor a name.
"""

from __future__ import annotations

import logging
from typing import Any

from planning.case.keys import CaseKey
from planning.errors import InputError

SERVICE = "Theatrum case"
logger = logging.getLogger(__name__)


def _keyring() -> Any:
    """The keyring module with a backend that keeps secrets, None where this machine has none."""
    try:
        import keyring
        from keyring.backends import chainer, fail, null

        backend = keyring.get_keyring()
        parts = backend.backends if isinstance(backend, chainer.ChainerBackend) else [backend]
    except Exception as error:
        # every backend has its own ways to fail while it is looked for
        logger.info("no keyring: %s", type(error).__name__)
        return None
    real = [one for one in parts if not isinstance(one, (fail.Keyring, null.Keyring))]
    # files beside the cases, plain or under a pass-phrase of their own, are no keyring
    real = [one for one in real if not type(one).__module__.startswith("keyrings.")]
    return keyring if real else None


def kept_key(header: bytes) -> CaseKey | None:
    """The key that was kept for the case with this header."""
    keyring = _keyring()
    if keyring is None:
        return None
    try:
        text = keyring.get_password(SERVICE, header.hex())
        return None if not text else CaseKey(header, bytes.fromhex(text))
    except Exception as error:
        logger.info("the keyring did not answer: %s", type(error).__name__)
        return None


def require_keyring() -> None:
    """Raises InputError where this machine has no keyring: before anything is done for it."""
    if _keyring() is None:
        raise InputError(
            "This computer has no keyring that Theatrum can use",
            "Leave out --keyring and keep the pass-phrase",
            "keyring",
        )


def keep_key(key: CaseKey) -> None:
    """Keep a case's key. Raises InputError where it cannot be kept."""
    require_keyring()
    try:
        _keyring().set_password(SERVICE, key.header.hex(), key.secret.hex())
    except Exception as error:
        raise InputError(
            "The keyring did not take the key", "The pass-phrase opens the case all the same", "keyring"
        ) from error


def drop_key(header: bytes) -> None:
    """Take a key out again; nothing where there is none."""
    keyring = _keyring()
    if keyring is None:
        return
    try:
        keyring.delete_password(SERVICE, header.hex())
    except Exception as error:
        logger.info("the keyring has no such key: %s", type(error).__name__)
