"""What a run is asked for, what its stages share, and what it gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from inference.cleanup import Change
from inference.grid import Range
from inference.manifest import Manifest
from inference.zoo import InstalledModel
from planning.geometry import Grid
from planning.progress import CancelToken, Progress

Quality = Literal["fast", "standard", "best"]
Mode = Literal["ours", "parity"]
Image = npt.NDArray[Any]
Box = tuple[Range, Range, Range]


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a person wants a model run.

    structures: names that are wanted; empty for all. device: "auto", "cpu", "cuda", "mps", "xpu".
    quality: "fast" (wider steps, linear resampling, one fold), "standard" (the model's own steps, all folds, no
    mirroring), "best" (mirroring where the model was trained for it, fp32). reproducible: fp32, fixed threads.
    mode: "parity" repeats the source program's own steps, number formats included. threads: None for all cores.
    memory_bytes: what may be taken; None asks the system. cache: where converted networks are kept. engine: for the
    processor, "openvino" or "torch".
    """

    structures: tuple[str, ...] = ()
    device: str = "auto"
    quality: Quality = "standard"
    reproducible: bool = False
    mode: Mode = "ours"
    threads: int | None = None
    memory_bytes: int | None = None
    cache: Path | None = None
    engine: str = "openvino"


@dataclass(frozen=True, slots=True)
class StructureEvidence:
    """What the run saw of one structure.

    boundary_cells: cells of the network's grid through which its surface runs. mean_margin, low_margin_share,
    mean_entropy: over these cells, of the probabilities of the two likeliest labels; None without a boundary.
    expected_ml, spread_ml: sum of probabilities and its standard deviation, were cells independent. touches_border: it
    reaches a face of the scan. certainty: mean probability of the structure where it was found, inside and at its edge;
    None where no sample fell into it.
    """

    name: str
    index: int
    voxels: int
    volume_ml: float
    boundary_cells: int
    mean_margin: float | None
    low_margin_share: float | None
    mean_entropy: float | None
    expected_ml: float
    spread_ml: float
    touches_border: bool
    certainty: float | None = None


@dataclass(frozen=True, slots=True)
class StageReport:
    """How one stage ran. Seconds: resampling and loading, the network, and everything after it (sums, labels).

    planned_mb: memory that was foreseen for it before it began, the program and the scan included.
    """

    name: str
    tiles: int
    passes_per_tile: int
    network_shape: tuple[int, int, int]
    network_spacing_mm: tuple[float, float, float]
    before_seconds: float
    network_seconds: float
    after_seconds: float
    disagreeing_share: float
    planned_mb: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Segmentation:
    """The whole result. labels: uint8 or uint16 `[k, j, i]` on the image's grid, the model's own indices.

    doubt: bits of the voxels that lie on a boundary where the two likeliest labels are nearly alike.
    """

    labels: npt.NDArray[Any]
    evidence: tuple[StructureEvidence, ...]
    device: str
    precision: str
    seconds: float
    peak_memory_mb: float
    notes: tuple[str, ...]
    changes: tuple[Change, ...]
    stages: tuple[StageReport, ...]
    model_hash: str
    doubt: npt.NDArray[np.uint8] = field(default_factory=lambda: np.zeros(0, dtype=np.uint8))

    def doubtful(self) -> npt.NDArray[np.bool_]:
        """Bool `[k, j, i]`: where it is hardly more than a guess which label it is."""
        count = int(np.prod(self.labels.shape))
        return np.unpackbits(self.doubt, count=count).astype(bool).reshape(self.labels.shape)


@dataclass(slots=True)
class Seen:
    """Boundary sums of one label over all stages, volumes in ml."""

    cells: float = 0.0
    margin: float = 0.0
    low_margin: float = 0.0
    entropy: float = 0.0
    expected_ml: float = 0.0
    variance_ml2: float = 0.0
    samples: float = 0.0
    certain: float = 0.0


@dataclass(slots=True)
class Run:
    """What all stages of one run share."""

    image: Image
    grid: Grid
    model: InstalledModel
    options: RunOptions
    progress: Progress
    cancel: CancelToken
    labels: npt.NDArray[Any]
    doubt: npt.NDArray[np.bool_]
    scratch: dict[str, npt.NDArray[Any]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    reports: list[StageReport] = field(default_factory=list)
    seen: dict[int, Seen] = field(default_factory=dict)
    precisions: list[str] = field(default_factory=list)
    device: str = "cpu"
    body: Box | None = None

    @property
    def manifest(self) -> Manifest:
        return self.model.manifest

    @property
    def parity(self) -> bool:
        return self.options.mode == "parity"

    @property
    def exact(self) -> bool:
        return self.options.reproducible or self.parity or self.options.quality == "best"
