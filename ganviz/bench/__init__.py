"""What users can run to trust the program: how fast it is, as ratios measured in one run."""
