"""Pages about a customer's phones and people."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import PortalForm
from accounts.forms.customers import ContactForm
from accounts.models import Contact, Customer
from accounts.services import contacts
from accounts.views.forms import ActionPage, FormPage

CONTACTS = "accounts/customer/_contacts.html"


class ContactPage(FormPage):
    """What these pages share: a contact is found below its customer, and leads back to him.

    A page of its own without script; htmx gets the customer's list of contacts with the form in its place.
    """

    action = "customer.change"
    form_class: ClassVar[type[PortalForm]] = ContactForm

    def find_object(self, **kwargs: Any) -> Contact | None:
        self.customer = self.find(Customer, kwargs["pk"])
        if "contact" not in kwargs:
            return None
        contact = self.scoped(Contact).filter(customer=self.customer, pk=kwargs["contact"]).first()
        if contact is None:
            raise Http404
        return contact

    def render_form(self, form: PortalForm, *, status: int = 200, **extra: Any) -> HttpResponse:
        if not self.request.htmx:
            return super().render_form(form, status=status, **extra)
        context = {
            "object": self.customer,
            "contacts": self.scoped(Contact).filter(customer=self.customer),
            "may_change": True,
            "form": form,
            "form_contact": self.object,
            "form_url": self.request.path,
            "submit_label": self.submit_label,
            "stale": None,
            **self.get_context(form),
            **extra,
        }
        # htmx puts 422 in its place, and no other answer that is not a success.
        return self.render(context, template=CONTACTS, status=422 if status == 409 else status)

    def cancel_url(self) -> str:
        return self.customer.get_absolute_url()

    def get_success_url(self, result: Any) -> str:
        return self.cancel_url()


class ContactCreate(ContactPage):
    """Add a phone number or a person."""

    title = _("New contact")

    def perform(self, form: PortalForm) -> Contact:
        return contacts.create_contact(self.user, customer=self.customer, **form.service_data())


class ContactEdit(ContactPage):
    """Change it."""

    title = _("Change contact")

    def perform(self, form: PortalForm) -> Contact:
        return contacts.change_contact(
            self.user, contact=self.object, version=form.cleaned_data["version"], **form.service_data()
        )


class ContactDelete(ContactPage, ActionPage):
    """Remove it."""

    form_class = PortalForm
    template_name = ActionPage.template_name
    title = _("Remove contact")
    submit_label = _("Remove")
    success_message = _("Removed.")
    danger = True

    def consequences(self) -> list[Any]:
        return [_("The log keeps it.")]

    def perform(self, form: PortalForm) -> None:
        contacts.delete_contact(self.user, contact=self.object)
