"""Large libraries are loaded by one thread at a time, in a fresh process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CODE = """
import importlib, sys, threading, time
from planning import loading
plain, inside, most, order = importlib.import_module, 0, 0, []
def slow(name):
    global inside, most
    inside += 1
    most = max(most, inside)
    order.append(name)
    time.sleep(0.02)
    inside -= 1
    return plain("json")
loading.importlib.import_module, loading._use_all_threads = slow, lambda: None
threads = [threading.Thread(target=loading.load_computing) for _ in range(6)]
threads += [threading.Thread(target=loading.load, args=(("another",),))]
for one in threads: one.start()
for one in threads: one.join()
print(most, sorted(order) == sorted((*loading.COMPUTING, "another")))
"""


def test_many_who_ask_load_one_after_the_other_and_once(project_root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE], cwd=project_root, capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert done.stdout.split() == ["1", "True"]


def test_all_that_jobs_compute_with_can_be_loaded() -> None:
    from planning.loading import COMPUTING, load_computing

    load_computing()
    assert set(COMPUTING) <= set(sys.modules)


def test_vtks_way_of_looping_is_chosen_when_it_is_loaded_and_nowhere_else(project_root: Path) -> None:
    code = (
        "from planning.loading import load_computing; load_computing()\n"
        "from vtkmodules.vtkCommonCore import vtkSMPTools; print(vtkSMPTools.GetBackend())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=project_root, capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert done.stdout.strip() == "STDThread"
    # chosen again while a filter runs in another thread, it brings the program down
    sources = [
        path for part in ("app", "viewers", "planning", "inference") for path in (project_root / part).rglob("*.py")
    ]
    assert [path.name for path in sources if "SetBackend(" in path.read_text(encoding="utf-8")] == ["loading.py"]
