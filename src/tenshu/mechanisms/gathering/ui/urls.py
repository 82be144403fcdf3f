from django.urls import path

from tenshu.mechanisms.gathering.ui import hanging, pages, writing

app_name = "gathering"
urlpatterns = [
    path("", pages.gathering_list, name="gathering-list"),
    path("new/", writing.gathering_add, name="gathering-add"),
    path("<int:gathering_id>/", pages.gathering_detail, name="gathering-detail"),
    path("<int:gathering_id>/calendar.ics", pages.gathering_calendar, name="gathering-calendar"),
    path("<int:gathering_id>/correct/", writing.gathering_correct, name="gathering-correct"),
    path("<int:gathering_id>/hold/", writing.gathering_hold, name="gathering-hold"),
    path("<int:gathering_id>/cancel/", writing.gathering_cancel, name="gathering-cancel"),
    path("<int:gathering_id>/reopen/", writing.gathering_reopen, name="gathering-reopen"),
    path("<int:gathering_id>/remove/", writing.gathering_remove, name="gathering-remove"),
    path("<int:gathering_id>/agenda/", writing.agenda_edit, name="agenda-edit"),
    path("<int:gathering_id>/minutes/", writing.minutes_edit, name="minutes-edit"),
    path("<int:gathering_id>/attendance/new/", hanging.attendance_add, name="attendance-add"),
    path("attendance/<int:attendance_id>/mark/", hanging.attendance_mark, name="attendance-mark"),
    path("attendance/<int:attendance_id>/remove/", hanging.attendance_remove, name="attendance-remove"),
    path("<int:gathering_id>/decisions/new/", hanging.decision_add, name="decision-add"),
    path("decisions/<int:decision_id>/remove/", hanging.decision_remove, name="decision-remove"),
    path("<int:gathering_id>/actions/new/", hanging.action_add, name="action-add"),
    path("actions/<int:action_id>/correct/", hanging.action_correct, name="action-correct"),
    path("actions/<int:action_id>/finish/", hanging.action_finish, name="action-finish"),
    path("actions/<int:action_id>/remove/", hanging.action_remove, name="action-remove"),
    path("<int:gathering_id>/materials/new/", hanging.material_add, name="material-add"),
    path(
        "<int:gathering_id>/materials/<int:attachment_id>/remove/",
        hanging.material_remove,
        name="material-remove",
    ),
]
