"""What is asked of a printed model, checked as a whole before anything is made."""

from __future__ import annotations

from dataclasses import dataclass

from planning.errors import InputError, UsageError
from planning.geometry import Plane
from planning.printing.printers import Material, Printer, Process, material_for, material_named, printer_named

CLEARANCE_MM = 0.3
"""Between peg and socket on each side where no printer is named: what filament needs."""
LEAST_WALL_MM, LARGEST_WALL_MM, LEAST_BED_MM, COARSEST_MM = 0.4, 50.0, 30.0, 5.0
CLEARANCES_MM = (0.05, 1.0)
SCALES = (0.1, 4.0)
LONGEST_LABEL = 32
LABEL = "Theatrum"


@dataclass(frozen=True, slots=True, eq=False)
class PrintOptions:
    """How parts become a printed model. All in mm; None and False leave a thing out.

    tolerance_mm: how far fewer triangles may lie from the planned solid. hollow_mm: the wall left of solids.
    vessel_walls_mm: vessels become a wall of this thickness around their lumen, open at `open_at_mm` (LPS) and at the scan's
    border. drain: holes into hollows, by the printer's process. shell: organs are seen through, with room for all other
    parts inside. cut: a plane through all parts. pegs: pegs and sockets where a part was cut. base: a plate with scale bar,
    sides and `label` (free text, never a name or number of a patient). marks: R and L engraved in the largest part.
    orient: turn parts so that they need the least supports. split: cut what is larger than the bed. nest: lay parts side by
    side on as many plates as they need. bed_mm: of the printer where one is named. draco: pack a .glb. fixes: (object, fix
    of `mending.FIXES`) that a person asked for. mend: kinds of `fixing.KINDS` that are mended wherever a fault is found,
    () the usual ones. scale: of the model, 1 for life size; what is given in mm stays as it is.
    Raises UsageError for what does not go together, InputError for sizes that cannot be printed and unknown names.
    """

    tolerance_mm: float = 0.1
    hollow_mm: float | None = None
    vessel_walls_mm: float | None = None
    open_at_mm: tuple[tuple[float, float, float], ...] = ()
    drain: bool = False
    shell: bool = False
    cut: Plane | None = None
    pegs: bool = False
    clearance_mm: float | None = None
    base: bool = False
    label: str = LABEL
    marks: bool = False
    orient: bool = False
    split: bool = False
    nest: bool = False
    bed_mm: tuple[float, float, float] | None = None
    printer: str | None = None
    material: str | None = None
    draco: bool = False
    parted: bool = False
    fixes: tuple[tuple[str, str], ...] = ()
    mend: tuple[str, ...] | None = None
    scale: float = 1.0

    def __post_init__(self) -> None:
        if self.tolerance_mm > COARSEST_MM:
            raise UsageError(
                f"A tolerance of {self.tolerance_mm:g} mm is too coarse for a model", f"Use {COARSEST_MM:g} mm or less"
            )
        least, most = SCALES
        if not least <= self.scale <= most:
            raise InputError(
                f"A model cannot be printed at {100 * self.scale:g} %",
                f"Give {100 * least:g} to {100 * most:g} %",
                "scale",
            )
        self._check_pairs()
        for wall in (self.hollow_mm, self.vessel_walls_mm):
            self._check_wall(wall)
        bed = self.room_mm
        if bed is not None and min(bed) < LEAST_BED_MM:
            size = " × ".join(f"{value:g}" for value in bed)
            raise InputError(
                f"A bed of {size} mm is too small for a model", "Give the printer's own size in mm", "small_bed"
            )
        least, most = CLEARANCES_MM
        if self.clearance_mm is not None and not least <= self.clearance_mm <= most:
            raise InputError(
                f"Pegs {self.clearance_mm:g} mm from their sockets do not fit", f"Give {least:g} to {most:g} mm", "gap"
            )
        if not self.label.isprintable() or len(self.label) > LONGEST_LABEL:
            raise UsageError("This label cannot be written", f"Give one line of at most {LONGEST_LABEL} characters")
        if self.material is not None:
            self._check_material(material_named(self.material))

    def _check_pairs(self) -> None:
        if self.pegs and self.cut is None and not self.split and not self.parted:
            raise UsageError("Pegs join the two halves of a cut", "Give --cut or --split too")
        if self.drain and self.hollow_mm is None:
            raise UsageError("Only a hollow part has something to drain", "Give --hollow-mm too")
        if self.open_at_mm and self.vessel_walls_mm is None:
            raise UsageError("Only a vessel's wall is opened at its ends", "Give --vessel-walls too")
        if (self.split or self.nest) and self.room_mm is None:
            raise UsageError("The size of the printer's bed is not known", "Give --printer or --bed-mm")

    def _check_wall(self, wall_mm: float | None) -> None:
        if wall_mm is None:
            return
        process = self.process
        least = LEAST_WALL_MM if process is None else process.least_wall_mm
        if wall_mm < least:
            whose = "" if process is None else f" by {process.title}"
            raise InputError(
                f"A wall of {wall_mm:g} mm cannot be printed{whose}", f"Ask for {least:g} mm or more", "thin_wall"
            )
        if wall_mm > LARGEST_WALL_MM:
            raise InputError(
                f"A wall of {wall_mm:g} mm leaves no model", f"Ask for {LARGEST_WALL_MM:g} mm or less", "thick_wall"
            )

    def _check_material(self, material: Material) -> None:
        process = self.process
        if process is not None and material.process != process.name:
            raise UsageError(
                f"The printer does not take {material.title}",
                f"Name a material for {process.title}, or another printer",
            )

    @property
    def chosen_printer(self) -> Printer | None:
        """The printer that is named."""
        return None if self.printer is None else printer_named(self.printer)

    @property
    def process(self) -> Process | None:
        """How the named printer builds."""
        printer = self.chosen_printer
        return None if printer is None else printer.process

    @property
    def chosen_material(self) -> Material | None:
        """The material that is named, else the first that the named printer takes."""
        if self.material is not None:
            return material_named(self.material)
        process = self.process
        return None if process is None else material_for(process.name)

    @property
    def room_mm(self) -> tuple[float, float, float] | None:
        """The bed that is given, else that of the named printer."""
        if self.bed_mm is not None:
            return self.bed_mm
        printer = self.chosen_printer
        return None if printer is None else printer.bed_mm

    @property
    def gap_mm(self) -> float:
        """Between peg and socket on each side."""
        if self.clearance_mm is not None:
            return self.clearance_mm
        process = self.process
        return CLEARANCE_MM if process is None else process.clearance_mm
