from django.urls import path

from tenshu.ground.calendar.ui import views

app_name = "calendar"
urlpatterns = [
    path("", views.year_list, name="year-list"),
    path("years/open/", views.year_open, name="year-open"),
    path("closures/add/", views.closure_add, name="closure-add"),
    path("closures/<int:closure_id>/remove/", views.closure_remove, name="closure-remove"),
]
