"""Where each address leads. The apps are named as strings: the ground floor imports none of them."""

from django.urls import include, path

from roguelink.views import health

handler400 = "accounts.views.errors.bad_request"
handler403 = "accounts.views.errors.forbidden"
handler404 = "accounts.views.errors.not_found"
handler500 = "accounts.views.errors.server_error"

urlpatterns = [
    path("healthz", health, name="health"),
    path("sign-in/", include("accounts.urls_signin")),
    path("", include("accounts.urls")),
    path("", include("mail.urls")),
]
