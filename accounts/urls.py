"""Addresses of the pages about people, customers and domains."""

from django.urls import path

from accounts.views.customers import CustomerCreate, CustomerDetail, CustomerEdit, CustomerList
from accounts.views.overview import Overview

app_name = "accounts"

urlpatterns = [
    path("", Overview.as_view(), name="overview"),
    path("customers/", CustomerList.as_view(), name="customer-list"),
    path("customers/new/", CustomerCreate.as_view(), name="customer-create"),
    path("customers/<int:pk>/", CustomerDetail.as_view(), name="customer-detail"),
    path("customers/<int:pk>/edit/", CustomerEdit.as_view(), name="customer-edit"),
]
