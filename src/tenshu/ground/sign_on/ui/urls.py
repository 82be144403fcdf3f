"""URLs of this room."""

from django.urls import URLPattern

app_name = "sign_on"
urlpatterns: list[URLPattern] = []
