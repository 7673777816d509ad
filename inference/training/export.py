"""A trained network as a model folder: fp16 weights, manifest with codes and limits, licence, citations.

Held-out numbers come from a file of measurements, so that the card never says more than was measured.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from inference.manifest import manifest_from_json, write_manifest
from inference.training.classes import CLASSES, INDEX
from inference.training.loop import Plan
from inference.weights import write_weights
from inference.zoo import file_sha256

MODEL_ID = "theatrum-ct-body"


@dataclass(frozen=True, slots=True)
class Fact:
    """What a manifest says of a structure: SNOMED CT code and meaning, side, adult volume (ml)."""

    code: str
    meaning: str
    volume_ml: tuple[float, float] | None = None
    side: str | None = None


# Codes and wide adult ranges; the ranges only tell what is implausible.
FACTS: Mapping[str, Fact] = {
    "lung_left": Fact("39607008", "Lung", (800, 4500), "left"),
    "lung_right": Fact("39607008", "Lung", (800, 4500), "right"),
    "bone": Fact("272673000", "Bone"),
    "liver": Fact("10200004", "Liver", (700, 3000)),
    "spleen": Fact("78961009", "Spleen", (50, 700)),
    "kidney_left": Fact("64033007", "Kidney", (70, 350), "left"),
    "kidney_right": Fact("64033007", "Kidney", (70, 350), "right"),
    "aorta": Fact("15825003", "Aorta", (60, 500)),
    "heart": Fact("80891009", "Heart", (400, 1500)),
    "inferior_vena_cava": Fact("64131007", "Inferior vena cava", (20, 150)),
    "portal_and_splenic_vein": Fact("110765007", "Portal vein and splenic vein", (10, 80)),
    "gallbladder": Fact("28231008", "Gallbladder", (0, 150)),
    "stomach": Fact("69695003", "Stomach", (50, 1500)),
    "pancreas": Fact("15776009", "Pancreas", (25, 180)),
    "bowel": Fact("113276009", "Intestine", (300, 4500)),
    "iliac_artery_left": Fact("73634005", "Common iliac artery", (3, 40), "left"),
    "iliac_artery_right": Fact("73634005", "Common iliac artery", (3, 40), "right"),
    "bladder": Fact("89837001", "Bladder", (10, 1000)),
    "pulmonary_artery": Fact("81040000", "Pulmonary artery", (30, 200)),
}
# What a finer network draws again; lungs, bone, stomach and bowel gain nothing from it.
FINE = (
    "liver",
    "spleen",
    "kidney_left",
    "kidney_right",
    "aorta",
    "heart",
    "inferior_vena_cava",
    "portal_and_splenic_vein",
    "gallbladder",
    "pancreas",
    "iliac_artery_left",
    "iliac_artery_right",
    "pulmonary_artery",
)
LARGEST_ONLY = (
    "lung_left",
    "lung_right",
    "liver",
    "spleen",
    "kidney_left",
    "kidney_right",
    "aorta",
    "heart",
    "inferior_vena_cava",
    "gallbladder",
)
LIMITS = (
    "Learned from five patients only; measured on two more. Every outline must be looked at.",
    "No portal-venous scan trained the model: that phase was simulated.",
    "At 4 mm, vessels thinner than 8 mm and thin rims of organs are lost; iliac arteries and the portal vein are hints.",
    "Large tumours, resected or displaced organs, ascites, effusions and children were never seen.",
    "The bladder has no labels and is not found; the pulmonary artery was labelled in one scan.",
    "The test scan was watched while the model was trained: its errors led to more bone and lesions in the training, "
    "and the choice of stages was made on it too, so its numbers flatter.",
)
CITATIONS = (
    "Armato SG III et al. Data From LIDC-IDRI. The Cancer Imaging Archive. doi:10.7937/K9/TCIA.2015.LO9QL9SX (CC BY 3.0)",
    "Armato SG III et al. The Lung Image Database Consortium (LIDC) and Image Database Resource Initiative (IDRI). "
    "Med Phys 38:915-931 (2011)",
    "Clark K et al. The Cancer Imaging Archive (TCIA). J Digit Imaging 26:1045-1057 (2013)",
    "Wasserthal J et al. TotalSegmentator: robust segmentation of 104 anatomical structures in CT images. "
    "Radiology: Artificial Intelligence 5:e230024 (2023); example CT and labels, Apache-2.0",
    "Heller N et al. C4KC-KiTS. The Cancer Imaging Archive. doi:10.7937/TCIA.2019.IX49E8NX (CC BY 3.0)",
    "Kinahan P et al. ACRIN-FLT-Breast (ACRIN 6688). The Cancer Imaging Archive. doi:10.7937/K9/TCIA.2017.OL20ZMXG "
    "(CC BY 3.0)",
    "Cancer Moonshot Biobank: CMB-CRC. The Cancer Imaging Archive. doi:10.7937/DJG7-GZ87 (CC BY 4.0); validation only",
)


@dataclass(frozen=True, slots=True)
class Trained:
    """A network of the model. kept: the structures it may paint. within: look only round these of the stage before."""

    name: str
    plan: Plan
    weights: Mapping[str, Any]
    kept: tuple[str, ...]
    after: str | None = None
    within: tuple[str, ...] = ()


def stage_json(trained: Trained, file: str, sha256: str) -> dict[str, Any]:
    """One network as a manifest's stage; classes that are not kept paint nothing."""
    plan, recipe = trained.plan, trained.plan.recipe
    low = (recipe.clip_hu[0] - recipe.mean_hu) / recipe.std_hu
    stage: dict[str, Any] = {
        "name": trained.name,
        "weights": [{"file": file, "sha256": sha256}],
        "network": {
            "family": "PlainConvUNet",
            "kwargs": plan.network_kwargs(),
            "in_channels": 1,
            "out_channels": len(plan.classes),
        },
        "input": {
            "modality": "CT",
            "orientation": "LPS",
            "axes": "kji",
            "spacing_mm": [recipe.spacing_mm] * 3,
            "resample": {"grid": "edge", "data_order": 1, "out_of_field": -1024},
            "normalise": {
                "scheme": "ct",
                "clip": list(recipe.clip_hu),
                "mean": recipe.mean_hu,
                "std": recipe.std_hu,
            },
            "crop": {"rule": "body", "margin_mm": 20},
        },
        "tiling": {"patch": list(recipe.patch), "step": 0.5, "pad_value": round(low, 6)},
        "output": {"values": [INDEX[c] if c in trained.kept else 0 for c in plan.classes]},
    }
    if trained.after is not None:
        stage["within"] = {"stage": trained.after, "labels": list(trained.within), "margin_mm": 25}
        stage["replaces"] = list(trained.kept)
    return stage


