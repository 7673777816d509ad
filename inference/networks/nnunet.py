"""The three U-Nets that nnU-Net plans name, with the state-dict names of their checkpoints.

Architectures after Isensee et al., Nature Methods 18:203 (2021) and, for the residual ones, He et al., "Bag of Tricks"
(2019), variant D. Names are the canonical ones: `encoder.stages.*`, `encoder.stem.*`, `decoder.transpconvs.*`,
`decoder.stages.*`, `decoder.seg_layers.*`; the copies that a checkpoint also carries (`…all_modules.*`,
`decoder.encoder.*`) are dropped by the importer. Dropout has no weights and does nothing at inference: it is left out.
Inputs are `(batch, channel, *space)` with every side a multiple of the product of the strides on that axis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import torch
from torch import Tensor, nn

Sizes = int | Sequence[int]
PerStage = Sequence[Sizes]

# Any: torch types sizes per number of dimensions, these tables choose it when they run.
CONVOLUTIONS: dict[int, Any] = {2: nn.Conv2d, 3: nn.Conv3d}
TRANSPOSED: dict[int, Any] = {2: nn.ConvTranspose2d, 3: nn.ConvTranspose3d}
AVERAGE_POOLS: dict[int, Any] = {2: nn.AvgPool2d, 3: nn.AvgPool3d}
MAX_POOLS: dict[int, Any] = {2: nn.MaxPool2d, 3: nn.MaxPool3d}
NORMS: dict[tuple[str, int], Any] = {
    ("instance", 2): nn.InstanceNorm2d,
    ("instance", 3): nn.InstanceNorm3d,
    ("batch", 2): nn.BatchNorm2d,
    ("batch", 3): nn.BatchNorm3d,
}
NONLINEARITIES = ("leaky_relu", "relu")


@dataclass(frozen=True, slots=True)
class Style:
    """What all convolutions of one network share."""

    dimensions: int = 3
    conv_bias: bool = True
    norm: str | None = "instance"
    norm_eps: float = 1e-5
    norm_affine: bool = True
    nonlinearity: str = "leaky_relu"
    negative_slope: float = 0.01
    nonlin_first: bool = False

    def __post_init__(self) -> None:
        if self.dimensions not in CONVOLUTIONS:
            raise ValueError(f"A network has 2 or 3 dimensions, not {self.dimensions}.")
        if self.norm is not None and (self.norm, self.dimensions) not in NORMS:
            raise ValueError(f"No normalisation {self.norm!r}; known are instance and batch.")
        if self.nonlinearity not in NONLINEARITIES:
            raise ValueError(f"No nonlinearity {self.nonlinearity!r}; known are {', '.join(NONLINEARITIES)}.")

    def sizes(self, value: Sizes) -> tuple[int, ...]:
        """One number per axis."""
        sizes = (value,) * self.dimensions if isinstance(value, int) else tuple(int(v) for v in value)
        if len(sizes) != self.dimensions:
            raise ValueError(f"{sizes} does not fit {self.dimensions} dimensions.")
        return sizes

    def activation(self) -> nn.Module:
        if self.nonlinearity == "relu":
            return nn.ReLU(inplace=True)
        return nn.LeakyReLU(self.negative_slope, inplace=True)


class ConvUnit(nn.Module):
    """Convolution, normalisation, nonlinearity (the last two may be absent)."""

    def __init__(
        self,
        style: Style,
        channels_in: int,
        channels_out: int,
        kernel: Sizes,
        stride: Sizes,
        *,
        bias: bool,
        active: bool = True,
    ) -> None:
        super().__init__()
        kernel_size = style.sizes(kernel)
        self.conv = CONVOLUTIONS[style.dimensions](
            channels_in,
            channels_out,
            kernel_size,
            style.sizes(stride),
            padding=tuple((k - 1) // 2 for k in kernel_size),
            bias=bias,
        )
        self.norm: nn.Module | None = None
        if style.norm is not None:
            make = NORMS[(style.norm, style.dimensions)]
            self.norm = make(channels_out, eps=style.norm_eps, affine=style.norm_affine)
        self.activation = style.activation() if active else None
        self.nonlin_first = style.nonlin_first

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(x)
        steps = (self.activation, self.norm) if self.nonlin_first else (self.norm, self.activation)
        for step in steps:
            x = x if step is None else step(x)
        return x


class StackedConvs(nn.Module):
    """`count` units in a row; only the first may stride."""

    def __init__(
        self, style: Style, count: int, channels_in: int, channels_out: int, kernel: Sizes, stride: Sizes
    ) -> None:
        super().__init__()
        self.convs = nn.Sequential(
            *(
                ConvUnit(
                    style,
                    channels_in if n == 0 else channels_out,
                    channels_out,
                    kernel,
                    stride if n == 0 else 1,
                    bias=style.conv_bias,
                )
                for n in range(count)
            )
        )

    def forward(self, x: Tensor) -> Tensor:
        return cast(Tensor, self.convs(x))


class ResidualBlock(nn.Module):
    """Basic (two convolutions) or bottleneck (three) block of ResNet-D; the nonlinearity comes after the sum."""

    def __init__(
        self,
        style: Style,
        channels_in: int,
        channels_out: int,
        kernel: Sizes,
        stride: Sizes,
        bottleneck: int | None,
    ) -> None:
        super().__init__()
        bias = style.conv_bias
        self.conv3: ConvUnit | None = None
        if bottleneck is None:
            self.conv1 = ConvUnit(style, channels_in, channels_out, kernel, stride, bias=bias)
            self.conv2 = ConvUnit(style, channels_out, channels_out, kernel, 1, bias=bias, active=False)
        else:
            self.conv1 = ConvUnit(style, channels_in, bottleneck, 1, 1, bias=bias)
            self.conv2 = ConvUnit(style, bottleneck, bottleneck, kernel, stride, bias=bias)
            self.conv3 = ConvUnit(style, bottleneck, channels_out, 1, 1, bias=bias, active=False)
        steps: list[nn.Module] = []
        strides = style.sizes(stride)
        if any(s != 1 for s in strides):
            steps.append(AVERAGE_POOLS[style.dimensions](strides, strides))
        if channels_in != channels_out:
            steps.append(ConvUnit(style, channels_in, channels_out, 1, 1, bias=False, active=False))
        self.skip = nn.Sequential(*steps)
        self.activation = style.activation()

    def forward(self, x: Tensor) -> Tensor:
        out = self.conv2(self.conv1(x))
        if self.conv3 is not None:
            out = self.conv3(out)
        return cast(Tensor, self.activation(out + self.skip(x)))


class StackedResiduals(nn.Module):
    """`count` residual blocks in a row; only the first may stride."""

    def __init__(
        self,
        style: Style,
        count: int,
        channels_in: int,
        channels_out: int,
        kernel: Sizes,
        stride: Sizes,
        bottleneck: int | None = None,
    ) -> None:
        super().__init__()
        self.blocks = nn.Sequential(
            *(
                ResidualBlock(
                    style,
                    channels_in if n == 0 else channels_out,
                    channels_out,
                    kernel,
                    stride if n == 0 else 1,
                    bottleneck,
                )
                for n in range(count)
            )
        )

    def forward(self, x: Tensor) -> Tensor:
        return cast(Tensor, self.blocks(x))


class Encoder(nn.Module):
    """Stages from fine to coarse; `forward` returns what each leaves, finest first."""

    stem: nn.Module | None

    def __init__(self, stem: nn.Module | None, stages: Sequence[nn.Module]) -> None:
        super().__init__()
        self.stem = stem
        self.stages = nn.Sequential(*stages)

    def forward(self, x: Tensor) -> list[Tensor]:
        if self.stem is not None:
            x = self.stem(x)
        skips = []
        for stage in self.stages:
            x = stage(x)
            skips.append(x)
        return skips


class Decoder(nn.Module):
    """Stages from coarse to fine, each with its own head; `forward` returns logits of the finest only unless `deep`."""

    def __init__(
        self, transposed: Sequence[nn.Module], stages: Sequence[nn.Module], heads: Sequence[nn.Module]
    ) -> None:
        super().__init__()
        self.transpconvs = nn.ModuleList(transposed)
        self.stages = nn.ModuleList(stages)
        self.seg_layers = nn.ModuleList(heads)

    def forward(self, skips: list[Tensor]) -> Tensor:
        return cast(Tensor, self.seg_layers[-1](self.features(skips)[-1]))

    def features(self, skips: list[Tensor]) -> list[Tensor]:
        x = skips[-1]
        found = []
        for transposed, stage, skip in zip(self.transpconvs, self.stages, reversed(skips[:-1]), strict=True):
            x = stage(torch.cat((transposed(x), skip), 1))
            found.append(x)
        return found


class UNet(nn.Module):
    """Encoder and decoder: `(n, channels, *space)` to logits `(n, classes, *space)`."""

    def __init__(self, encoder: Encoder, decoder: Decoder) -> None:
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder

    def forward(self, x: Tensor) -> Tensor:
        return cast(Tensor, self.decoder(self.encoder(x)))

    def all_scales(self, x: Tensor, count: int) -> list[Tensor]:
        """Logits of the `count` finest stages, finest first: what deep supervision is trained with."""
        features = self.decoder.features(self.encoder(x))
        heads = list(zip(self.decoder.seg_layers, features, strict=True))[::-1][:count]
        return [head(feature) for head, feature in heads]

    def bottleneck(self, x: Tensor) -> Tensor:
        """`(n, features)`: the coarsest stage averaged over space, for telling unfamiliar images."""
        coarsest = cast("list[Tensor]", self.encoder(x))[-1]
        return coarsest.flatten(2).mean(2)


@dataclass(frozen=True, slots=True)
class Shape:
    """Widths and strides per stage, checked to agree in number."""

    features: tuple[int, ...]
    kernels: tuple[tuple[int, ...], ...]
    strides: tuple[tuple[int, ...], ...]
    encoder_counts: tuple[int, ...]
    decoder_counts: tuple[int, ...]


def _per_stage(value: int | Sequence[int], count: int, name: str) -> tuple[int, ...]:
    found = (value,) * count if isinstance(value, int) else tuple(int(v) for v in value)
    if len(found) != count:
        raise ValueError(f"{name} has {len(found)} entries where {count} are due.")
    return found


def _shape(
    style: Style,
    features: Sequence[int],
    kernels: PerStage,
    strides: PerStage,
    encoder_counts: int | Sequence[int],
    decoder_counts: int | Sequence[int],
) -> Shape:
    stages = len(features)
    if stages < 2:
        raise ValueError("A U-Net has at least two stages.")
    if len(kernels) != stages or len(strides) != stages:
        raise ValueError(f"{stages} stages have {len(kernels)} kernel sizes and {len(strides)} strides.")
    return Shape(
        tuple(int(f) for f in features),
        tuple(style.sizes(k) for k in kernels),
        tuple(style.sizes(s) for s in strides),
        _per_stage(encoder_counts, stages, "The number of convolutions per encoder stage"),
        _per_stage(decoder_counts, stages - 1, "The number of convolutions per decoder stage"),
    )


def _decoder(style: Style, shape: Shape, classes: int, *, residual: bool) -> Decoder:
    transposed: list[nn.Module] = []
    stages: list[nn.Module] = []
    heads: list[nn.Module] = []
    for n, count in enumerate(shape.decoder_counts, start=1):
        below, skip = shape.features[-n], shape.features[-n - 1]
        stride, kernel = shape.strides[-n], shape.kernels[-n - 1]
        transposed.append(TRANSPOSED[style.dimensions](below, skip, stride, stride, bias=style.conv_bias))
        block = StackedResiduals if residual else StackedConvs
        stages.append(block(style, count, 2 * skip, skip, kernel, 1))
        heads.append(CONVOLUTIONS[style.dimensions](skip, classes, 1, 1, 0, bias=True))
    return Decoder(transposed, stages, heads)


def plain_conv_unet(
    *,
    input_channels: int,
    num_classes: int,
    features_per_stage: Sequence[int],
    kernel_sizes: PerStage,
    strides: PerStage,
    n_conv_per_stage: int | Sequence[int],
    n_conv_per_stage_decoder: int | Sequence[int],
    pool: str = "conv",
    dimensions: int = 3,
    conv_bias: bool = True,
    norm: str | None = "instance",
    norm_eps: float = 1e-5,
    norm_affine: bool = True,
    nonlinearity: str = "leaky_relu",
    negative_slope: float = 0.01,
    nonlin_first: bool = False,
) -> UNet:
    """nnU-Net's plain U-Net. `pool` is `conv` (strided convolution), `max` or `avg`."""
    style = Style(dimensions, conv_bias, norm, norm_eps, norm_affine, nonlinearity, negative_slope, nonlin_first)
    shape = _shape(style, features_per_stage, kernel_sizes, strides, n_conv_per_stage, n_conv_per_stage_decoder)
    if pool not in ("conv", "max", "avg"):
        raise ValueError(f"No pooling {pool!r}; known are conv, max, avg.")
    stages: list[nn.Module] = []
    channels = input_channels
    for features, kernel, stride, count in zip(
        shape.features, shape.kernels, shape.strides, shape.encoder_counts, strict=True
    ):
        parts: list[nn.Module] = []
        if pool != "conv" and any(s != 1 for s in stride):
            pools = MAX_POOLS if pool == "max" else AVERAGE_POOLS
            parts.append(pools[dimensions](stride, stride))
        parts.append(StackedConvs(style, count, channels, features, kernel, stride if pool == "conv" else 1))
        stages.append(nn.Sequential(*parts))
        channels = features
    return UNet(Encoder(None, stages), _decoder(style, shape, num_classes, residual=False))


