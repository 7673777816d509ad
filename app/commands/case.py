"""`theatrum case`: look after a case file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.console import ConsoleProgress, actions_of


def add_parser(subparsers: Any) -> None:
    """Declare the command with its actions."""
    parser = subparsers.add_parser(
        "case",
        help="verify, recover, encrypt or decrypt a case file",
        description="Looks after a case file: whether it is whole, what can be brought back of a damaged one, and its "
        "encryption. Only an encrypted case needs a pass-phrase; it is asked for, or given by --passphrase-file, never on "
        "the command line.",
        epilog="example: theatrum case verify patient.theatrum",
    )
    action = actions_of(parser)
    verify = action("verify", "read every byte of a case and compare it with its hashes")
    recover = action(
        "recover",
        "bring back what can be of a damaged case",
        "Writes what is whole of a damaged case into a new one and says what is lost. The damaged file is only read.",
    )
    encrypt = action(
        "encrypt",
        "encrypt a case under a pass-phrase",
        "Encrypts a case in its place, or into OUT. Who loses the pass-phrase loses the case: nobody can bring it back.",
    )
    decrypt = action("decrypt", "take the encryption off a case, in its place or into OUT")
    history = action(
        "history",
        "what was done to a case, when and by which version",
        "Lists every step of a case's journal, the oldest first; undone ones too; and what was written out or sent. "
        "Nothing is ever taken out of it.",
    )
    change = action(
        "passphrase",
        "encrypt a case anew under another pass-phrase",
        "Encrypts a case anew under another pass-phrase, in its place. With - for both files the standard input has the old "
        "one on its first line and the new one on its second.",
    )
    for parser_of in (verify, recover, encrypt, decrypt, history, change):
        parser_of.add_argument("case", type=Path, metavar="CASE")
        parser_of.set_defaults(run=run)
    recover.add_argument(
        "-o", "--output", type=Path, metavar="OUT", help="the new case (default: CASE-recovered.theatrum beside it)"
    )
    recover.add_argument(
        "--search-header",
        action="store_true",
        help="of an encrypted case whose first bytes are damaged: try each single changed bit (two minutes)",
    )
    for parser_of in (encrypt, decrypt):
        parser_of.add_argument("-o", "--output", type=Path, metavar="OUT", help="leave CASE as it is and write OUT")
    for parser_of in (recover, encrypt, decrypt):
        parser_of.add_argument("--force", action="store_true", help="replace an existing OUT")
    for parser_of in (recover, encrypt, decrypt, change):
        parser_of.add_argument("--quiet", action="store_true", help="no progress")
    for parser_of in (encrypt, change):
        parser_of.add_argument(
            "--keyring", action="store_true", help="keep the key in this computer's keyring, which then opens the case"
        )
    change.add_argument(
        "--new-passphrase-file",
        type=Path,
        metavar="FILE",
        help="the new one is the first line of FILE; - for the standard input, after the old one where that is - too",
    )


def run(arguments: argparse.Namespace) -> int:
    """Do it; a damaged case is an input that cannot be used (3)."""
    actions = {
        "verify": _verify,
        "recover": _recover,
        "encrypt": _encrypt,
        "decrypt": _decrypt,
        "history": _history,
        "passphrase": _change,
    }
    return actions[arguments.action](arguments)


def _verify(arguments: argparse.Namespace) -> int:
    from app.console import print_json
    from planning.case.verify import verify_case

    told = verify_case(arguments.case)
    if arguments.json:
        print_json("case", {"case": str(arguments.case), "ok": True, **told})
    else:
        print(f"{arguments.case.name} is whole")
    return 0


def _recover(arguments: argparse.Namespace) -> int:
    from app.console import print_json
    from app.passphrase import key_of
    from planning.case.recovering import default_target, recover_case

    target = arguments.output or default_target(arguments.case)
    progress = ConsoleProgress(arguments.quiet)
    if arguments.search_header:
        from app.passphrase import old_passphrase
        from planning.case.header_search import searched_key

        key = searched_key(arguments.case, old_passphrase(arguments.case, arguments.passphrase_file), progress)
    else:
        key = key_of(arguments.case, arguments.passphrase_file)
    told = recover_case(arguments.case, target, key=key, force=arguments.force, progress=progress)
    progress.close()
    if arguments.json:
        print_json("case", {"case": str(arguments.case), **told.as_json()})
        return 0
    for line in told.lines():
        print(line)
    return 0


def _history(arguments: argparse.Namespace) -> int:
    from dataclasses import asdict

    from app.console import print_json
    from planning.case.document import Document
    from planning.case.trail import OUT, trail

    with Document.open(arguments.case, read_only=True, beside=True) as document:
        steps = trail(document)
    if arguments.json:
        print_json("case", {"case": str(arguments.case), "steps": [asdict(step) for step in steps]})
        return 0
    for step in steps:
        of, to = "" if step.of is None else f" (step {step.of})", f", to {step.to}" if step.to else ""
        words = f"{step.what}: {step.text}{of}{to}"
        words = step.text if step.what == "done" else words
        # what went out is no step and has no number of its own
        number = "" if step.what in OUT else str(step.number)
        print(f"{number:>5}  {step.time_utc}  {step.version:<8} {words}{' (undone later)' if step.is_undone else ''}")
    return 0


def _encrypt(arguments: argparse.Namespace) -> int:
    from app.keyring_store import keep_key, require_keyring
    from app.passphrase import new_passphrase
    from planning.case.encrypting import LEFT_BEHIND, encrypt_case
    from planning.case.keys import is_encrypted, new_key
    from planning.case.schema import check_header

    check_header(arguments.case)
    if arguments.keyring:
        require_keyring()
    # who has no case to encrypt is not asked to think of a pass-phrase
    key = None if is_encrypted(arguments.case) else new_key(new_passphrase(arguments.passphrase_file))
    progress = ConsoleProgress(arguments.quiet)
    made = encrypt_case(arguments.case, key=key, out=arguments.output, force=arguments.force, progress=progress)
    progress.close()
    if arguments.keyring:
        keep_key(made)
    in_place = arguments.output is None
    if in_place:
        from app.sealed import take_in

        take_in(arguments.case)
    _say(arguments, True, f"{LEFT_BEHIND}." if in_place else f"{arguments.case.name} stays as it was, unencrypted.")
    return 0


def _decrypt(arguments: argparse.Namespace) -> int:
    from app.keyring_store import drop_key
    from planning.case.encrypting import decrypt_case
    from planning.case.keys import header_of
    from planning.case.schema import check_header

    check_header(arguments.case)
    header = header_of(arguments.case)
    progress = ConsoleProgress(arguments.quiet)
    decrypt_case(arguments.case, out=arguments.output, force=arguments.force, progress=progress)
    progress.close()
    if arguments.output is None and header is not None:
        drop_key(header)
    _say(arguments, False, "")
    return 0


def _change(arguments: argparse.Namespace) -> int:
    from app.keyring_store import drop_key, keep_key, require_keyring
    from app.passphrase import key_of, new_passphrase
    from planning.case.encrypting import change_passphrase
    from planning.case.keys import header_of, new_key
    from planning.case.schema import check_header

    check_header(arguments.case)
    if arguments.keyring:
        require_keyring()
    header = header_of(arguments.case)
    old = key_of(arguments.case, arguments.passphrase_file)
    new = None if old is None else new_key(new_passphrase(arguments.new_passphrase_file))
    progress = ConsoleProgress(arguments.quiet)
    made = change_passphrase(arguments.case, new=new, key=old, progress=progress)
    progress.close()
    if header is not None:
        drop_key(header)
    if arguments.keyring:
        keep_key(made)
    _say(arguments, True, "Copies and backups of the case still open with the old pass-phrase.")
    return 0


def _say(arguments: argparse.Namespace, encrypted: bool, note: str) -> None:
    from app.console import print_json

    path = getattr(arguments, "output", None) or arguments.case
    if arguments.json:
        warnings = [{"code": "left_behind", "text": note}] if note else []
        told = {"case": str(arguments.case), "output": str(path), "encrypted": encrypted, "warnings": warnings}
        print_json("case", told)
        return
    print(f"{path.name} is {'encrypted' if encrypted else 'not encrypted any more'}")
    if note:
        print(note)
