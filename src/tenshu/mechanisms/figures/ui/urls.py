from django.urls import path

from tenshu.mechanisms.figures.ui import views

app_name = "figures"
urlpatterns = [
    path("", views.figure_list, name="figure-list"),
    path("<str:figure_key>/", views.figure_detail, name="figure-detail"),
]
