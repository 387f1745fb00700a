"""The ground floor as a Django app: it brings template tags and commands, no models."""

from django.apps import AppConfig


class RoguelinkConfig(AppConfig):
    """No models, no signals."""

    name = "roguelink"
