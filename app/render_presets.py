"""How a CT can be drawn in 3D: the presets that ship, and those that a person saved. A preset is a name and its stops."""

from __future__ import annotations

import importlib.resources
import json
import logging
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from app.i18n import mark
from app.paths import config_folder
from planning.files.json_text import parsed_json
from planning.files.place import writing
from planning.volume import Volume
from viewers.rendering import Stop, Stops, automatic_stops, checked_stops

logger = logging.getLogger(__name__)

OWN = "own:"
# made for the image that is drawn, where it is no CT
AUTOMATIC = "automatic"
# what the presets that ship are called in the data file
NAMES = (mark("Heart CTA"), mark("Vessels"), mark("Liver"), mark("Bone"), mark("Lung"))
MOST_OWN, MOST_NAME = 64, 60


class RenderPreset(BaseModel):
    """A transfer function by name. id: of those that ship; OWN + name of a person's own."""

    model_config = ConfigDict(frozen=True)
    id: str
    name: str = Field(min_length=1, max_length=MOST_NAME)
    stops: Stops
    shaded: bool = True

    @field_validator("stops", mode="before")
    @classmethod
    def _read_stops(cls, value: Any) -> Any:
        return tuple(Stop(float(hu), str(color).upper(), float(opacity)) for hu, color, opacity in value)

    @field_validator("stops")
    @classmethod
    def _check_stops(cls, stops: Stops) -> Stops:
        if not stops:
            raise ValueError("a preset needs points")
        return checked_stops(stops)


@cache
def _shipped() -> dict[str, Any]:
    text = importlib.resources.files("assets").joinpath("volume_presets.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


@cache
def built_in() -> tuple[RenderPreset, ...]:
    """What ships, in the order of the list."""
    return tuple(RenderPreset.model_validate(entry) for entry in _shipped()["presets"])


def automatic_preset(volume: Volume) -> RenderPreset:
    """By what an image holds, for those that the presets are not for."""
    stops = [(stop.hu, stop.color, stop.opacity) for stop in automatic_stops(volume, _shipped()["automatic"])]
    return RenderPreset.model_validate({"id": AUTOMATIC, "name": mark("Automatic"), "stops": stops})


def own_file() -> Path:
    """Where a person's own presets lie."""
    return config_folder() / "volume_presets.json"


def own_presets() -> tuple[RenderPreset, ...]:
    """A person's own; entries that cannot be read are left out and said in the log."""
    try:
        raw: Any = parsed_json(own_file().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError):
        logger.warning("the file of 3D presets cannot be read")
        return ()
    entries = raw.get("presets", []) if isinstance(raw, dict) else []
    found = []
    for entry in entries[:MOST_OWN] if isinstance(entries, list) else []:
        try:
            found.append(RenderPreset.model_validate(entry))
        except (ValidationError, TypeError, ValueError):
            logger.warning("a 3D preset cannot be read and is left out")
    return tuple(found)


def save_own(name: str, stops: Stops, shaded: bool) -> RenderPreset:
    """Keep these stops under a name; one of the same name is replaced.

    Raises ValueError for a name that cannot be, InputError where nothing can be written.
    """
    preset = RenderPreset.model_validate(
        {"id": OWN + name, "name": name, "stops": [(s.hu, s.color, s.opacity) for s in stops], "shaded": shaded}
    )
    _write([*(one for one in own_presets() if one.id != preset.id), preset][-MOST_OWN:])
    return preset


def remove_own(identifier: str) -> None:
    """Forget one of a person's own. Raises InputError where nothing can be written."""
    _write([one for one in own_presets() if one.id != identifier])


def find_preset(identifier: str) -> RenderPreset | None:
    """A preset by its id, None for one that is not there any more."""
    return next((one for one in (*built_in(), *own_presets()) if one.id == identifier), None)


def fitting_preset(module: str, structures: Sequence[str]) -> RenderPreset:
    """What a place of work starts with: the vessels where nothing says otherwise."""
    wanted = {"heart": "heart_cta", "liver": "liver", "kidney": "vessels", "vessel": "vessels"}.get(module, "")
    if not wanted:
        wanted = "liver" if any(name.startswith("liver") for name in structures) else "heart_cta"
    found = find_preset(wanted)
    assert found is not None
    return found


def _write(presets: Sequence[RenderPreset]) -> None:
    entries = [
        {
            "id": one.id,
            "name": one.name,
            "stops": [[stop.hu, stop.color, stop.opacity] for stop in one.stops],
            "shaded": one.shaded,
        }
        for one in presets
    ]
    target = own_file()
    draft = target.with_suffix(".part")
    with writing(target):
        draft.write_text(json.dumps({"presets": entries}, indent=1), encoding="utf-8")
        os.replace(draft, target)
