"""What each row of the shared collection of awkward DICOM asks for, in short codes, and what this program does with it.

The collection's manifest says in words what is expected of each file or folder; EXPECTED says the same so that a test can hold
the program to it. A row that the manifest gains, or loses, is noticed by the test.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from planning.dicom.model import LoadedImage, ScanResult
from planning.dicom.worker import read_study

SINGLE = "A single image, not a volume."
PICTURE = "A secondary capture (a picture of a screen or a page), not a volume."
NO_ORIENTATION = "The images carry no orientation; how they lie in the patient is unknown."
NO_SPACING = "The images carry no usable pixel spacing; sizes would be unknown."
NO_POSITION = "The images carry no position; where they lie in the patient is unknown."


@dataclass(frozen=True)
class Volume:
    """Read as a volume. size: (i, j, k) of the grid; spacing_mm: of the grid; None is not asked. says: codes of all findings.

    formula: every voxel is round(3x + 2y + 5z + 40), plus `phase_step` for each phase. most_off: in those units.
    """

    size: tuple[int, int, int] | None
    spacing_mm: tuple[float, float, float] | None = None
    says: tuple[str, ...] = ()
    phases: int = 1
    phase_step: float = 100.0
    formula: bool = False
    most_off: float = 0.0
    hu: tuple[float, float] | None = None
    series: int = 1


@dataclass(frozen=True)
class Refused:
    """Listed with this sentence among its problems and never a volume; or, `skipped`, not even listed."""

    says: str
    skipped: bool = False
    only_if_filled: bool = False


@dataclass(frozen=True)
class Pixels:
    """A single slice: listed as one, its values are those of `like` within `most_hu`, or lie in `hu`."""

    like: str = ""
    most_hu: float = 0.0
    lossy: bool = False
    hu: tuple[float, float] | None = None
    listed: str = SINGLE


@dataclass(frozen=True)
class SliceOf:
    """One slice of the volume that its folder is; alone it is a single image."""

    folder: str


@dataclass(frozen=True)
class Segments:
    """A segmentation on a grid of this size; voxels by name. like: another file with the same voxels."""

    size: tuple[int, int, int]
    voxels: dict[str, int]
    grid_of: str = ""


@dataclass(frozen=True)
class Report:
    """A structured report with so many groups of measurements; the first number of the first one."""

    groups: int
    first: tuple[str, float, str] | None = None


FORMULA = {"size": (34, 26, 6), "spacing_mm": (1.25, 1.5, 2.0), "formula": True}
STRAIGHT = Volume(**FORMULA)
TILTED = {"spacing_mm": None, "formula": True, "most_off": 1.0, "says": ("gantry_tilt",)}
TWO_PATIENTS = ("few_slices", "series_chosen", "several_patients")
LIKE = "transfer_syntax/ct_implicit.dcm"
LOSSY = {"JPEGLS_nearlossless": 1, "JPEG_2000_lossy": 5, "JPEG_baseline_8_bit": 64.3, "JPEG_extended_12_bit": 36,
         "JPEG_spectral_selection": 36, "JPEG_full_progression": 36}  # fmt: skip
LOSSLESS = ("implicit", "deflated", "RLE_lossless", "JPEG_lossless_SV1", "JPEG_lossless_process_14", "JPEGLS_lossless",
            "JPEG_2000_lossless")  # fmt: skip
SEG, SR = "A segmentation, not a volume.", "A report with measurements, not a volume."
LIVER = {"Liver": 107098}

# folders whose files are rows of their own: what the whole folder is
FOLDERS: dict[str, Volume | Refused] = {
    "ct_3slice": Volume((512, 512, 3), (0.810547, 0.810547, 1.0), ("few_slices",), hu=(-1024, 1381)),
    "dcmqi_24x38x3/image": Volume((24, 38, 3), (0.7, 0.7, 2.5), ("few_slices", "not_hu"), hu=(0, 1)),
    "dcmqi_23x38x3/image": Volume((23, 38, 3), (0.7, 0.7, 2.5), ("few_slices", "not_hu"), hu=(0, 1)),
    "tilt_ge_variable": Refused("The distance between slices varies from 1.08 to 7.00 mm.", only_if_filled=True),
    "tilt_philips_minus18": Volume((512, 521, 6), (0.482422, 0.482422, 2.370812), ("gantry_tilt",), hu=(-1024, 784)),
    "tilt_philips_plus16": Volume((512, 518, 4), (0.40625, 0.40625, 2.397049), ("gantry_tilt",), hu=(-1024, 779)),
    "d2n_gantrytilting_001": Volume((512, 518, 3), (0.417969, 0.417969, 4.851479), ("few_slices", "gantry_tilt")),
    "d2n_sliceorientation_001": Volume(
        (288, 288, 2), None, ("few_slices", "mixed_orientation", "mixed_sizes", "series_chosen"), series=2
    ),
    "d2n_slicecount_001": Volume((256, 256, 2), (1.0, 1.0, 1.0), ("few_slices",)),
    # 4.0 mm between rows goes with y
    "d2n_generic_anatomical_002_non_isotropic": Volume((64, 28, 4), (6.39996, 4.0, 0.499998)),
}

EXPECTED: dict[str, Any] = {
    **{f"transfer_syntax/ct_{name}.dcm": Pixels(LIKE) for name in LOSSLESS},
    **{f"transfer_syntax/ct_{name}.dcm": Pixels(LIKE, most, lossy=True) for name, most in LOSSY.items()},
    # beyond the round field a CT writes padding, which an import makes air; nothing is wrapped into bone or metal
    "pydicom_data/693_J2KR.dcm": Pixels(hu=(-3024, 1468)),
    "pydicom_data/explicit_VR-UN.dcm": Pixels(hu=(-1024, 1186)),
    "pydicom_data/bad_sequence.dcm": Pixels(hu=(-1011, 1243)),
    # the manifest hopes for ten slices: the files carry neither orientation nor spacing, so that none may be made
    "pydicom_data/emri_small.dcm": Pixels("pydicom_data/emri_small.dcm", listed=NO_ORIENTATION),
    **{
        f"pydicom_data/emri_small_{kind}.dcm": Pixels("pydicom_data/emri_small.dcm", listed=NO_ORIENTATION)
        for kind in ("RLE", "big_endian", "jpeg_2k_lossless", "jpeg_ls_lossless")
    },
    "pydicom_data/emri_small_jpeg_2k_lossless_too_short.dcm": Refused(NO_ORIENTATION),
    "pydicom_data/JLSL_08_07_0_1F.dcm": Refused(PICTURE),
    "pydicom_data/JLSL_16_15_1_1F.dcm": Refused(PICTURE),
    "pydicom_data/JLSL_RGB_ILV1.dcm": Refused(PICTURE),
    "pydicom_data/liver.dcm": Segments((512, 512, 3), LIVER, grid_of="ct_3slice"),
    "pydicom_data/liver_deflate.dcm": Segments((512, 512, 3), LIVER, grid_of="ct_3slice"),
    "pydicom_data/liver_rle.dcm": Segments((512, 512, 3), LIVER, grid_of="ct_3slice"),
    "pydicom_data/liver_nonbyte_aligned.dcm": Segments((510, 510, 3), LIVER),
    "pydicom_data/liver_nonbyte_aligned_rle.dcm": Segments((510, 510, 3), LIVER),
    "pydicom_data/liver_nonbyte_aligned_j2k.dcm": Segments((510, 510, 3), LIVER),
    "pydicom_data/SC_rgb.dcm": Refused(PICTURE),
    "pydicom_data/SC_rgb_dcmtk_ebcyn1_dcmd.dcm": Refused(PICTURE),
    "pydicom_data/parametric_map_float.dcm": Refused("Pictures or documents, not a volume."),
    # maps of blood flow that a CT made: the warning says that these are no Hounsfield units
    "enhanced_ct/eCT_Supplemental.dcm": Volume(
        (512, 512, 2), (0.388672, 0.388672, 10.0), ("few_slices", "not_hu"), hu=(-1024, 172)
    ),
    "enhanced_ct/CT0012_fragmented_no_bot_jpeg51.dcm": Volume(
        (512, 512, 2), (0.388672, 0.388672, 10.0), ("few_slices", "lossy", "not_hu"), hu=(-14, 1199)
    ),
    "other/no-pixel-data.dcm": Refused(SR),
    "other/no-pixel-spacing.dcm": Refused("Ultrasound pictures, not a volume."),
    "dcmqi_24x38x3/multiframe/mf.dcm": Volume((24, 38, 3), (0.7, 0.7, 2.5), ("few_slices", "not_hu"), hu=(0, 1)),
    "dcmqi_23x38x3/multiframe/mf.dcm": Volume((23, 38, 3), (0.7, 0.7, 2.5), ("few_slices", "not_hu"), hu=(0, 1)),
    "dcmqi_24x38x3/seg/label.seg": Segments((24, 38, 3), {"Liver": 315}, grid_of="dcmqi_24x38x3/image"),
    "dcmqi_23x38x3/seg/label.seg": Segments((23, 38, 3), {"Liver": 322}, grid_of="dcmqi_23x38x3/image"),
    "seg_sr/partial_overlaps.dcm": Segments(
        (512, 512, 3), {"GREEN": 9602, "ORANGE": 11888, "PURPLE": 10743, "LIGHT_BLUE": 6693, "DARK_BLUE": 4713}
    ),
    "seg_sr/sparse-labelmap-noppv.dcm": Segments((24, 38, 3), {"Liver": 630}),
    "seg_sr/sparse-labelmap-ppv5.dcm": Segments((24, 38, 3), {"Liver": 630}),
    "seg_sr/sr_tid1500.dcm": Report(1, ("SUVbw", 6.01529, "{SUVbw}g/ml")),
    "other/ct_image.dcm": Pixels(hu=(-2000, 2500)),
    "seg_sr/seg_image_ct_binary_overlap.dcm": Segments((16, 16, 165), {"first segment": 64, "second segment": 16}),
    # the manifest hopes for fractions: a structure here has an edge, which lies at one half
    "seg_sr/seg_image_ct_true_fractional.dcm": Segments((16, 16, 3), {"first segment": 638}),
    "seg_sr/seg_image_sm_control_labelmap_palette_color.dcm": Refused(SEG),
    "seg_sr/sr_document_with_multiple_groups.dcm": Report(4, ("Intensity Histogram Mean", -119.0738525, "[hnsf'U]")),
    "other/sm_image_jpegls_nobot.dcm": Refused("Pictures of a microscope, not a volume."),
    "other/dx_image.dcm": Refused("Projections (X-ray pictures), not a volume."),
    "other/suyash_1.dcm": Pixels(hu=(0, 30)),
    "other/suyash_6.dcm": Refused(PICTURE),
    "localizer/philips_I10.dcm": Refused("A localizer (scout) image, not a volume."),
    "secondary_capture/philips_exam_summary_1.dcm": Refused(PICTURE),
    "secondary_capture/philips_exam_summary_2.dcm": Refused(PICTURE),
    "d2n_siemens_multiframe_anatomical_001/IM-0001-0001-0001.dcm": Volume(
        (256, 256, 8), (0.9375, 0.9375, 0.899979), hu=(0, 254)
    ),
    **{
        f"d2n_generic_rgb_001/IM-0001-000{n}-0001.dcm": Refused(PICTURE)
        for n in (1, 2, 3, 4)
    },
    **{
        f"synthetic/{name}": STRAIGHT
        for name in (
            "ok_axial", "shuffled_instance_numbers", "descending_z", "prone_feet_first", "sagittal", "coronal",
            "double_oblique", "left_handed_order", "spacing_tags_lie", "localizer_in_series", "slope_per_slice",
            "high_bits_overlay", "monochrome1", "odd_number_strings", "charset_japanese", "charset_wrong", "hostile_names",
            "big_endian", "implicit", "deflated", "mixed_transfer_syntax", "no_preamble", "enhanced_ct_shuffled.dcm",
            "enhanced_ct_rescale_per_frame.dcm", "series_with_strangers",
        )
    },
    "synthetic/localizer_in_series": Volume(**FORMULA, series=2),
    "synthetic/series_with_strangers": Volume(**FORMULA, series=2),
    "synthetic/enhanced_ct_two_stacks.dcm": Volume(**FORMULA, says=("series_chosen",), series=2),
    "synthetic/duplicate_slice_same": Volume(**FORMULA, says=("duplicate_positions",)),
    "synthetic/tilt_0p05": Volume((34, 26, 6), (1.25, 1.5, 2.0), formula=True, most_off=1.0),
    "synthetic/jitter_0p01mm": Volume((34, 26, 6), (1.25, 1.5, 2.002), formula=True, most_off=1.0),
    "synthetic/tilt_0p3": Volume((34, 27, 6), **TILTED),
    "synthetic/tilt_15": Volume((34, 28, 6), **TILTED),
    "synthetic/tilt_m18p5": Volume((34, 29, 6), **TILTED),
    "synthetic/uneven_spacing": Refused(
        "The distance between slices varies from 2.00 to 3.50 mm.", only_if_filled=True
    ),
    "synthetic/missing_slice": Refused(
        "1 slice is missing, the widest gap lies 4.0 to 8.0 mm from the first slice.", only_if_filled=True
    ),
    "synthetic/duplicate_slice_conflict": Refused(
        "Different images lie at one position; which of them counts is unknown."
    ),
    "synthetic/mixed_size": Volume(
        (34, 26, 4), (1.25, 1.5, 2.0), ("mixed_sizes", "series_chosen"), formula=True, series=2
    ),
    "synthetic/mixed_pixel_spacing": Volume(
        (34, 26, 4), (1.25, 1.5, 2.0), ("mixed_sizes", "series_chosen"), formula=True, series=2
    ),
    "synthetic/two_patients_one_series_uid": Volume(
        (34, 26, 3), (1.25, 1.5, 2.0), TWO_PATIENTS, formula=True, series=2
    ),
    "synthetic/cardiac_4d": Volume(**FORMULA, phases=3),
    "synthetic/phases_by_acquisition": Volume(**FORMULA, phases=2),
    "synthetic/no_rescale": Volume((34, 26, 6), (1.25, 1.5, 2.0), ("not_hu",), hu=(1472, 1721)),
    "synthetic/padding_minus2000": STRAIGHT,
    "synthetic/padding_wrong_vr": STRAIGHT,
    "synthetic/decimal_comma": Refused(NO_SPACING),
    "synthetic/no_pixel_spacing": Refused(NO_SPACING),
    "synthetic/zero_spacing": Refused(NO_SPACING),
    "synthetic/no_position": Refused(NO_POSITION),
    "synthetic/nan_position": Refused(NO_POSITION),
    "synthetic/no_orientation": Refused(NO_ORIENTATION),
    "synthetic/orientation_not_unit": Refused("The orientation is not made of unit vectors (lengths 0.50, 0.50)."),
    "synthetic/orientation_not_orthogonal": Refused("The rows and columns of the images are not perpendicular."),
    "synthetic/rows_lie": Refused("its pixels are shorter than it claims", skipped=True),
    "synthetic/frames_lie": Refused("its pixels are shorter than it claims", skipped=True),
    "synthetic/all_one_position": Refused("All 6 images lie at one position; they are no volume."),
    "synthetic/single_slice": Refused(SINGLE),
    "synthetic/two_slices": Volume((34, 26, 2), (1.25, 1.5, 2.0), ("few_slices",), formula=True),
    "synthetic/truncated": Refused(
        "3 slices are missing, the widest gap lies 2.0 to 10.0 mm from the first slice.", only_if_filled=True
    ),
    "synthetic/hostile/text.dcm": Refused("not a DICOM file (text)", skipped=True),
    "synthetic/hostile/pdf.dcm": Refused("not a DICOM file (a PDF)", skipped=True),
    "synthetic/hostile/zeros.dcm": Refused("not a DICOM file", skipped=True),
    "synthetic/hostile/length_lie.dcm": Refused("the file is cut off in its pixels", skipped=True),
    "synthetic/hostile/deep_sequence_400.dcm": Refused(SINGLE),
    "synthetic/hostile/deflate_bomb_96MiB.dcm": Refused("it would unpack to more than 64 MB", skipped=True),
    "synthetic/hostile/jpegls_65535.dcm": Refused("A single image whose pixels cannot be decoded."),
    "synthetic/hostile/rle_cut.dcm": Refused("A single image whose pixels cannot be decoded."),
    "synthetic/hostile/wrong_transfer_syntax.dcm": Refused("nothing in it can be understood", skipped=True),
}  # fmt: skip


def expected_of(row: str) -> Any:
    """The code of a row; a file of a folder that is a series is a slice of it."""
    if row in EXPECTED:
        return EXPECTED[row]
    folder = row.rpartition("/")[0]
    return SliceOf(folder) if folder in FOLDERS else None


@contextmanager
def _in_this_process() -> Iterator[None]:
    """Reading without the disposable child, which costs more than what it does here."""

    def run(request: Any, receive: Any, cancel: Any, started: Any = None) -> None:
        with warnings.catch_warnings():
            read_study(request, receive, lambda: None)

    with mock.patch("planning.dicom.child.run_child", run):
        yield


def listed(path: Path) -> ScanResult:
    """As `planning.dicom.scan.scan`. Raises InputError."""
    from planning.dicom.scan import scan

    with _in_this_process():
        return scan([path], thumbnails=False)


def loaded(path: Path, series: int | None = None, *, fill: bool = False) -> LoadedImage:
    """As `planning.dicom.load.load_series`. Raises InputError."""
    from planning.dicom.load import load_series

    with _in_this_process():
        return load_series([path], series, fill_missing=fill)
