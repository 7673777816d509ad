"""How nnU-Net prepares an image, covers it with tiles and brings the answer back, in the words of our manifest."""

from __future__ import annotations

from typing import Any

from inference.importers import settings
from inference.importers.nnunet_folders import Training
from inference.importers.nnunet_labels import heads_of
from inference.importers.nnunet_networks import network_of, patch_of
from inference.importers.settings import Settings
from inference.manifest import Crop, Input, Normalise, Output, Previous, Resample, Stage, Tiling, WeightsFile
from planning.errors import ModelError

# "HU" and what trainers write for CT; everything else is another kind of image
_CT_NAMES = frozenset({"ct", "ctonlysingle", "hu", "computed tomography"})
_MR_NAMES = ("mr", "t1", "t2", "flair", "adc", "dwi", "dixon")
_READERS = {
    "SimpleITKIO": "native",
    "NibabelIO": "native",
    "SimpleITKIOWithReorient": "RAS",
    "NibabelIOWithReorient": "RAS",
}
_RESAMPLERS = ("resample_data_or_seg_to_shape", "resample_torch_fornnunet")
_NOT_RESAMPLED = ("no_resampling_data_or_seg_to_shape", "no_resampling_hack")


def stage_of(
    training: Training, name: str, weights: tuple[WeightsFile, ...], previous: Previous | None = None
) -> Stage:
    """How the network is run, step by step as nnU-Net's own predictor does it."""
    heads = heads_of(training)
    return Stage(
        name=name,
        weights=weights,
        network=network_of(training),
        input=_input(training),
        tiling=Tiling(patch=patch_of(training)[0], mirror_axes=training.mirror_axes),
        output=Output(
            decision="regions" if heads.regions else "argmax",
            upsample=_upsample(training.configuration),
            values=heads.values,
        ),
        previous=previous,
    )


def _input(training: Training) -> Input:
    configuration, plans = training.configuration, training.plans
    if configuration.get("preprocessor_name", "DefaultPreprocessor") != "DefaultPreprocessor":
        raise ModelError(
            f"The model prepares images with {str(configuration.get('preprocessor_name'))[:40]}",
            "Only nnU-Net's own DefaultPreprocessor can be repeated",
            "preprocessor",
        )
    if plans.get("label_manager", "LabelManager") != "LabelManager":
        raise ModelError("The model reads its labels in a way of its own", "It cannot be used", "labels")
    reader = str(plans.get("image_reader_writer", "SimpleITKIO"))
    if reader not in _READERS:
        raise ModelError(
            f"The model reads its images with {reader[:40]}", "Only models of 3D scans can be used", "reader"
        )
    forward = plans.numbers("transpose_forward", int, 3, 3)
    if sorted(forward) != [0, 1, 2]:
        raise ModelError("The model's order of axes is impossible", "Mend plans.json", "axes")
    _, dims = patch_of(training)
    spacing = configuration.numbers("spacing", float, dims, 3)
    if any(not 0.1 <= side <= 20 for side in spacing[-dims:]):
        raise ModelError("The model's voxels are smaller than 0.1 or larger than 20 mm", "It cannot be used", "spacing")
    resample, resampled = _resample(configuration)
    kept = [None] * 3 if not resampled else [None] * (3 - len(spacing)) + [float(side) for side in spacing]
    if dims == 2:
        kept[0] = None
    return Input(
        modality=_modality(training.dataset),  # type: ignore[arg-type]
        orientation=_READERS[reader],
        axes="".join("kji"[axis] for axis in forward),  # type: ignore[arg-type]
        spacing_mm=(kept[0], kept[1], kept[2]),
        resample=resample,
        normalise=_normalise(training),
        crop=Crop(rule="nonzero"),
    )


def _modality(dataset: Settings) -> str:
    channels = dataset.get("channel_names") or dataset.get("modality") or {}
    name = str(next(iter(channels.values()), "")).strip().casefold()
    if name in _CT_NAMES or name.startswith("ct"):
        return "CT"
    return "MR" if any(sign in name for sign in _MR_NAMES) else "other"


