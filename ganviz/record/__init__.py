"""What a run leaves behind: the bounded history in memory, and the run folder on disk."""
