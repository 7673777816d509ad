"""The layers that MONAI's networks are made of, written anew with its names of parameters.

Source of the arithmetic and of the names: MONAI 1.6.1, `monai/networks/blocks` and `monai/networks/layers`. All layers
are three-dimensional and serve inference only: dropout, which has no parameters, is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

Spec = str | Sequence[Any]
"""A kind of layer: its name, or the pair of its name and its options, as in `("group", {"num_groups": 8})`."""
Size = int | Sequence[int]

ACTIVATIONS: Mapping[str, type[nn.Module]] = {
    "relu": nn.ReLU,
    "leakyrelu": nn.LeakyReLU,
    "prelu": nn.PReLU,
    "elu": nn.ELU,
    "relu6": nn.ReLU6,
    "selu": nn.SELU,
    "celu": nn.CELU,
    "gelu": nn.GELU,
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "mish": nn.Mish,
    "swish": nn.SiLU,
    "memswish": nn.SiLU,
}
NORMS: Mapping[str, type[nn.Module]] = {
    "instance": nn.InstanceNorm3d,
    "instance_nvfuser": nn.InstanceNorm3d,
    "batch": nn.BatchNorm3d,
    "syncbatch": nn.BatchNorm3d,
    "group": nn.GroupNorm,
}


def triple(size: Size) -> tuple[int, int, int]:
    """Three sizes from one or three.

    Raises
    ------
    ValueError
        For another number of sizes.
    """
    if isinstance(size, int):
        return (size, size, size)
    if len(size) != 3:
        raise ValueError(f"a network in three dimensions needs one size or three, got {list(size)}")
    return (int(size[0]), int(size[1]), int(size[2]))


def split_spec(spec: Spec) -> tuple[str, dict[str, Any]]:
    """Name in small letters and options of a kind of layer."""
    if isinstance(spec, str):
        return spec.lower(), {}
    if len(spec) != 2 or not isinstance(spec[0], str) or not isinstance(spec[1], Mapping):
        raise ValueError(f"a layer is named by its name, or by its name and its options, got {spec!r}")
    return spec[0].lower(), dict(spec[1])


def activation(spec: Spec) -> nn.Module:
    """The activation of that name and those options."""
    name, options = split_spec(spec)
    if name not in ACTIVATIONS:
        raise ValueError(f"the activation {name!r} is not known here")
    if name in ("swish", "memswish") and options.get("alpha", 1.0) == 1.0:
        options.pop("alpha", None)
    return ACTIVATIONS[name](**options)


def normalisation(spec: Spec, channels: int, *, affine: bool | None = None) -> nn.Module:
    """The normalisation of that name and those options; `affine` is what holds where the options do not say it."""
    name, options = split_spec(spec)
    if name not in NORMS:
        raise ValueError(f"the normalisation {name!r} is not known here")
    if affine is not None:
        options.setdefault("affine", affine)
    if NORMS[name] is nn.GroupNorm:
        options.setdefault("num_channels", channels)
    else:
        options.setdefault("num_features", channels)
    return NORMS[name](**options)


def same_padding(kernel: Size) -> tuple[int, int, int]:
    """Padding that keeps the size at stride 1."""
    sizes = triple(kernel)
    if any(size % 2 == 0 for size in sizes):
        raise ValueError(f"the kernel {list(sizes)} has an even side, which has no middle")
    return triple([(size - 1) // 2 for size in sizes])


class Convolution(nn.Sequential):
    """A convolution `conv`, followed by normalisation and activation `adn` where they are asked for."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        *,
        strides: Size = 1,
        kernel_size: Size = 3,
        ordering: str = "NDA",
        act: Spec | None = "prelu",
        norm_spec: Spec | None = "instance",
        bias: bool = True,
        conv_only: bool = False,
        transposed: bool = False,
        padding: Size | None = None,
        output_padding: Size | None = None,
    ) -> None:
        super().__init__()
        pads = same_padding(kernel_size) if padding is None else triple(padding)
        kernel, steps = triple(kernel_size), triple(strides)
        if transposed:
            out_pads = triple([step - 1 for step in steps]) if output_padding is None else triple(output_padding)
            self.add_module(
                "conv", nn.ConvTranspose3d(in_channels, out_channels, kernel, steps, pads, out_pads, bias=bias)
            )
        else:
            self.add_module("conv", nn.Conv3d(in_channels, out_channels, kernel, steps, pads, bias=bias))
        if conv_only or (act is None and norm_spec is None):
            return
        layers: dict[str, nn.Module] = {}
        if norm_spec is not None:
            layers["N"] = normalisation(norm_spec, out_channels)
        if act is not None:
            layers["A"] = activation(act)
        adn = nn.Sequential()
        for letter in ordering.upper():
            if letter not in "NDA":
                raise ValueError(f"the order {ordering!r} may hold the letters N, D and A only")
            if letter in layers:
                adn.add_module(letter, layers[letter])
        self.add_module("adn", adn)


