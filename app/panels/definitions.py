"""What each number of a guided panel means and who says so, for its tooltip; by table and key, "sinus_*" for several.

Rows that say their meaning themselves have their source here only. The report's second page tells the same definitions
with places and uncertainties.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from app.i18n import mark, tr


@dataclass(frozen=True, slots=True)
class Definition:
    """What is measured, in words, "" where the row says it itself; and whose definition or where from.

    known: False for a number of the image whose ± nobody has measured against a truth: its tooltip says that.
    """

    words: str
    source: str
    known: bool = True


Definitions = Mapping[str, Definition]
NOTHING: Definitions = MappingProxyType({})
HEADER, VOXELS, IMAGE = mark("the scan’s header"), mark("counted voxel by voxel"), mark("measured in this scan")
NO_SPREAD = mark("No ± is known of it.")
PROGRAM, PERSON = mark("this program’s rule"), mark("set by a person")
SCCT = "Blanke et al., SCCT consensus, J Cardiovasc Comput Tomogr 2019;13:1"
JORGENSEN = "Jørgensen et al. 2022"
KHAN = "Khan et al. 2023, PMC9991077"
VIEWS = "doi 10.1002/ccd.23393"
EVAR = "doi 10.5758/vsi.200016"
COUINAUD = mark("Couinaud’s segments, terms of Brisbane 2000")
RENAL = "Kutikov and Uzzo, J Urol 2009;182:844"
CONTACT = "Leslie et al., Eur Urol 2014;66:884"
GROWTH = "Shindoh et al., J Am Coll Surg 2013;216:201"


def definition_tip(defined: Definitions, key: str) -> str:
    """The lines of a row's tooltip that say what it is; "" for a key that is not defined."""
    found = definition_of(defined, key)
    return "" if found is None else said_definition(found)


def said_definition(found: Definition) -> str:
    """What it is and whose definition that is, in two lines."""
    lines = [tr(found.words)] if found.words else []
    lines += [] if found.known else [tr(NO_SPREAD)]
    return "\n".join((*lines, tr("Source: {source}", source=tr(found.source))))


def definition_of(defined: Definitions, key: str) -> Definition | None:
    """The definition of a key itself, else that of the longest beginning that is defined."""
    if key in defined:
        return defined[key]
    fitting = [name for name in defined if name.endswith("*") and key.startswith(name[:-1])]
    return defined[max(fitting, key=len)] if fitting else None


def _table(**found: tuple[str, str]) -> Definitions:
    return MappingProxyType({key.replace("__all", "*"): Definition(*said) for key, said in found.items()})


def _without_spread(table: Definitions, *keys: str) -> Definitions:
    """The table, these of its numbers without a known ±."""
    return MappingProxyType({key: replace(one, known=key not in keys) for key, one in table.items()})


SECTION = _table(
    here=(mark("Way along the vessel’s middle from its first point to this section"), IMAGE),
    here_least=(mark("Least calliper width of the section’s contour"), SCCT),
    here_greatest=(mark("Greatest calliper width of the section’s contour"), SCCT),
    here_area=(mark("Area within the contour, which lies on the edge of the blood"), SCCT),
    here_calcium=(mark("Angle about the section in which calcium lies within 1.5 mm of its edge"), PROGRAM),
)
WAY_POINTS = _table(__all=(mark("A place that the vessel’s way is led through"), PERSON))

