"""From a case, its display state and the active plan to what the panes draw; equal parts stay the same objects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from app.doubt_content import DoubtContent
from app.i18n import mark, said, tr
from app.panels.base import Planner
from app.session import Session
from app.theme.tokens import REMOVED
from planning.case.model import Case
from planning.geometry import Plane
from viewers.overlay import LABEL_FILL, LabelItem, PaneContent, PartsItem, PlanItem, SceneContent, Split, SurfaceItem

WHOLE_BODY_ML = 3000.0
# of a scan without structures; the settings are the first of the buttons of the 3D pane
NOTHING_YET = mark("No structures yet. The 3D view settings show the scan itself.")
# they enclose or cover everything else in 3D; a click on the eye brings them
COVERING = ("body", "skin", "bone", "lung", "ribs", "spine", "muscle", "fat")
# chambers that hide the root
AROUND_THE_ROOT = ("left_atrium", "right_atrium", "right_ventricle", "pulmonary_artery", "myocardium")


class ContentBuilder:
    """Makes PaneContent and SceneContent and keeps the items that did not change."""

    def __init__(
        self,
        session: Session,
        measured: Callable[[], tuple[PlanItem, ...]],
        in_space: Callable[[], tuple[PlanItem, ...]] | None = None,
    ) -> None:
        """measured: what slices draw of measurements. in_space: what 3D draws of them, None for the same."""
        self._session = session
        self._measured, self._in_space = measured, in_space or measured
        self._doubt = DoubtContent(session)
        self._labels: dict[tuple[Any, ...], LabelItem] = {}
        self._surfaces: dict[tuple[Any, ...], SurfaceItem] = {}

    def panes(self, planner: Planner | None) -> PaneContent:
        """What slice panes show."""
        splits = planner.splits() if planner is not None else {}
        kept: dict[tuple[Any, ...], LabelItem] = {}
        hidden = self._session.view.state.hidden
        parts, parted = self._parts(planner)
        own = planner.labels() if planner is not None else ()
        # a panel's own voxels of a structure's name stand for it
        covered = hidden | {label.key for label in own}
        live = planner.live() if planner is not None else None
        if live is not None:
            covered |= {live.key}
        for name, structure in self._session.case.structures.items():
            if name in covered:
                continue
            planes = splits.get(name, ())
            share = self._session.view.state.opacities.get(name, 1.0)
            place = structure.array, structure.start_ijk
            key = (name, place, structure.color, name in parted, share, _split_key(planes))
            kept[key] = self._labels.get(key) or LabelItem(
                key=name,
                mask=self._session.mask(name),
                color=structure.color,
                fill_opacity=0.0 if name in parted else LABEL_FILL * share,
                split=planes,
                split_color=REMOVED if planes else "",
            )
        self._labels = kept
        labels = (*kept.values(), *own, *self._doubt.labels(covered))
        return PaneContent(
            volume=self._session.volume(),
            labels=labels,
            items=self.items(planner),
            parts=parts,
            legend=self._doubt.legend(covered),
            live=live,
            hand=planner.paint_hand() if planner is not None else None,
        )

    def scene(self, planner: Planner | None) -> SceneContent:
        """What the 3D pane shows: surfaces that are ready, and the plan."""
        splits = planner.splits() if planner is not None else {}
        opacities = planner.opacities() if planner is not None else {}
        replaced = planner.replaced() if planner is not None else frozenset()
        # names of an organ's parts stand at their true places, pieces that were moved do not
        parts, parted = self._parts(None if replaced else planner)
        kept: dict[tuple[Any, ...], SurfaceItem] = {}
        hidden, is_growing = self._session.view.state.hidden, False
        for name, structure in self._session.case.structures.items():
            # an edited structure keeps the surface of before until it has its own again
            mesh = self._session.surface(name) or self._session.former_surface(name)
            if mesh is None or name in replaced:
                is_growing = is_growing or (mesh is None and name not in hidden and self._session.is_coming(name))
                continue
            planes = splits.get(name, ())
            opacity = opacities.get(name, 1.0) * self._session.view.state.opacities.get(name, 1.0)
            codes, colors = parted.get(name), parts.colors if parts is not None and name in parted else ()
            if codes is None:
                codes, colors = self._doubt.codes(structure, mesh)
            # the array is held in the key itself, so that no other takes its place
            key = (name, _Same(mesh), structure.color, opacity, _Same(codes), colors, _split_key(planes))
            kept[key] = self._surfaces.get(key) or SurfaceItem(
                key=name,
                mesh=mesh,
                color=structure.color,
                opacity=opacity,
                split=planes,
                split_color=REMOVED if planes else "",
                codes=codes,
                colors=colors,
                light=self._session.light_surface(name),
            )
        self._surfaces = kept
        own = planner.surfaces() if planner is not None else ()
        labels = self._session.phases.labels
        phase = said(labels[min(self._session.view.state.phase, len(labels) - 1)]) if len(labels) > 1 else ""
        note = planner.scene_note() if planner is not None else ""
        items = (*(planner.scene_items() if planner is not None else ()), *self._in_space())
        return SceneContent(
            surfaces=(*kept.values(), *own),
            items=items,
            phase=phase,
            note=note,
            parts=parts,
            legend=self._doubt.legend(self._session.view.state.hidden | replaced),
            hint="" if kept or own or items else tr(NOTHING_YET),
            is_growing=is_growing,
        )

    def _parts(self, planner: Planner | None) -> tuple[PartsItem | None, Mapping[str, npt.NDArray[np.uint8]]]:
        """An organ's parts and the structures that wear their colours, none while they are hidden."""
        parts = planner.parts() if planner is not None else None
        if planner is None or parts is None or parts.key in self._session.view.state.hidden:
            return None, {}
        return parts, planner.parted()

    def items(self, planner: Planner | None) -> tuple[PlanItem, ...]:
        """Plan geometry and the measurements kept in the case."""
        return (*(planner.items() if planner is not None else ()), *self._measured())


class _Same:
    """An array as part of a key: equal only to itself."""

    def __init__(self, array: object) -> None:
        self._array = array

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other._array is self._array

    def __hash__(self) -> int:
        return id(self._array)


def _split_key(splits: tuple[Split, ...]) -> tuple[Any, ...]:
    """Planes by their numbers; a side by itself, and held in the key so that no other takes its place."""
    return tuple(
        (*map(float, one.origin_mm), *map(float, one.normal)) if isinstance(one, Plane) else one for one in splits
    )


def first_hidden(session: Session) -> frozenset[str]:
    """Structures that start hidden because they would cover the others in 3D."""
    return covering_structures(session.case)


def covering_structures(case: Case) -> frozenset[str]:
    """Structures of a case that cover the others in 3D; none where nothing else would be left."""
    structures = case.structures
    covering = {
        name
        for name, item in structures.items()
        if name.lower().startswith((*COVERING, *AROUND_THE_ROOT)) or item.volume_ml > WHOLE_BODY_ML
    }
    return frozenset(covering) if len(covering) < len(structures) else frozenset()
