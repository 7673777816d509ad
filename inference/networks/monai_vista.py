"""VISTA3D by prompts of class (`vista3d132`), with MONAI's names of parameters (1.6.1).

Source: He et al., VISTA3D, arXiv 2406.05285. Only the way from the image through the class head is built; the branch of
clicks (`point_head`, `image_encoder.up_layers`) takes no part and is left out of the weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor, nn

from inference.networks.monai_layers import UnetrBasicBlock
from inference.networks.monai_segresnet import SegResNetDS

MOST_PROMPTS = 512


class VistaEncoder(SegResNetDS):
    """SegResNetDS2 without the branch of clicks."""

    branches = ("up_layers_auto",)
    used_branch = "up_layers_auto"


class ClassMappingClassify(nn.Module):
    """One mask for each class: the product of the image's features and of the class's."""

    def __init__(self, classes: int, features: int, *, use_mlp: bool) -> None:
        super().__init__()
        self.use_mlp = use_mlp
        if use_mlp:
            self.mlp = nn.Sequential(
                nn.Linear(features, features), nn.InstanceNorm1d(1), nn.GELU(), nn.Linear(features, features)
            )
        self.class_embeddings = nn.Embedding(classes, features)
        self.image_post_mapping = nn.Sequential(
            UnetrBasicBlock(features, features), UnetrBasicBlock(features, features)
        )

    def forward(self, features: Tensor, prompts: Tensor) -> Tensor:
        """Features (1, C, z, y, x) and prompts (P,) to logits (1, P, z, y, x)."""
        n, c, d, h, w = features.shape
        features = self.image_post_mapping(features)
        classes = self.class_embeddings(prompts.unsqueeze(1))
        if self.use_mlp:
            classes = self.mlp(classes)
        masks = classes.squeeze(1) @ features.reshape(n, c, d * h * w)
        return cast(Tensor, masks.reshape(n, -1, d, h, w))


class Vista3d(nn.Module):
    """An image to a background of 0 and one logit for each prompt: a voxel belongs to the largest one above 0."""

    prompts: Tensor

    def __init__(
        self, *, prompts: Sequence[int], encoder_embed_dim: int = 48, in_channels: int = 1, n_classes: int = 512
    ) -> None:
        super().__init__()
        if not prompts or len(prompts) >= MOST_PROMPTS or not all(0 <= prompt < n_classes for prompt in prompts):
            raise ValueError(f"prompts of VISTA3D are classes from 0 to {n_classes - 1}")
        self.image_encoder = VistaEncoder(
            in_channels=in_channels,
            blocks_down=(1, 2, 2, 4, 4),
            norm="instance",
            out_channels=encoder_embed_dim,
            init_filters=encoder_embed_dim,
            dsdepth=1,
        )
        self.class_head = ClassMappingClassify(n_classes, encoder_embed_dim, use_mlp=True)
        self.register_buffer("prompts", torch.tensor(list(prompts), dtype=torch.long), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """Image (1, 1, z, y, x) to logits (1, 1 + prompts, z, y, x)."""
        masks = self.class_head(self.image_encoder(x), self.prompts)
        return torch.cat((torch.zeros_like(masks[:, :1]), masks), dim=1)
