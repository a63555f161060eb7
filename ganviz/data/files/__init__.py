"""The user's own data: folders of images, IDX, NPY, NPZ, CSV, and an image as a density."""
