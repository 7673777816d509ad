"""The structures of the shipped model, in the order of the network's channels."""

from __future__ import annotations

from typing import Final

CLASSES: Final = (
    "background",
    "lung_left",
    "lung_right",
    "bone",
    "liver",
    "spleen",
    "kidney_left",
    "kidney_right",
    "aorta",
    "heart",
    "inferior_vena_cava",
    "portal_and_splenic_vein",
    "gallbladder",
    "stomach",
    "pancreas",
    "bowel",
    "iliac_artery_left",
    "iliac_artery_right",
    "bladder",
    "pulmonary_artery",
)
INDEX: Final = {name: index for index, name in enumerate(CLASSES)}

# Values of a label map beside the classes. 0 says "none of this scan's labelled structures": it may be any other.
CERTAIN_BACKGROUND: Final = 254
IGNORE: Final = 255

# How much a voxel of a class counts in the cross entropy: small structures need four to five times as much.
WEIGHTS: Final = {
    "background": 1.0,
    "lung_left": 1.0,
    "lung_right": 1.0,
    "bone": 1.5,
    "liver": 2.0,
    "spleen": 4.0,
    "kidney_left": 4.0,
    "kidney_right": 4.0,
    "aorta": 4.0,
    "heart": 2.0,
    "inferior_vena_cava": 5.0,
    "portal_and_splenic_vein": 5.0,
    "gallbladder": 4.0,
    "stomach": 2.0,
    "pancreas": 4.0,
    "bowel": 1.5,
    "iliac_artery_left": 5.0,
    "iliac_artery_right": 5.0,
    "bladder": 3.0,
    "pulmonary_artery": 3.0,
}
