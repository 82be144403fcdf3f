"""URLs of this room."""

from django.urls import URLPattern

app_name = "operations"
urlpatterns: list[URLPattern] = []
