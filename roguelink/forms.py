"""How forms look: one renderer for the whole portal."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """Django's own form rendering, with our field group: label, widget, help, errors at the field."""

    field_template_name = "components/field.html"
