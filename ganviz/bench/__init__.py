"""What users can run to trust the program: how fast it is, as ratios measured in one run."""

from ganviz.loading import torch_before_qt

torch_before_qt()