TAVR_SCAN = _table(
    spacing=(mark("Distance between neighbouring voxels on each axis"), HEADER),
    slices=(mark("Slices of the volume as it was built"), HEADER),
    coverage=(mark("Length of the volume from feet to head"), HEADER),
    thickness=(mark("Slice thickness as the scanner told it; slices may overlap"), HEADER),
    kernel=(mark("Filter that the scanner drew the image with"), HEADER),
    lumen=(mark("Level of the blood inside the annulus"), IMAGE),
    noise=(mark("Spread (1 SD) of the HU of the blood inside the annulus"), IMAGE),
)
TAVR_PHASES = _table(
    __all=(mark("Annulus area in this heart phase, its hinges followed from the plan’s"), mark("measured in this scan"))
)
TAVR_ROOT = _table(
    hinge___all=(mark("Lowest point of the cusp where it meets the wall; the three make the annulus plane"), SCCT),
    ostium___all=(mark("Lowest rim of the coronary ostium; its height is taken from there"), SCCT),
)
TAVR_ANNULUS = _table(
    perimeter=(mark("Length of the smooth curve where the hinge plane meets the edge of the blood"), SCCT),
    longest=(mark("Greatest calliper width of the annulus, in steps of 0.5°"), SCCT),
    shortest=(mark("Least calliper width of the annulus, in steps of 0.5°"), SCCT),
    area_diameter=(mark("Diameter of the circle of the same area: 2 √(A / π)"), SCCT),
    perimeter_diameter=(mark("Diameter of the circle of the same perimeter: P / π"), SCCT),
    eccentricity=(
        mark("1 − shortest / longest: 0 is round; its ± is the greatest that the ± of both diameters allow"),
        SCCT,
    ),
    angle=(mark("Angle of the annulus to the horizontal seen from the front: atan2(|nx|, |nz|)"), SCCT),
)
TAVR_SIZES = _table(
    __all=(mark("Valve against annulus in percent: 100 · (valve / annulus − 1)"), mark("the maker’s table"))
)
TAVR_DIMENSIONS = _without_spread(
    _table(
        lvot=(mark("Area of the outflow tract in the plane parallel to the annulus at this depth"), SCCT),
        lvot_longest=(mark("Greatest calliper width of the outflow tract in that plane"), SCCT),
        lvot_shortest=(mark("Least calliper width of the outflow tract in that plane"), SCCT),
        lvot_shape=(mark("By area 5 mm below over area of the annulus: flared over 1.1, tapered under 0.9"), PROGRAM),
        sinus___all=(
            mark("In the widest plane parallel to the annulus: deepest point of the sinus to the commissure opposite"),
            SCCT,
        ),
        sinus_mean=(mark("Mean of the three sinus diameters"), SCCT),
        stj=(mark("Mean diameter of the plane of least area between sinuses and tube, across the root’s middle"), SCCT),
        stj_height=(mark("From the annulus plane to the middle of the junction, along the annulus normal"), SCCT),
        ascending=(mark("Mean diameter across the aorta 40 mm along its middle from the annulus"), SCCT),
        widest=(mark("Greatest mean diameter across the ascending aorta"), SCCT),
        ostium___all=(
            mark("Lowest rim of the ostium to the annulus plane, at right angles to it; low under 10 mm"),
            SCCT,
        ),
        leaflet___all=(mark("Hinge to free edge along the leaflet"), KHAN),
        septum=(
            mark("Annulus plane to the crest of the muscular septum below the commissure of RCC and NCC"),
            JORGENSEN,
        ),
        septum___all=(mark("The same a quarter of the way to this side"), JORGENSEN),
        cusps=(mark("Cusps that open apart"), mark("Sievers’ classes")),
        sievers=(mark("Number and place of raphes"), mark("Sievers’ classes")),
        icd=(mark("Between the edges of the commissures 4 mm above the annulus"), "BAVARD"),
    ),
    "lvot",
    "lvot_longest",
    "lvot_shortest",
    "sinus_*",
    "sinus_mean",
    "stj",
    "stj_height",
    "ascending",
    "widest",
    "septum_*",
    "icd",
)
TAVR_CALCIUM = _table(
    ncc=(
        mark("Volume over the threshold in the third of the non-coronary cusp, from the annulus to the junction"),
        SCCT,
    ),
    rcc=(mark("Volume over the threshold in the third of the right cusp, from the annulus to the junction"), SCCT),
    lcc=(mark("Volume over the threshold in the third of the left cusp, from the annulus to the junction"), SCCT),
    lvot=(mark("Volume over the threshold in the outflow tract, down to 10 mm below the annulus"), SCCT),
    above_850=(mark("Volume over 850 HU in leaflets and tract, whatever the lumen"), "doi 10.1093/ehjci/jeu162"),
    lumen=(mark("Level of the blood in the root, which the threshold follows"), IMAGE),
    noise=(mark("Spread (1 SD) of the HU of the blood in the root"), IMAGE),
    agatston=("", "Agatston et al. 1990"),
    agatston_volume=(mark("Volume of the same islands over 130 HU"), "Agatston et al. 1990"),
)
TAVR_VIEWS = _table(
    three_cusp=(mark("View with the annulus on edge and the right cusp in the middle"), VIEWS),
    cusp_overlap=(mark("View with the annulus on edge and the left and right cusps over each other"), VIEWS),
    ncc_over_rcc=(mark("View with the annulus on edge and the non-coronary and right cusps over each other"), VIEWS),
    __all=(mark("A view of one’s own"), PERSON),
)
TAVR_CARM = _table(
    limits=(mark("How far this room’s C-arm is taken to turn"), PERSON),
    foreshortening=(mark("How far from its edge the annulus is seen: 100 · |view · normal|"), PROGRAM),
)
TAVR_VALVE = _table(
    septum_minus_depth_mm=(
        mark("Membranous septum less depth of implantation; new conduction trouble is rarer above 0"),
        JORGENSEN,
    ),
    vtc_left_mm=(
        mark("Valve to coronary: least distance from the valve’s cylinder to the plane of the left ostium"),
        KHAN,
    ),
    vtc_right_mm=(
        mark("Valve to coronary: least distance from the valve’s cylinder to the plane of the right ostium"),
        KHAN,
    ),
    vtstj_mm=(
        mark("Valve to junction: least distance from the valve’s cylinder to the wall of the STJ"),
        "doi 10.1253/circj.CJ-24-1003",
    ),
    calcium=(mark("Calcium that the expanded frame reaches"), PROGRAM),
    commissure=(mark("Angle between the valve’s posts and the nearest commissures"), PROGRAM),
    inside___all=(
        mark("The valve’s size held against the inner diameter of the valve that is there"),
        mark("the maker’s table"),
    ),
    neo_tract=(mark("Area of the outflow tract at the place that the mitral valve narrows most"), "Yoon et al. 2019"),
    neo_left=(mark("Share of that area that the mitral valve leaves open"), "Yoon et al. 2019"),
    limit___all=(mark("Whether the area left, with its ±, is over this limit"), mark("named below")),
    mitral_annulus=(mark("Area of the mitral annulus on its own plane"), mark("measured in this scan")),
    mitral_diameter=(mark("Mean of its greatest and least width"), mark("measured in this scan")),
    mean=(mark("Mean of the area left over all heart phases"), PROGRAM),
    phase___all=(mark("Area left in this heart phase"), mark("measured in this scan")),
)
TAVR_ACCESS = _table(
    missing___all=(mark("A route that the scan does not show whole"), IMAGE),
    annulus=(mark("Area where the hinge plane meets the edge of the blood"), SCCT),
    lca=(mark("Lowest rim of the left ostium to the annulus plane"), SCCT),
    rca=(mark("Lowest rim of the right ostium to the annulus plane"), SCCT),
    calcium=(mark("Volume over the threshold in leaflets and outflow tract"), SCCT),
    view=(mark("View with the annulus on edge and the right cusp in the middle"), VIEWS),
    valve=(
        mark("Sizes whose range holds the annulus; which is implanted is a person’s to say"),
        mark("the makers’ tables"),
    ),
    notes=(mark("What the report asks to look at before it is signed"), PROGRAM),
)
TAVR_TABLES: tuple[Definitions, ...] = (
    TAVR_SCAN,
    TAVR_ROOT,
    TAVR_ANNULUS,
    TAVR_DIMENSIONS,
    TAVR_CALCIUM,
    TAVR_VIEWS,
    TAVR_VALVE,
    TAVR_ACCESS,
)