class ResidualUnit(nn.Module):
    """Convolutions `conv.unit0…` and a shortcut `residual`, which is a convolution where shapes differ."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        *,
        strides: Size,
        kernel_size: Size,
        subunits: int,
        act: Spec,
        norm_spec: Spec,
        bias: bool,
        ordering: str,
        last_conv_only: bool = False,
    ) -> None:
        super().__init__()
        self.conv = nn.Sequential()
        self.residual: nn.Module = nn.Identity()
        channels, steps = in_channels, triple(strides)
        for number in range(max(1, subunits)):
            unit = Convolution(
                channels,
                out_channels,
                strides=steps,
                kernel_size=kernel_size,
                ordering=ordering,
                act=act,
                norm_spec=norm_spec,
                bias=bias,
                conv_only=last_conv_only and number == subunits - 1,
            )
            self.conv.add_module(f"unit{number}", unit)
            channels, steps = out_channels, (1, 1, 1)
        moved = triple(strides) != (1, 1, 1)
        if moved or in_channels != out_channels:
            kernel = triple(kernel_size) if moved else (1, 1, 1)
            self.residual = nn.Conv3d(
                in_channels, out_channels, kernel, triple(strides), same_padding(kernel), bias=bias
            )

    def forward(self, x: Tensor) -> Tensor:
        """Features (N, C, z, y, x) in and out."""
        shortcut: Tensor = self.residual(x)
        main: Tensor = self.conv(x)
        return main + shortcut


class UpSample(nn.Sequential):
    """Doubling (or `scale`-fold) by `deconv`, `deconvgroup`, `nontrainable` (trilinear) or `pixelshuffle`."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        *,
        scale: Size = 2,
        kernel_size: Size | None = None,
        mode: str = "deconv",
        align_corners: bool = True,
        bias: bool = True,
    ) -> None:
        super().__init__()
        steps = triple(scale)
        kernel = steps if kernel_size is None else triple(kernel_size)
        pads, out_pads = (0, 0, 0), (0, 0, 0)
        if kernel_size is not None:
            pads = triple([(size - 1) // 2 for size in kernel])
            out_pads = triple([step - 1 - (size - 1) % 2 for size, step in zip(kernel, steps, strict=True)])
        kind = mode.lower()
        if kind == "deconv":
            self.add_module(
                "deconv", nn.ConvTranspose3d(in_channels, out_channels, kernel, steps, pads, out_pads, bias=bias)
            )
        elif kind == "deconvgroup":
            groups = out_channels if in_channels % out_channels == 0 else 1
            up = nn.ConvTranspose3d(in_channels, out_channels, kernel, steps, pads, out_pads, groups=groups, bias=bias)
            self.add_module("deconvgroup", up)
        elif kind == "nontrainable":
            if in_channels != out_channels:
                self.add_module("preconv", nn.Conv3d(in_channels, out_channels, 1, bias=bias))
            factors = (float(steps[0]), float(steps[1]), float(steps[2]))
            self.add_module(
                "upsample_non_trainable",
                nn.Upsample(scale_factor=factors, mode="trilinear", align_corners=align_corners),
            )
        elif kind == "pixelshuffle":
            self.add_module("pixelshuffle", SubpixelUpsample(in_channels, out_channels, factor=steps[0], bias=bias))
        else:
            raise ValueError(f"the kind of upsampling {mode!r} is not known here")


class SubpixelUpsample(nn.Module):
    """A convolution to `factor`³ times the channels, which are laid out in space and averaged."""

    def __init__(self, in_channels: int, out_channels: int, *, factor: int, bias: bool) -> None:
        super().__init__()
        self.factor = factor
        self.conv_block = nn.Conv3d(in_channels, out_channels * factor**3, 3, padding=1, bias=bias)
        self.pad_pool = nn.Sequential(
            nn.ConstantPad3d((factor - 1, 0) * 3, 0.0), nn.AvgPool3d(kernel_size=factor, stride=1)
        )

    def forward(self, x: Tensor) -> Tensor:
        """Features (N, C, z, y, x) to (N, C', f·z, f·y, f·x)."""
        x = self.conv_block(x)
        factor = self.factor
        batch, channels, *sizes = x.shape
        z, y, w = sizes
        x = x.reshape(batch, channels // factor**3, factor, factor, factor, z, y, w)
        x = x.permute(0, 1, 5, 2, 6, 3, 7, 4)
        x = x.reshape(batch, channels // factor**3, z * factor, y * factor, w * factor)
        pooled: Tensor = self.pad_pool(x)
        return pooled


def plain_convolution(
    in_channels: int, out_channels: int, *, kernel_size: Size, stride: Size = 1, bias: bool = False
) -> Convolution:
    """A convolution alone, padded as DynUNet pads: (kernel − stride + 1) / 2."""
    pads = [int((k - s + 1) / 2) for k, s in zip(triple(kernel_size), triple(stride), strict=True)]
    if min(pads) < 0:
        raise ValueError(f"the stride {stride} is longer than the kernel {kernel_size}")
    return Convolution(
        in_channels, out_channels, strides=stride, kernel_size=kernel_size, bias=bias, conv_only=True, padding=pads
    )


def plain_transposed(
    in_channels: int, out_channels: int, *, kernel_size: Size, stride: Size, bias: bool = False
) -> Convolution:
    """A transposed convolution alone, padded as DynUNet pads."""
    kernel, steps = triple(kernel_size), triple(stride)
    pads = [int((k - s + 1) / 2) for k, s in zip(kernel, steps, strict=True)]
    out_pads = [2 * p + s - k for p, s, k in zip(pads, steps, kernel, strict=True)]
    if min(pads) < 0 or min(out_pads) < 0:
        raise ValueError(f"the kernel {list(kernel)} and the stride {list(steps)} do not go together")
    return Convolution(
        in_channels,
        out_channels,
        strides=steps,
        kernel_size=kernel,
        bias=bias,
        conv_only=True,
        transposed=True,
        padding=pads,
        output_padding=out_pads,
    )


LEAKY: Spec = ("leakyrelu", {"negative_slope": 0.01})


class UnetBasicBlock(nn.Module):
    """Two convolutions with normalisation and activation (DynUNet, UNETR)."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        *,
        kernel_size: Size = 3,
        stride: Size = 1,
        norm_name: Spec = "instance",
        act_name: Spec = LEAKY,
    ) -> None:
        super().__init__()
        self.conv1 = plain_convolution(in_channels, out_channels, kernel_size=kernel_size, stride=stride)
        self.conv2 = plain_convolution(out_channels, out_channels, kernel_size=kernel_size)
        self.lrelu = activation(act_name)
        self.norm1 = normalisation(norm_name, out_channels)
        self.norm2 = normalisation(norm_name, out_channels)

    def forward(self, x: Tensor) -> Tensor:
        """Features (N, C, z, y, x) in and out."""
        x = self.lrelu(self.norm1(self.conv1(x)))
        out: Tensor = self.lrelu(self.norm2(self.conv2(x)))
        return out


class UnetResBlock(UnetBasicBlock):
    """The same with a shortcut, `conv3` and `norm3` where shapes differ."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        *,
        kernel_size: Size = 3,
        stride: Size = 1,
        norm_name: Spec = "instance",
        act_name: Spec = LEAKY,
    ) -> None:
        super().__init__(
            in_channels, out_channels, kernel_size=kernel_size, stride=stride, norm_name=norm_name, act_name=act_name
        )
        self.downsample = in_channels != out_channels or triple(stride) != (1, 1, 1)
        if self.downsample:
            self.conv3 = plain_convolution(in_channels, out_channels, kernel_size=1, stride=stride)
            self.norm3 = normalisation(norm_name, out_channels)

    def forward(self, x: Tensor) -> Tensor:
        """Features (N, C, z, y, x) in and out."""
        shortcut = self.norm3(self.conv3(x)) if self.downsample else x
        x = self.lrelu(self.norm1(self.conv1(x)))
        x = self.norm2(self.conv2(x))
        out: Tensor = self.lrelu(x + shortcut)
        return out


class UnetUpBlock(nn.Module):
    """A transposed convolution, the skip beside it, a block (DynUNet, UNETR, SwinUNETR)."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        *,
        kernel_size: Size = 3,
        upsample_kernel_size: Size = 2,
        norm_name: Spec = "instance",
        act_name: Spec = LEAKY,
        res_block: bool = False,
        trans_bias: bool = False,
    ) -> None:
        super().__init__()
        self.transp_conv = plain_transposed(
            in_channels, out_channels, kernel_size=upsample_kernel_size, stride=upsample_kernel_size, bias=trans_bias
        )
        block = UnetResBlock if res_block else UnetBasicBlock
        self.conv_block = block(
            2 * out_channels, out_channels, kernel_size=kernel_size, norm_name=norm_name, act_name=act_name
        )

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        """Features of the lower level and of the same level of the encoder."""
        out: Tensor = self.conv_block(torch.cat((self.transp_conv(x), skip), dim=1))
        return out


class UnetOutBlock(nn.Module):
    """The last convolution, to the classes."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.conv = plain_convolution(in_channels, out_channels, kernel_size=1, bias=True)

    def forward(self, x: Tensor) -> Tensor:
        """Features (N, C, z, y, x) to logits."""
        out: Tensor = self.conv(x)
        return out


class UnetrBasicBlock(nn.Module):
    """A block under the name `layer` (UNETR, SwinUNETR, VISTA3D)."""

    def __init__(
        self, in_channels: int, out_channels: int, *, norm_name: Spec = "instance", res_block: bool = True
    ) -> None:
        super().__init__()
        block = UnetResBlock if res_block else UnetBasicBlock
        self.layer = block(in_channels, out_channels, norm_name=norm_name)

    def forward(self, x: Tensor) -> Tensor:
        """Features (N, C, z, y, x) in and out."""
        out: Tensor = self.layer(x)
        return out
