"""`theatrum navigate`: a plan to navigation systems by OpenIGTLink, and where their tools are."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from app.console import ConsoleProgress, positive, print_json, print_warnings, whole
from planning.errors import Cancelled


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "navigate",
        help="a plan to navigation systems (OpenIGTLink), tools from them",
        description="Shows a plan's points, lines and planes to navigation systems by OpenIGTLink and tells where their "
        "tools are. A place older than 0.5 s is told as stale. Coordinates on the line are RAS mm, in answers LPS mm. Only "
        "this computer is listened to unless --address says so; there is neither secrecy nor a check of who speaks.",
        epilog="example: theatrum navigate patient.theatrum --plan A --seconds 60",
    )
    parser.add_argument("case", type=Path, metavar="CASE")
    parser.add_argument("--plan", required=True, metavar="NAME")
    parser.add_argument(
        "--address", default="127.0.0.1", metavar="HOST", help="where to listen, or with --connect to go"
    )
    parser.add_argument("--port", type=_port, default=18944, metavar="N")
    parser.add_argument("--connect", action="store_true", help="go to a partner that listens")
    parser.add_argument("--seconds", type=positive, metavar="S", help="end after this time (default: Ctrl-C)")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout, at the end")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.set_defaults(run=run)


def _port(text: str) -> int:
    """A port that can be listened at or called."""
    port = whole(text)
    if not 1 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"a port is a number from 1 to 65535, got {text!r}")
    return port


def run(arguments: argparse.Namespace) -> int:
    """Talk until it ends, then tell where tools were last."""
    from app.went_out import NAVIGATION, noted_by_command
    from planning.case.document import Document
    from planning.case.standing import told_plan
    from planning.errors import CaseError
    from planning.naming import known_names
    from planning.navigation.link import Link
    from planning.navigation.plan_out import plan_messages

    with Document.open(arguments.case, read_only=True, beside=True) as document:
        plans = document.case.plans
        if arguments.plan not in plans:
            raise CaseError(f"There is no plan named '{arguments.plan}'", known_names(arguments.plan, plans))
        plan = told_plan(document.case, plans[arguments.plan])
    messages = plan_messages(plan.name, plan.kind, plan.results, plan.inputs)
    progress = ConsoleProgress(arguments.quiet)
    until = None if arguments.seconds is None else time.monotonic() + arguments.seconds
    with Link(messages, arguments.address, arguments.port, arguments.connect) as link:
        if not arguments.quiet:
            progress(0.0, f"{'Connected to' if arguments.connect else 'Listening at'} {link.address}:{link.port}")
        try:
            while until is None or time.monotonic() < until:
                link.step()
                if arguments.connect and link.is_alone:
                    break
                states = link.tools.states(time.monotonic())
                names = [tool.name for tool in states]
                for tool in states:
                    x, y, z = tool.pose[:3, 3]
                    stale = f"stale since {tool.age_s:.1f} s" if tool.is_stale else "now"
                    whose = f" of {tool.partner}" if names.count(tool.name) > 1 else ""
                    progress(0.0, f"{tool.name}{whose} at {x:.1f}, {y:.1f}, {z:.1f} mm LPS, {stale}")
        except (Cancelled, KeyboardInterrupt):
            # the ordinary end
            pass
        tools = [tool.as_json() for tool in link.tools.states(time.monotonic())]
    progress.close()
    warnings = [*plan.results.get("warnings", ())]
    if link.partners:
        warnings += noted_by_command(arguments.case, "plan", NAVIGATION)
    if arguments.json:
        print_json(
            "navigate",
            {
                "plan": plan.name,
                "sent": len(messages),
                "partners": link.partners,
                "received": link.received,
                "tools": tools,
                "faults": link.faults,
                "warnings": warnings,
            },
        )
        return 0
    print(f"{len(messages)} messages of plan {plan.name} shown to {link.partners} partners; {len(tools)} tools seen")
    for fault in link.faults:
        print(f"look here: {fault}")
    print_warnings(warnings)
    return 0
