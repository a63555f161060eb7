"""The trainer on its own thread: a queue of commands down, a mailbox with the latest run up."""

from ganviz.loading import torch_before_qt

torch_before_qt()
