"""What the cards of the shipped models say, so that the window says it in its language; the files stay English.

`app.i18n.said` finds them. A card of another model stays as its author wrote it.
"""

from __future__ import annotations

from viewers.language import mark

# ruff: noqa: E501
# fmt: off
TEXTS: tuple[str, ...] = (
    mark("A first outline of organs and great vessels on CT of chest and abdomen, for a person to check and correct before anything is planned with it."),
    mark("Diagnosis; measurement without a look at the outline; children; CT without Hounsfield units."),
    mark("United States (four), Switzerland (one)"),
    mark("GE LightSpeed Plus, GE LightSpeed16, GE Discovery LS, Siemens Emotion 16, one not stated"),
    mark("three without contrast, two arterial; other phases only simulated"),
    mark("outlines of this program's authors, who are no radiologists, rules for lung and bone, and one scan labelled by another model"),
    mark("CMB-CRC-MSB-01068, arterial chest, validation, our own outline"),
    mark("3D-IRCADb-01 case 1, portal-venous, test only"),
    mark("the reference holds all arteries"),
    mark("the reference holds iliac and renal veins too"),
    mark("the reference holds mesenteric veins too"),
    mark("Below its bar on the test scan: the right kidney (Dice 0.84; 0.85 asked). Vena cava and portal vein are hints only."),
    mark("Learned from five patients only; measured on two more. Every outline must be looked at."),
    mark("No portal-venous scan trained the model: that phase was simulated."),
    mark("At 4 mm, vessels thinner than 8 mm and thin rims of organs are lost; iliac arteries and the portal vein are hints."),
    mark("Large tumours, resected or displaced organs, ascites, effusions and children were never seen."),
    mark("The bladder has no labels and is not found; the pulmonary artery was labelled in one scan."),
    mark("The test scan was watched while the model was trained: its errors led to more bone and lesions in the training, and the choice of stages was made on it too, so its numbers flatter."),
)
