"""Runs in .venv-parity: small networks in TotalSegmentator's folders, and what TotalSegmentator itself says with them.

Usage: make_total.py OUT KIND...   Each kind becomes OUT/<kind>/ as in make_nnunet.py. The tasks are those that first look
for something with a rough network, cut the scan around it, and clear what lies far from it.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from make_nnunet import (
    STRIDES,
    Maker,
    configuration,
    dataset_of,
    network_of,
    new_architecture,
    plans_of,
    scene,
    spread,
    train,
    write_training,
)

MODEL, STEPS = "3d_fullres", 120


@dataclass(frozen=True)
class Net:
    """A network of theirs. painted: what it learns to say at the scene's five organs."""

    number: int
    task: str
    trainer: str
    painted: Mapping[int, str]
    spacing_zyx: tuple[float, float, float]
    patch: tuple[int, int, int] = (16, 24, 24)


ROUGH = "nnUNetTrainer_4000epochs_NoMirroring"
LIVER = Net(298, "total", ROUGH, {1: "liver", 2: "spleen", 5: "vertebrae_L1"}, (6.0, 6.0, 6.0), (8, 16, 16))
HEART = Net(297, "total", ROUGH, {1: "heart", 4: "aorta", 5: "inferior_vena_cava"}, (3.0, 3.0, 3.0), (8, 16, 16))
VESSELS = Net(8, "liver_vessels", "nnUNetTrainer", {1: "liver_vessels", 4: "liver_tumor"}, (2.5, 1.5, 1.5))
SEGMENTS = Net(
    570,
    "liver_segments",
    "nnUNetTrainerNoMirroring",
    {1: "liver_segment_1", 2: "liver_segment_4", 4: "liver_segment_8"},
    (1.5, 0.8046879768371582, 0.8046879768371582),
)
CHAMBERS = Net(
    301,
    "heartchambers_highres",
    "nnUNetTrainer",
    {1: "heart_myocardium", 2: "heart_atrium_left", 4: "aorta", 5: "pulmonary_artery"},
    (2.0, 1.5, 1.5),
)


def write(root: Path, net: Net) -> Path:
    """A network's folder as TotalSegmentator unpacks it, trained for some seconds."""
    from totalsegmentator.map_tasks_config import TASK_ID_WEIGHTS_CONFIGS
    from totalsegmentator.map_to_binary import class_map

    names = class_map[net.task]
    folder = root / TASK_ID_WEIGHTS_CONFIGS[net.number]["foldername"]
    architecture = new_architecture("PlainConvUNet", 3, [8, 16, 24], STRIDES, "instancenorm")
    chosen = configuration(list(net.patch), list(net.spacing_zyx), architecture)
    plans = plans_of({MODEL: chosen}, dataset_name=folder.name)
    dataset = dataset_of({"background": 0, **{name: value for value, name in names.items()}})
    network = network_of(plans_of({MODEL: dict(chosen)}), MODEL, dataset)
    spread(network, 298)
    values = {name: value for value, name in names.items()}
    merged = tuple(values[net.painted[organ]] if organ in net.painted else 0 for organ in range(6))
    train(network, list(net.patch), net.spacing_zyx, STEPS, merged=merged)
    write_training(folder / f"{net.trainer}__nnUNetPlans__{MODEL}", plans, dataset, MODEL, {0: network}, None)
    return folder


def scan(shape: tuple[int, int, int], spacing: tuple[float, float, float]) -> tuple[Any, Any]:
    """The scene (k, j, i), and as the file that TotalSegmentator reads: the same voxels, lying LPS."""
    import nibabel as nib

    image, _ = scene(shape, spacing, 77)
    k, j, i = spacing
    return image, nib.Nifti1Image(image.transpose(2, 1, 0).astype(np.float64), np.diag([-i, -j, k, 1.0]))


def whole(task: str) -> Callable[[Any], Any]:
    """TotalSegmentator's own entry."""

    def ask(file: Any) -> Any:
        from totalsegmentator.python_api import totalsegmentator

        return totalsegmentator(file, None, task=task, device="cpu", quiet=True, nr_thr_resamp=1, nr_thr_saving=1)

    return ask


def chambers(file: Any) -> Any:
    """The steps of `totalsegmentator()` for this task, which asks for a licence of the published weights first."""
    import nibabel as nib
    from totalsegmentator.map_tasks_config import TASK_CONFIGS
    from totalsegmentator.map_to_binary import class_map
    from totalsegmentator.nnunet import nnUNet_predict_image

    settled = {"model": "3d_fullres", "folds": [0], "tta": False, "multilabel_image": True, "device": "cpu"}
    settled |= {"quiet": True, "nr_threads_resampling": 1, "nr_threads_saving": 1}
    rough, _, _ = nnUNet_predict_image(file, None, 297, trainer=ROUGH, resample=3.0, task_name="total", **settled)
    task = TASK_CONFIGS["heartchambers_highres"]
    values = {name: value for value, name in class_map["total"].items()}

    def mask(names: list[str]) -> Any:
        inside = np.isin(rough.get_fdata(), [values[name] for name in names])
        return nib.Nifti1Image(inside.astype(np.uint8), rough.affine)

    found, _, _ = nnUNet_predict_image(
        file,
        None,
        301,
        trainer=task["trainer"],
        crop=mask(task["crop"]),
        crop_addon=[20, 20, 20],
        task_name="heartchambers_highres",
        remove_outside_mask=mask(task["remove_outside"]),
        remove_outside_dilation=task["remove_outside_dilation"],
        **settled,
    )
    return found


WIDE, SMALL = ((36, 88, 84), (2.0, 1.3, 1.3)), ((24, 54, 50), (2.0, 1.3, 1.3))
KINDS: dict[str, tuple[tuple[Net, ...], Callable[[Any], Any], Any]] = {
    "vessels": ((LIVER, VESSELS), whole("liver_vessels"), WIDE),
    "segments": ((LIVER, SEGMENTS), whole("liver_segments"), SMALL),
    "chambers": ((HEART, CHAMBERS), chambers, SMALL),
}


def main() -> None:
    import torch

    out = Path(sys.argv[1])
    for kind in sys.argv[2:] or KINDS:
        if (out / kind / "case.json").is_file():
            continue
        nets, ask, (shape, spacing) = KINDS[kind]
        (out / kind).mkdir(parents=True, exist_ok=True)
        begun, spent = time.perf_counter(), time.process_time()
        torch.set_num_threads(1)
        folders = [write(out / kind, net) for net in nets]
        os.environ |= dict.fromkeys(("TOTALSEG_WEIGHTS_PATH", "nnUNet_results"), str(out / kind))
        image, file = scan(shape, spacing)
        truth = np.asarray(ask(file).get_fdata()).astype(np.uint8).transpose(2, 1, 0)
        Maker(out / kind).keep(
            image, spacing, truth, folders[-1], (time.perf_counter() - begun, time.process_time() - spent)
        )
        print(f"{kind}: {time.perf_counter() - begun:.1f} s, labels {np.unique(truth).tolist()}", flush=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        # its settings, and no word to its makers
        os.environ["TOTALSEG_HOME_DIR"] = home
        (Path(home) / "config.json").write_text(
            '{"totalseg_id": "none", "send_usage_stats": false, "prediction_counter": 0}'
        )
        main()
