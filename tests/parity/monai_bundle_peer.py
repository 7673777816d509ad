"""Runs in the environment with MONAI: makes bundles and what MONAI's own transforms, inferer and inversion give.

Usage: python monai_bundle_peer.py CASES.json FOLDER. The cases are `[{"case", "config", "scan": {"affine", "seed",
"size"}, "prompts"}]`. Writes FOLDER/<case>/bundle (configs, models/model.pt), FOLDER/<case>/scan.npy `[i, j, k]` int16
and FOLDER/<case>/labels.npy on the scan's own grid.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import torch  # noqa: TID253  (a script of another environment)
from monai import transforms
from monai.bundle import ConfigParser
from monai.data import decollate_batch, list_data_collate
from monai.inferers import SlidingWindowInfererAdapt, sliding_window_inference
from monai_peer import randomised
from scipy import ndimage


def scan(size: list[int], seed: int) -> np.ndarray:
    """A body with organs of several brightnesses, smooth noise and air around, in HU."""
    generator = np.random.default_rng(seed)
    grid = np.stack(np.meshgrid(*[np.linspace(-1, 1, n) for n in size], indexing="ij"))
    image = np.full(size, -1000.0)
    image[(grid**2).sum(0) < 0.85] = 40
    for _ in range(12):
        centre, radius = generator.uniform(-0.5, 0.5, 3), generator.uniform(0.1, 0.35)
        inside = ((grid - centre[:, None, None, None]) ** 2).sum(0) < radius**2
        image[inside] = generator.uniform(-150, 400)
    return (image + 60 * ndimage.gaussian_filter(generator.standard_normal(size), 1.2)).astype(np.int16)


def run(config: dict[str, Any], network: torch.nn.Module, path: Path, prompts: list[int] | None) -> np.ndarray:
    """Labels on the scan's grid by MONAI."""
    steps = [step for step in config["postprocessing"]["transforms"] if step["_target_"] != "SaveImaged"]
    for step in steps:
        if step["_target_"] == "Invertd":
            # the copy of the bundle would be another object, whose steps are not those that ran
            step["transform"] = "@preprocessing"
    parser = ConfigParser({**config, "steps": {"_target_": "Compose", "transforms": steps}})
    preprocessing, after = parser.get_parsed_content("preprocessing"), parser.get_parsed_content("steps")
    batch = list_data_collate([preprocessing({"image": str(path)})])
    with torch.no_grad():
        if prompts:
            window = config["inferer"]
            batch["pred"] = sliding_window_inference(
                batch["image"],
                window["roi_size"],
                1,
                lambda x: network(x, class_vector=torch.tensor(prompts).unsqueeze(1), transpose=True),
                overlap=window["overlap"],
                mode="gaussian",
                padding_mode="replicate",
            )
            batch["label_prompt"] = torch.tensor(prompts).unsqueeze(0)
        else:
            batch["pred"] = parser.get_parsed_content("inferer")(batch["image"], network)
    return np.asarray(after(decollate_batch(batch)[0])["pred"]).astype(np.float32)


def run_auto3dseg(config: dict[str, Any], network: torch.nn.Module, path: Path) -> np.ndarray:
    """Labels as the steps of Auto3DSeg's SegResNet give them."""
    steps: list[Any] = [transforms.LoadImaged("image", ensure_channel_first=True, dtype=None)]
    steps.append(transforms.EnsureTyped("image", data_type="tensor", dtype=torch.float))
    if config["orientation_ras"]:
        steps.append(transforms.Orientationd("image", axcodes="RAS"))
    if config["crop_foreground"]:
        steps.append(transforms.CropForegroundd("image", source_key="image", margin=10, allow_smaller=True))
    pixdim = np.array(config["resample_resolution"])
    limits = {"min_pixdim": pixdim * 0.75, "max_pixdim": pixdim * 1.25}
    steps.append(transforms.Spacingd(["image"], pixdim=list(pixdim), mode=["bilinear"], dtype=torch.float, **limits))
    if config["normalize_mode"] == "ct":
        low, high = config["intensity_bounds"]
        steps.append(transforms.ScaleIntensityRanged("image", low, high, -1, 1, clip=False))
        steps.append(transforms.Lambdad("image", func=torch.sigmoid))
    else:
        steps.append(transforms.NormalizeIntensityd("image", nonzero=True, channel_wise=True))
    before = transforms.Compose(steps)
    batch = list_data_collate([before({"image": str(path)})])
    window = SlidingWindowInfererAdapt(roi_size=config["roi_size"], sw_batch_size=1, overlap=0.625, mode="gaussian")
    with torch.no_grad():
        logits = window(inputs=batch["image"], network=network)
    batch["pred"] = torch.sigmoid(logits) if config["sigmoid"] else torch.softmax(logits, 1, dtype=torch.double).float()
    after = transforms.Invertd("pred", orig_keys="image", transform=before, nearest_interp=False)
    back = after(decollate_batch(batch)[0])["pred"]
    if not config["sigmoid"]:
        return np.asarray(back.argmax(0, keepdim=True))
    # nested regions as their template paints them: [[1, 2, 3], [2, 3], [2]]
    inside = np.asarray(back >= 0.5)
    labels = inside.any(0).astype(np.float32)
    labels[inside[1:].any(0)] = 3
    labels[inside[2]] = 2
    return labels[None]


def painted(result: np.ndarray) -> np.ndarray:
    """Labels of a one-channel map, or of channels painted one after the other."""
    if result.shape[0] == 1:
        return result[0].astype(np.int16)
    labels = np.zeros(result.shape[1:], np.int16)
    for channel, mask in enumerate(result):
        labels[mask > 0] = channel + 1
    return labels


def save_scan(case: dict[str, Any], folder: Path) -> None:
    """The scan as an array for us, as NIfTI for MONAI."""
    image = scan(case["scan"]["size"], case["scan"]["seed"])
    np.save(folder / "scan.npy", image)
    nibabel.save(nibabel.Nifti1Image(image, np.asarray(case["scan"]["affine_ras"])), folder / "scan.nii.gz")


def make_auto3dseg(case: dict[str, Any], folder: Path) -> None:
    """One file with weights and settings, and what its steps give."""
    config = case["config"]
    torch.manual_seed(11)
    network = randomised(ConfigParser(config["network"]).get_parsed_content())
    content = {"state_dict": network.state_dict(), "config": config, "epoch": 3, "best_metric": np.float64(0.9)}
    torch.save(content, folder / "bundle" / "model.pt")
    save_scan(case, folder)
    np.save(folder / "labels.npy", painted(run_auto3dseg(config, network, folder / "scan.nii.gz")))


def main() -> None:
    torch.set_num_threads(2)
    cases = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    for case in cases:
        folder = Path(sys.argv[2]) / case["case"]
        (folder / "bundle" / "configs").mkdir(parents=True)
        (folder / "bundle" / "models").mkdir()
        config = case["config"]
        if "auto3dseg" in case:
            make_auto3dseg(case, folder)
            continue
        (folder / "bundle" / "configs" / "inference.json").write_text(json.dumps(config), encoding="utf-8")
        described = json.dumps(case.get("metadata", {}))
        (folder / "bundle" / "configs" / "metadata.json").write_text(described, encoding="utf-8")
        torch.manual_seed(11)
        network = randomised(ConfigParser(config).get_parsed_content("network_def"))
        torch.save(network.state_dict(), folder / "bundle" / "models" / "model.pt")
        save_scan(case, folder)
        result = run(config, network, folder / "scan.nii.gz", case.get("prompts"))
        np.save(folder / "labels.npy", painted(result))


if __name__ == "__main__":
    main()
