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
from monai.bundle import ConfigParser
from monai.data import decollate_batch, list_data_collate
from monai.inferers import sliding_window_inference
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


def painted(result: np.ndarray) -> np.ndarray:
    """Labels of a one-channel map, or of channels painted one after the other."""
    if result.shape[0] == 1:
        return result[0].astype(np.int16)
    labels = np.zeros(result.shape[1:], np.int16)
    for channel, mask in enumerate(result):
        labels[mask > 0] = channel + 1
    return labels


def main() -> None:
    torch.set_num_threads(2)
    cases = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    for case in cases:
        folder = Path(sys.argv[2]) / case["case"]
        (folder / "bundle" / "configs").mkdir(parents=True)
        (folder / "bundle" / "models").mkdir()
        config = case["config"]
        (folder / "bundle" / "configs" / "inference.json").write_text(json.dumps(config), encoding="utf-8")
        described = json.dumps(case.get("metadata", {}))
        (folder / "bundle" / "configs" / "metadata.json").write_text(described, encoding="utf-8")
        torch.manual_seed(11)
        network = randomised(ConfigParser(config).get_parsed_content("network_def"))
        torch.save(network.state_dict(), folder / "bundle" / "models" / "model.pt")
        image = scan(case["scan"]["size"], case["scan"]["seed"])
        np.save(folder / "scan.npy", image)
        affine = np.asarray(case["scan"]["affine_ras"])
        nibabel.save(nibabel.Nifti1Image(image, affine), folder / "scan.nii.gz")
        result = run(config, network, folder / "scan.nii.gz", case.get("prompts"))
        np.save(folder / "labels.npy", painted(result))


if __name__ == "__main__":
    main()
