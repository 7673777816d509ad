"""What a valve is placed in, prepared once for a plan, so that sizes, depths and turns cost next to nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from planning.tavr.devices import find_device
from planning.tavr.obstruction import obstruction_of
from planning.tavr.space import RootSpace, annulus_measures, valve_space
from planning.tavr.valve import aligned_rotation_deg, place_valve, valve_results
from planning.volume import Volume

Asked = Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class ValveRoom:
    """A plan's results and the space in its root."""

    results: Mapping[str, Any]
    space: RootSpace

    @classmethod
    def of(cls, volume: Volume, results: Mapping[str, Any]) -> ValveRoom:
        """From the image; about a second."""
        return cls(results, valve_space(volume, results))

    def placed(self, valve: Asked) -> dict[str, Any]:
        """The plan's "valve" and "obstruction" for a model, size, depth and turn; a millisecond."""
        device = find_device(str(valve["model"]), str(valve["size"]))
        depth, turn = float(valve["depth_mm"]), float(valve["rotation_deg"])
        made = place_valve(self.space, device, depth, turn, annulus_measures(self.results), chosen=True)
        return {"valve": made, "obstruction": obstruction_of({**self.results, "valve": made})}

    def settled(self, valve: Asked) -> dict[str, Any]:
        """All that follows from the valve, the matrix too."""
        return valve_results(self.results, self.space, valve)

    def aligned_deg(self) -> float | None:
        """The turn that puts the posts nearest to the commissures."""
        return aligned_rotation_deg(self.space)
