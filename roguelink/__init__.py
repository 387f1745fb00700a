"""The ground floor: settings, Celery, embedded services, small shared helpers. Imports no app."""

from roguelink.celery import app as celery_app

__all__ = ["celery_app"]
