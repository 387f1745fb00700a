"""Addresses of the pages about people, customers and domains."""

from django.urls import path

from accounts.views import contacts, customers, domains, grants, staff, suggest
from accounts.views.account import MyAccount, PasswordChange, PasswordSuggestion, ProfileEdit, SessionEnd
from accounts.views.impersonation import ImpersonationEnd, ImpersonationStart
from accounts.views.log import Log, Undo
from accounts.views.overview import Overview
from accounts.views.search import Search

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
    path("search/", Search.as_view(), name="search"),
    path("log/", Log.as_view(), name="log"),
    path("log/<str:kind>/<int:pk>/undo/", Undo.as_view(), name="undo"),
    path("customers/", customers.CustomerList.as_view(), name="customer-list"),
    path("customers/new/", customers.CustomerCreate.as_view(), name="customer-create"),
    path("customers/suggest/", suggest.CustomerSuggestions.as_view(), name="customer-suggest"),
    path("customers/<int:pk>/", customers.CustomerDetail.as_view(), name="customer-detail"),
    path("customers/<int:pk>/edit/", customers.CustomerEdit.as_view(), name="customer-edit"),
    path("customers/<int:pk>/suspend/", customers.CustomerSuspend.as_view(), name="customer-suspend"),
    path("customers/<int:pk>/activate/", customers.CustomerActivate.as_view(), name="customer-activate"),
    path("customers/<int:pk>/close/", customers.CustomerClose.as_view(), name="customer-close"),
    path("customers/<int:pk>/contacts/new/", contacts.ContactCreate.as_view(), name="contact-create"),
    path("customers/<int:pk>/contacts/<int:contact>/", contacts.ContactEdit.as_view(), name="contact-edit"),
    path("customers/<int:pk>/contacts/<int:contact>/delete/", contacts.ContactDelete.as_view(), name="contact-delete"),
    path("staff/", staff.StaffList.as_view(), name="staff-list"),
    path("staff/new/", staff.StaffCreate.as_view(), name="staff-create"),
    path("staff/<int:pk>/", staff.StaffEdit.as_view(), name="staff-edit"),
    path("staff/<int:pk>/password/", staff.StaffPassword.as_view(), name="staff-password"),
    path("staff/<int:pk>/second-factors/", staff.StaffFactors.as_view(), name="staff-factors"),
    path("domains/", domains.DomainList.as_view(), name="domain-list"),
    path("domains/new/", domains.DomainCreate.as_view(), name="domain-create"),
    path("domains/suggest/", suggest.DomainSuggestions.as_view(), name="domain-suggest"),
    path("domains/<int:pk>/", domains.DomainDetail.as_view(), name="domain-detail"),
    path("domains/<int:pk>/edit/", domains.DomainEdit.as_view(), name="domain-edit"),
    path("domains/<int:pk>/suspend/", domains.DomainSuspend.as_view(), name="domain-suspend"),
    path("domains/<int:pk>/activate/", domains.DomainActivate.as_view(), name="domain-activate"),
    path("domains/<int:pk>/delete/", domains.DomainDelete.as_view(), name="domain-delete"),
    path("domains/<int:pk>/restore/", domains.DomainRestore.as_view(), name="domain-restore"),
    path("domains/<int:pk>/admins/new/", grants.GrantCreate.as_view(), name="grant-create"),
    path("domains/<int:pk>/admins/<int:grant>/", grants.GrantEdit.as_view(), name="grant-edit"),
    path("domains/<int:pk>/admins/<int:grant>/revoke/", grants.GrantRevoke.as_view(), name="grant-revoke"),
]
