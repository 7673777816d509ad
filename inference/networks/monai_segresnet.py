"""SegResNet, SegResNetDS and SegResNetDS2 with MONAI's names of parameters (1.6.1).

Source: A. Myronenko, 3D MRI brain tumor segmentation using autoencoder regularization, arXiv 1810.11654.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
from torch import Tensor, nn

from inference.networks.monai_layers import Size, Spec, UpSample, activation, normalisation, same_padding, triple


def _convolution(
    in_channels: int, out_channels: int, *, kernel: int = 3, stride: int = 1, bias: bool = False
) -> nn.Module:
    layer = nn.Sequential()
    layer.add_module("conv", nn.Conv3d(in_channels, out_channels, kernel, stride, same_padding(kernel), bias=bias))
    return layer


class ResBlock(nn.Module):
    """Normalisation, activation, convolution, twice, and a shortcut."""

    def __init__(self, channels: int, *, norm_spec: Spec, act: Spec) -> None:
        super().__init__()
        self.norm1 = normalisation(norm_spec, channels)
        self.norm2 = normalisation(norm_spec, channels)
        self.act = activation(act)
        self.conv1 = _convolution(channels, channels)
        self.conv2 = _convolution(channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        """Features (N, C, z, y, x) in and out."""
        out = self.conv1(self.act(self.norm1(x)))
        out = self.conv2(self.act(self.norm2(out)))
        return cast(Tensor, out + x)


class SegResNet(nn.Module):
    """MONAI's SegResNet without its variational branch. The side of a tile is a multiple of 2^(levels − 1)."""

    def __init__(
        self,
        *,
        init_filters: int = 8,
        in_channels: int = 1,
        out_channels: int = 2,
        act: Spec = "relu",
        norm: Spec = ("group", {"num_groups": 8}),
        use_conv_final: bool = True,
        blocks_down: Sequence[int] = (1, 2, 2, 4),
        blocks_up: Sequence[int] = (1, 1, 1),
        upsample_mode: str = "nontrainable",
    ) -> None:
        super().__init__()
        self.use_conv_final = use_conv_final
        self.act_mod = activation(act)
        self.convInit = _convolution(in_channels, init_filters)
        self.down_layers = nn.ModuleList()
        for level, blocks in enumerate(blocks_down):
            channels = init_filters * 2**level
            first = _convolution(channels // 2, channels, stride=2) if level else nn.Identity()
            rest = [ResBlock(channels, norm_spec=norm, act=act) for _ in range(blocks)]
            self.down_layers.append(nn.Sequential(first, *rest))
        self.up_layers, self.up_samples = nn.ModuleList(), nn.ModuleList()
        for level, blocks in enumerate(blocks_up):
            channels = init_filters * 2 ** (len(blocks_up) - level - 1)
            self.up_layers.append(nn.Sequential(*[ResBlock(channels, norm_spec=norm, act=act) for _ in range(blocks)]))
            up = UpSample(channels, channels, mode=upsample_mode, align_corners=False)
            self.up_samples.append(nn.Sequential(_convolution(2 * channels, channels, kernel=1), up))
        self.conv_final = nn.Sequential(
            normalisation(norm, init_filters),
            self.act_mod,
            _convolution(init_filters, out_channels, kernel=1, bias=True),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Image (N, C, z, y, x) to logits."""
        x = self.convInit(x)
        kept = []
        for down in self.down_layers:
            x = down(x)
            kept.append(x)
        kept.reverse()
        for level, (up, layer) in enumerate(zip(self.up_samples, self.up_layers, strict=True)):
            x = layer(up(x) + kept[level + 1])
        return cast(Tensor, self.conv_final(x)) if self.use_conv_final else x


def scales_for_resolution(resolution: Sequence[float], levels: int) -> list[tuple[int, int, int]]:
    """How each level is halved so that voxels of `resolution` mm become cubes: 1 or 2 along each axis."""
    sizes = np.asarray(resolution, np.float64)
    if sizes.shape != (3,) or not (sizes > 0).all():
        raise ValueError("the resolution must be three positive lengths")
    steps = np.floor(np.log2(sizes.max() / sizes)).astype(np.int32)
    scales = [triple([1 if 2**level >= 2**step else 2 for step in steps]) for level in range(int(steps.max()))]
    if levels > len(scales):
        return scales + [(2, 2, 2)] * (levels - len(scales))
    return scales[:levels]


def _kernel(scale: tuple[int, int, int]) -> tuple[int, int, int]:
    return triple([3 if step > 1 else 1 for step in scale])


class SegResBlock(nn.Module):
    """A residual block with its own activations."""

    def __init__(self, channels: int, *, kernel_size: Size, norm_spec: Spec, act: Spec) -> None:
        super().__init__()
        kernel = triple(kernel_size)
        self.norm1 = normalisation(norm_spec, channels, affine=True)
        self.act1 = activation(act)
        self.conv1 = nn.Conv3d(channels, channels, kernel, padding=same_padding(kernel), bias=False)
        self.norm2 = normalisation(norm_spec, channels, affine=True)
        self.act2 = activation(act)
        self.conv2 = nn.Conv3d(channels, channels, kernel, padding=same_padding(kernel), bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Features (N, C, z, y, x) in and out."""
        out = self.conv1(self.act1(self.norm1(x)))
        out = self.conv2(self.act2(self.norm2(out)))
        return cast(Tensor, out + x)


class SegResEncoder(nn.Module):
    """The levels on the way down; gives the features of each."""

    def __init__(
        self,
        *,
        init_filters: int,
        in_channels: int,
        act: Spec,
        norm_spec: Spec,
        blocks_down: Sequence[int],
        scales: Sequence[tuple[int, int, int]],
    ) -> None:
        super().__init__()
        channels = init_filters
        first = _kernel(scales[0])
        self.conv_init = nn.Conv3d(in_channels, channels, first, padding=same_padding(first), bias=False)
        self.layers = nn.ModuleList()
        for level, blocks in enumerate(blocks_down):
            kernel = _kernel(scales[level])
            parts = [SegResBlock(channels, kernel_size=kernel, norm_spec=norm_spec, act=act) for _ in range(blocks)]
            down: nn.Module = nn.Identity()
            if level < len(blocks_down) - 1:
                down = nn.Conv3d(
                    channels, 2 * channels, kernel, scales[level], padding=same_padding(kernel), bias=False
                )
            self.layers.append(nn.ModuleDict({"blocks": nn.Sequential(*parts), "downsample": down}))
            channels *= 2

    def forward(self, x: Tensor) -> list[Tensor]:
        """Image (N, C, z, y, x) to the features of all levels, finest first."""
        kept = []
        x = self.conv_init(x)
        for layer in self.layers:
            level = cast(nn.ModuleDict, layer)
            x = level["blocks"](x)
            kept.append(x)
            x = level["downsample"](x)
        return kept


class SegResNetDS(nn.Module):
    """SegResNet with heads at several levels, of which only the finest serves, and kernels for flat voxels."""

    branches: tuple[str, ...] = ("up_layers",)
    used_branch = "up_layers"

    def __init__(
        self,
        *,
        init_filters: int = 32,
        in_channels: int = 1,
        out_channels: int = 2,
        act: Spec = "relu",
        norm: Spec = "batch",
        blocks_down: Sequence[int] = (1, 2, 2, 4),
        blocks_up: Sequence[int] | None = None,
        dsdepth: int = 1,
        upsample_mode: str = "deconv",
        resolution: Sequence[float] | None = None,
    ) -> None:
        super().__init__()
        ups = len(blocks_down) - 1
        if ups < 1:
            raise ValueError("a SegResNetDS needs two levels or more")
        scales = scales_for_resolution(resolution, len(blocks_down)) if resolution else [(2, 2, 2)] * len(blocks_down)
        counts = list(blocks_up) if blocks_up is not None else [1] * ups
        self.encoder = SegResEncoder(
            init_filters=init_filters,
            in_channels=in_channels,
            act=act,
            norm_spec=norm,
            blocks_down=blocks_down,
            scales=scales,
        )
        for branch in self.branches:
            layers = nn.ModuleList()
            channels = init_filters * 2**ups
            for level in range(ups):
                channels //= 2
                scale = scales[len(counts) - level - 1]
                kernel = _kernel(scale)
                up = UpSample(
                    2 * channels,
                    channels,
                    scale=scale,
                    kernel_size=kernel,
                    mode=upsample_mode,
                    align_corners=False,
                    bias=False,
                )
                blocks = [
                    SegResBlock(channels, kernel_size=kernel, norm_spec=norm, act=act) for _ in range(counts[level])
                ]
                headed = len(counts) - level <= max(dsdepth, 1)
                head = nn.Conv3d(channels, out_channels, 1) if headed else nn.Identity()
                layers.append(nn.ModuleDict({"upsample": up, "blocks": nn.Sequential(*blocks), "head": head}))
            self.add_module(branch, layers)

    def forward(self, x: Tensor) -> Tensor:
        """Image (N, C, z, y, x) to logits (of the branch by labels in SegResNetDS2)."""
        *kept, x = self.encoder(x)
        layers = cast(nn.ModuleList, self.get_submodule(self.used_branch))
        for layer in layers:
            level = cast(nn.ModuleDict, layer)
            x = level["blocks"](level["upsample"](x) + kept.pop())
        return cast(Tensor, cast(nn.ModuleDict, layers[-1])["head"](x))


class SegResNetDS2(SegResNetDS):
    """The image encoder of VISTA3D: a second way up, for prompts by class, which is the one that is used here."""

    branches = ("up_layers", "up_layers_auto")
    used_branch = "up_layers_auto"
