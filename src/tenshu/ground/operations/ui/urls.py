"""URLs of this room."""

from django.urls import path

from tenshu.ground.operations.ui import views

app_name = "operations"
urlpatterns = [
    path("health", views.health, name="health"),
    path("ready", views.ready, name="ready"),
    path("metrics", views.metrics, name="metrics"),
]
