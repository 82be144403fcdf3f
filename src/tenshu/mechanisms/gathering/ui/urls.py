from django.urls import path

from tenshu.mechanisms.gathering.ui import pages, writing

app_name = "gathering"
urlpatterns = [
    path("", pages.gathering_list, name="gathering-list"),
    path("new/", writing.gathering_add, name="gathering-add"),
    path("<int:gathering_id>/", pages.gathering_detail, name="gathering-detail"),
    path("<int:gathering_id>/calendar.ics", pages.gathering_calendar, name="gathering-calendar"),
    path("<int:gathering_id>/correct/", writing.gathering_correct, name="gathering-correct"),
    path("<int:gathering_id>/hold/", writing.gathering_hold, name="gathering-hold"),
    path("<int:gathering_id>/cancel/", writing.gathering_cancel, name="gathering-cancel"),
    path("<int:gathering_id>/agenda/", writing.agenda_edit, name="agenda-edit"),
    path("<int:gathering_id>/minutes/", writing.minutes_edit, name="minutes-edit"),
    path("<int:gathering_id>/attendance/new/", writing.attendance_add, name="attendance-add"),
    path("attendance/<int:attendance_id>/mark/", writing.attendance_mark, name="attendance-mark"),
    path("attendance/<int:attendance_id>/remove/", writing.attendance_remove, name="attendance-remove"),
    path("<int:gathering_id>/decisions/new/", writing.decision_add, name="decision-add"),
    path("decisions/<int:decision_id>/remove/", writing.decision_remove, name="decision-remove"),
    path("<int:gathering_id>/actions/new/", writing.action_add, name="action-add"),
    path("actions/<int:action_id>/finish/", writing.action_finish, name="action-finish"),
    path("actions/<int:action_id>/remove/", writing.action_remove, name="action-remove"),
    path("<int:gathering_id>/materials/new/", writing.material_add, name="material-add"),
    path(
        "<int:gathering_id>/materials/<int:attachment_id>/remove/", writing.material_remove, name="material-remove"
    ),
]
