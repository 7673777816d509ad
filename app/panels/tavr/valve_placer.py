"""A valve that is drawn into the plan's root: prepared once, then it follows the hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.i18n import tr
from app.jobs import Job
from app.panels.tavr.valve_room import ValveRoom
from planning.progress import CancelToken, Progress
from planning.tavr.in_valve import in_valve_json
from planning.tavr.obstruction import obstruction_of
from planning.tavr.valve import DEFAULT_DEPTH_MM

if TYPE_CHECKING:
    from app.panels.tavr.work import TavrWork

# parts of a plan that the space for a valve is made of
ROOM_OF = ("annulus", "landmarks", "calcium", "stj", "devices", "coronaries")


class ValvePlacer:
    """The valve under the hand; on release it is one step of the case."""

    def __init__(self, work: TavrWork) -> None:
        self._work = work
        self.room: ValveRoom | None = None

    @property
    def valve(self) -> Mapping[str, Any] | None:
        """The valve drawn, as the hand has it now."""
        shown = self._work.shown
        return None if shown is None else shown.get("valve")

    def prepare(self) -> None:
        """Read the root's calcium once for this plan, so that a valve can be moved by hand."""
        results, volume = self._work.results, self._work.volume()
        if results is None or volume is None or self._room_fits:
            return

        def work(progress: Progress, cancel: CancelToken) -> ValveRoom:
            return ValveRoom.of(volume, results)

        self._work.session.jobs.submit(
            Job(
                key="valve room",
                title=tr("Preparing the valve"),
                work=work,
                done=self._take_room,
                still_wanted=lambda: self._work.results is results,
                quiet=True,
            )
        )

    def _take_room(self, room: ValveRoom) -> None:
        self.room = room
        self._work.changed.emit()

    @property
    def _room_fits(self) -> bool:
        """Whether the space was made of the root as it is; valve and access may differ."""
        room, results = self.room, self._work.results
        if room is None or results is None:
            return False
        return room.results is results or all(room.results[key] == results[key] for key in ROOM_OF)

    @property
    def can_place(self) -> bool:
        """True when a valve can follow the hand."""
        return self._room_fits and not (self._work.is_stale or self._work.is_read_only)

    def place(self, finished: bool, **changes: Any) -> None:
        """Another model, size, depth_mm or rotation_deg; on release one step of the case."""
        if not self.can_place or self.room is None:
            return
        before = self.valve
        known = {} if before is None else {key: before[key] for key in ("model", "size", "depth_mm", "rotation_deg")}
        asked = {"depth_mm": DEFAULT_DEPTH_MM, "rotation_deg": 0.0, **known, **changes}
        self._take_results(self.room)
        self._work.preview = {**self._work.preview, **self.room.placed(asked)}
        if finished:
            self._settle(self.room, asked)
        self._work.changed.emit()

    def _take_results(self, room: ValveRoom) -> None:
        """The space is that of the root; a prosthesis may have been stated since."""
        if self._work.results is not None:
            self.room = replace(room, results=self._work.results)

    def state_prosthesis(self, inner_diameter_mm: float | None) -> None:
        """The true inner diameter of the prosthesis that the valve goes into; None: a native valve. One step of the case."""
        results = self._work.results
        if results is None or self._work.is_read_only or self._work.is_stale:
            return
        asked = None if inner_diameter_mm is None else {"inner_diameter_mm": inner_diameter_mm}
        inside = in_valve_json(asked)
        judged = obstruction_of({**results, "in_valve": inside})
        self._work.keep({"in_valve": asked}, {"in_valve": inside, "obstruction": judged})

    def _settle(self, room: ValveRoom, asked: Mapping[str, Any]) -> None:
        def work(progress: Progress, cancel: CancelToken) -> dict[str, Any]:
            return room.settled(asked)

        def done(found: dict[str, Any]) -> None:
            self._work.keep({"valve": dict(asked)}, found)

        self._work.session.jobs.submit(
            Job(
                key="valve settled",
                title=tr("Placing the valve"),
                work=work,
                done=done,
                still_wanted=lambda: self._room_fits,
                quiet=True,
            )
        )
