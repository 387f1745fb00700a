"""Pages with a form. A view hands clean data to one service function; what it refuses comes back to the form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import PortalForm
from accounts.services import submissions
from accounts.views.base import ScopedView
from roguelink.errors import NotAllowed, ServiceError, StaleObject


@dataclass(frozen=True)
class Difference:
    """A field in which the person's form and the object as it is now differ, in words."""

    label: Any
    yours: str
    theirs: str


class FormPage(ScopedView):
    """A form over an object (edit) or over none (create).

    `perform(form)` calls the service and returns the object saved, None when there is none left to show, or a
    response of its own. What was typed is kept whenever something is refused.
    """

    form_class: ClassVar[type[PortalForm]]
    template_name = "components/form_page.html"
    title: ClassVar[Any] = ""
    submit_label: ClassVar[Any] = _("Save")
    success_message: ClassVar[Any] = _("Saved.")
    object: Any = None

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        self.object = self.find_object(**kwargs)
        return self.render_form(self.get_form())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        self.object = self.find_object(**kwargs)
        form = self.get_form(request.POST, request.FILES)
        if not form.is_valid():
            return self.render_form(form, status=422)
        try:
            return self.perform_once(form)
        except StaleObject as error:
            return self.render_stale(form, error)
        except NotAllowed as error:
            raise PermissionDenied(error.message) from error
        except ServiceError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
            return self.render_form(form, status=422)

    def find_object(self, **kwargs: Any) -> Any:
        """The object of the form, in scope; None when it makes a new one."""
        return self.find(self.model, kwargs["pk"]) if self.model is not None and "pk" in kwargs else None

    def get_form(self, data: Any = None, files: Any = None) -> PortalForm:
        """The form, bound when there is data."""
        return self.form_class(data, files, user=self.user, instance=self.object, initial=self.get_initial())

    def get_initial(self) -> dict[str, Any]:
        """What the form begins with beside the object's own values."""
        return {}

    def perform(self, form: PortalForm) -> Model | HttpResponseBase | None:
        """Call the service; the object it returns, None to go back to `cancel_url()`, or the response to give."""
        raise NotImplementedError

    def get_success_url(self, result: Any) -> str:
        """Where the person goes when it worked."""
        url: str = result.get_absolute_url()
        return url

    def perform_once(self, form: PortalForm) -> HttpResponseBase:
        """Do the work of this sending, unless an earlier sending of the same form has done it."""
        token = form.cleaned_data.get("submission")
        with transaction.atomic():
            if token and (earlier := submissions.claim(self.user, token=token)):
                messages.info(self.request, _("This form had been sent already; here is its result."))
                return HttpResponseRedirect(earlier.result_url or self.cancel_url())
            result = self.perform(form)
            if isinstance(result, HttpResponseBase):
                response = result
            else:
                response = HttpResponseRedirect(self.done_url(result))
                messages.success(self.request, self.success_message)
            if token:
                submissions.settle(self.user, token=token, result_url=self.result_url(response))
        return response

    def done_url(self, result: Model | None) -> str:
        """Where the person goes: to what was saved, once it is sure to be in his scope."""
        if result is None:
            return self.cancel_url()
        self.must_be_in_scope(result)
        return self.get_success_url(result)

    def result_url(self, response: HttpResponseBase) -> str:
        """Where the result of the form can be looked at again."""
        return getattr(response, "url", "") or self.cancel_url()

    def must_be_in_scope(self, saved: Model) -> None:
        """The third lock: what was saved must be something this person may see; else nothing is saved."""
        if not self.scoped(type(saved)).filter(pk=saved.pk).exists():
            raise PermissionDenied

    def cancel_url(self) -> str:
        """Where Cancel leads."""
        return self.object.get_absolute_url() if self.object is not None else "/"

    def get_context(self, form: PortalForm) -> dict[str, Any]:
        """What the template needs beside the form."""
        return {}

    def render_form(self, form: PortalForm, *, status: int = 200, **extra: Any) -> HttpResponse:
        """The page with the form as it stands."""
        context = {
            "form": form,
            "object": self.object,
            "title": self.title,
            "submit_label": self.submit_label,
            "cancel_url": self.cancel_url(),
            "stale": None,
            **self.get_context(form),
            **extra,
        }
        return self.render(context, status=status)

    def render_stale(self, form: PortalForm, error: StaleObject) -> HttpResponse:
        """Both versions side by side. Sending the form again, knowing that, overwrites."""
        differences = [
            Difference(form.fields[name].label or name, form.readable(name, yours), form.readable(name, theirs))
            for name, theirs in error.current.items()
            if name in form.fields and (yours := form.cleaned_data.get(name)) != theirs
        ]
        data = self.request.POST.copy()
        data[form.add_prefix("version")] = self.find_object(**self.kwargs).version
        data[form.add_prefix("submission")] = str(form.initial["submission"])
        form.data = data
        return self.render_form(form, status=409, stale=differences, stale_message=error.message)


class ActionPage(FormPage):
    """A question before something is done: what goes with it, whether it can be undone, and a button.

    `form_class` may ask for a reason; a plain PortalForm asks nothing.
    """

    form_class = PortalForm
    question: ClassVar[Any] = ""
    danger: ClassVar[bool] = False

    def consequences(self) -> list[Any]:
        """What will happen, a sentence each."""
        return []

    def get_context(self, form: PortalForm) -> dict[str, Any]:
        return {"question": self.question, "danger": self.danger, "consequences": self.consequences()}
