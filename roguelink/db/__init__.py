"""Small shared helpers for models and queries."""
