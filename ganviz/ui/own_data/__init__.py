"""Own data in the window: the canvas on which points are drawn, and the preview of a file or folder."""
