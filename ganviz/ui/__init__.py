"""The window and its panels, in Qt Widgets and pyqtgraph. Nothing here imports torch, save on Windows."""

from ganviz.loading import torch_before_qt

torch_before_qt()
