"""Run by ``ganviz doctor`` in a process of its own, because a broken torch can end the process: loads it and
computes a gradient on every device. One line of JSON.
"""

from __future__ import annotations

import json


def main() -> None:
    """Print torch's version and, for each device, an empty text or why it does not compute."""
    import torch

    from ganviz.training.device import available

    devices: dict[str, str] = {}
    for name in available():
        try:
            weight = torch.ones(8, 8, device=name, requires_grad=True)
            (weight @ weight).sum().backward()
            right = weight.grad is not None and float(weight.grad.sum()) == 2 * 8**3
            devices[name] = "" if right else "computes a wrong gradient"
        except RuntimeError as error:
            devices[name] = str(error).strip().splitlines()[0]
    print(json.dumps({"torch": torch.__version__, "devices": devices}), flush=True)


if __name__ == "__main__":
    main()
