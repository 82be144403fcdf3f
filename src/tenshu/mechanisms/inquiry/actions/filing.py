"""The files that are an answer."""

from collections.abc import Sequence

from django.core.files.base import File
from django.db import transaction

from tenshu.ground.access.models import User
from tenshu.ground.audit.writing import change, create
from tenshu.ground.files.actions import attach, detach
from tenshu.ground.files.models import Attachment
from tenshu.ground.files.queries import attachments_of
from tenshu.mechanisms.inquiry.actions.answers import lock_for_answer, touch
from tenshu.mechanisms.inquiry.models import Answer, Sheet
from tenshu.mechanisms.questionnaire.models import Question
from tenshu.mechanisms.questionnaire.parts import ANSWER


@transaction.atomic
def do_change_files(
    sheet: Sheet,
    question: Question,
    upload: File[bytes] | None,
    gone: Sequence[Attachment],
    *,
    acting_user: User,
) -> Answer:
    """Hang ``upload`` on the answer and take ``gone`` off; the answer says the names of what hangs on it.

    Raises:
        FileRefused: the file is not taken.
    """
    sheet = lock_for_answer(sheet)
    answer = Answer.objects.select_for_update().filter(sheet=sheet, question=question).first()
    if answer is None:
        answer = Answer(sheet=sheet, question=question, value={}, updated_by=acting_user)
        create(answer, "inquiry.answer_saved", acting_user=acting_user)
    for attachment in gone:
        detach(attachment, acting_user=acting_user, reason="回答から外した")
    if upload is not None:
        attach(answer, upload, acting_user=acting_user)
    names = list(attachments_of(answer).order_by("pk").values_list("name", flat=True))
    value = {**answer.value, ANSWER: names}
    values = {"value": value, "revision": answer.revision + 1, "updated_by": acting_user}
    change(answer, values, "inquiry.file_added", acting_user=acting_user)
    touch(sheet)
    return answer