VESSEL = _table(
    vessel_start=(mark("Where the measured stretch begins"), PERSON),
    vessel_end=(mark("Where the measured stretch ends"), PERSON),
    automatic=(mark("The number as it was before sections were pulled by hand"), IMAGE),
    main=(mark("Least width of the measured vessel, and its length"), IMAGE),
    branch___all=(mark("Least width of the branch, and its length; ≈ where it has no sections yet"), IMAGE),
    landing___all=("", EVAR),
    iliac___all=("", EVAR),
    widest___all=("", EVAR),
    __all=("", IMAGE),
)
VESSEL_ANEURYSM = _table(__all=("", EVAR))
VESSEL_LIMITS = _table(__all=(mark("Whether the neck holds to the usual and to the extended limits"), EVAR))
VESSEL_BRANCH = _table(
    minimum=(mark("Least calliper width, as running median of three sections"), SCCT),
    maximum=(mark("Greatest calliper width of a section"), SCCT),
    branch_length=("", IMAGE),
    branch_tortuosity=(mark("Length over straight distance: 1 is straight"), IMAGE),
    branch_fork=(mark("Where the branch leaves its parent"), IMAGE),
    branch_end=(mark("Where the branch is lost in the scan"), IMAGE),
)
VESSEL_GROWTH = _table(
    here=(mark("Diameter of the circle of the section’s area, now"), IMAGE),
    here_before=(mark("The same at the same place in the earlier study"), IMAGE),
    here_change=(mark("Now less before; within its ± it is no growth"), PROGRAM),
    length_change=(mark("Length of the stretch that both studies show, and its change"), IMAGE),
    __all=("", PROGRAM),
)

