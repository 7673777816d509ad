"""`theatrum gui`: named by the contract, not in this version yet."""

from __future__ import annotations

from typing import Any

from app.commands.later import declare


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    declare(subparsers, "gui", "the window", "The window")
