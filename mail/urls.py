"""Addresses of the pages about mail."""

from django.urls import URLPattern

app_name = "mail"

urlpatterns: list[URLPattern] = []