LIVER_SCAN = _table(
    voxel=(mark("Distance between neighbouring voxels within a slice"), HEADER),
    slice=(mark("Distance from slice to slice; margins cannot be surer than it"), HEADER),
    phase=(mark("Contrast phase as the scan is named"), HEADER),
)
LIVER_TREES = _table(__all=(mark("Length of all branches along their middles"), IMAGE))
LIVER_PLACES = _table(__all=(mark("A place of the trees that the program is not sure of"), PROGRAM))
LIVER_TUMORS = _table(
    __all=(mark("Greatest width of the tumour’s smooth surface; its volume"), mark("surface within the voxels"))
)
LIVER_NEAR = _table(
    __all=(
        mark(
            "Least distance from the tumour’s surface to the vessel’s wall; contact is tumour surface within 1 mm of it"
        ),
        PROGRAM,
    )
)
LIVER_SEGMENTS = _without_spread(
    _table(
        __all=(mark("Volume of the liver that is nearest to the branches of this territory, and its share"), COUINAUD)
    ),
    "*",
)
LIVER_BRANCHES = _table(
    doubt___all=(mark("A branch that could belong to two segments"), PROGRAM),
    named___all=(mark("A branch that was given to this segment"), PERSON),
    __all=("", COUINAUD),
)
LIVER_CUT = _table(
    place=(mark("Where the cut comes nearest to a tumour that goes"), IMAGE),
    removed=(mark("Voxels whose middle lies on the removed side, and their share of the liver"), VOXELS),
    kept=(mark("Liver less removed"), VOXELS),
    tumor_kept=(mark("Tumour on the kept side; it must be nothing"), VOXELS),
    weight=(mark("Future liver remnant in ml over body weight in kg, in percent"), mark("1 ml taken as 1 g")),
    sflr_vauthey=(
        mark("Future liver remnant over −794.41 + 1267.28 · BSA"),
        "Vauthey et al., Liver Transpl 2002;8:233",
    ),
    sflr_urata=(mark("Future liver remnant over 706.2 · BSA + 2.4"), "Urata et al., Hepatology 1995;21:1317"),
    sflr_vauthey_weight=(
        mark("Future liver remnant over 18.51 · weight + 191.8"),
        "Vauthey et al., Liver Transpl 2002;8:233",
    ),
    surface=(mark("Body surface from weight and height"), mark("the formula named in the row")),
    congested=(mark("Kept liver with inflow whose hepatic vein is cut"), PROGRAM),
    inflow=(mark("Kept liver whose portal branch is cut or occluded"), PROGRAM),
    removed_ml=(mark("Voxels whose middle lies on the removed side, and their share of the kidney"), VOXELS),
    kept_ml=(mark("Kidney with tumours less removed"), VOXELS),
    devascularised=(mark("Kept parenchyma whose branch of the artery is cut"), PROGRAM),
    ischaemic=(mark("Kept parenchyma whose branch of the artery is clamped"), PROGRAM),
)
CUT_VESSELS = _table(__all=(mark("Width of a vessel where a cut divides it, by the ball that fits in it"), IMAGE))
ABLATION = _table(
    ablative___all=(
        mark("Least distance from the tumour’s surface to the surface of the ablation zone"),
        "Laimer et al., Eur Radiol 2020;30:2463",
    ),
    chance___all=(
        mark("Share of needle positions, off by the errors named, that leave this margin all round"),
        PROGRAM,
    ),
    way___all=(mark("Length of the needle from skin to target, and what it passes nearest to"), PROGRAM),
)
LIVER_PLANS = _table(__all=(mark("Least margin of the tumours that go, and future liver remnant"), VOXELS))
GROWN = _table(
    hypertrophy=(mark("Remnant’s share of the standard liver volume, after less before"), GROWTH),
    kinetic=(mark("The same over the weeks between"), GROWTH),
    relative=(mark("Remnant after over remnant before, less 1"), GROWTH),
    measured=("", VOXELS),
    measured_sflr=(mark("Remnant as measured later over the standard liver volume"), VOXELS),
    graft=(mark("Weight of what the plan removes, from its volume"), PERSON),
    grwr=(mark("Graft weight over the recipient’s body weight"), mark("0.8 % is the usual least")),
    donor=(mark("What the donor keeps of the liver without tumour"), mark("30 % is the usual least")),
)

