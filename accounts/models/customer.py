"""Who pays: a person or a company, and the people one can reach there."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField
from phonenumber_field.phonenumber import PhoneNumber

from accounts.models.user import Level, User
from roguelink.db.history import tracked
from roguelink.db.matching import every_word, phone_digits, words_of
from roguelink.db.versions import Versioned

E164 = r"^(\+[1-9][0-9]{6,14})?$"  # ITU-T E.164: at most 15 digits


class CustomerQuerySet(models.QuerySet["Customer"]):
    """Customers are the staff's business."""

    def visible_to(self, user: User | AnonymousUser) -> CustomerQuerySet:
        """Everybody's for staff, nobody's for others."""
        return self.all() if user.is_active and user.level >= Level.STAFF else self.none()

    def for_display(self) -> CustomerQuerySet:
        """With contacts, and the number of domains that are not deleted as `domain_count`."""
        live = Count("domains", filter=Q(domains__deleted_at=None))
        counted = Customer.objects.filter(pk=OuterRef("pk")).annotate(n=live).values("n")
        return self.prefetch_related("contacts").annotate(domain_count=Subquery(counted))

    def matching(self, typed: str, *, at_most: int | None = None) -> CustomerQuerySet:
        """Customers in whom every word typed is found: in number, name, e-mail, street, city, or in a contact.

        What can be (half) a phone number, however it is written, is compared with the digits of the contacts too.
        With `at_most` that many of each, whichever are found first.
        """
        words, digits = words_of(typed), phone_digits(typed)
        if not words:
            return self
        reach = every_word(words, "name", "email") | (Q(phone__contains=digits) if digits else Q())
        # Each half goes by its own trigram indexes; joined by OR in one condition, PostgreSQL would read all rows.
        number = Customer.objects.filter(number=typed.strip()).values("pk")
        own = Customer.objects.filter(every_word(words, "number", "name", "email", "street", "city")).values("pk")
        through = Contact.objects.filter(reach).order_by().values("customer_id")
        return self.filter(pk__in=number.union(own[:at_most], through[:at_most]))


@tracked()
class Customer(Versioned):
    """A person or a company with an account number. Domains belong to exactly one."""

    class Kind(models.TextChoices):
        PERSON = "person", _("person")
        COMPANY = "company", _("company")

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        SUSPENDED = "suspended", _("suspended")
        CLOSED = "closed", _("closed")

    number = models.CharField(_("account number"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.PERSON)
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail"), blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.ACTIVE)
    street = models.CharField(_("street"), max_length=200, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    region = models.CharField(_("state"), max_length=100, blank=True)
    postal_code = models.CharField(_("ZIP code"), max_length=20, blank=True)
    country = models.CharField(_("country"), max_length=2, default="US")
    notes = models.TextField(_("notes"), blank=True)
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="customer_has_name"),
            models.CheckConstraint(
                condition=Q(status__in=["active", "suspended", "closed"]), name="customer_status_known"
            ),
        ]
        indexes = [
            models.Index(fields=["name", "id"], name="customer_by_name"),
            models.Index(fields=["created_at", "id"], name="customer_by_age"),
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="customer_name_trigram"),
            GinIndex(OpClass(Upper("email"), name="gin_trgm_ops"), name="customer_email_trigram"),
            GinIndex(OpClass(Upper("street"), name="gin_trgm_ops"), name="customer_street_trigram"),
            GinIndex(OpClass(Upper("city"), name="gin_trgm_ops"), name="customer_city_trigram"),
            GinIndex(OpClass(Upper("number"), name="gin_trgm_ops"), name="customer_number_trigram"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The customer's page."""
        return reverse("accounts:customer-detail", args=[self.pk])

    @cached_property
    def first_phone(self) -> str:
        """The first number under which he can be reached, as it is written where he lives; empty without one."""
        # Not by the number's truth value: that asks whether it is dialable, which takes longer than all else here.
        for contact in self.contacts.all():
            phone: Any = contact.phone
            if isinstance(phone, PhoneNumber):
                return str(phone.as_national)
        return ""


class ContactQuerySet(models.QuerySet["Contact"]):
    """Contacts are seen by those who see the customer."""

    def visible_to(self, user: User | AnonymousUser) -> ContactQuerySet:
        """Everybody's for staff, nobody's for others."""
        return self.all() if user.is_active and user.level >= Level.STAFF else self.none()


@tracked()
class Contact(Versioned):
    """A way to reach a customer: a phone number, an address, a person in a company."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="contacts")
    name = models.CharField(_("name"), max_length=200, blank=True)
    role = models.CharField(_("role"), max_length=100, blank=True, help_text=_("home, cell, owner, bookkeeper …"))
    phone = PhoneNumberField(_("phone"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(phone__regex=E164), name="contact_phone_e164"),
            models.CheckConstraint(condition=~Q(name="", phone="", email=""), name="contact_reaches_somebody"),
        ]
        indexes = [
            GinIndex(OpClass("phone", name="gin_trgm_ops"), name="contact_phone_trigram"),
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="contact_name_trigram"),
            GinIndex(OpClass(Upper("email"), name="gin_trgm_ops"), name="contact_email_trigram"),
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, [self.name, str(self.phone), self.email]))
