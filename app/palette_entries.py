"""What the command palette finds: every action, structure, measurement, plan and recent case."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.actions import key_words
from app.dialogs.palette import PaletteEntry
from app.measuring import ICONS
from planning.registry import structure_style

if TYPE_CHECKING:
    from app.workstation import Workstation

NOT_LISTED = ("palette", "leave", "next_region", "next_pane")


def palette_entries(window: Workstation) -> list[PaletteEntry]:
    """All entries that make sense now; those that cannot run say why."""
    entries = _actions(window)
    page = window.page
    if page is not None and window.place == "case":
        session = page.session
        hidden = session.view.state.hidden
        for name in session.case.structures:
            display = structure_style(name).display
            shown = name not in hidden
            entries.append(
                PaletteEntry(
                    f"toggle {name}",
                    f"{'Hide' if shown else 'Show'} {display}",
                    "Structures",
                    "eye-off" if shown else "eye",
                    (),
                    partial(session.view.toggle_hidden, name),
                )
            )
            entries.append(
                PaletteEntry(
                    f"go {name}",
                    f"Go to {display}",
                    "Structures",
                    "crosshair",
                    (),
                    lambda name=name: page.fly_to(session.mask(name).centroid_mm()),
                )
            )
        for name, measurement in session.case.measurements.items():
            sign = ICONS.get(measurement.kind, "ruler")
            fly = partial(page.measuring.fly_to, name)
            entries.append(PaletteEntry(f"go {name}", f"Go to {name}", "Measurements", sign, (), fly))
    for recent in window.settings.recent:
        path = Path(recent.path)
        entries.append(
            PaletteEntry(
                f"recent {recent.path}",
                f"Open {recent.label or path.stem}",
                "Recent cases",
                "folder-open",
                (),
                partial(window.open_paths, [path]),
                path.exists(),
                "" if path.exists() else "The file is not there",
            )
        )
    return entries


def _actions(window: Workstation) -> list[PaletteEntry]:
    entries = []
    for action in window.actions_.all():
        spec = window.actions_.specs[action.objectName()]
        if spec.id in NOT_LISTED:
            continue
        keys = tuple(key_words(key) for key in spec.keys[0].split("+")) if spec.keys and spec.keys[0] else ()
        title = f"Go to {spec.text.lower()}" if spec.group == "Go to" else spec.text
        reason = "" if action.isEnabled() else ("Open a case first" if window.page is None else "Not possible now")
        entries.append(
            PaletteEntry(
                spec.id,
                title,
                spec.group if spec.group != "Go to" else "",
                spec.icon or "chevron-right",
                keys,
                action.trigger,
                action.isEnabled(),
                reason,
            )
        )
    return entries
