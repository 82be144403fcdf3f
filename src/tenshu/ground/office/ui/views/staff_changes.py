"""The secretariat's pages that change a person and the posts."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from tenshu.engines.japanese import format_wareki
from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.models import User
from tenshu.ground.office.actions import (
    do_correct_staff,
    do_end_post,
    do_hire,
    do_retire,
    do_set_officer,
    do_transfer,
)
from tenshu.ground.office.gates import access_staff
from tenshu.ground.office.models import Post, Staff
from tenshu.ground.office.ui.forms import (
    LastDayForm,
    OfficerForm,
    StaffCorrectForm,
    StaffHireForm,
    TransferForm,
)
from tenshu.ground.ui.answering import answer_form

FORM = "office/form.html"


def page_of(staff: Staff) -> str:
    """The person's page."""
    return reverse("office:staff-detail", kwargs={"staff_id": staff.pk})


def _context(staff: Staff, title: str, action_label: str, lead: str = "") -> dict[str, Any]:
    return {
        "title": title,
        "action_label": action_label,
        "lead": lead,
        "back_url": page_of(staff),
        "subject": staff,
        "of_staff": True,
    }


def staff_hire(request: HttpRequest) -> HttpResponse:
    """A new member of staff."""
    user = signed_in(request)
    context = {
        "title": "職員を登録する",
        "lead": "1人だけ足すときに使います。大勢のときは 職員.xlsx と 配属.xlsx を取り込んでください。",
        "action_label": "登録する",
        "back_url": reverse("office:staff-list"),
        "of_staff": True,
    }
    return answer_form(
        request,
        StaffHireForm(request.POST or None),
        lambda values: do_hire(**values, acting_user=user),
        template=FORM,
        context=context,
        message=lambda staff: f"{staff}を登録しました。",
        to=page_of,
    )


def staff_correct(request: HttpRequest, staff_id: int) -> HttpResponse:
    """Facts of a person."""
    user = signed_in(request)
    staff = access_staff(user, staff_id, "change")
    initial = {name: getattr(staff, name) for name in StaffCorrectForm.base_fields}
    return answer_form(
        request,
        StaffCorrectForm(request.POST or None, initial=initial),
        lambda values: do_correct_staff(staff, values, acting_user=user),
        template=FORM,
        context=_context(staff, f"{staff}の登録を直す", "直す"),
        message="職員の登録を直しました。",
        to=page_of,
    )


def staff_transfer(request: HttpRequest, staff_id: int) -> HttpResponse:
    """A transfer."""
    user = signed_in(request)
    staff = access_staff(user, staff_id, "change")
    lead = "いまの配属は発令日の前日に終わり、新しい配属が発令日から始まります。過去の配属は残ります。"

    def act(values: dict[str, Any]) -> Post:
        return do_transfer(staff, values.pop("unit"), values.pop("valid_from"), **values, acting_user=user)

    return answer_form(
        request,
        TransferForm(request.POST or None, initial={"rank": "member"}),
        act,
        template=FORM,
        context=_context(staff, f"{staff}の異動を入れる", "異動を入れる", lead),
        message=lambda post: f"{format_wareki(post.valid_from)}から{post.unit}に配属しました。",
        to=lambda _: page_of(staff),
    )


def staff_retire(request: HttpRequest, staff_id: int) -> HttpResponse:
    """The last day of a member of staff."""
    user = signed_in(request)
    staff = access_staff(user, staff_id, "change")
    lead = "すべての配属が最後の日で終わります。これまでの記録は残ります。"
    return answer_form(
        request,
        LastDayForm(request.POST or None),
        lambda values: do_retire(staff, values["last_day"], acting_user=user),
        template=FORM,
        context=_context(staff, f"{staff}の退職を入れる", "退職を入れる", lead),
        message="退職日を入れました。",
        to=page_of,
    )


def access_post(user: User, post_id: int) -> Post:
    """The post to be changed; raises ``Http404``, or ``PermissionDenied``."""
    post = Post.objects.select_related("staff", "unit").filter(pk=post_id).first()
    if post is None:
        raise Http404
    access_staff(user, post.staff_id, "change")
    return post


def post_end(request: HttpRequest, post_id: int) -> HttpResponse:
    """The end of one post, of a concurrent one for instance."""
    user = signed_in(request)
    post = access_post(user, post_id)
    return answer_form(
        request,
        LastDayForm(request.POST or None),
        lambda values: do_end_post(post, values["last_day"], acting_user=user),
        template=FORM,
        context=_context(post.staff, f"{post.staff}の{post.unit}の配属を終わらせる", "終わらせる"),
        message="配属の終わりを入れました。",
        to=lambda _: page_of(post.staff),
    )


def post_officer(request: HttpRequest, post_id: int) -> HttpResponse:
    """Make somebody a system officer, or no longer."""
    user = signed_in(request)
    post = access_post(user, post_id)
    becoming = not post.is_officer
    what = "システム担当者にする" if becoming else "システム担当者から外す"
    lead = "担当者は、自所属のシステム台帳を直し、照会に答えられます。" if becoming else ""
    return answer_form(
        request,
        OfficerForm(request.POST or None),
        lambda values: do_set_officer(post, becoming, values["on"], acting_user=user),
        template=FORM,
        context=_context(post.staff, f"{post.staff}を{what}", what, lead),
        message="システム担当者の設定を変えました。",
        to=lambda _: page_of(post.staff),
    )
