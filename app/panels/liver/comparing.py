"""What the comparison of plans draws: each plan's cut with its margin and the liver parted by it, made in a job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from app.i18n import tr
from app.jobs import Job
from app.panels.liver.cuts import CutStore
from app.session import Session
from app.theme.tokens import REMOVED
from planning.case.model import PlanRecord
from planning.liver.roles import LiverRoles
from planning.progress import CancelToken, Progress
from viewers.overlay import MarginMapItem, SceneContent, SurfaceItem

if TYPE_CHECKING:
    from planning.liver.model import LiverModel
    from planning.liver.regions import Region
    from planning.liver.resection import Resection
    from planning.liver.resectogram import Resectogram

CLEAR_OPACITY = 0.38


@dataclass(frozen=True, slots=True, eq=False)
class PlanPicture:
    """Of one plan's resections: what they remove, and their cut laid flat with its margins."""

    rows: Sequence[Mapping[str, Any]]
    regions: tuple[Region, ...]
    flat: Resectogram


class Comparing(QObject):
    """Pictures of plans, kept while their resections and the liver stay the same. `changed`: there are more of them."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._cuts = CutStore()
        self._pictures: dict[str, PlanPicture] = {}
        self._model: LiverModel | None = None
        self._surfaces: dict[tuple[Any, ...], SurfaceItem] = {}
        self._contents: dict[str, tuple[tuple[Any, ...], SceneContent]] = {}

    def picture(self, plan: PlanRecord) -> PlanPicture | None:
        """The plan's picture, None while it is not made."""
        found = self._pictures.get(plan.name)
        return found if found is not None and found.rows == plan.inputs["resections"] else None

    def keep_only(self, model: LiverModel | None) -> bool:
        """Let go of what was made on another liver: its regions and voxels are a hundred megabytes. True when there was."""
        if model is self._model:
            return False
        self._model = None
        self._pictures.clear()
        self._contents.clear()
        return True

    def ask(self, plans: Sequence[PlanRecord], model: LiverModel | None, roles: LiverRoles) -> None:
        """Make the missing pictures of the plans that are made on this liver, in one job."""
        self.keep_only(model)
        self._model = model
        if model is None:
            return
        missing = [plan for plan in plans if self.picture(plan) is None and is_on(plan, roles)]
        if not missing:
            return
        asked = [(plan.name, plan.inputs["resections"], self._cuts.read(plan.inputs["resections"])) for plan in missing]
        self.session.jobs.submit(
            Job(
                key="compare plans",
                title=tr("Drawing the plans"),
                work=partial(_pictured, model, asked),
                done=self._take,
                still_wanted=lambda: self._model is model,
                subject=self.session.label,
            )
        )

    def _take(self, found: Mapping[str, PlanPicture]) -> None:
        self._pictures.update(found)
        self.changed.emit()

    def scene(self, plan: PlanRecord, asked_mm: float) -> SceneContent:
        """The plan in 3D: structures whose surfaces are ready, the liver parted, the cut coloured by margin."""
        picture = self.picture(plan)
        structures = self.session.case.structures
        meshes = [(name, self.session.surface(name)) for name in structures]
        key = (picture, asked_mm, *((name, mesh, structures[name].color) for name, mesh in meshes))
        known = self._contents.get(plan.name)
        if known is not None and known[0] == key:
            return known[1]
        organ = set(plan.inputs["organ"])
        splits = () if picture is None else _splits(picture.regions)
        surfaces = []
        for name, mesh in meshes:
            if mesh is None:
                continue
            is_organ = name in organ
            surfaces.append(
                SurfaceItem(
                    key=name,
                    mesh=mesh,
                    color=structures[name].color,
                    opacity=CLEAR_OPACITY if is_organ else 1.0,
                    split=splits if is_organ else (),
                    split_color=REMOVED if is_organ and splits else "",
                )
            )
        items = ()
        if picture is not None and len(picture.flat.cut.mesh.triangles) and plan.results["tumors"]:
            cut = picture.flat.cut
            items = (MarginMapItem(key="margin_map", mesh=cut.mesh, values_mm=cut.values_mm, asked_mm=asked_mm),)
        content = SceneContent(surfaces=tuple(surfaces), items=items)
        self._contents[plan.name] = (key, content)
        return content


def is_on(plan: PlanRecord, roles: LiverRoles) -> bool:
    """Whether a plan is made on the structures of these roles."""
    return all(tuple(plan.inputs[role]) == tuple(names) for role, names in roles.as_mapping().items())


def _splits(regions: Sequence[Region]) -> tuple[Any, ...]:
    from planning.liver.regions import PlaneRegion

    return tuple(region.plane if isinstance(region, PlaneRegion) else region for region in regions)


def _pictured(
    model: LiverModel,
    asked: Sequence[tuple[str, Sequence[Mapping[str, Any]], tuple[Resection, ...]]],
    progress: Progress,
    cancel: CancelToken,
) -> dict[str, PlanPicture]:
    from planning.liver.cut_map import map_cut
    from planning.liver.resectogram import lay_flat

    found = {}
    for number, (name, rows, cuts) in enumerate(asked):
        cancel.raise_if_set()
        progress(number / len(asked), tr("Drawing plan {name}", name=name))
        regions = model.regions(cuts)
        cut_map = map_cut(model.organ, regions, model.targets, cancel=cancel)
        found[name] = PlanPicture(rows, tuple(regions), lay_flat(cut_map, regions))
    return found
