"""Who may take out what hangs on an answer: whoever may read its sheet."""

from tenshu.ground.access.models import User
from tenshu.mechanisms.inquiry.models import Answer
from tenshu.mechanisms.inquiry.queries import sheets_for


def _of_answer(user: User, answer: Answer) -> bool:
    return sheets_for(user).filter(pk=answer.sheet_id).exists()


GATES = {"inquiry.answer": _of_answer}
