"""What the command palette finds: every action, structure, measurement, step, plan and recent case."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.actions import action_text
from app.dialogs.palette import PaletteEntry
from app.i18n import SOURCE, language, said, structure_name, tr
from app.measure_words import ICONS
from app.panels.guide import GuidedPlanner
from app.panels.segment.by_hand_settings import TOOLS
from app.samples import label_words
from app.why_off import reason_off

if TYPE_CHECKING:
    from app.case_page import CasePage
    from app.workstation import Workstation

NOT_LISTED = ("palette", "leave", "next_region", "next_pane")
# where the plans of each kind are worked on
PLAN_ICONS = {"tavr": "heart-pulse", "liver": "layers", "kidney": "bean", "vessel": "route"}
PLAN_PLACES = {"tavr": "heart", "liver": "liver", "kidney": "kidney", "vessel": "vessel"}


def palette_entries(window: Workstation) -> list[PaletteEntry]:
    """All entries that make sense now; those that cannot run say why."""
    entries = _actions(window)
    page = window.page
    if page is not None and window.place == "case":
        entries += _steps(page)
        entries += _hand_tools(window, page)
        entries += _plans(page)
        entries += _results(page)
        entries += _structures(page)
        for name, measurement in page.session.case.measurements.items():
            sign = ICONS.get(measurement.kind, "ruler")
            fly = partial(page.measuring.fly_to, name)
            entries.append(
                PaletteEntry(f"go {name}", tr("Go to {place}", place=name), tr("Measurements"), sign, (), fly)
            )
    for recent in window.settings.recent:
        path = Path(recent.path)
        entries.append(
            PaletteEntry(
                f"recent {recent.path}",
                tr("Open {name}", name=label_words(recent.label) or path.stem),
                tr("Recent cases"),
                "folder-open",
                (),
                partial(window.open_paths, [path]),
                path.exists(),
                "" if path.exists() else tr("The file is not there"),
            )
        )
    return entries


def _inside(words: str) -> str:
    """A name within a sentence: English writes it small."""
    return words[:1].lower() + words[1:] if language() == SOURCE else words


def _actions(window: Workstation) -> list[PaletteEntry]:
    entries = []
    for action in window.actions_.all():
        spec = window.actions_.specs[action.objectName()]
        if spec.id in NOT_LISTED:
            continue
        is_place = spec.group == "Go to"
        words = action_text(spec)
        entries.append(
            PaletteEntry(
                spec.id,
                tr("Go to {place}", place=_inside(words)) if is_place else words,
                "" if is_place else tr(spec.group),
                spec.icon or "chevron-right",
                window.actions_.key_caps(spec.id),
                action.trigger,
                action.isEnabled(),
                "" if action.isEnabled() else reason_off(window, spec.id),
            )
        )
    return entries


def _steps(page: CasePage) -> Iterator[PaletteEntry]:
    """The steps of the place where one is; one that cannot be reached yet says so."""
    planner = page.planner
    if not isinstance(planner, GuidedPlanner) or len(planner.steps) < 2:
        return
    for number, step in enumerate(planner.steps):
        words, _ = planner.rows()
        yield PaletteEntry(
            f"step {page.module} {number}",
            tr("Step {number}: {name}", number=number + 1, name=said(step.name)),
            tr(words),
            "chevron-right",
            (),
            partial(planner.go_to, number),
            step.is_reachable(),
            "" if step.is_reachable() else tr("Earlier steps come first"),
        )


def _hand_tools(window: Workstation, page: CasePage) -> Iterator[PaletteEntry]:
    """The tools of the segment editor, from every place; one that cannot be taken says why when it is asked for."""
    for tool in TOOLS:
        caps = window.actions_.key_caps(f"hand_tool:{tool.id}")
        yield PaletteEntry(
            f"hand_tool {tool.id}", tr(tool.word), tr("Segment by hand"), tool.icon, caps, _tool_taker(page, tool.id)
        )


def _tool_taker(page: CasePage, tool: str) -> Callable[[], None]:
    def run() -> None:
        page.show_module("segment")
        page.panel("segment").open_by_hand(tool)

    return run


def _plans(page: CasePage) -> Iterator[PaletteEntry]:
    for name, plan in page.session.case.plans.items():
        module = PLAN_PLACES.get(plan.kind)
        if module is None:
            continue
        yield PaletteEntry(
            f"plan {name}",
            tr("Open plan {name}", name=name),
            tr("Plans"),
            PLAN_ICONS.get(plan.kind, "file-text"),
            (),
            _plan_opener(page, module, name),
        )


def _results(page: CasePage) -> Iterator[PaletteEntry]:
    """The results of the case as DICOM, from every place."""
    has_some = bool(page.session.case.plans or page.session.case.structures)

    def run() -> None:
        page.show_module("report")
        page.panel("report").write_dicom()

    why = "" if has_some else tr("No plans and no structures yet")
    yield PaletteEntry(
        "results dicom", tr("Write results as DICOM …"), tr("Report"), "file-output", (), run, has_some, why
    )


def _plan_opener(page: CasePage, module: str, name: str) -> Callable[[], None]:
    def run() -> None:
        page.show_module(module)
        page.panel(module).choose_plan(name)

    return run


def _structures(page: CasePage) -> Iterator[PaletteEntry]:
    session = page.session
    for name in session.case.structures:
        display, shown = structure_name(name), name not in session.view.state.hidden
        yield PaletteEntry(
            f"toggle {name}",
            tr("Hide {name}", name=display) if shown else tr("Show {name}", name=display),
            tr("Structures"),
            "eye-off" if shown else "eye",
            (),
            partial(session.view.toggle_hidden, name),
        )
        yield PaletteEntry(
            f"go {name}",
            tr("Go to {place}", place=display),
            tr("Structures"),
            "crosshair",
            (),
            lambda name=name: page.fly_to(session.mask(name).centroid_mm()),
        )
