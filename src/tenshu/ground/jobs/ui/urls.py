"""URLs of this room."""

from django.urls import path

from tenshu.ground.jobs.ui import job_views, views

app_name = "jobs"
urlpatterns = [
    path("", views.job_overview, name="job-overview"),
    path("ended/", views.job_list, name="job-list"),
    path("slots/", views.slot_list, name="slot-list"),
    path("workers/", views.worker_list, name="worker-list"),
    path("<uuid:job_id>/", job_views.job_detail, name="job-detail"),
    path("<uuid:job_id>/cancel/", job_views.job_cancel, name="job-cancel"),
    path("<uuid:job_id>/retry/", job_views.job_retry, name="job-retry"),
    path("<uuid:job_id>/acknowledge/", job_views.job_acknowledge, name="job-acknowledge"),
]
