"""MedNeXt with MONAI's names of parameters (1.6.1). Source: Roy et al., arXiv 2303.09975."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor, nn


class MedNeXtBlock(nn.Module):
    """Depth-wise convolution, normalisation per channel, widening, GELU, narrowing."""

    def __init__(
        self, inputs: int, outputs: int, *, expansion: int, kernel_size: int, residual: bool, global_resp_norm: bool
    ) -> None:
        super().__init__()
        self.residual = residual
        self.global_resp_norm = global_resp_norm
        self.conv1: nn.Module = nn.Conv3d(inputs, inputs, kernel_size, padding=kernel_size // 2, groups=inputs)
        self.norm = nn.GroupNorm(num_groups=inputs, num_channels=inputs)
        self.conv2 = nn.Conv3d(inputs, expansion * inputs, 1)
        self.act = nn.GELU()
        self.conv3 = nn.Conv3d(expansion * inputs, outputs, 1)
        if global_resp_norm:
            shape = (1, expansion * inputs, 1, 1, 1)
            self.global_resp_beta = nn.Parameter(torch.zeros(shape))
            self.global_resp_gamma = nn.Parameter(torch.zeros(shape))

    def inner(self, x: Tensor) -> Tensor:
        """The block without its shortcut."""
        x = self.act(self.conv2(self.norm(self.conv1(x))))
        if self.global_resp_norm:
            strength = torch.linalg.vector_norm(x, dim=(-3, -2, -1), keepdim=True)
            share = strength / (strength.mean(dim=1, keepdim=True) + 1e-6)
            x = self.global_resp_gamma * (x * share) + self.global_resp_beta + x
        return cast(Tensor, self.conv3(x))

    def forward(self, x: Tensor) -> Tensor:
        """Features (N, C, z, y, x) in and out."""
        return x + self.inner(x) if self.residual else self.inner(x)


class MedNeXtDownBlock(MedNeXtBlock):
    """The same at stride 2, with a shortcut of its own."""

    def __init__(self, inputs: int, outputs: int, *, expansion: int, kernel_size: int, residual: bool) -> None:
        super().__init__(
            inputs, outputs, expansion=expansion, kernel_size=kernel_size, residual=residual, global_resp_norm=False
        )
        if residual:
            self.res_conv = nn.Conv3d(inputs, outputs, 1, stride=2)
        self.conv1 = nn.Conv3d(inputs, inputs, kernel_size, stride=2, padding=kernel_size // 2, groups=inputs)

    def forward(self, x: Tensor) -> Tensor:
        """Features (N, C, z, y, x), halved."""
        return self.inner(x) + self.res_conv(x) if self.residual else self.inner(x)


class MedNeXtUpBlock(MedNeXtBlock):
    """The same with a transposed convolution; a plane is added before each axis so that the size doubles."""

    def __init__(
        self, inputs: int, outputs: int, *, expansion: int, kernel_size: int, residual: bool, global_resp_norm: bool
    ) -> None:
        super().__init__(
            inputs,
            outputs,
            expansion=expansion,
            kernel_size=kernel_size,
            residual=residual,
            global_resp_norm=global_resp_norm,
        )
        if residual:
            self.res_conv = nn.ConvTranspose3d(inputs, outputs, 1, stride=2)
        self.conv1 = nn.ConvTranspose3d(inputs, inputs, kernel_size, stride=2, padding=kernel_size // 2, groups=inputs)

    def forward(self, x: Tensor) -> Tensor:
        """Features (N, C, z, y, x), doubled."""
        out = nn.functional.pad(self.inner(x), (1, 0, 1, 0, 1, 0))
        return out + nn.functional.pad(self.res_conv(x), (1, 0, 1, 0, 1, 0)) if self.residual else out


class MedNeXtOutBlock(nn.Module):
    """To the classes."""

    def __init__(self, inputs: int, classes: int) -> None:
        super().__init__()
        self.conv_out = nn.ConvTranspose3d(inputs, classes, kernel_size=1)

    def forward(self, x: Tensor) -> Tensor:
        """Features to logits."""
        return cast(Tensor, self.conv_out(x))


def _per_stage(ratio: int | Sequence[int], stages: int) -> list[int]:
    return [ratio] * stages if isinstance(ratio, int) else list(ratio)


class MedNeXt(nn.Module):
    """MONAI's MedNeXt with normalisation per channel. Side of a tile: a multiple of 2^stages."""

    def __init__(
        self,
        *,
        init_filters: int = 32,
        in_channels: int = 1,
        out_channels: int = 2,
        encoder_expansion_ratio: int | Sequence[int] = 2,
        decoder_expansion_ratio: int | Sequence[int] = 2,
        bottleneck_expansion_ratio: int = 2,
        kernel_size: int = 7,
        deep_supervision: bool = False,
        use_residual_connection: bool = False,
        blocks_down: Sequence[int] = (2, 2, 2, 2),
        blocks_bottleneck: int = 2,
        blocks_up: Sequence[int] = (2, 2, 2, 2),
        norm_type: str = "group",
        global_resp_norm: bool = False,
    ) -> None:
        super().__init__()
        if norm_type != "group":
            raise ValueError(f"a MedNeXt with the normalisation {norm_type!r} is not known here")
        down_ratios = _per_stage(encoder_expansion_ratio, len(blocks_down))
        up_ratios = _per_stage(decoder_expansion_ratio, len(blocks_up))
        if len(down_ratios) < len(blocks_down) or len(up_ratios) < len(blocks_up):
            raise ValueError("a MedNeXt needs an expansion ratio for each stage")

        def stage(channels: int, blocks: int, ratio: int) -> nn.Module:
            return nn.Sequential(
                *[
                    MedNeXtBlock(
                        channels,
                        channels,
                        expansion=ratio,
                        kernel_size=kernel_size,
                        residual=use_residual_connection,
                        global_resp_norm=global_resp_norm,
                    )
                    for _ in range(blocks)
                ]
            )

        self.stem = nn.Conv3d(in_channels, init_filters, kernel_size=1)
        self.enc_stages, self.down_blocks = nn.ModuleList(), nn.ModuleList()
        for level, blocks in enumerate(blocks_down):
            channels = init_filters * 2**level
            self.enc_stages.append(stage(channels, blocks, down_ratios[level]))
            down = MedNeXtDownBlock(
                channels,
                2 * channels,
                expansion=down_ratios[level],
                kernel_size=kernel_size,
                residual=use_residual_connection,
            )
            self.down_blocks.append(down)
        self.bottleneck = stage(init_filters * 2 ** len(blocks_down), blocks_bottleneck, bottleneck_expansion_ratio)
        self.up_blocks, self.dec_stages = nn.ModuleList(), nn.ModuleList()
        for level, blocks in enumerate(blocks_up):
            channels = init_filters * 2 ** (len(blocks_up) - level - 1)
            up = MedNeXtUpBlock(
                2 * channels,
                channels,
                expansion=up_ratios[level],
                kernel_size=kernel_size,
                residual=use_residual_connection,
                global_resp_norm=global_resp_norm,
            )
            self.up_blocks.append(up)
            self.dec_stages.append(stage(channels, blocks, up_ratios[level]))
        self.out_0 = MedNeXtOutBlock(init_filters, out_channels)
        if deep_supervision:
            heads = [MedNeXtOutBlock(init_filters * 2**level, out_channels) for level in range(len(blocks_up), 0, -1)]
            self.out_blocks = nn.ModuleList(heads)

    def forward(self, x: Tensor) -> Tensor:
        """Image (N, C, z, y, x) to logits."""
        x = self.stem(x)
        kept = []
        for encoder, down in zip(self.enc_stages, self.down_blocks, strict=True):
            x = encoder(x)
            kept.append(x)
            x = down(x)
        x = self.bottleneck(x)
        for up, decoder in zip(self.up_blocks, self.dec_stages, strict=True):
            x = decoder(up(x) + kept.pop())
        return cast(Tensor, self.out_0(x))
