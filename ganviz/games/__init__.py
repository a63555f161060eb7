"""Players and rules, in torch: the objectives that train, the networks, and one file a game."""
