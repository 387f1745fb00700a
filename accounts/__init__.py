"""Floor 2: people and who owns what."""
