from django.urls import path

from tenshu.home.ui import views

app_name = "home"
urlpatterns = [
    path("", views.tasks, name="tasks"),
    path("changes/", views.changes, name="changes"),
]