KIDNEY_SCORE = _table(
    renal_R=(mark("Radius: greatest diameter of the tumour"), RENAL),
    renal_E=(mark("Exophytic: share of the tumour beyond the kidney’s outline"), RENAL),
    renal_N=(mark("Nearness: least distance to the collecting system or sinus"), RENAL),
    renal_A=(mark("Anterior, posterior or neither, against the kidney’s middle plane"), RENAL),
    renal_L=(mark("Location against the polar lines, where the sinus lips begin and end"), RENAL),
)
KIDNEY_CONTACT = _table(
    contact=(mark("Tumour surface whose neighbour 1 mm outwards is parenchyma"), CONTACT),
    contact_formula=(mark("2π · radius · depth: a cross-check only"), PROGRAM),
)
KIDNEY_CLAMP = _table(
    covered___all=(
        mark("Share of the tumour with its margin that the clamped branches feed; less than all would bleed"),
        PROGRAM,
    ),
    clamp_territory=(mark("Voxels whose nearest branch of the artery is clamped, tumour among them"), PROGRAM),
    clamp_parenchyma=(mark("The same without tumour"), PROGRAM),
    main_clamp=(mark("Kept parenchyma that stands still when the main artery is clamped"), PROGRAM),
)
KIDNEY_PLANS = _table(__all=(mark("Score of the largest tumour and least margin of the plan"), RENAL))

# the great number of each step
TAVR_HEROES = (
    Definition(mark("Place in the heartbeat at which the image was taken"), HEADER),
    Definition(mark("Hinge points placed or found; the annulus needs three"), SCCT),
    Definition(mark("Area where the plane through the three hinges meets the edge of the blood"), SCCT),
    Definition(
        mark("Lowest rim of the left ostium to the annulus plane, at right angles to it; low under 10 mm"), SCCT
    ),
    Definition(mark("Volume over the threshold in leaflets and outflow tract"), SCCT),
    Definition(mark("View with the annulus on edge and the right cusp in the middle"), VIEWS),
    Definition(mark("Valve against annulus in percent: 100 · (valve / annulus − 1)"), mark("the maker’s table")),
    Definition(mark("Least calliper width of the route, as running median of three sections"), SCCT),
)
VESSEL_HEROES = (
    Definition(mark("Ends of the measured stretch that are placed"), PERSON),
    Definition(mark("Least calliper width, as running median of three sections"), SCCT),
    Definition(mark("Branches found beyond the measured vessel"), IMAGE),
    Definition(mark("Greatest width of a section below the neck; thrombus is not in it"), EVAR),
    Definition(mark("Greatest difference of area diameters at one place in both studies"), PROGRAM),
)
LIVER_VOLUME = Definition(mark("Union of the chosen structures and tumours"), VOXELS)
LIVER_TREE_COUNT = Definition(mark("Portal and hepatic trees that have a root"), IMAGE)
TUMOR_COUNT = Definition(mark("Connected pieces of the chosen tumours"), VOXELS)
SEGMENT_COUNT = Definition(mark("Territories that hold liver of their own"), COUINAUD)
PLAN_COUNT = Definition(mark("Plans of this organ that the case holds"), PERSON)
KIDNEY_VOLUME = Definition(mark("Union of the kidney’s structures and tumours"), VOXELS)
RENAL_SUM = Definition(mark("Sum of R, E, N and L; a, p or x for A, h where it touches the main vessels"), RENAL)
ISCHAEMIC = Definition(mark("Kept parenchyma whose branch of the artery is clamped"), PROGRAM)
MARGIN = Definition(mark("Least distance from the surface of a tumour that goes to the cut inside the organ"), PROGRAM)
VIABLE = Definition(mark("Kept liver with inflow and drainage, of the liver without tumour"), PROGRAM)
REMNANT = Definition(mark("100 · (kept − kept tumour) / (liver − tumours)"), VOXELS)
KEPT_PARENCHYMA = Definition(mark("100 · (kept − kept tumour) / (kidney − tumours)"), VOXELS)
