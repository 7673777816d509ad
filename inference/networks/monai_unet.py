"""UNet, BasicUNet, AttentionUnet, VNet and DynUNet with MONAI's names of parameters (1.6.1).

Sources: Kerfoot et al., Left-ventricle quantification using residual U-Net (2019) for UNet; Falk et al., Nature Methods
16:67 (2019) for BasicUNet; Oktay et al., arXiv 1804.03999 for AttentionUnet; Milletari et al., arXiv 1606.04797 for VNet;
Isensee et al., arXiv 1904.08128 for DynUNet. All take an image (N, C, z, y, x) to logits of the same size.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor, nn

from inference.networks.monai_layers import (
    LEAKY,
    Convolution,
    ResidualUnit,
    Size,
    Spec,
    UnetBasicBlock,
    UnetOutBlock,
    UnetResBlock,
    UnetUpBlock,
    UpSample,
    activation,
    split_spec,
    triple,
)


class SkipConnection(nn.Module):
    """The input beside what the lower levels make of it."""

    def __init__(self, submodule: nn.Module) -> None:
        super().__init__()
        self.submodule = submodule

    def forward(self, x: Tensor) -> Tensor:
        """Features (N, C, z, y, x) to (N, C + C', z, y, x)."""
        return torch.cat([x, self.submodule(x)], dim=1)


class UNet(nn.Module):
    """MONAI's UNet with strided convolutions and, where `num_res_units` > 0, residual units."""

    def __init__(
        self,
        *,
        in_channels: int,
        out_channels: int,
        channels: Sequence[int],
        strides: Sequence[Size],
        kernel_size: Size = 3,
        up_kernel_size: Size = 3,
        num_res_units: int = 0,
        act: Spec = "prelu",
        norm: Spec = "instance",
        bias: bool = True,
        adn_ordering: str = "NDA",
    ) -> None:
        super().__init__()
        if len(channels) < 2 or len(strides) < len(channels) - 1:
            raise ValueError("a UNet needs two or more channel counts and a stride between each")

        def down(inputs: int, outputs: int, stride: Size) -> nn.Module:
            if num_res_units > 0:
                return ResidualUnit(
                    inputs,
                    outputs,
                    strides=stride,
                    kernel_size=kernel_size,
                    subunits=num_res_units,
                    act=act,
                    norm_spec=norm,
                    bias=bias,
                    ordering=adn_ordering,
                )
            return Convolution(
                inputs,
                outputs,
                strides=stride,
                kernel_size=kernel_size,
                act=act,
                norm_spec=norm,
                bias=bias,
                ordering=adn_ordering,
            )

        def up(inputs: int, outputs: int, stride: Size, is_top: bool) -> nn.Module:
            convolution = Convolution(
                inputs,
                outputs,
                strides=stride,
                kernel_size=up_kernel_size,
                act=act,
                norm_spec=norm,
                bias=bias,
                conv_only=is_top and num_res_units == 0,
                transposed=True,
                ordering=adn_ordering,
            )
            if num_res_units == 0:
                return convolution
            unit = ResidualUnit(
                outputs,
                outputs,
                strides=1,
                kernel_size=kernel_size,
                subunits=1,
                act=act,
                norm_spec=norm,
                bias=bias,
                ordering=adn_ordering,
                last_conv_only=is_top,
            )
            return nn.Sequential(convolution, unit)

        def level(inputs: int, outputs: int, counts: Sequence[int], steps: Sequence[Size], is_top: bool) -> nn.Module:
            own = counts[0]
            if len(counts) > 2:
                below, doubled = level(own, own, counts[1:], steps[1:], False), 2 * own
            else:
                below, doubled = down(own, counts[1], 1), own + counts[1]
            return nn.Sequential(
                down(inputs, own, steps[0]), SkipConnection(below), up(doubled, outputs, steps[0], is_top)
            )

        self.model = level(in_channels, out_channels, list(channels), list(strides), True)

    def forward(self, x: Tensor) -> Tensor:
        """Image (N, C, z, y, x) to logits."""
        return cast(Tensor, self.model(x))


class TwoConv(nn.Sequential):
    """Two convolutions."""

    def __init__(self, inputs: int, outputs: int, *, act: Spec, norm: Spec, bias: bool) -> None:
        super().__init__()
        self.add_module("conv_0", Convolution(inputs, outputs, act=act, norm_spec=norm, bias=bias, padding=1))
        self.add_module("conv_1", Convolution(outputs, outputs, act=act, norm_spec=norm, bias=bias, padding=1))


class Down(nn.Sequential):
    """Halved by the maximum, then two convolutions."""

    def __init__(self, inputs: int, outputs: int, *, act: Spec, norm: Spec, bias: bool) -> None:
        super().__init__()
        self.add_module("max_pooling", nn.MaxPool3d(kernel_size=2))
        self.add_module("convs", TwoConv(inputs, outputs, act=act, norm=norm, bias=bias))


class UpCat(nn.Module):
    """Doubled, beside the encoder's features, two convolutions."""

    def __init__(
        self,
        inputs: int,
        beside: int,
        outputs: int,
        *,
        act: Spec,
        norm: Spec,
        bias: bool,
        upsample: str,
        halves: bool = True,
    ) -> None:
        super().__init__()
        doubled = inputs // 2 if halves else inputs
        self.upsample = UpSample(inputs, doubled, mode=upsample, align_corners=True)
        self.convs = TwoConv(beside + doubled, outputs, act=act, norm=norm, bias=bias)

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        """Features of the lower level and of this level of the encoder, which may be one longer where a side is odd."""
        x = self.upsample(x)
        missing = [int(have != want) for have, want in zip(x.shape[2:], skip.shape[2:], strict=True)]
        if any(missing):
            x = nn.functional.pad(x, (0, missing[2], 0, missing[1], 0, missing[0]), "replicate")
        return cast(Tensor, self.convs(torch.cat([skip, x], dim=1)))


class BasicUNet(nn.Module):
    """MONAI's BasicUNet: five levels, halved by the maximum."""

    def __init__(
        self,
        *,
        in_channels: int = 1,
        out_channels: int = 2,
        features: Sequence[int] = (32, 32, 64, 128, 256, 32),
        act: Spec = ("leakyrelu", {"negative_slope": 0.1}),
        norm: Spec = ("instance", {"affine": True}),
        bias: bool = True,
        upsample: str = "deconv",
    ) -> None:
        super().__init__()
        if len(features) != 6:
            raise ValueError(f"a BasicUNet has six feature counts, got {len(features)}")
        f = [int(count) for count in features]
        self.conv_0 = TwoConv(in_channels, f[0], act=act, norm=norm, bias=bias)
        self.down_1 = Down(f[0], f[1], act=act, norm=norm, bias=bias)
        self.down_2 = Down(f[1], f[2], act=act, norm=norm, bias=bias)
        self.down_3 = Down(f[2], f[3], act=act, norm=norm, bias=bias)
        self.down_4 = Down(f[3], f[4], act=act, norm=norm, bias=bias)
        self.upcat_4 = UpCat(f[4], f[3], f[3], act=act, norm=norm, bias=bias, upsample=upsample)
        self.upcat_3 = UpCat(f[3], f[2], f[2], act=act, norm=norm, bias=bias, upsample=upsample)
        self.upcat_2 = UpCat(f[2], f[1], f[1], act=act, norm=norm, bias=bias, upsample=upsample)
        self.upcat_1 = UpCat(f[1], f[0], f[5], act=act, norm=norm, bias=bias, upsample=upsample, halves=False)
        self.final_conv = nn.Conv3d(f[5], out_channels, kernel_size=1)

    def forward(self, x: Tensor) -> Tensor:
        """Image (N, C, z, y, x) to logits."""
        x0 = self.conv_0(x)
        x1 = self.down_1(x0)
        x2 = self.down_2(x1)
        x3 = self.down_3(x2)
        u = self.upcat_4(self.down_4(x3), x3)
        u = self.upcat_1(self.upcat_2(self.upcat_3(u, x2), x1), x0)
        return cast(Tensor, self.final_conv(u))


class ConvBlock(nn.Module):
    """Two convolutions with batch normalisation."""

    def __init__(self, inputs: int, outputs: int, *, kernel_size: Size, strides: Size = 1) -> None:
        super().__init__()
        first = Convolution(
            inputs, outputs, kernel_size=kernel_size, strides=strides, act="relu", norm_spec="batch", ordering="NDA"
        )
        second = Convolution(outputs, outputs, kernel_size=kernel_size, act="relu", norm_spec="batch", ordering="NDA")
        self.conv = nn.Sequential(first, second)

    def forward(self, x: Tensor) -> Tensor:
        """Features (N, C, z, y, x) in and out."""
        return cast(Tensor, self.conv(x))


class UpConv(nn.Module):
    """A transposed convolution with batch normalisation."""

    def __init__(self, inputs: int, outputs: int, *, kernel_size: Size, strides: Size) -> None:
        super().__init__()
        self.up = Convolution(
            inputs, outputs, strides=strides, kernel_size=kernel_size, act="relu", norm_spec="batch", transposed=True
        )

    def forward(self, x: Tensor) -> Tensor:
        """Features (N, C, z, y, x), doubled."""
        return cast(Tensor, self.up(x))


class AttentionBlock(nn.Module):
    """What of the encoder's features is let through, by what the lower levels saw."""

    def __init__(self, channels: int, inner: int) -> None:
        super().__init__()

        def gate(inputs: int, outputs: int) -> list[nn.Module]:
            return [Convolution(inputs, outputs, kernel_size=1, padding=0, conv_only=True), nn.BatchNorm3d(outputs)]

        self.W_g = nn.Sequential(*gate(channels, inner))
        self.W_x = nn.Sequential(*gate(channels, inner))
        self.psi = nn.Sequential(*gate(inner, 1), nn.Sigmoid())

    def forward(self, g: Tensor, x: Tensor) -> Tensor:
        """g from below, x of the encoder, both (N, C, z, y, x)."""
        seen: Tensor = self.psi(torch.relu(self.W_g(g) + self.W_x(x)))
        return x * seen


class AttentionLayer(nn.Module):
    """A level: the lower ones in `submodule`, doubled, gated, merged."""

    def __init__(self, channels: int, below: int, submodule: nn.Module, *, up_kernel_size: Size, strides: Size) -> None:
        super().__init__()
        self.attention = AttentionBlock(channels, channels // 2)
        self.upconv = UpConv(below, channels, kernel_size=up_kernel_size, strides=strides)
        self.merge = Convolution(2 * channels, channels)
        self.submodule = submodule

    def forward(self, x: Tensor) -> Tensor:
        """Features (N, C, z, y, x) in and out."""
        lower = self.upconv(self.submodule(x))
        return cast(Tensor, self.merge(torch.cat((self.attention(lower, x), lower), dim=1)))


class AttentionUnet(nn.Module):
    """MONAI's AttentionUnet."""

    def __init__(
        self,
        *,
        in_channels: int,
        out_channels: int,
        channels: Sequence[int],
        strides: Sequence[Size],
        kernel_size: Size = 3,
        up_kernel_size: Size = 3,
    ) -> None:
        super().__init__()
        if len(channels) < 2 or len(strides) < len(channels) - 1:
            raise ValueError("an AttentionUnet needs two or more channel counts and a stride between each")

        def level(counts: Sequence[int], steps: Sequence[Size]) -> nn.Module:
            block: nn.Module = ConvBlock(counts[0], counts[1], kernel_size=kernel_size, strides=steps[0])
            if len(counts) > 2:
                block = nn.Sequential(block, level(counts[1:], steps[1:]))
            return AttentionLayer(counts[0], counts[1], block, up_kernel_size=up_kernel_size, strides=steps[0])

        self.model = nn.Sequential(
            ConvBlock(in_channels, channels[0], kernel_size=kernel_size),
            level(list(channels), list(strides)),
            Convolution(channels[0], out_channels, kernel_size=1, padding=0, conv_only=True),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Image (N, C, z, y, x) to logits."""
        return cast(Tensor, self.model(x))


def _vnet_activation(act: Spec, channels: int) -> nn.Module:
    name, options = split_spec(act)
    if name == "prelu" and not options:
        return nn.PReLU(channels)
    return activation(act)


def _vnet_convolution(inputs: int, outputs: int, bias: bool) -> Convolution:
    return Convolution(inputs, outputs, kernel_size=5, act=None, norm_spec="batch", bias=bias)


class LUConv(nn.Module):
    """A convolution of five with batch normalisation."""

    def __init__(self, channels: int, *, act: Spec, bias: bool) -> None:
        super().__init__()
        self.act_function = _vnet_activation(act, channels)
        self.conv_block = _vnet_convolution(channels, channels, bias)

    def forward(self, x: Tensor) -> Tensor:
        """Features (N, C, z, y, x) in and out."""
        return cast(Tensor, self.act_function(self.conv_block(x)))


class InputTransition(nn.Module):
    """The image to 16 features, with the image itself as shortcut."""

    def __init__(self, inputs: int, outputs: int, *, act: Spec, bias: bool) -> None:
        super().__init__()
        if outputs % inputs:
            raise ValueError(f"a VNet takes 1, 2, 4, 8 or 16 channels, got {inputs}")
        self.repeats = outputs // inputs
        self.act_function = _vnet_activation(act, outputs)
        self.conv_block = _vnet_convolution(inputs, outputs, bias)

    def forward(self, x: Tensor) -> Tensor:
        """Image (N, C, z, y, x) to features."""
        return cast(Tensor, self.act_function(self.conv_block(x) + x.repeat(1, self.repeats, 1, 1, 1)))


class DownTransition(nn.Module):
    """Halved by a convolution, then a residual unit."""

    def __init__(self, inputs: int, convolutions: int, *, act: Spec, bias: bool) -> None:
        super().__init__()
        outputs = 2 * inputs
        self.down_conv = nn.Conv3d(inputs, outputs, kernel_size=2, stride=2, bias=bias)
        self.bn1 = nn.BatchNorm3d(outputs)
        self.act_function1 = _vnet_activation(act, outputs)
        self.act_function2 = _vnet_activation(act, outputs)
        self.ops = nn.Sequential(*[LUConv(outputs, act=act, bias=bias) for _ in range(convolutions)])

    def forward(self, x: Tensor) -> Tensor:
        """Features (N, C, z, y, x), halved."""
        down = self.act_function1(self.bn1(self.down_conv(x)))
        return cast(Tensor, self.act_function2(self.ops(down) + down))


class UpTransition(nn.Module):
    """Doubled by a transposed convolution, beside the encoder's features, then a residual unit."""

    def __init__(self, inputs: int, outputs: int, convolutions: int, *, act: Spec) -> None:
        super().__init__()
        self.up_conv = nn.ConvTranspose3d(inputs, outputs // 2, kernel_size=2, stride=2)
        self.bn1 = nn.BatchNorm3d(outputs // 2)
        self.act_function1 = _vnet_activation(act, outputs // 2)
        self.act_function2 = _vnet_activation(act, outputs)
        # MONAI never passes the bias on here
        self.ops = nn.Sequential(*[LUConv(outputs, act=act, bias=False) for _ in range(convolutions)])

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        """Features of the lower level and of the encoder."""
        joined = torch.cat((self.act_function1(self.bn1(self.up_conv(x))), skip), 1)
        return cast(Tensor, self.act_function2(self.ops(joined) + joined))


class OutputTransition(nn.Module):
    """To the classes."""

    def __init__(self, inputs: int, outputs: int, *, act: Spec, bias: bool) -> None:
        super().__init__()
        self.act_function1 = _vnet_activation(act, outputs)
        self.conv_block = _vnet_convolution(inputs, outputs, bias)
        self.conv2 = nn.Conv3d(outputs, outputs, kernel_size=1)

    def forward(self, x: Tensor) -> Tensor:
        """Features to logits."""
        return cast(Tensor, self.conv2(self.act_function1(self.conv_block(x))))


class VNet(nn.Module):
    """MONAI's VNet."""

    def __init__(self, *, in_channels: int = 1, out_channels: int = 1, act: Spec = "elu", bias: bool = False) -> None:
        super().__init__()
        self.in_tr = InputTransition(in_channels, 16, act=act, bias=bias)
        self.down_tr32 = DownTransition(16, 1, act=act, bias=bias)
        self.down_tr64 = DownTransition(32, 2, act=act, bias=bias)
        self.down_tr128 = DownTransition(64, 3, act=act, bias=bias)
        self.down_tr256 = DownTransition(128, 2, act=act, bias=bias)
        self.up_tr256 = UpTransition(256, 256, 2, act=act)
        self.up_tr128 = UpTransition(256, 128, 2, act=act)
        self.up_tr64 = UpTransition(128, 64, 1, act=act)
        self.up_tr32 = UpTransition(64, 32, 1, act=act)
        self.out_tr = OutputTransition(32, out_channels, act=act, bias=bias)

    def forward(self, x: Tensor) -> Tensor:
        """Image (N, C, z, y, x) to logits."""
        out16 = self.in_tr(x)
        out32 = self.down_tr32(out16)
        out64 = self.down_tr64(out32)
        out128 = self.down_tr128(out64)
        x = self.up_tr256(self.down_tr256(out128), out128)
        x = self.up_tr64(self.up_tr128(x, out64), out32)
        return cast(Tensor, self.out_tr(self.up_tr32(x, out16)))


class DynUNet(nn.Module):
    """MONAI's DynUNet. Heads of deep supervision are kept beside the one that serves."""

    def __init__(
        self,
        *,
        in_channels: int,
        out_channels: int,
        kernel_size: Sequence[Size],
        strides: Sequence[Size],
        upsample_kernel_size: Sequence[Size],
        filters: Sequence[int] | None = None,
        norm_name: Spec = ("instance", {"affine": True}),
        act_name: Spec = LEAKY,
        deep_supervision: bool = False,
        deep_supr_num: int = 1,
        res_block: bool = False,
        trans_bias: bool = False,
    ) -> None:
        super().__init__()
        levels = len(strides)
        if len(kernel_size) != levels or levels < 3 or len(upsample_kernel_size) != levels - 1:
            raise ValueError("a DynUNet needs as many kernels as strides, three or more, and one up-kernel fewer")
        counts = list(filters)[:levels] if filters is not None else [min(2 ** (5 + i), 320) for i in range(levels)]
        if len(counts) < levels:
            raise ValueError("a DynUNet needs as many filter counts as strides")
        block = UnetResBlock if res_block else UnetBasicBlock

        def down(level: int) -> nn.Module:
            return block(
                counts[level - 1] if level else in_channels,
                counts[level],
                kernel_size=triple(kernel_size[level]),
                stride=triple(strides[level]),
                norm_name=norm_name,
                act_name=act_name,
            )

        def up(level: int) -> nn.Module:
            return UnetUpBlock(
                counts[level],
                counts[level - 1],
                kernel_size=triple(kernel_size[level]),
                upsample_kernel_size=triple(upsample_kernel_size[level - 1]),
                norm_name=norm_name,
                act_name=act_name,
                trans_bias=trans_bias,
            )

        self.input_block = down(0)
        self.downsamples = nn.ModuleList([down(level) for level in range(1, levels - 1)])
        self.bottleneck = down(levels - 1)
        self.upsamples = nn.ModuleList([up(level) for level in range(levels - 1, 0, -1)])
        self.output_block = UnetOutBlock(counts[0], out_channels)
        if deep_supervision:
            heads = [UnetOutBlock(counts[number + 1], out_channels) for number in range(deep_supr_num)]
            self.deep_supervision_heads = nn.ModuleList(heads)

    def forward(self, x: Tensor) -> Tensor:
        """Image (N, C, z, y, x) to logits."""
        kept = [self.input_block(x)]
        for down in self.downsamples:
            kept.append(down(kept[-1]))
        x = self.bottleneck(kept[-1])
        for up in self.upsamples:
            x = up(x, kept.pop())
        return cast(Tensor, self.output_block(x))
