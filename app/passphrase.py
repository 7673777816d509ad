"""Pass-phrases at the terminal: from a file, from the system's keyring, or asked for; never on the command line itself."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from planning.case.keys import CaseKey, Provider, ask_with, header_of, is_encrypted, opens, remember, unlock
from planning.errors import CaseError, InputError

TRIES = 3
MOST_BYTES = 1 << 14


def add_option(parser: argparse.ArgumentParser, *, is_said_above: bool = False) -> None:
    """What every command that opens a case has. is_said_above: an action of one, which leaves alone what came before it."""
    parser.add_argument(
        "--passphrase-file",
        type=Path,
        metavar="FILE",
        default=argparse.SUPPRESS if is_said_above else None,
        help="of an encrypted case: its pass-phrase is the first line of FILE, - for the standard input",
    )


def install(arguments: argparse.Namespace) -> None:
    """Whoever opens an encrypted case from now on gets its key as these arguments say."""
    # the window asks by itself
    ask_with(provider(arguments.passphrase_file, prompts=not hasattr(arguments, "screenshot")))


def provider(source: Path | None, *, prompts: bool) -> Provider:
    """Who knows the key of a case: the file, else the keyring, else the person at the terminal."""
    known: list[str] = []

    def key_of(path: Path) -> CaseKey | None:
        if source is not None:
            if not known:
                known.append(read_passphrase(source))
            return unlock(path, known[0])
        from app.keyring_store import kept_key

        header = header_of(path)
        kept = None if header is None else kept_key(header)
        if kept is not None and opens(path, kept):
            return kept
        return _asked(path) if prompts and is_terminal() else None

    return key_of


def is_terminal() -> bool:
    """True when somebody can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def _asked(path: Path) -> CaseKey | None:
    for left in reversed(range(TRIES)):
        typed = _typed(f"Pass-phrase of {path.name}: ")
        if not typed:
            return None
        try:
            return unlock(path, typed)
        except CaseError as error:
            if error.code != "wrong_key" or not left:
                raise
            sys.stderr.write("That is not it.\n")
    return None


def old_passphrase(path: Path, source: Path | None) -> str:
    """The pass-phrase of a case, from the file or the person. Raises InputError where there is neither."""
    typed = read_passphrase(source) if source is not None else ""
    if not typed and is_terminal():
        typed = _typed(f"Pass-phrase of {path.name}: ")
    if not typed:
        raise InputError("A pass-phrase is needed", "Give it with --passphrase-file FILE, or - to read it from a pipe")
    return typed


def new_passphrase(source: Path | None, what: str = "New pass-phrase") -> str:
    """The pass-phrase for a case that is to be encrypted: from the file, or typed twice. Raises InputError."""
    if source is not None:
        return read_passphrase(source)
    if not is_terminal():
        raise InputError("A pass-phrase is needed", "Give it with --passphrase-file FILE, or - to read it from a pipe")
    first = _typed(f"{what}: ")
    if first != _typed("The same again: "):
        raise InputError("The two pass-phrases differ", "Nothing was changed; try again", "differ")
    return first


def _typed(words: str) -> str:
    from getpass import getpass

    try:
        return getpass(words, stream=sys.stderr)
    except EOFError:
        return ""


def read_passphrase(source: Path) -> str:
    """The first line of a file, or of the standard input for "-". Raises InputError."""
    try:
        if str(source) == "-":
            raw = sys.stdin.buffer.readline(MOST_BYTES)
        else:
            with source.open("rb") as file:
                raw = file.readline(MOST_BYTES)
    except OSError as error:
        raise InputError(f"{source.name} cannot be read ({error.strerror})", "Check its name", "not_there") from error
    try:
        line = raw.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise InputError(f"The pass-phrase in {source.name} is no UTF-8 text", "Save it as UTF-8", "text") from error
    if not line:
        raise InputError("The pass-phrase is empty", "It is the first line of the file", "empty")
    return line


def key_of(path: Path, source: Path | None) -> CaseKey | None:
    """The key of an encrypted case as `provider` finds it, None of a plain one; it is known from now on."""
    if not is_encrypted(path):
        return None
    found = provider(source, prompts=True)(path)
    if found is not None:
        remember(found)
    return found
