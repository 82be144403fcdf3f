from django.urls import path

from tenshu.dx.liaison.ui import views

app_name = "liaison"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("sessions/new/", views.session_add, name="session-add"),
    path("sessions/<int:session_id>/", views.session_detail, name="session-detail"),
    path("sessions/<int:session_id>/correct/", views.session_correct, name="session-correct"),
    path("sessions/<int:session_id>/report/", views.session_report, name="session-report"),
    path("conferences/", views.conference_list, name="conference-list"),
    path("conferences/new/", views.conference_add, name="conference-add"),
    path("conferences/<int:conference_id>/correct/", views.conference_correct, name="conference-correct"),
]
