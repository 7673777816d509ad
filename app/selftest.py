"""`theatrum selftest`: does this installation measure and draw as it should? Each check is against known truth."""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from planning.errors import Cancelled, TheatrumError
from planning.registry import structure_style

logger = logging.getLogger(__name__)


# whatever a broken installation may raise: the check fails, the others still run
EXPECTED_FAULTS = (
    TheatrumError,
    ImportError,
    OSError,
    ArithmeticError,
    ValueError,
    RuntimeError,
    LookupError,
    TypeError,
    AttributeError,
    NameError,
)


class CheckFailed(TheatrumError):
    """A self-test found something wrong; its text says what."""


def run_checks() -> dict[str, Any]:
    """Run every check and return the contract's {"checks": [...], "ok"}."""
    checks = [_run(name, check) for name, check in CHECKS]
    return {"checks": checks, "ok": all(check["ok"] for check in checks)}


def _run(name: str, check: Callable[[], str]) -> dict[str, Any]:
    start = time.perf_counter()
    try:
        detail, ok = check(), True
    except Cancelled:
        raise
    except EXPECTED_FAULTS as error:
        logger.exception("self-test %s failed", name)
        detail, ok = str(error) or type(error).__name__, False
    return {"name": name, "ok": ok, "seconds": time.perf_counter() - start, "detail": detail}


def _require(good: bool, detail: str) -> str:
    if not good:
        raise CheckFailed(detail)
    return detail


def check_geometry() -> str:
    """An oblique, feet-first volume through DICOM and back: every marked voxel at its place."""
    from planning.dicom.load import load_series
    from planning.dicom.write import write_ct_series
    from planning.geometry import Grid
    from planning.volume import Volume

    turn = np.radians(23.0)
    direction = np.array([[-np.cos(turn), np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, -1.0]])
    grid = Grid.from_parts((34, 26, 7), (0.7, 0.9, 1.5), (-40.25, 12.5, 300.0), direction)
    voxels = np.full(grid.shape_kji, -1000, np.int16)
    voxels[5, 20, 3] = 900
    with tempfile.TemporaryDirectory(prefix="theatrum-selftest-") as folder:
        write_ct_series(Volume(grid, voxels), Path(folder) / "series", description="self-test")
        loaded = load_series([Path(folder) / "series"], None).volumes[0]
    k, j, i = (int(n[0]) for n in np.nonzero(loaded.voxels == 900))
    error = float(np.linalg.norm(loaded.grid.to_world((i, j, k)) - grid.to_world((3, 20, 5))))
    return _require(error < 1e-3, f"a marked voxel came back {error:.1e} mm from its place")


def check_decoders() -> str:
    """Every compression that CT archives use has a decoder here."""
    from pydicom.pixels import get_decoder
    from pydicom.uid import UID

    syntaxes = {
        "RLE": "1.2.840.10008.1.2.5",
        "JPEG baseline": "1.2.840.10008.1.2.4.50",
        "JPEG-LS": "1.2.840.10008.1.2.4.80",
        "JPEG 2000": "1.2.840.10008.1.2.4.90",
        "HTJ2K": "1.2.840.10008.1.2.4.201",
    }
    missing = [name for name, uid in syntaxes.items() if not get_decoder(UID(uid)).is_available]
    import SimpleITK

    lossless = "GDCMImageIO" in SimpleITK.ImageFileReader().GetRegisteredImageIOs()
    if not lossless:
        missing.append("JPEG lossless")
    return _require(not missing, f"{len(syntaxes) + 1} decoders" if not missing else f"missing: {', '.join(missing)}")


def check_annulus() -> str:
    """The annulus of a phantom against its analytic area."""
    from planning.phantoms.cardiac import cardiac_phantom
    from planning.tavr.inputs import TavrInputs
    from planning.tavr.plan import make_tavr_plan

    phantom = cardiac_phantom(seed=3, root_only=True)
    truth = phantom.truth
    annulus = make_tavr_plan(phantom.volume, TavrInputs(hinges_mm=truth.hinges_mm))["annulus"]
    error = 100.0 * (annulus["area_mm2"] / truth.area_mm2 - 1.0)
    return _require(abs(error) <= 1.0, f"area {annulus['area_mm2']:.1f} mm², {error:+.2f} % of the truth")


def check_vessel() -> str:
    """The least diameter of a phantom vessel."""
    from planning.phantoms.tube import tube_phantom
    from planning.vessel.plan import make_vessel_plan

    phantom = tube_phantom()
    plan = make_vessel_plan(phantom.volume, phantom.truth.start_mm, phantom.truth.end_mm)
    error = plan["minimum"]["min_diameter_mm"] - phantom.truth.min_diameter_mm
    return _require(abs(error) <= 0.3, f"least diameter off by {error:+.2f} mm")


