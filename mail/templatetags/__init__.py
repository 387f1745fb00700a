"""Template tags of mail."""
