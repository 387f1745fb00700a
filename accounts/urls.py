"""Addresses of the pages about people, customers and domains."""

from django.urls import path

from accounts.views.account import MyAccount, PasswordChange, PasswordSuggestion, ProfileEdit, SessionEnd
from accounts.views.customers import CustomerCreate, CustomerDetail, CustomerEdit, CustomerList
from accounts.views.impersonation import ImpersonationEnd, ImpersonationStart
from accounts.views.overview import Overview

app_name = "accounts"

urlpatterns = [
    path("", Overview.as_view(), name="overview"),
    path("account/", MyAccount.as_view(), name="account"),
    path("account/profile/", ProfileEdit.as_view(), name="account-profile"),
    path("account/password/", PasswordChange.as_view(), name="account-password"),
    path("account/sessions/end/", SessionEnd.as_view(), name="account-sessions-end"),
    path("account/sessions/<int:pk>/end/", SessionEnd.as_view(), name="account-session-end"),
    path("password-suggestion/", PasswordSuggestion.as_view(), name="password-suggestion"),
    path("people/<int:pk>/log-in-as/", ImpersonationStart.as_view(), name="impersonate"),
    path("people/log-in-as/end/", ImpersonationEnd.as_view(), name="impersonation-end"),
    path("customers/", CustomerList.as_view(), name="customer-list"),
    path("customers/new/", CustomerCreate.as_view(), name="customer-create"),
    path("customers/<int:pk>/", CustomerDetail.as_view(), name="customer-detail"),
    path("customers/<int:pk>/edit/", CustomerEdit.as_view(), name="customer-edit"),
]
