"""What the panel says of Couinaud's segments, their landmarks, and the rules that part the liver."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# by numeral; levels and sides are the patient's
DEFINITIONS: Mapping[str, str] = MappingProxyType(
    {
        "I": "Caudate lobe: before the vena cava, behind the ligamentum venosum",
        "II": "Left lateral, behind and above the left hepatic vein",
        "III": "Left lateral, in front of and below the left hepatic vein",
        "IV": "Between the umbilical portion and the middle hepatic vein",
        "V": "Right anterior, below the portal bifurcation",
        "VI": "Right posterior, below the portal bifurcation",
        "VII": "Right posterior, above the portal bifurcation",
        "VIII": "Right anterior, above the portal bifurcation",
    }
)
BRANCH_RULE = "Each liver voxel belongs to the named branch whose centreline is nearest."
LANDMARK_RULE = "Surfaces through the eight points, along the hepatic veins where they pass them, part the liver."

# (name in the list, letters in the pane, what to click)
LANDMARK_WORDS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "cava": ("Vena cava", "IVC", "Click the middle of the vena cava where the hepatic veins enter it."),
        "gallbladder_fossa": ("Gallbladder fossa", "GB", "Click the gallbladder’s bed, under the liver."),
        "right_vein": ("Right hepatic vein", "RHV", "Click the right hepatic vein, halfway along it."),
        "middle_vein": ("Middle hepatic vein", "MHV", "Click the middle hepatic vein, halfway along it."),
        "left_vein": ("Left hepatic vein", "LHV", "Click the left hepatic vein, halfway along it."),
        "portal_bifurcation": (
            "Portal bifurcation",
            "PV",
            "Click where the portal vein parts into its right and left branch.",
        ),
        "umbilical_portion": (
            "Umbilical portion",
            "UP",
            "Click the left portal vein where it has turned to the front.",
        ),
        "ligamentum_venosum": (
            "Ligamentum venosum",
            "LV",
            "Click the end of the fissure between caudate and left lobe.",
        ),
    }
)
