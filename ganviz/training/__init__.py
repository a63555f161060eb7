"""The trainer: it plays a game, measures it, records it and keeps it. No Qt."""
