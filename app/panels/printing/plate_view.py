"""The middle of the print place: the plate, and below it the chosen place in a cut and the walls' thickness."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject

from app.i18n import said, tr
from app.jobs import Job
from app.panels.printing.close_panes import CloseLook, ClosePane, WallsPane
from app.panels.printing.draft import Draft, laid_out, size_on_plate_mm
from app.panels.printing.plate_content import Ring, around, floor_items, object_items
from app.panels.printing.plate_pane import PlatePane
from app.panels.printing.troubles import Place, Trouble, measure_words, spoken_part
from app.panes.look import pane_look
from planning.case.printing import KEPT_COLOR, REMOVED_COLOR
from planning.geometry import Plane, Vector
from planning.mesh import SurfaceMesh
from planning.progress import CancelToken, Progress
from viewers.overlay import SceneContent, SurfaceItem
from viewers.plan_pane import PlanPane
from viewers.scene_pane import ScenePane

if TYPE_CHECKING:
    from app.panels.printing.panel import PrintPanel

# above a printer's floor this much is seen at least
LEAST_HIGH_MM = 40.0
WIDE_WALLS, LEAST_HALF_MM, MOST_HALF_MM = 7.5, 4.0, 40.0
NO_FLOOR_MM = 20.0
# of what is shown, so far round a place a repair is tried
NEAR = 2.6


class PlateView(QObject):
    """Fills the three panes for the panel that owns it."""

    def __init__(self, panel: PrintPanel) -> None:
        super().__init__(panel)
        self.panel = panel
        self.plate: PlatePane | None = None
        self.close_pane: ClosePane | None = None
        self.walls: WallsPane | None = None
        self.page = 0
        self._floor: tuple[tuple[float, float, float], tuple[SurfaceItem, ...]] | None = None
        self._laid: tuple[Draft, int, Any] | None = None
        self._content: tuple[object, SceneContent] | None = None
        # places of one draft as they were cut
        self._looks: dict[tuple[object, ...], CloseLook] = {}
        self._draft: Draft | None = None
        # surfaces of the case in another size
        self._sized: dict[int, tuple[SurfaceMesh, float, SurfaceMesh]] = {}

    def panes(self) -> Mapping[str, PlanPane | ScenePane]:
        """Made when they are first wanted."""
        if self.plate is None or self.close_pane is None or self.walls is None:
            view, look = self.panel.session.view, pane_look()
            self.plate = PlatePane(view, look)
            self.close_pane, self.walls = ClosePane(view, look), WallsPane(view, look)
            for pane in (self.plate, self.close_pane):
                pane.place_asked.connect(self.panel.go_to_place)
            self.plate.place_chosen.connect(self.panel.choose_place)
            self.plate.page_asked.connect(self.turn_page)
            self.plate.start()
            self.refresh()
        return {pane.pane_name: pane for pane in (self.plate, self.close_pane, self.walls)}

    @property
    def pages(self) -> int:
        """How many plates."""
        return 1 if self.panel.draft is None else max(int(self.panel.draft.told["plates"]), 1)

    def turn_page(self, step: int) -> None:
        """The next or previous plate."""
        self.page = (self.page + step) % self.pages
        self.refresh()

    def refresh(self) -> None:
        """Draw what the panel holds now."""
        if self.plate is None or self.close_pane is None or self.walls is None:
            return
        draft = self.panel.draft
        if draft is not self._draft:
            self._draft, self._laid = draft, None
            self._looks.clear()
            self._sized.clear()
        place = self.panel.place
        if draft is not None and place is not None:
            item = draft.object_named(place.of.split(", ")[0])
            self.page = self.page if item is None else item.plate
        self.page = min(self.page, self.pages - 1)
        self._show_plate(draft)
        self._show_close(draft, self.panel.trouble, place)
        self._show_walls(draft, place)

    def let_go(self) -> None:
        """Nobody looks: cuts through places, and surfaces in another size, are made again."""
        self._looks.clear()
        self._sized.clear()

    # the plate

    def _floor_items(self) -> tuple[SurfaceItem, ...]:
        room = self.panel.wish.room_mm
        if room is None:
            return ()
        if self._floor is None or self._floor[0] != room:
            self._floor = (room, floor_items(room))
        return self._floor[1]

    def _show_plate(self, draft: Draft | None) -> None:
        assert self.plate is not None
        room, process = self.panel.wish.room_mm, self.panel.wish.process
        note = "" if process is None else said(process.title)
        title = tr("Plate {page} of {pages}", page=self.page + 1, pages=self.pages)
        if draft is None:
            surfaces, size, is_whole = self._preview()
            rings: tuple[Ring, ...] = ()
            caption = tr("Preview: not checked yet") if surfaces else ""
            if not is_whole:
                caption = tr("Meshing the parts")
            in_patient = True
        else:
            surfaces, size, rings = self._of_draft(draft)
            words = " × ".join(f"{value:.0f}" for value in size)
            caption = tr("{size} mm on the plate", size=words)
            if draft.wish.scale != 1.0:
                percent = round(100 * draft.wish.scale)
                caption = tr("{size} mm on the plate, scale {percent} %", size=words, percent=percent)
            in_patient = all(
                np.allclose(item.from_lps[:3, :3], np.eye(3)) for item in draft.objects if item.plate == self.page
            )
        key = (surfaces, self._floor_items(), note)
        if self._content is None or self._content[0] != key:
            hint = "" if surfaces else tr("Nothing is chosen to print.")
            items = (*self._floor_items(), *surfaces)
            self._content = (key, SceneContent(surfaces=items, phase=note, hint=hint))
        self.plate.show_plate(
            self._content[1],
            rings,
            room,
            self._box(room, size),
            title=title,
            caption=caption,
            in_patient=in_patient,
            pages=self.pages,
        )

    @staticmethod
    def _box(room: tuple[float, float, float] | None, size: Vector) -> tuple[Vector, Vector]:
        wide, deep = (size[0] + NO_FLOOR_MM, size[1] + NO_FLOOR_MM) if room is None else room[:2]
        half = 0.5 * np.array((max(wide, size[0]), max(deep, size[1])))
        return np.array((-half[0], -half[1], 0.0)), np.array((half[0], half[1], max(float(size[2]), LEAST_HIGH_MM)))

    def _of_draft(self, draft: Draft) -> tuple[tuple[SurfaceItem, ...], Vector, tuple[Ring, ...]]:
        if self._laid is None or self._laid[:2] != (draft, self.page):
            laid = laid_out(draft, self.page)
            items = object_items(laid, around(laid))
            matrices = {item.name: matrix for item, matrix in laid}
            self._laid = (draft, self.page, (items, size_on_plate_mm(laid), matrices))
        items, size, matrices = self._laid[2]
        trouble, chosen = self.panel.trouble, self.panel.place
        rings = []
        for place in () if trouble is None else trouble.places:
            matrix = matrices.get(place.of.split(", ")[0])
            if matrix is not None:
                x, y, z = (float(v) for v in matrix[:3, :3] @ self._in_model(place) + matrix[:3, 3])
                rings.append(Ring((x, y, z), place.value, place is chosen))
        return items, size, tuple(rings)

    def _in_model(self, place: Place) -> Vector:
        """A place in the model's own millimetres."""
        return np.array(place.at_mm) * self.panel.wish.scale

    def place_of_ring(self, number: int) -> Place | None:
        """The place that a ring of the shown plate stands for."""
        trouble, draft = self.panel.trouble, self.panel.draft
        if trouble is None or draft is None or self._laid is None:
            return None
        shown = [place for place in trouble.places if place.of.split(", ")[0] in self._laid[2][2]]
        return shown[number] if 0 <= number < len(shown) else None

    def _preview(self) -> tuple[tuple[SurfaceItem, ...], Vector, bool]:
        """What the case's own surfaces show of the wish, together on the floor; whether all of them are there."""
        session, wish = self.panel.session, self.panel.wish
        wanted: list[tuple[str, str, tuple[Plane, ...]]] = []
        for plan_name in dict.fromkeys(plan for plan, _ in wish.plan_parts):
            plan = session.case.plans[plan_name]
            rows = plan.results.get("resections", ())
            planes = tuple(
                Plane(np.asarray(row["origin_mm"]) * wish.scale, row["normal"]) for row in rows if "normal" in row
            )
            wanted += [(name, KEPT_COLOR, planes) for name in plan.inputs["organ"] if name in session.case.structures]
        own = {name for name, _, _ in wanted}
        wanted += [(name, session.case.structures[name].color, ()) for name in wish.structures if name not in own]
        found = [(name, color, planes, self._true(session.surface(name))) for name, color, planes in wanted]
        meshes = [mesh for *_, mesh in found if mesh is not None and len(mesh.points_mm)]
        if not meshes:
            return (), np.array((50.0, 50.0, 50.0)), not wanted
        low = np.min([mesh.points_mm.min(axis=0) for mesh in meshes], axis=0)
        high = np.max([mesh.points_mm.max(axis=0) for mesh in meshes], axis=0)
        middle = 0.5 * (low + high)
        shift = (float(-middle[0]), float(-middle[1]), float(-low[2]))
        is_clear = len(found) > 1
        items = tuple(
            self._kept_item(
                SurfaceItem(
                    key=f"plate of {name}",
                    mesh=mesh,
                    color=color,
                    opacity=0.4 if is_clear and (planes or color == KEPT_COLOR) else 1.0,
                    split=planes,
                    split_color=REMOVED_COLOR if planes else "",
                    moved_mm=shift,
                    light=session.light_surface(name) if wish.scale == 1.0 else None,
                )
            )
            for name, color, planes, mesh in found
            if mesh is not None
        )
        return items, high - low, len(meshes) == len(wanted)

    def _true(self, mesh: SurfaceMesh | None) -> SurfaceMesh | None:
        """A surface in the size of the model."""
        scale = self.panel.wish.scale
        if mesh is None or scale == 1.0:
            return mesh
        kept = self._sized.get(id(mesh))
        if kept is None or kept[0] is not mesh or kept[1] != scale:
            kept = self._sized[id(mesh)] = (
                mesh,
                scale,
                SurfaceMesh(mesh.points_mm * scale, mesh.triangles, mesh.normals),
            )
        return kept[2]

    def _kept_item(self, item: SurfaceItem) -> SurfaceItem:
        """The item of before where it is the same: the scene then draws nothing anew."""
        for old in () if self._content is None else self._content[1].surfaces:
            if old.key == item.key and old.mesh is item.mesh:
                same = (old.color, old.opacity, old.moved_mm) == (item.color, item.opacity, item.moved_mm)
                if same and [(*p.origin_mm, *p.normal) for p in _planes(old)] == [
                    (*p.origin_mm, *p.normal) for p in _planes(item)
                ]:
                    return old
        return item

    # the chosen place

    def _show_close(self, draft: Draft | None, trouble: Trouble | None, place: Place | None) -> None:
        assert self.close_pane is not None
        if draft is None or trouble is None or place is None or trouble.key == "size":
            hint = tr("Measuring") if self.panel.is_checking else tr("Nothing is to be looked at.")
            if trouble is not None and trouble.key == "size":
                hint = trouble.words
            self.close_pane.show_place(None, hint)
            return
        key = (place, trouble.key)
        look = self._looks.get(key)
        if look is not None:
            number = trouble.places.index(place) + 1
            title = tr("Place {number} of {count}", number=number, count=len(trouble.places))
            self.close_pane.show_place(replace(look, title=title))
            return
        item = draft.object_named(place.of.split(", ")[0])
        if item is None:
            self.close_pane.show_place(None, trouble.words)
            return
        fix = place.fix if trouble.key == "wall" else ""
        self.panel.session.jobs.submit(
            Job(
                key="print close",
                title=tr("Cutting the place"),
                work=partial(_looked, item.mesh, item.color, place, self._in_model(place), fix, self._wish()),
                done=lambda found: self._take_look(draft, key, found),
                still_wanted=lambda: self.panel.draft is draft,
                subject=self.panel.session.label,
                quiet=True,
            )
        )

    def _wish(self) -> Any:
        from planning.printing.mending import Wish

        process = self.panel.wish.process
        return Wish() if process is None else Wish(process.least_wall_mm)

    def _take_look(self, draft: Draft, key: tuple[Place, str], look: CloseLook) -> None:
        if self.panel.draft is draft:
            self._looks[key] = look
            self._show_close(draft, self.panel.trouble, self.panel.place)

    def _show_walls(self, draft: Draft | None, place: Place | None) -> None:
        assert self.walls is not None
        rows = [] if draft is None else [row for row in draft.rows if row["wall_shares"]]
        if not rows:
            self.walls.show_walls((), 0.8, "", "")
            return
        thinnest = min(rows, key=lambda row: float(row["wall_percentile_mm"]))
        named = "" if place is None else place.of.split(", ")[0]
        row = next((row for row in rows if row["name"] == named), thinnest)
        process = self.panel.wish.process
        words = tr("{limit:g} mm least", limit=row["wall_limit_mm"])
        if process is not None:
            words = f"{words}, {said(process.title)}"
        self.walls.show_walls(row["wall_shares"], row["wall_limit_mm"], words, spoken_part(row["name"]))


