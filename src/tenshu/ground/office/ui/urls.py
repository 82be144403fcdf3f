from django.urls import path

from tenshu.ground.office.ui.views import plans, staff, staff_changes, unit_changes, units

app_name = "office"
urlpatterns = [
    path("", units.unit_tree, name="unit-tree"),
    path("units/new/", unit_changes.unit_open, name="unit-open"),
    path("units/<int:unit_id>/", units.unit_detail, name="unit-detail"),
    path("units/<int:unit_id>/correct/", unit_changes.unit_correct, name="unit-correct"),
    path("units/<int:unit_id>/rename/", unit_changes.unit_rename, name="unit-rename"),
    path("units/<int:unit_id>/end/", unit_changes.unit_end, name="unit-end"),
    path("units/<int:unit_id>/duties/new/", unit_changes.duty_set, name="duty-set"),
    path("duties/<int:duty_id>/end/", unit_changes.duty_end, name="duty-end"),
    path("staff/", staff.staff_list, name="staff-list"),
    path("staff/new/", staff_changes.staff_hire, name="staff-hire"),
    path("staff/<int:staff_id>/", staff.staff_detail, name="staff-detail"),
    path("staff/<int:staff_id>/correct/", staff_changes.staff_correct, name="staff-correct"),
    path("staff/<int:staff_id>/transfer/", staff_changes.staff_transfer, name="staff-transfer"),
    path("staff/<int:staff_id>/retire/", staff_changes.staff_retire, name="staff-retire"),
    path("posts/<int:post_id>/end/", staff_changes.post_end, name="post-end"),
    path("posts/<int:post_id>/officer/", staff_changes.post_officer, name="post-officer"),
    path("reorganisations/", plans.plan_list, name="plan-list"),
    path("reorganisations/new/", plans.plan_begin, name="plan-begin"),
    path("reorganisations/<int:plan_id>/", plans.plan_detail, name="plan-detail"),
    path("reorganisations/<int:plan_id>/withdraw/", plans.plan_withdraw, name="plan-withdraw"),
    path("reorganisations/<int:plan_id>/carry-out/", plans.plan_carry_out, name="plan-carry-out"),
    path("reorganisations/<int:plan_id>/steps/<slug:kind>/", plans.step_add, name="step-add"),
    path("reorganisation-steps/<int:step_id>/remove/", plans.step_remove, name="step-remove"),
]
