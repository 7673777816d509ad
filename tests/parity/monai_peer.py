"""Runs in the environment with MONAI: its networks with random weights, an input and what they make of it.

Usage: python monai_peer.py CASES.json FOLDER. Writes FOLDER/<case>.safetensors with the state dict, `__input` and
`__logits`. The cases are `[{"case", "make": name in monai.networks.nets, "kwargs", "size", "pick", "prompts"}]`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import torch  # noqa: TID253  (a script of another environment)
from monai.networks import nets
from safetensors.torch import save_file


def randomised(network: torch.nn.Module) -> torch.nn.Module:
    """Weights and running statistics that a trained network could have: nothing is 0 or 1 everywhere."""
    generator = torch.Generator().manual_seed(7)
    with torch.no_grad():
        for name, tensor in network.state_dict().items():
            if not tensor.is_floating_point():
                continue
            noise = torch.randn(tensor.shape, generator=generator)
            if name.endswith("running_var"):
                tensor.copy_(noise.abs() + 0.5)
            elif tensor.ndim >= 2:
                fan_in = max(1, tensor[0].numel())
                tensor.copy_(noise * (1.4 / fan_in**0.5))
            else:
                tensor.copy_(0.3 * noise + (1.0 if name.endswith("weight") else 0.0))
    return network.eval()


def main() -> None:
    cases = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    folder = Path(sys.argv[2])
    torch.set_num_threads(1)
    for case in cases:
        torch.manual_seed(3)
        network = randomised(getattr(nets, case["make"])(**case["kwargs"]))
        channels = case.get("channels", 1)
        image = torch.randn(1, channels, *case["size"])
        with torch.no_grad():
            if "prompts" in case:
                masks = network(image, class_vector=torch.tensor(case["prompts"]).unsqueeze(1), transpose=True)
                logits = torch.cat([torch.zeros_like(masks[:, :1]), masks], 1)
            else:
                logits = network(image)
        if "pick" in case:
            logits = logits[case["pick"]]
        tensors = {name: tensor.clone().contiguous() for name, tensor in network.state_dict().items()}
        save_file(tensors | {"__input": image, "__logits": logits.contiguous()}, folder / f"{case['case']}.safetensors")


if __name__ == "__main__":
    main()
