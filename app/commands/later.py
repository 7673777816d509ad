"""Commands that the contract names and a later version brings: they say so and exit with 2."""

from __future__ import annotations

import argparse
from typing import Any

from app.console import refuse_later


def declare(subparsers: Any, name: str, help_text: str, feature: str) -> None:
    """A command that takes any arguments and says that it is not there yet."""
    parser = subparsers.add_parser(
        name,
        help=f"{help_text} (in a later version)",
        description=f"{feature} is not part of this version.",
        prefix_chars="\0",
        add_help=False,
    )
    parser.add_argument("rest", nargs=argparse.REMAINDER)

    def run(arguments: argparse.Namespace) -> int:
        if set(arguments.rest) & {"-h", "--help"}:
            print(
                f"usage: theatrum {name} …\n\n{feature} is not part of this version of Theatrum. "
                "A later version brings it."
            )
            return 0
        raise refuse_later(feature)

    parser.set_defaults(run=run)
