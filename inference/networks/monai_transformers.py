"""SwinUNETR and UNETR with MONAI's names of parameters (1.6.1).

Sources: Hatamizadeh et al., arXiv 2201.01266 (SwinUNETR) and 2103.10504 (UNETR); Liu et al., arXiv 2103.14030 (shifted
windows). Both compute with the size of their tile: a traced or converted copy serves this one size only, which
`fixed_tile` says.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence
from typing import cast

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from inference.networks.monai_layers import (
    Convolution,
    Size,
    Spec,
    UnetBasicBlock,
    UnetOutBlock,
    UnetrBasicBlock,
    UnetResBlock,
    UnetUpBlock,
    plain_transposed,
    triple,
)

Sides = tuple[int, int, int]


class MLPBlock(nn.Module):
    """Two linear layers with GELU between."""

    def __init__(self, channels: int, inner: int) -> None:
        super().__init__()
        self.linear1 = nn.Linear(channels, inner)
        self.linear2 = nn.Linear(inner, channels)

    def forward(self, x: Tensor) -> Tensor:
        """Tokens (…, C) in and out."""
        return cast(Tensor, self.linear2(functional.gelu(self.linear1(x))))


def window_partition(x: Tensor, window: Sides) -> Tensor:
    """(N, z, y, x, C) in windows: (N · windows, voxels of a window, C)."""
    n, d, h, w, c = x.shape
    x = x.reshape(n, d // window[0], window[0], h // window[1], window[1], w // window[2], window[2], c)
    return x.permute(0, 1, 3, 5, 2, 4, 6, 7).reshape(-1, window[0] * window[1] * window[2], c)


def window_reverse(x: Tensor, window: Sides, sizes: tuple[int, int, int, int]) -> Tensor:
    """The way back to (N, z, y, x, C)."""
    n, d, h, w = sizes
    x = x.reshape(n, d // window[0], h // window[1], w // window[2], *window, -1)
    return x.permute(0, 1, 4, 2, 5, 3, 6, 7).reshape(n, d, h, w, -1)


def fitted_window(sizes: Sequence[int], window: Sides, shift: Sides) -> tuple[Sides, Sides]:
    """No window is larger than the field, and a field of one window is not shifted."""
    fits = [size > side for size, side in zip(sizes, window, strict=True)]
    used = triple([side if fit else int(size) for size, side, fit in zip(sizes, window, fits, strict=True)])
    moved = triple([step if fit else 0 for step, fit in zip(shift, fits, strict=True)])
    return used, moved


@functools.lru_cache(maxsize=8)
def window_mask(sizes: Sides, window: Sides, shift: Sides) -> npt.NDArray[np.float32]:
    """Who may look at whom after the shift: 0 inside a region, −100 between (windows, voxels, voxels).

    Made with numpy, so that it is one constant in a traced or converted copy of the network.
    """
    regions = np.zeros(sizes, np.float32)
    parts = [(slice(-side), slice(-side, -step), slice(-step, None)) for side, step in zip(window, shift, strict=True)]
    for number, (d, h, w) in enumerate(itertools.product(*parts)):
        regions[d, h, w] = number
    counts = [size // side for size, side in zip(sizes, window, strict=True)]
    cells = regions.reshape(counts[0], window[0], counts[1], window[1], counts[2], window[2])
    flat = cells.transpose(0, 2, 4, 1, 3, 5).reshape(-1, window[0] * window[1] * window[2])
    apart = flat[:, None, :] != flat[:, :, None]
    return np.where(apart, np.float32(-100), np.float32(0))


class WindowAttention(nn.Module):
    """Attention inside windows with a bias by relative place."""

    relative_position_index: Tensor

    def __init__(self, channels: int, heads: int, window: Sides, *, qkv_bias: bool) -> None:
        super().__init__()
        self.heads = heads
        self.scale = (channels // heads) ** -0.5
        spans = [2 * side - 1 for side in window]
        self.relative_position_bias_table = nn.Parameter(torch.zeros(spans[0] * spans[1] * spans[2], heads))
        places = torch.stack(torch.meshgrid(*[torch.arange(side) for side in window], indexing="ij")).flatten(1)
        apart = (places[:, :, None] - places[:, None, :]).permute(1, 2, 0)
        apart = apart + torch.tensor([side - 1 for side in window])
        index = (apart * torch.tensor([spans[1] * spans[2], spans[2], 1])).sum(-1)
        self.register_buffer("relative_position_index", index)
        self.qkv = nn.Linear(channels, channels * 3, bias=qkv_bias)
        self.proj = nn.Linear(channels, channels)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """Windows (B, n, C); mask (windows, n, n) or None."""
        b, n, c = x.shape
        q, k, v = self.qkv(x).reshape(b, n, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        index = self.relative_position_index[:n, :n].reshape(-1)
        bias = self.relative_position_bias_table[index].reshape(n, n, -1).permute(2, 0, 1)
        seen = (q * self.scale) @ k.transpose(-2, -1) + bias.unsqueeze(0)
        if mask is not None:
            windows = mask.shape[0]
            seen = seen.reshape(b // windows, windows, self.heads, n, n) + mask.unsqueeze(1).unsqueeze(0)
            seen = seen.reshape(-1, self.heads, n, n)
        out = seen.softmax(dim=-1) @ v
        return cast(Tensor, self.proj(out.transpose(1, 2).reshape(b, n, c)))


class SwinTransformerBlock(nn.Module):
    """Attention in windows, shifted or not, and two linear layers, each with a shortcut."""

    def __init__(
        self, channels: int, heads: int, window: Sides, shift: Sides, *, mlp_ratio: float, qkv_bias: bool
    ) -> None:
        super().__init__()
        self.window, self.shift = window, shift
        self.norm1 = nn.LayerNorm(channels)
        self.attn = WindowAttention(channels, heads, window, qkv_bias=qkv_bias)
        self.norm2 = nn.LayerNorm(channels)
        self.mlp = MLPBlock(channels, int(channels * mlp_ratio))

    def _attended(self, x: Tensor) -> Tensor:
        n, d, h, w, c = (int(size) for size in x.shape)
        window, shift = fitted_window((d, h, w), self.window, self.shift)
        pads = [(side - size % side) % side for size, side in zip((d, h, w), window, strict=True)]
        x = functional.pad(self.norm1(x), (0, 0, 0, pads[2], 0, pads[1], 0, pads[0]))
        padded = triple([d + pads[0], h + pads[1], w + pads[2]])
        mask = None
        if any(shift):
            x = torch.roll(x, shifts=(-shift[0], -shift[1], -shift[2]), dims=(1, 2, 3))
            mask = torch.from_numpy(window_mask(padded, window, shift)).to(x.device, x.dtype)
        x = self.attn(window_partition(x, window), mask)
        x = window_reverse(x, window, (n, *padded))
        if any(shift):
            x = torch.roll(x, shifts=shift, dims=(1, 2, 3))
        return x[:, :d, :h, :w, :].reshape(n, d, h, w, c)

    def forward(self, x: Tensor) -> Tensor:
        """Features (N, z, y, x, C) in and out."""
        x = x + self._attended(x)
        return x + cast(Tensor, self.mlp(self.norm2(x)))


MERGED = {
    # the first published order names some of the eight places wrongly, and trained weights rely on it
    "merging": ((0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, 0, 1), (0, 1, 1), (1, 1, 1)),
    "mergingv2": tuple(itertools.product(range(2), range(2), range(2))),
}


class PatchMerging(nn.Module):
    """Eight neighbours become one voxel of twice the channels."""

    def __init__(self, channels: int, order: str) -> None:
        super().__init__()
        self.places = MERGED[order]
        self.reduction = nn.Linear(8 * channels, 2 * channels, bias=False)
        self.norm = nn.LayerNorm(8 * channels)

    def forward(self, x: Tensor) -> Tensor:
        """Features (N, z, y, x, C), halved."""
        _, d, h, w, _ = x.shape
        if d % 2 or h % 2 or w % 2:
            x = functional.pad(x, (0, 0, 0, w % 2, 0, h % 2, 0, d % 2))
        x = torch.cat([x[:, i::2, j::2, k::2, :] for i, j, k in self.places], -1)
        return cast(Tensor, self.reduction(self.norm(x)))


class BasicLayer(nn.Module):
    """The blocks of one stage and the merging after them."""

    def __init__(
        self,
        channels: int,
        depth: int,
        heads: int,
        window: Sides,
        *,
        mlp_ratio: float,
        qkv_bias: bool,
        downsample: str,
    ) -> None:
        super().__init__()
        half = triple([side // 2 for side in window])
        blocks = [
            SwinTransformerBlock(
                channels, heads, window, half if number % 2 else (0, 0, 0), mlp_ratio=mlp_ratio, qkv_bias=qkv_bias
            )
            for number in range(depth)
        ]
        self.blocks = nn.ModuleList(blocks)
        self.downsample = PatchMerging(channels, downsample)

    def forward(self, x: Tensor) -> Tensor:
        """Features (N, C, z, y, x), halved."""
        x = x.permute(0, 2, 3, 4, 1)
        for block in self.blocks:
            x = block(x)
        return cast(Tensor, self.downsample(x)).permute(0, 4, 1, 2, 3)


class PatchEmbed(nn.Module):
    """The image in cells of `patch` voxels."""

    def __init__(self, patch: Sides, inputs: int, channels: int, *, normalised: bool) -> None:
        super().__init__()
        self.patch = patch
        self.proj = nn.Conv3d(inputs, channels, kernel_size=patch, stride=patch)
        self.norm: nn.Module | None = nn.LayerNorm(channels) if normalised else None

    def forward(self, x: Tensor) -> Tensor:
        """Image (N, C, z, y, x) to features of its cells."""
        pads = [(side - int(size) % side) % side for size, side in zip(x.shape[2:], self.patch, strict=True)]
        if any(pads):
            x = functional.pad(x, (0, pads[2], 0, pads[1], 0, pads[0]))
        x = self.proj(x)
        if self.norm is not None:
            x = self.norm(x.permute(0, 2, 3, 4, 1)).permute(0, 4, 1, 2, 3)
        return x


STAGES = 4


class SwinTransformer(nn.Module):
    """The encoder: features at five sizes."""

    def __init__(
        self,
        inputs: int,
        channels: int,
        *,
        window: Sides,
        patch: Sides,
        depths: Sequence[int],
        heads: Sequence[int],
        mlp_ratio: float,
        qkv_bias: bool,
        patch_norm: bool,
        downsample: str,
        use_v2: bool,
    ) -> None:
        super().__init__()
        self.use_v2 = use_v2
        self.patch_embed = PatchEmbed(patch, inputs, channels, normalised=patch_norm)
        for stage in range(STAGES):
            width = channels * 2**stage
            layer = BasicLayer(
                width,
                depths[stage],
                heads[stage],
                window,
                mlp_ratio=mlp_ratio,
                qkv_bias=qkv_bias,
                downsample=downsample,
            )
            self.add_module(f"layers{stage + 1}", nn.ModuleList([layer]))
            if use_v2:
                self.add_module(f"layers{stage + 1}c", nn.ModuleList([UnetrBasicBlock(width, width)]))

    def forward(self, x: Tensor, normalised: bool) -> list[Tensor]:
        """Image (N, C, z, y, x) to five features (N, C', …), each half the size of the one before."""
        x = self.patch_embed(x)
        kept = [_layer_normalised(x) if normalised else x]
        for stage in range(STAGES):
            if self.use_v2:
                x = self.get_submodule(f"layers{stage + 1}c.0")(x)
            x = self.get_submodule(f"layers{stage + 1}.0")(x)
            kept.append(_layer_normalised(x) if normalised else x)
        return kept


def _layer_normalised(x: Tensor) -> Tensor:
    x = x.permute(0, 2, 3, 4, 1)
    return functional.layer_norm(x, [int(x.shape[-1])]).permute(0, 4, 1, 2, 3)


class SwinUNETR(nn.Module):
    """MONAI's SwinUNETR, first and second version. Side of a tile: a multiple of patch_size^5 (32)."""

    fixed_tile = True

    def __init__(
        self,
        *,
        in_channels: int,
        out_channels: int,
        patch_size: int = 2,
        depths: Sequence[int] = (2, 2, 2, 2),
        num_heads: Sequence[int] = (3, 6, 12, 24),
        window_size: Size = 7,
        qkv_bias: bool = True,
        mlp_ratio: float = 4.0,
        feature_size: int = 24,
        norm_name: Spec = "instance",
        normalize: bool = True,
        patch_norm: bool = False,
        downsample: str = "merging",
        use_v2: bool = False,
    ) -> None:
        super().__init__()
        if feature_size % 12 or len(depths) != STAGES or len(num_heads) != STAGES or downsample not in MERGED:
            raise ValueError("a SwinUNETR has four stages and a feature size that 12 divides")
        self.normalize = normalize
        f = feature_size
        self.swinViT = SwinTransformer(
            in_channels,
            f,
            window=triple(window_size),
            patch=triple(patch_size),
            depths=depths,
            heads=num_heads,
            mlp_ratio=mlp_ratio,
            qkv_bias=qkv_bias,
            patch_norm=patch_norm,
            downsample=downsample,
            use_v2=use_v2,
        )
        self.encoder1 = UnetrBasicBlock(in_channels, f, norm_name=norm_name)
        self.encoder2 = UnetrBasicBlock(f, f, norm_name=norm_name)
        self.encoder3 = UnetrBasicBlock(2 * f, 2 * f, norm_name=norm_name)
        self.encoder4 = UnetrBasicBlock(4 * f, 4 * f, norm_name=norm_name)
        self.encoder10 = UnetrBasicBlock(16 * f, 16 * f, norm_name=norm_name)
        self.decoder5 = UnetUpBlock(16 * f, 8 * f, norm_name=norm_name, res_block=True)
        self.decoder4 = UnetUpBlock(8 * f, 4 * f, norm_name=norm_name, res_block=True)
        self.decoder3 = UnetUpBlock(4 * f, 2 * f, norm_name=norm_name, res_block=True)
        self.decoder2 = UnetUpBlock(2 * f, f, norm_name=norm_name, res_block=True)
        self.decoder1 = UnetUpBlock(f, f, norm_name=norm_name, res_block=True)
        self.out = UnetOutBlock(f, out_channels)

    def forward(self, x: Tensor) -> Tensor:
        """Image (N, C, z, y, x) to logits."""
        hidden = self.swinViT(x, self.normalize)
        out = self.decoder5(self.encoder10(hidden[4]), hidden[3])
        out = self.decoder4(out, self.encoder4(hidden[2]))
        out = self.decoder3(out, self.encoder3(hidden[1]))
        out = self.decoder2(out, self.encoder2(hidden[0]))
        out = self.decoder1(out, self.encoder1(x))
        return cast(Tensor, self.out(out))


class SABlock(nn.Module):
    """Attention over all cells."""

    def __init__(self, channels: int, heads: int, *, qkv_bias: bool) -> None:
        super().__init__()
        self.heads = heads
        self.scale = (channels // heads) ** -0.5
        self.out_proj = nn.Linear(channels, channels)
        self.qkv = nn.Linear(channels, channels * 3, bias=qkv_bias)

    def forward(self, x: Tensor) -> Tensor:
        """Tokens (N, cells, C) in and out."""
        n, cells, c = x.shape
        q, k, v = self.qkv(x).reshape(n, cells, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        seen = ((q @ k.transpose(-2, -1)) * self.scale).softmax(dim=-1)
        return cast(Tensor, self.out_proj((seen @ v).transpose(1, 2).reshape(n, cells, c)))


class TransformerBlock(nn.Module):
    """Attention and two linear layers, each with a shortcut."""

    def __init__(self, channels: int, inner: int, heads: int, *, qkv_bias: bool) -> None:
        super().__init__()
        self.mlp = MLPBlock(channels, inner)
        self.norm1 = nn.LayerNorm(channels)
        self.attn = SABlock(channels, heads, qkv_bias=qkv_bias)
        self.norm2 = nn.LayerNorm(channels)

    def forward(self, x: Tensor) -> Tensor:
        """Tokens (N, cells, C) in and out."""
        x = x + cast(Tensor, self.attn(self.norm1(x)))
        return x + cast(Tensor, self.mlp(self.norm2(x)))


CELL = 16


class CellsInRows(nn.Module):
    """(N, C, z, y, x) to (N, cells, 16³ · C), channels last inside a cell."""

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        n, c, d, h, w = x.shape
        x = x.reshape(n, c, d // CELL, CELL, h // CELL, CELL, w // CELL, CELL)
        return x.permute(0, 2, 4, 6, 3, 5, 7, 1).reshape(n, -1, CELL**3 * c)


class PatchEmbeddingBlock(nn.Module):
    """The image in cells of 16 voxels, with their places."""

    def __init__(self, inputs: int, cells: int, channels: int, proj_type: str) -> None:
        super().__init__()
        self.patch_embeddings: nn.Module
        if proj_type == "conv":
            self.patch_embeddings = nn.Conv3d(inputs, channels, kernel_size=CELL, stride=CELL)
        elif proj_type == "perceptron":
            self.patch_embeddings = nn.Sequential(CellsInRows(), nn.Linear(inputs * CELL**3, channels))
        else:
            raise ValueError(f"the projection {proj_type!r} is not known here")
        self.by_convolution = proj_type == "conv"
        self.position_embeddings = nn.Parameter(torch.zeros(1, cells, channels))

    def forward(self, x: Tensor) -> Tensor:
        """Image (N, C, z, y, x) to tokens (N, cells, C')."""
        x = self.patch_embeddings(x)
        if self.by_convolution:
            x = x.flatten(2).transpose(-1, -2)
        return x + self.position_embeddings


class ViT(nn.Module):
    """The encoder of UNETR."""

    def __init__(
        self,
        inputs: int,
        cells: int,
        channels: int,
        *,
        mlp_dim: int,
        layers: int,
        heads: int,
        proj_type: str,
        qkv_bias: bool,
    ) -> None:
        super().__init__()
        self.patch_embedding = PatchEmbeddingBlock(inputs, cells, channels, proj_type)
        blocks = [TransformerBlock(channels, mlp_dim, heads, qkv_bias=qkv_bias) for _ in range(layers)]
        self.blocks = nn.ModuleList(blocks)
        self.norm = nn.LayerNorm(channels)

    def forward(self, x: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Image to the last tokens and those after each block."""
        x = self.patch_embedding(x)
        kept = []
        for block in self.blocks:
            x = block(x)
            kept.append(x)
        return self.norm(x), kept


class UnetrPrUpBlock(nn.Module):
    """Tokens doubled once and `layers` times more."""

    def __init__(
        self, inputs: int, outputs: int, layers: int, *, norm_name: Spec, conv_block: bool, res_block: bool
    ) -> None:
        super().__init__()
        self.transp_conv_init = plain_transposed(inputs, outputs, kernel_size=2, stride=2)
        block = UnetResBlock if res_block else UnetBasicBlock

        def doubled() -> Convolution:
            return plain_transposed(outputs, outputs, kernel_size=2, stride=2)

        steps: list[nn.Module] = [
            nn.Sequential(doubled(), block(outputs, outputs, norm_name=norm_name)) if conv_block else doubled()
            for _ in range(layers)
        ]
        self.blocks = nn.ModuleList(steps)

    def forward(self, x: Tensor) -> Tensor:
        """Features (N, C, z, y, x), doubled 1 + layers times."""
        x = self.transp_conv_init(x)
        for block in self.blocks:
            x = block(x)
        return x


class UNETR(nn.Module):
    """MONAI's UNETR. The tile has the size `img_size`."""

    fixed_tile = True

    def __init__(
        self,
        *,
        in_channels: int,
        out_channels: int,
        img_size: Size,
        feature_size: int = 16,
        hidden_size: int = 768,
        mlp_dim: int = 3072,
        num_heads: int = 12,
        proj_type: str = "conv",
        norm_name: Spec = "instance",
        conv_block: bool = True,
        res_block: bool = True,
        qkv_bias: bool = False,
    ) -> None:
        super().__init__()
        if hidden_size % num_heads:
            raise ValueError("the hidden size of a UNETR is a multiple of its heads")
        self.grid = triple([side // CELL for side in triple(img_size)])
        self.vit = ViT(
            in_channels,
            self.grid[0] * self.grid[1] * self.grid[2],
            hidden_size,
            mlp_dim=mlp_dim,
            layers=12,
            heads=num_heads,
            proj_type=proj_type,
            qkv_bias=qkv_bias,
        )
        f = feature_size
        self.encoder1 = UnetrBasicBlock(in_channels, f, norm_name=norm_name, res_block=res_block)
        for number, (width, layers) in enumerate(((2 * f, 2), (4 * f, 1), (8 * f, 0)), start=2):
            encoder = UnetrPrUpBlock(
                hidden_size, width, layers, norm_name=norm_name, conv_block=conv_block, res_block=res_block
            )
            self.add_module(f"encoder{number}", encoder)
        self.decoder5 = UnetUpBlock(hidden_size, 8 * f, norm_name=norm_name, res_block=res_block)
        self.decoder4 = UnetUpBlock(8 * f, 4 * f, norm_name=norm_name, res_block=res_block)
        self.decoder3 = UnetUpBlock(4 * f, 2 * f, norm_name=norm_name, res_block=res_block)
        self.decoder2 = UnetUpBlock(2 * f, f, norm_name=norm_name, res_block=res_block)
        self.out = UnetOutBlock(f, out_channels)

    def _laid_out(self, tokens: Tensor) -> Tensor:
        n, _, c = tokens.shape
        return tokens.reshape(n, *self.grid, c).permute(0, 4, 1, 2, 3)

    def forward(self, x: Tensor) -> Tensor:
        """Image (N, C, z, y, x) to logits."""
        last, hidden = self.vit(x)
        out = self._laid_out(last)
        for decoder, encoder, layer in ((5, 4, 9), (4, 3, 6), (3, 2, 3)):
            skip = self.get_submodule(f"encoder{encoder}")(self._laid_out(hidden[layer]))
            out = self.get_submodule(f"decoder{decoder}")(out, skip)
        return cast(Tensor, self.out(self.decoder2(out, self.encoder1(x))))
