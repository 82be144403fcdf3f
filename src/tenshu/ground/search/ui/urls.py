from django.urls import path

from tenshu.ground.search.ui import views

app_name = "search"
urlpatterns = [path("", views.results, name="results")]
