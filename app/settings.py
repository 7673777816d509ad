"""The user's settings: one frozen model and a JSON file in the config folder."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.paths import config_folder
from planning.files.json_text import parsed_json

logger = logging.getLogger(__name__)
Place = tuple[int, int, int, int]


class CaseTold(BaseModel):
    """What is remembered of a case without opening it, in no language; nothing that names the patient.

    age, sex: as DICOM writes them. plans: the kind of each. An encrypted case tells nothing else.
    """

    model_config = ConfigDict(frozen=True)
    age: str = ""
    sex: str = ""
    modality: str = ""
    year: str = ""
    plans: tuple[str, ...] = ()
    structures: int = 0
    is_encrypted: bool = False


class RecentCase(BaseModel):
    """A case opened before: its file, the label shown for it, when it was opened (ISO 8601, UTC).

    told: what its card says, e.g. "TAVR plan": what is there and not that nothing is left to do. facts, status: the
    card's words as an older program kept them, in the language of that day.
    """

    model_config = ConfigDict(frozen=True)
    path: str
    label: str = ""
    opened: str = ""
    told: CaseTold | None = None
    facts: str = ""
    status: str = ""


class WindowPlace(BaseModel):
    """What the window remembers of itself.

    place: left, top, width, height, None before the first closing. left_px, right_px: widths of the panels that a person
    set. layout: of panes. out: panes that had windows of their own. pane_places: where those stood.
    """

    model_config = ConfigDict(frozen=True)
    place: Place | None = None
    is_maximised: bool = False
    left_px: int | None = Field(None, ge=0, le=4000)
    right_px: int | None = Field(None, ge=0, le=4000)
    layout: Literal["2x2", "1+3", "3d"] = "2x2"
    out: tuple[str, ...] = ()
    pane_places: Mapping[str, Place] = Field(default_factory=dict)


class Settings(BaseModel):
    """All settings; unknown keys of a newer version are kept when saved."""

    model_config = ConfigDict(frozen=True, extra="allow")
    theme: Literal["dark", "light"] = "dark"
    # "system" is what the desktop speaks
    language: Literal["system", "en", "de"] = "system"
    text_scale_percent: int = Field(100, ge=90, le=150)
    interface_scale_percent: int = Field(100, ge=100, le=200)
    mouse_scheme: Literal["planning", "radiology"] = "planning"
    # what most C-arms reach beside a patient (the same as RoomLimits)
    room_limit_lao_deg: float = Field(50.0, gt=0, le=120)
    room_limit_cra_deg: float = Field(30.0, gt=0, le=60)
    recent: tuple[RecentCase, ...] = ()
    # keys that the person bound, by the id of what they do; only what differs from the program's own
    keys: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    window: WindowPlace = WindowPlace()
    # how often each entry of the command palette was run, by its id
    palette_uses: Mapping[str, int] = Field(default_factory=dict)


def settings_file() -> Path:
    """Where the settings lie."""
    return config_folder() / "settings.json"


def load_settings() -> Settings:
    """The saved settings; a bad value is replaced by its default and said in the log."""
    try:
        raw: Any = parsed_json(settings_file().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError):
        logger.warning("the settings file cannot be read; defaults are used")
        return Settings()
    if not isinstance(raw, dict):
        return Settings()
    while True:
        try:
            return Settings.model_validate(raw)
        except ValidationError as error:
            bad = {str(item["loc"][0]) for item in error.errors() if item["loc"]}
            if not bad & raw.keys():
                return Settings()
            logger.warning("settings replaced by their defaults: %s", ", ".join(sorted(bad)))
            raw = {key: value for key, value in raw.items() if key not in bad}


def save_settings(settings: Settings) -> None:
    """Write the settings beside their place and rename, so that a crash leaves the old or the new ones.

    Uses of commands only grow: whoever holds older settings must not set them back.
    """
    target = settings_file()
    counted = load_settings().palette_uses
    uses = {
        key: max(counted.get(key, 0), settings.palette_uses.get(key, 0)) for key in (*counted, *settings.palette_uses)
    }
    settings = settings.model_copy(update={"palette_uses": uses})
    draft = target.with_suffix(".part")
    draft.write_text(settings.model_dump_json(indent=1), encoding="utf-8")
    os.replace(draft, target)


def remember_case(
    settings: Settings,
    path: Path,
    label: str,
    opened: str,
    keep: int = 12,
    told: CaseTold | None = None,
) -> Settings:
    """Settings with this case first among the recent ones."""
    entry = RecentCase(path=str(path.resolve()), label=label, opened=opened, told=told)
    others = tuple(case for case in settings.recent if case.path != entry.path)
    return settings.model_copy(update={"recent": (entry, *others)[:keep]})


def count_use(settings: Settings, identifier: str) -> Settings:
    """Settings in which an entry of the command palette was run once more."""
    uses = {**settings.palette_uses, identifier: settings.palette_uses.get(identifier, 0) + 1}
    return settings.model_copy(update={"palette_uses": uses})
