"""Work that cannot be asked to stop is left alone when it is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from block_livers import beyond, block_liver

from planning.errors import Cancelled, MeasurementError
from planning.liver import graph, realise
from planning.liver.resection import TerritoryResection
from planning.phantoms.cardiac import cardiac_phantom
from planning.progress import CancelToken, stoppable

ANSWER_S = 0.5
LONG_S = 5.0


def test_what_work_returns_and_raises_comes_through() -> None:
    def fails() -> None:
        raise MeasurementError("no")

    assert stoppable(lambda: 7, CancelToken()) == 7
    assert stoppable(lambda: 7, None) == 7
    with pytest.raises(MeasurementError, match="no"):
        stoppable(fails, CancelToken())


def test_a_stop_that_came_before_starts_nothing() -> None:
    cancel, started = CancelToken(), threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        stoppable(started.set, cancel)
    assert not started.is_set()


@pytest.mark.parametrize("where", ["thinning", "region"])
def test_a_stop_is_answered_while_a_library_works(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cancel, over, began = CancelToken(), threading.Event(), threading.Event()

    def endless(*_: object) -> None:
        began.set()
        over.wait(LONG_S)

    model = block_liver()
    monkeypatch.setattr("skimage.morphology.skeletonize", endless)
    monkeypatch.setattr(realise, "_territory", endless)
    stopped: list[float] = []

    def stop() -> None:
        began.wait(LONG_S)
        stopped.append(time.monotonic())
        cancel.set()

    asking = threading.Thread(target=stop)
    asking.start()
    work: dict[str, Callable[[], object]] = {
        "thinning": lambda: graph.graph_of(model.vessels["portal"], cancel),
        "region": lambda: model.evaluate([beyond(60.0), TerritoryResection(("portal_1",))], cancel=cancel),
    }
    with pytest.raises(Cancelled):
        work[where]()
    assert time.monotonic() - stopped[0] < ANSWER_S
    over.set()
    asking.join()


def test_a_phantom_tells_how_far_it_is_and_stops_when_asked() -> None:
    told: list[float] = []
    asked = CancelToken()

    def hear(fraction: float, text: str = "") -> None:
        told.append(fraction)
        if fraction > 0.3:
            asked.set()

    with pytest.raises(Cancelled):
        cardiac_phantom(root_only=True, progress=hear, cancel=asked)
    assert told == sorted(told)
    assert 0.3 < told[-1] < 0.5, "it stops at its next step"
    assert len([fraction for fraction in told if fraction < 0.3]) > 20
