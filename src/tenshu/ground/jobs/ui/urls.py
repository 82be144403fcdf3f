"""URLs of this room."""

from django.urls import URLPattern

app_name = "jobs"
urlpatterns: list[URLPattern] = []
