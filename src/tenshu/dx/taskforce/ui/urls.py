from django.urls import path

from tenshu.dx.taskforce.ui import issues, meetings, pages, writing

app_name = "taskforce"
urlpatterns = [
    path("", pages.overview, name="overview"),
    path("roadmap/", pages.roadmap, name="roadmap"),
    path("issues/", pages.issue_list, name="issue-list"),
    path("issues/<int:issue_id>/", pages.issue_detail, name="issue-detail"),
    path("issues/<int:issue_id>/correct/", issues.issue_correct, name="issue-correct"),
    path("issues/<int:issue_id>/move/", issues.issue_move, name="issue-move"),
    path("issues/<int:issue_id>/remove/", issues.issue_remove, name="issue-remove"),
    path("meetings/", meetings.meeting_list, name="meeting-list"),
    path("meetings/<int:meeting_id>/correct/", meetings.meeting_correct, name="meeting-correct"),
    path("new/", writing.task_force_add, name="task-force-add"),
    path("<int:task_force_id>/correct/", writing.task_force_correct, name="task-force-correct"),
    path("<int:task_force_id>/groups/new/", writing.group_add, name="group-add"),
    path("<int:task_force_id>/meetings/new/", meetings.meeting_add, name="meeting-add"),
    path("groups/<int:group_id>/", pages.group_detail, name="group-detail"),
    path("groups/<int:group_id>/correct/", writing.group_correct, name="group-correct"),
    path("groups/<int:group_id>/remove/", writing.group_remove, name="group-remove"),
    path("groups/<int:group_id>/systems/", writing.targets_set, name="targets-set"),
    path("groups/<int:group_id>/members/new/", writing.member_add, name="member-add"),
    path("members/<int:membership_id>/correct/", writing.member_correct, name="member-correct"),
    path("members/<int:membership_id>/remove/", writing.member_remove, name="member-remove"),
    path("groups/<int:group_id>/issues/new/", issues.issue_add, name="issue-add"),
    path("groups/<int:group_id>/roadmap/new/", issues.roadmap_add, name="roadmap-add"),
    path("roadmap/<int:roadmap_item_id>/correct/", issues.roadmap_correct, name="roadmap-correct"),
    path("roadmap/<int:roadmap_item_id>/remove/", issues.roadmap_remove, name="roadmap-remove"),
]
