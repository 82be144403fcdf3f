"""What the secretariat changes in people and their posts."""

from django.utils import timezone

from tenshu.ground.api.filling import filled
from tenshu.ground.api.routes import ApiRequest
from tenshu.ground.office.actions import (
    do_correct_staff,
    do_end_post,
    do_hire,
    do_retire,
    do_set_officer,
    do_transfer,
)
from tenshu.ground.office.api.shapes import (
    ROUTES,
    LastDayIn,
    OfficerIn,
    PostOut,
    StaffIn,
    StaffOut,
    StaffPatch,
    TransferIn,
    locked_staff,
    post_out,
    staff_out,
)
from tenshu.ground.office.models import EmploymentKind, Post
from tenshu.ground.office.ui import forms
from tenshu.ground.office.ui.views.staff_changes import access_post

ONE = "/staff/{int:staff_id}"


@ROUTES.post("/staff", page="office:staff-hire", gives=StaffOut, summary="職員を登録する", status=201)
def staff_hire(request: ApiRequest, body: StaffIn) -> StaffOut:
    """A new member of staff with the first post."""
    present = {"employment": EmploymentKind.REGULAR.value, "rank": body.rank}
    values = filled(forms.StaffHireForm, body, present=present)
    return staff_out(request.person, do_hire(**values, acting_user=request.person))


@ROUTES.patch(ONE, page="office:staff-correct", gives=StaffOut, summary="職員の登録を直す")
def staff_correct(request: ApiRequest, staff_id: int, body: StaffPatch) -> StaffOut:
    """Facts of a person."""
    staff = locked_staff(request, staff_id)
    present = {name: getattr(staff, name) for name in forms.StaffCorrectForm.base_fields}
    values = filled(forms.StaffCorrectForm, body, present=present)
    return staff_out(request.person, do_correct_staff(staff, values, acting_user=request.person))


@ROUTES.post(
    f"{ONE}/transfer", page="office:staff-transfer", gives=PostOut, summary="異動を入れる", status=201
)
def staff_transfer(request: ApiRequest, staff_id: int, body: TransferIn) -> PostOut:
    """A transfer; the answer is the new post."""
    staff = locked_staff(request, staff_id)
    values = filled(forms.TransferForm, body, present={"rank": body.rank})
    unit, on = values.pop("unit"), values.pop("valid_from")
    post = do_transfer(staff, unit, on, **values, acting_user=request.person)
    return post_out(post, details=True)


@ROUTES.post(f"{ONE}/retire", page="office:staff-retire", gives=StaffOut, summary="退職を入れる")
def staff_retire(request: ApiRequest, staff_id: int, body: LastDayIn) -> StaffOut:
    """The last day of a member of staff."""
    staff = locked_staff(request, staff_id)
    last_day = filled(forms.LastDayForm, body)["last_day"]
    return staff_out(request.person, do_retire(staff, last_day, acting_user=request.person))


@ROUTES.post("/posts/{int:post_id}/end", page="office:post-end", gives=PostOut, summary="配属を終わらせる")
def post_end(request: ApiRequest, post_id: int, body: LastDayIn) -> PostOut:
    """The end of one post."""
    post = access_post(request.person, post_id)
    last_day = filled(forms.LastDayForm, body)["last_day"]
    return post_out(do_end_post(post, last_day, acting_user=request.person), details=True)


@ROUTES.post(
    "/posts/{int:post_id}/officer",
    page="office:post-officer",
    gives=PostOut,
    summary="システム担当者にする・外す",
)
def post_officer(request: ApiRequest, post_id: int, body: OfficerIn) -> PostOut:
    """Make somebody a system officer, or no longer; the answer is the post then held."""
    post: Post = access_post(request.person, post_id)
    given = {"on": body.on or timezone.localdate()}
    on = filled(forms.OfficerForm, given)["on"]
    return post_out(do_set_officer(post, body.is_officer, on, acting_user=request.person), details=True)
