"""Template tags of people and domains."""