def export(
    trained: Sequence[Trained],
    into: Path,
    version: str,
    *,
    measured: Sequence[Mapping[str, Any]],
    limits: Sequence[str],
    notes: Sequence[str],
    licence_text: Path,
) -> Path:
    """Writes `into/<version>/` and returns it. The first network names all structures; measured: rows of the card."""
    folder = into / version
    folder.mkdir(parents=True, exist_ok=True)
    stages = []
    for one in trained:
        file = f"{one.name}.safetensors"
        arrays = {name: value.detach().cpu().numpy().astype(np.float16) for name, value in one.weights.items()}
        write_weights(folder / file, arrays)
        stages.append(stage_json(one, file, file_sha256(folder / file)))
    shutil.copyfile(licence_text, folder / "LICENSE")
    kept = trained[0].kept
    labels = []
    for name in kept:
        fact = FACTS[name]
        labels.append(
            {
                "index": INDEX[name],
                "name": name,
                "code": ["SCT", fact.code, fact.meaning],
                "laterality": fact.side,
                "volume_ml": fact.volume_ml,
            }
        )
    data = {
        "schema": 1,
        "id": MODEL_ID,
        "version": version,
        "title": "Theatrum CT body",
        "stages": stages,
        "labels": labels,
        "cleanup": [{"rule": "keep_largest", "labels": [name for name in LARGEST_ONLY if name in kept]}],
        "licence": {"id": "Apache-2.0", "commercial": True, "text": "LICENSE", "citations": list(CITATIONS)},
        "source": {"importer": None, "notes": list(notes)},
        "card": {
            "intended_use": "A first outline of organs and great vessels on CT of chest and abdomen, for a person to check "
            "and correct before anything is planned with it.",
            "not_for": "Diagnosis; measurement without a look at the outline; children; CT without Hounsfield units.",
            "training_population": {
                "n": 5,
                "countries": "United States (four), Switzerland (one)",
                "scanners": "GE LightSpeed Plus, GE LightSpeed16, GE Discovery LS, Siemens Emotion 16, one not stated",
                "phases": "three without contrast, two arterial; other phases only simulated",
                "labels_by": "outlines of this program's authors, who are no radiologists, rules for lung and bone, and one "
                "scan labelled by another model",
            },
            "validation": list(measured),
            "limits": list(limits),
        },
    }
    write_manifest(manifest_from_json(json.loads(json.dumps(data))), folder)
    return folder


def all_kept(labelled: Sequence[int]) -> tuple[str, ...]:
    """The structures that some training scan had labels for, in the network's order."""
    return tuple(name for name in CLASSES if name != "background" and INDEX[name] in set(labelled))