def _resample(configuration: Settings) -> tuple[Resample, bool]:
    """How the image is resampled, and whether it is at all."""
    name = str(configuration.get("resampling_fn_data", _RESAMPLERS[0]))
    if name in _NOT_RESAMPLED:
        return Resample(grid="edge", data_order=1), False
    own = settings.of(configuration.get("resampling_fn_data_kwargs") or {}, "resampling_fn_data_kwargs")
    if name == _RESAMPLERS[1]:
        return Resample(grid="edge", data_order=1, separate_z=_separate(own), order_z=0), True
    if name != _RESAMPLERS[0]:
        raise ModelError(f"The model resamples images with {name[:40]}", "That cannot be repeated", "resampling")
    orders = [own.get("order", 3), own.get("order_z", 0)]
    if any(order not in (0, 1, 3) for order in orders):
        raise ModelError(
            f"The model resamples images with order {str(orders)[:40]}", "That cannot be repeated", "resampling"
        )
    return (
        Resample(grid="edge", data_order=orders[0], separate_z=_separate(own), order_z=orders[1], clip_to_input=True),
        True,
    )


def _separate(own: Settings) -> Any:
    force = own.get("force_separate_z", False)
    return "auto" if force is None else "always" if force else "never"


def _upsample(configuration: Settings) -> Any:
    name = str(configuration.get("resampling_fn_probabilities", _RESAMPLERS[0]))
    if name in _NOT_RESAMPLED:
        return "linear"
    if name not in _RESAMPLERS:
        raise ModelError(f"The model resamples its answer with {name[:40]}", "That cannot be repeated", "resampling")
    own = settings.of(
        configuration.get("resampling_fn_probabilities_kwargs") or {}, "resampling_fn_probabilities_kwargs"
    )
    order = own.get("order", 3 if name == _RESAMPLERS[0] else 1)
    if order == 0:
        return "labels-nearest"
    return "linear" if _separate(own) == "never" else "linear-separate-z"


def _normalise(training: Training) -> Normalise:
    schemes = training.configuration.get("normalization_schemes")
    masks = training.configuration.get("use_mask_for_norm")
    scheme = str(schemes[0]) if isinstance(schemes, list) and schemes else "CTNormalization"
    masked = bool(masks[0]) if isinstance(masks, list) and masks else False
    if scheme == "CTNormalization":
        table = training.plans.get("foreground_intensity_properties_per_channel")
        table = training.plans.get("foreground_intensity_properties_by_modality") if table is None else table
        own = settings.of(settings.of(table, "intensities").get("0"), "intensities of channel 0")
        low, high = own.real("percentile_00_5"), own.real("percentile_99_5")
        if not low < high:
            raise ModelError("The model's range of intensities is empty", "Mend plans.json", "intensities")
        return Normalise(scheme="ct", clip=(low, high), mean=own.real("mean"), std=max(own.real("std"), 1e-8))
    if scheme == "ZScoreNormalization":
        return Normalise(scheme="zscore", nonzero=masked)
    if scheme == "RescaleTo01Normalization":
        return Normalise(scheme="minmax", to=(0.0, 1.0))
    if scheme == "RGBTo01Normalization":
        return Normalise(scheme="range", clip=(0.0, 255.0), to=(0.0, 1.0), clip_output=False)
    if scheme == "NoNormalization":
        return Normalise(scheme="none")
    raise ModelError(f"The model normalises images with {scheme[:40]}", "That cannot be repeated", "normalisation")


def limits_of(training: Training) -> tuple[str, ...]:
    if _READERS[str(training.plans.get("image_reader_writer", "SimpleITKIO"))] != "native":
        return ()
    return (
        "Takes a scan's axes in the direction in which they are stored, as nnU-Net does; which direction its training"
        " scans had is not stated.",
    )


def notes_of(training: Training) -> tuple[str, ...]:
    notes = []
    if training.configuration.get("resampling_fn_data") == _RESAMPLERS[1]:
        notes.append("Images are resampled linearly by torch in nnU-Net; here the same weights, other rounding.")
    if _normalise(training).scheme == "zscore" and _normalise(training).nonzero:
        notes.append("Mean and spread are taken where the image is not 0; nnU-Net also counts zeros inside the body.")
    return tuple(notes)
