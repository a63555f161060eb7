"""The window and its panels, in Qt Widgets and pyqtgraph. Nothing here imports torch."""