def check_margin() -> str:
    """The margin of a plane beside a sphere, and volumes that add up to the voxel."""
    from planning.geometry import Grid, Plane
    from planning.liver.plan import PlaneResection, make_liver_plan
    from planning.volume import Mask

    grid = Grid.from_parts((90, 80, 70), (1.0, 1.0, 1.0))
    k, j, i = np.indices(grid.shape_kji)
    organ = Mask.from_full(grid, ((i - 45) / 40) ** 2 + ((j - 40) / 35) ** 2 + ((k - 35) / 30) ** 2 <= 1)
    tumor = Mask.from_full(grid, (i - 30) ** 2 + (j - 40) ** 2 + (k - 35) ** 2 <= 9.0**2)
    plan = make_liver_plan(
        organ=[("liver", organ)],
        tumors=[("tumor", tumor)],
        resections=[PlaneResection(Plane(np.array([46.5, 0, 0]), np.array([-1.0, 0, 0])), remove="side")],
    )
    off = plan["margin"]["minimum_mm"] - 7.5
    conserved = round((plan["removed_ml"] + plan["kept_ml"] - plan["organ_ml"]) / plan["voxel_ml"]) == 0
    return _require(
        abs(off) <= 0.2 and conserved, f"margin off by {off:+.2f} mm, volumes {'add up' if conserved else 'differ'}"
    )


def check_print() -> str:
    """A printable file, read back: closed and where it should be."""
    from planning.geometry import Grid
    from planning.printing.parts import PrintPart
    from planning.printing.plan import make_print
    from planning.volume import Mask

    grid = Grid.from_parts((44, 44, 44), (1.0, 1.0, 1.0))
    k, j, i = np.indices(grid.shape_kji)
    ball = Mask.from_full(grid, (i - 21.5) ** 2 + (j - 21.5) ** 2 + (k - 21.5) ** 2 <= 15.0**2)
    with tempfile.TemporaryDirectory(prefix="theatrum-selftest-") as folder:
        (part,) = make_print([PrintPart("ball", ball, structure_style("liver").color)], Path(folder) / "ball.3mf")[
            "objects"
        ]
    good = part["watertight"] and part["manifold"] and part["deviation_max_mm"] <= 0.5
    return _require(good, f"closed {part['watertight']}, largest deviation {part['deviation_max_mm']:.2f} mm")


def check_case_file() -> str:
    """A case written, closed, opened: the same voxels; and how fast the disk takes them."""
    from planning.case.store import CaseStore

    voxels = np.random.default_rng(0).integers(-1000, 1000, (32, 256, 256)).astype(np.int16)
    with tempfile.TemporaryDirectory(prefix="theatrum-selftest-") as folder:
        path = Path(folder) / "test.theatrum"
        start = time.perf_counter()
        with CaseStore.create(path) as store:
            reference = store.put_array(voxels)
        seconds = time.perf_counter() - start
        with CaseStore.open(path, read_only=True) as store:
            same = np.array_equal(store.array(reference), voxels)
    return _require(same, f"{voxels.nbytes / 1e6 / seconds:.0f} MB/s written and synced" if same else "voxels differ")


def check_picture() -> str:
    """A 3D picture rendered off screen and read back: driver faults never show in an exit code."""
    from app.theme.tokens import DARK
    from planning.geometry import Grid
    from planning.surface import surface_from_mask
    from planning.volume import Mask
    from viewers.overlay import SurfaceItem
    from viewers.snapshot import render_surfaces

    grid = Grid.from_parts((24, 24, 24), (1.0, 1.0, 1.0))
    k, j, i = np.indices(grid.shape_kji)
    ball = Mask.from_full(grid, (i - 12) ** 2 + (j - 12) ** 2 + (k - 12) ** 2 <= 81)
    image = render_surfaces(
        [SurfaceItem(key="ball", mesh=surface_from_mask(ball, kind="preview"), color=structure_style("aorta").color)],
        size_px=(160, 120),
        background=DARK["pane"],
    )
    middle, corner = image[60, 80].astype(int), image[2, 2].astype(int)
    return _require(
        bool(middle[0] > middle[2] + 40 and corner.max() < 30), f"middle {middle.tolist()}, corner {corner.tolist()}"
    )


def check_signals() -> str:
    """Qt signals survive many emits; one known binding version aborts after some hundred."""
    from PySide6.QtCore import QObject, Signal

    class Bell(QObject):
        rung = Signal(int)

    heard = [0]
    bell = Bell()
    bell.rung.connect(lambda number: heard.__setitem__(0, heard[0] + 1))
    for number in range(20_000):
        bell.rung.emit(number)
    return _require(heard[0] == 20_000, f"{heard[0]} of 20000 signals heard")


def check_inference() -> str:
    """A small convolution by torch on the CPU gives the numbers worked out by numpy."""
    import torch

    generator = np.random.default_rng(1)
    image = generator.normal(size=(12, 12, 12)).astype(np.float32)
    kernel = generator.normal(size=(3, 3, 3)).astype(np.float32)
    with torch.inference_mode():
        answer = torch.nn.functional.conv3d(torch.from_numpy(image)[None, None], torch.from_numpy(kernel)[None, None])
    windows = np.lib.stride_tricks.sliding_window_view(image, (3, 3, 3))
    expected = np.einsum("kjiabc,abc->kji", windows, kernel)
    error = float(np.abs(answer[0, 0].numpy() - expected).max())
    return _require(error < 1e-4, f"largest difference {error:.1e} on a 12³ volume")


CHECKS: tuple[tuple[str, Callable[[], str]], ...] = (
    ("geometry", check_geometry),
    ("decoders", check_decoders),
    ("annulus", check_annulus),
    ("vessel", check_vessel),
    ("margin", check_margin),
    ("print", check_print),
    ("case file", check_case_file),
    ("picture", check_picture),
    ("signals", check_signals),
    ("inference", check_inference),
)