def _planes(item: SurfaceItem) -> list[Plane]:
    return [one for one in item.split if isinstance(one, Plane)]


def _looked(
    mesh: SurfaceMesh,
    color: str,
    place: Place,
    at: Vector,
    fix: str,
    wish: Any,
    progress: Progress,
    cancel: CancelToken,
) -> CloseLook:
    """The cut through a place, and what a repair would make of it."""
    from planning.printing.near import mended_near
    from planning.printing.slices import look_at, outlines, sliced

    looked = look_at(mesh, at)
    curves = tuple(outlines(sliced(mesh, looked)))
    cancel.raise_if_set()
    after: tuple[Any, ...] = ()
    words = ""
    made = mended_near(mesh, at, NEAR * _half_mm(place), fix, wish) if fix else None
    if made is not None:
        limit = place.limit or wish.least_wall_mm
        # the sides of the piece that was looked at are none of the part's
        after = tuple(outlines(sliced(made, looked)))
        words = tr("after thickening: {value}", value=measure_words(limit, "mm"))
    is_wall = place.kind in ("thin_wall", "clearance", "peg")
    return CloseLook(
        title="",
        curves=curves,
        color=color,
        half_mm=_half_mm(place),
        value=place.value,
        part=spoken_part(place.of.split(", ")[0]),
        width_mm=place.measure if is_wall else None,
        limit_mm=place.limit if place.kind == "thin_wall" else None,
        mended=after,
        after=words,
    )


def _half_mm(place: Place) -> float:
    """How far is shown to each side: some walls' widths, or the size of a loose part or a hollow."""
    if place.kind in ("loose", "trapped", "narrow", "overlap"):
        radius = (0.75 * max(place.measure, 1e-3) * 1000.0 / np.pi) ** (1.0 / 3.0)
        return float(np.clip(2.5 * radius, LEAST_HALF_MM, MOST_HALF_MM))
    return float(np.clip(WIDE_WALLS * (place.limit or 0.8), LEAST_HALF_MM, MOST_HALF_MM))
