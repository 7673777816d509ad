"""The program as tests start it: from the sources, or the installed one that THEATRUM_COMMAND names.

`make check-bundle` sets it to the last built bundle. `app.cli.main` is then a process of its own, so tests that call it run
unchanged; those that change the program from inside cannot, and are left out. A test whose change only makes it quicker or
stricter asks for it by `in_sources` and runs without it.
"""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[2]
NAMED = os.environ.get("THEATRUM_COMMAND", "")
# how a test changes the program or listens inside it, which a process of its own does not feel
INSIDE = ("monkeypatch.setattr", "monkeypatch.setitem", "caplog.", "mock.")


def program() -> list[str]:
    """The command line's beginning."""
    return [str((PROJECT / NAMED).resolve())] if NAMED else [sys.executable, "-m", "app"]


def installed_main(arguments: Sequence[str] | None = None) -> int:
    """What `app.cli.main` does, by the installed program: prints what it prints, answers its exit code."""
    given = list(arguments or ())
    done = subprocess.run([*program(), *given], capture_output=True, text=True, encoding="utf-8", check=False)
    sys.stdout.write(done.stdout)
    sys.stdout.flush()
    sys.stderr.write(done.stderr)
    sys.stderr.flush()
    return done.returncode


def use_installed() -> None:
    """Let every test that calls `app.cli.main` run the installed program. To be called before tests are collected."""
    if NAMED:
        import app.cli

        app.cli.main = installed_main  # type: ignore[assignment]


def in_sources(monkeypatch: pytest.MonkeyPatch, target: str, value: object) -> None:
    """Change the program where it runs from the sources; an installed one stays as it is, and the test must hold for both."""
    if not NAMED:
        monkeypatch.setattr(target, value)


def leave_out(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what cannot be asked of an installed program; what does not run it is not of this run."""
    if not NAMED:
        return
    others = []
    for item in items:
        source = _source_of(item)
        if any(word in source for word in INSIDE):
            item.add_marker(pytest.mark.skip(reason="changes the program from inside"))
        elif "main(" not in source and "program()" not in source:
            others.append(item)
    config.hook.pytest_deselected(items=others)
    aside = set(others)
    items[:] = [item for item in items if item not in aside]


def _source_of(item: pytest.Item) -> str:
    """The test's own text, and those of the helpers and fixtures of its module that it names."""
    module: Any = item.getparent(pytest.Module)
    function = getattr(item, "function", None)
    if module is None or function is None:
        return ""
    functions = {name: value for name, value in vars(module.obj).items() if _written_in(value, module.obj.__name__)}
    text, waiting, seen = "", [inspect.getsource(function)], set()
    while waiting:
        piece = waiting.pop()
        text += piece
        for name, value in functions.items():
            if name not in seen and name in piece:
                seen.add(name)
                waiting.append(inspect.getsource(value))
    return text


def _written_in(value: Any, module: str) -> bool:
    function = inspect.unwrap(getattr(value, "_fixture_function", value))
    return inspect.isfunction(function) and function.__module__ == module