def _residual(
    *,
    residual_decoder: bool,
    input_channels: int,
    num_classes: int,
    features_per_stage: Sequence[int],
    kernel_sizes: PerStage,
    strides: PerStage,
    n_blocks_per_stage: int | Sequence[int],
    n_conv_per_stage_decoder: int | Sequence[int],
    bottleneck_channels: Sequence[int] | None = None,
    stem_channels: int | None = None,
    dimensions: int = 3,
    conv_bias: bool = True,
    norm: str | None = "instance",
    norm_eps: float = 1e-5,
    norm_affine: bool = True,
    nonlinearity: str = "leaky_relu",
    negative_slope: float = 0.01,
) -> UNet:
    style = Style(dimensions, conv_bias, norm, norm_eps, norm_affine, nonlinearity, negative_slope)
    shape = _shape(style, features_per_stage, kernel_sizes, strides, n_blocks_per_stage, n_conv_per_stage_decoder)
    count = len(shape.features)
    narrow: tuple[int | None, ...] = (None,) * count
    if bottleneck_channels is not None:
        narrow = _per_stage(bottleneck_channels, count, "The number of bottleneck channels")
    channels = stem_channels if stem_channels is not None else shape.features[0]
    stem = StackedConvs(style, 1, input_channels, channels, shape.kernels[0], 1)
    stages: list[nn.Module] = []
    for n, features in enumerate(shape.features):
        stages.append(
            StackedResiduals(
                style, shape.encoder_counts[n], channels, features, shape.kernels[n], shape.strides[n], narrow[n]
            )
        )
        channels = features
    return UNet(Encoder(stem, stages), _decoder(style, shape, num_classes, residual=residual_decoder))


def residual_encoder_unet(**kwargs: object) -> UNet:
    """nnU-Net's U-Net with residual encoder and plain decoder; keywords as `_residual`."""
    return _residual(residual_decoder=False, **kwargs)  # type: ignore[arg-type]


def residual_unet(**kwargs: object) -> UNet:
    """nnU-Net's U-Net residual in both halves; keywords as `_residual`."""
    return _residual(residual_decoder=True, **kwargs)  # type: ignore[arg-type]
