"""What the panel says of Couinaud's segments, their landmarks, and the rules that part the liver."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from app.i18n import mark

# by numeral; levels and sides are the patient's
DEFINITIONS: Mapping[str, str] = MappingProxyType(
    {
        "I": mark("Caudate lobe: before the vena cava, behind the ligamentum venosum"),
        "II": mark("Left lateral, behind and above the left hepatic vein"),
        "III": mark("Left lateral, in front of and below the left hepatic vein"),
        "IV": mark("Between the umbilical portion and the middle hepatic vein"),
        "V": mark("Right anterior, below the portal bifurcation"),
        "VI": mark("Right posterior, below the portal bifurcation"),
        "VII": mark("Right posterior, above the portal bifurcation"),
        "VIII": mark("Right anterior, above the portal bifurcation"),
    }
)
BRANCH_RULE = mark("Each liver voxel belongs to the named branch whose centreline is nearest.")
LANDMARK_RULE = mark("Surfaces through the eight points, along the hepatic veins where they pass them, part the liver.")

# (name in the list, letters in the pane, what to click)
LANDMARK_WORDS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "cava": (mark("Vena cava"), "IVC", mark("Click the middle of the vena cava where the hepatic veins enter it.")),
        "gallbladder_fossa": (mark("Gallbladder fossa"), "GB", mark("Click the gallbladder’s bed, under the liver.")),
        "right_vein": (mark("Right hepatic vein"), "RHV", mark("Click the right hepatic vein, halfway along it.")),
        "middle_vein": (mark("Middle hepatic vein"), "MHV", mark("Click the middle hepatic vein, halfway along it.")),
        "left_vein": (mark("Left hepatic vein"), "LHV", mark("Click the left hepatic vein, halfway along it.")),
        "portal_bifurcation": (
            mark("Portal bifurcation"),
            "PV",
            mark("Click where the portal vein parts into its right and left branch."),
        ),
        "umbilical_portion": (
            mark("Umbilical portion"),
            "UP",
            mark("Click the left portal vein where it has turned to the front."),
        ),
        "ligamentum_venosum": (
            mark("Ligamentum venosum"),
            "LV",
            mark("Click the end of the fissure between caudate and left lobe."),
        ),
    }
)
