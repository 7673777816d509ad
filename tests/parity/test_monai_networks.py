"""Our networks against MONAI's own: every weight is taken strictly, the logits are equal."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

PYTHON = Path(__file__).resolve().parents[2] / ".venv-parity" / "bin" / "python"
LARGEST_DIFFERENCE = 1e-5

DYN = {
    "spatial_dims": 3,
    "in_channels": 1,
    "out_channels": 3,
    "kernel_size": [[3, 3, 1], 3, 3, 3],
    "strides": [1, [2, 2, 1], 2, 2],
    "upsample_kernel_size": [[2, 2, 1], 2, 2],
    "filters": [8, 12, 16, 20],
}
UNET = {"spatial_dims": 3, "in_channels": 1, "out_channels": 3, "channels": [4, 8, 16], "strides": [2, 2]}

CASES: list[dict[str, Any]] = [
    {"case": "segresnet", "make": "SegResNet", "kwargs": {"init_filters": 8, "in_channels": 2, "out_channels": 3},
     "size": [16, 24, 16], "channels": 2},
    {"case": "segresnet_deconv", "make": "SegResNet",
     "kwargs": {"init_filters": 8, "out_channels": 3, "upsample_mode": "deconv", "norm": "batch", "act": "prelu",
                "blocks_down": [1, 2, 2], "blocks_up": [1, 2]}, "size": [16, 16, 16]},
    {"case": "segresnet_pixelshuffle", "make": "SegResNet",
     "kwargs": {"init_filters": 8, "out_channels": 2, "upsample_mode": "pixelshuffle", "blocks_down": [1, 1],
                "blocks_up": [1]}, "size": [8, 12, 16]},
    {"case": "segresnetds", "make": "SegResNetDS",
     "kwargs": {"init_filters": 8, "out_channels": 4, "blocks_down": [1, 2, 2], "norm": "INSTANCE", "dsdepth": 2},
     "size": [16, 16, 24]},
    {"case": "segresnetds_flat", "make": "SegResNetDS",
     "kwargs": {"init_filters": 8, "out_channels": 4, "blocks_down": [1, 2, 2, 2], "norm": "INSTANCE_NVFUSER",
                "resolution": [0.8, 0.8, 5.0]}, "size": [16, 16, 4]},
    {"case": "segresnetds_linear", "make": "SegResNetDS",
     "kwargs": {"init_filters": 8, "out_channels": 2, "blocks_down": [1, 1, 1], "upsample_mode": "nontrainable",
                "act": ["leakyrelu", {"negative_slope": 0.02, "inplace": True}]}, "size": [8, 8, 8]},
    {"case": "segresnetds2", "make": "SegResNetDS2",
     "kwargs": {"init_filters": 8, "out_channels": 3, "blocks_down": [1, 1, 1], "norm": "instance"},
     "size": [8, 16, 8], "pick": 1},
    {"case": "unet_plain", "make": "UNet", "kwargs": UNET, "size": [8, 16, 12]},
    {"case": "unet_residual", "make": "UNet",
     "kwargs": {**UNET, "num_res_units": 2, "norm": "batch", "dropout": 0.1}, "size": [8, 16, 12]},
    {"case": "unet_flat", "make": "UNet",
     "kwargs": {**UNET, "strides": [[2, 2, 1], 2], "kernel_size": [3, 3, 1], "up_kernel_size": [3, 3, 1],
                "num_res_units": 1, "act": "relu", "adn_ordering": "AN", "bias": False}, "size": [8, 16, 12]},
    {"case": "basicunet", "make": "BasicUNet", "kwargs": {"features": [8, 8, 12, 16, 20, 8], "out_channels": 3},
     "size": [32, 20, 18]},
    {"case": "basicunet_linear", "make": "BasicUNet",
     "kwargs": {"features": [8, 8, 12, 16, 20, 8], "upsample": "nontrainable", "norm": ["group", {"num_groups": 4}]},
     "size": [16, 16, 32]},
    {"case": "dynunet", "make": "DynUNet", "kwargs": DYN, "size": [16, 16, 8]},
    {"case": "dynunet_residual", "make": "DynUNet",
     "kwargs": {**DYN, "res_block": True, "deep_supervision": True, "deep_supr_num": 2, "trans_bias": True,
                "norm_name": "batch"}, "size": [16, 16, 8]},
    {"case": "swinunetr", "make": "SwinUNETR",
     "kwargs": {"in_channels": 1, "out_channels": 3, "feature_size": 12, "depths": [2, 2, 1, 1]},
     "size": [32, 64, 32]},
    {"case": "swinunetr_v2", "make": "SwinUNETR",
     "kwargs": {"in_channels": 2, "out_channels": 3, "feature_size": 12, "use_v2": True, "patch_norm": True,
                "downsample": "mergingv2", "window_size": 4, "normalize": False, "norm_name": "batch"},
     "size": [32, 32, 64], "channels": 2},
    {"case": "unetr", "make": "UNETR",
     "kwargs": {"in_channels": 1, "out_channels": 3, "img_size": [32, 16, 48], "feature_size": 8, "hidden_size": 48,
                "mlp_dim": 64, "num_heads": 4}, "size": [32, 16, 48]},
    {"case": "unetr_perceptron", "make": "UNETR",
     "kwargs": {"in_channels": 2, "out_channels": 3, "img_size": [32, 16, 16], "feature_size": 8, "hidden_size": 48,
                "mlp_dim": 64, "num_heads": 4, "proj_type": "perceptron", "res_block": False, "qkv_bias": True,
                "norm_name": "batch"}, "size": [32, 16, 16], "channels": 2},
    {"case": "vnet", "make": "VNet", "kwargs": {"in_channels": 1, "out_channels": 2}, "size": [16, 16, 32]},
    {"case": "vnet_prelu", "make": "VNet",
     "kwargs": {"in_channels": 2, "out_channels": 3, "act": "prelu", "bias": True}, "size": [16, 16, 16],
     "channels": 2},
    {"case": "attentionunet", "make": "AttentionUnet",
     "kwargs": {"spatial_dims": 3, "in_channels": 1, "out_channels": 3, "channels": [4, 8, 16], "strides": [2, 2]},
     "size": [8, 16, 12]},
    {"case": "mednext", "make": "MedNeXt",
     "kwargs": {"init_filters": 8, "out_channels": 3, "kernel_size": 3, "use_residual_connection": True,
                "encoder_expansion_ratio": [2, 3], "decoder_expansion_ratio": [3, 2], "blocks_down": [1, 2],
                "blocks_up": [2, 1], "deep_supervision": True}, "size": [8, 16, 12]},
    {"case": "mednext_response", "make": "MedNeXt",
     "kwargs": {"init_filters": 8, "out_channels": 2, "kernel_size": 5, "global_resp_norm": True,
                "blocks_down": [1, 1], "blocks_up": [1, 1]}, "size": [8, 8, 16]},
    {"case": "mednext_small", "make": "MedNeXtSmall", "kwargs": {"out_channels": 2}, "size": [32, 16, 16]},
    {"case": "vista3d", "make": "vista3d132", "kwargs": {"encoder_embed_dim": 16}, "size": [32, 48, 32],
     "prompts": [1, 3, 132]},
]  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with MONAI's weights, inputs and logits of all cases."""
    if not PYTHON.exists():
        pytest.skip("MONAI is not here: tools/parity_env.sh makes its environment")
    folder = tmp_path_factory.mktemp("monai")
    (folder / "cases.json").write_text(json.dumps(CASES), encoding="utf-8")
    peer = Path(__file__).with_name("monai_peer.py")
    subprocess.run([str(PYTHON), str(peer), str(folder / "cases.json"), str(folder)], check=True, cwd=folder)
    return folder


@pytest.mark.parametrize("case", [case["case"] for case in CASES])
def test_weights_are_taken_strictly_and_logits_are_equal(made: Path, case: str) -> None:
    import torch
    from safetensors.torch import load_file

    from inference.importers.monai_names import canonical
    from inference.importers.monai_networks import network_of
    from inference.networks import build

    (spec,) = [spec for spec in CASES if spec["case"] == case]
    tensors = load_file(made / f"{case}.safetensors")
    image, expected = tensors.pop("__input"), tensors.pop("__logits")
    settings = dict(spec["kwargs"])
    if "prompts" in spec:
        settings["prompts"] = spec["prompts"]
    family, kwargs = network_of(spec["make"], settings)
    network = build(family, kwargs)
    state = canonical(family, tensors, lambda tensor: tensor.numpy(), network.state_dict())
    network.load_state_dict(state, strict=True)
    with torch.no_grad():
        found = network(image)
    assert found.shape == expected.shape
    assert float((found - expected).abs().max()) <= LARGEST_DIFFERENCE * max(1.0, float(expected.abs().max()))
