"""The codes that results are told in: SNOMED CT, DICOM's own, UCUM units, and local ones where no standard names the thing."""

from __future__ import annotations

from typing import Any, NamedTuple

LOCAL_SCHEME = "99THEATRUM"
LOCAL_SCHEME_NAME = "Theatrum's own measurements"


class Coded(NamedTuple):
    """A concept: code value, scheme ("SCT", "DCM", "UCUM" or the local one), meaning in English."""

    value: str
    scheme: str
    meaning: str


def local(value: str, meaning: str) -> Coded:
    """A concept of the local scheme."""
    return Coded(value, LOCAL_SCHEME, meaning)


# what is measured
AREA = Coded("42798000", "SCT", "Area")
PERIMETER = Coded("131191004", "SCT", "Perimeter")
DIAMETER = Coded("81827009", "SCT", "Diameter")
VOLUME = Coded("118565006", "SCT", "Volume")
LENGTH = Coded("410668003", "SCT", "Length")
ANGLE = Coded("1483009", "SCT", "Angle")
HEIGHT = Coded("121207", "DCM", "Height")
DISTANCE = Coded("121206", "DCM", "Distance")
PATH_LENGTH = Coded("121211", "DCM", "Path length")
CALCIUM_VOLUME = Coded("122660", "DCM", "Calcium Volume")
ATTENUATION = Coded("112031", "DCM", "Attenuation Coefficient")
SUV = Coded("126401", "DCM", "SUVbw")
IMAGE_VALUE = local("IMAGE_VALUE", "Value of the image")
VOXELS = local("VOXELS", "Number of voxels")
OUTSIDE = local("OUTSIDE", "Share outside the scan")
AREA_DIAMETER = local("DIAM_AREA", "Diameter of the circle of equal area")
PERIMETER_DIAMETER = local("DIAM_PERIMETER", "Diameter of the circle of equal perimeter")
ECCENTRICITY = local("ECCENTRICITY", "Eccentricity (1 - least / greatest diameter)")
TORTUOSITY = local("TORTUOSITY", "Tortuosity (length / chord)")
CALCIUM_LIMIT = local("CALCIUM_LIMIT", "Threshold of calcium")
LAO = local("LAO", "Left anterior oblique angle of the projection")
CRANIAL = local("CRANIAL", "Cranial angle of the projection")
ORGAN_VOLUME = local("ORGAN_VOLUME", "Volume of the organ with its tumours")
REMOVED_VOLUME = local("REMOVED_VOLUME", "Volume removed")
KEPT_VOLUME = local("KEPT_VOLUME", "Volume kept")
REMOVED_TUMOR = local("REMOVED_TUMOR", "Tumour volume removed")
KEPT_TUMOR = local("KEPT_TUMOR", "Tumour volume kept")
REMNANT = local("REMNANT", "Future remnant volume")
REMNANT_PERCENT = local("REMNANT_PERCENT", "Future remnant of the tumour-free organ")
REMNANT_STANDARD = local("REMNANT_STD", "Future remnant of the standard liver volume")
REMNANT_VIABLE = local("REMNANT_VIABLE", "Future remnant that keeps inflow and outflow")
MARGIN = local("MARGIN", "Least distance from tumour to resection surface")
TERRITORY_VOLUME = local("TERRITORY_VOLUME", "Volume of the vessel's territory")
PARENCHYMA = local("PARENCHYMA", "Volume of the tumour-free organ")
KEPT_PARENCHYMA = local("KEPT_PARENCHYMA", "Tumour-free volume kept")
KEPT_PARENCHYMA_PERCENT = local("KEPT_PAREN_PCT", "Share of the tumour-free organ kept")
RENAL_SCORE = local("RENAL_SCORE", "R.E.N.A.L. nephrometry score")

# how a number was chosen of several
LEAST = Coded("255605001", "SCT", "Minimum")
GREATEST = Coded("56851009", "SCT", "Maximum")
MEAN = Coded("373098007", "SCT", "Mean")
MEDIAN = Coded("373099004", "SCT", "Median")
DEVIATION = Coded("386136009", "SCT", "Standard Deviation")

# units
MM = Coded("mm", "UCUM", "millimeter")
MM2 = Coded("mm2", "UCUM", "square millimeter")
MM3 = Coded("mm3", "UCUM", "cubic millimeter")
CM3 = Coded("cm3", "UCUM", "cubic centimeter")
PERCENT = Coded("%", "UCUM", "Percent")
DEGREE = Coded("deg", "UCUM", "Degree")
HU = Coded("[hnsf'U]", "UCUM", "Hounsfield unit")
SUV_UNIT = Coded("g/ml{SUVbw}", "UCUM", "Standardized Uptake Value body weight")
NO_UNIT = Coded("1", "UCUM", "no units")

# where
ANNULUS = Coded("305437000", "SCT", "Cardiac valve annulus")
AORTIC_VALVE = Coded("34202007", "SCT", "Aortic Valve")
OUTFLOW_TRACT = Coded("13418002", "SCT", "Left ventricle outflow tract")
SINUS = Coded("81128002", "SCT", "Structure Sinus of Valsalva")
SINUSES = {
    "ncc": Coded("24865005", "SCT", "Structure of posterior sinus of Valsalva (body structure)"),
    "rcc": Coded("89093001", "SCT", "Right Sinus of Valsalva"),
    "lcc": Coded("36371001", "SCT", "Left Sinus of Valsalva"),
}
JUNCTION = Coded("443167003", "SCT", "Aortic Sinotubular Junction")
ASCENDING = Coded("54247002", "SCT", "Ascending aorta")
LEFT_CORONARY = Coded("3227004", "SCT", "Left Main Coronary Artery")
RIGHT_CORONARY = Coded("13647002", "SCT", "Right Coronary Artery")
VESSEL = Coded("59820001", "SCT", "Blood Vessel")
LIVER = Coded("10200004", "SCT", "Liver")
KIDNEY = Coded("64033007", "SCT", "Kidney")
NEOPLASM = Coded("108369006", "SCT", "Neoplasm")
ANATOMICAL = Coded("91723000", "SCT", "Anatomical Structure")
ANATOMICAL_CATEGORY = Coded("123037004", "SCT", "Anatomical Structure")
ABNORMAL_CATEGORY = Coded("49755003", "SCT", "Morphologically Abnormal Structure")

# documents
COMMENT = Coded("121106", "DCM", "Comment")
UPPER_UNCERTAINTY = Coded("371886008", "SCT", "+, range of upper measurement uncertainty")
LOWER_UNCERTAINTY = Coded("371885007", "SCT", "-, range of lower measurement uncertainty")
IMAGE_PROCESSING = Coded("110001", "DCM", "Image Processing")
ARTIFICIAL_INTELLIGENCE = Coded("123110", "DCM", "Artificial Intelligence")
PROCEDURES = {"CT": Coded("77477000", "SCT", "Computed tomography")}
IMAGING = Coded("363679005", "SCT", "Imaging procedure")


def concept(coded: Coded) -> Any:
    """The same for highdicom."""
    from highdicom.sr import CodedConcept

    return CodedConcept(coded.value, coded.scheme, coded.meaning)


def code_item(coded: Coded) -> Any:
    """The same as an item of a code sequence."""
    from pydicom.dataset import Dataset

    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = coded
    return item
