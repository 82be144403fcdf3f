"""URLs of this room."""

from django.urls import path

from tenshu.ground.notices.ui import mails, reminders, views

app_name = "notices"
urlpatterns = [
    path("", views.notice_list, name="notice-list"),
    path("open/", views.notice_open, name="notice-open"),
    path("read/", views.mark_read, name="mark-read"),
    path("preferences/", views.preferences, name="preferences"),
    path("outbox/", mails.mail_list, name="mail-list"),
    path("outbox/<int:mail_id>/", mails.mail_detail, name="mail-detail"),
    path("outbox/<int:mail_id>/retry/", mails.mail_retry, name="mail-retry"),
    path("outbox/<int:mail_id>/answer/", mails.mail_answer, name="mail-answer"),
    path("reminders/", reminders.reminder_list, name="reminder-list"),
    path("bounces/", mails.bounces, name="bounces"),
    path("bounces/<int:failing_id>/clear/", mails.failing_clear, name="failing-clear"),
]
