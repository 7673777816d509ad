"""Which files are volumes, by the ends of their names."""

from __future__ import annotations

from pathlib import Path

NIFTI = (".nii", ".nii.gz")
ITK = (".nrrd", ".nhdr", ".mha", ".mhd")


def ending(path: Path) -> str:
    """The file's ending in lower case, ".nii.gz" as one."""
    name = path.name.lower()
    return ".nii.gz" if name.endswith(".nii.gz") else path.suffix.lower()


def is_volume_file(path: Path) -> bool:
    """True for NIfTI, NRRD and MHA."""
    return ending(path) in (*NIFTI, *ITK)
