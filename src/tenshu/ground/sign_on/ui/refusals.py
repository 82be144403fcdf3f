"""Why a sign-in was refused, in words: what is wrong, and how to mend it."""

from tenshu.ground.sign_on.models import Outcome, Way
from tenshu.ground.sign_on.password_check import Checked
from tenshu.ground.sign_on.ui.waiting import wait_text

UNREACHABLE = "認証基盤につながりません。しばらく待ってから試し、続くときは事務局に伝えてください。"
REFUSALS: dict[str, str] = {
    Outcome.UNKNOWN_NUMBER: "職員番号が天守の名簿にありません。採用や異動の直後は、事務局が名簿に登録するまで待ってください。",
    Outcome.LEFT: "今日の配属がないため、サインインできません。異動や復職の登録がまだのときは、事務局に伝えてください。",
    Outcome.STOPPED: "この利用者は、事務局が利用を止めています。事務局に伝えてください。",
    Outcome.OTHER_IDENTITY: "この職員番号は、認証基盤の別の人にひも付いています。事務局に、ひも付けの取消を頼んでください。",
    Outcome.NAME_TAKEN: "この職員番号と同じ利用者名を、職員でない利用者が使っています。事務局に伝えてください。",
    Outcome.DOUBTED: "認証基盤の応答を確かめられませんでした。サインインの画面から、もう一度始めてください。",
    Outcome.CANCELLED: "認証基盤でのサインインが取りやめになりました。サインインの画面から、もう一度始めてください。",
    Outcome.UNREACHABLE: UNREACHABLE,
}


def why(checked: Checked, *, wrong: str) -> str:
    """What the person is told of a password that did not open; ``wrong`` where no more may be told."""
    if checked.outcome == Outcome.LOCKED:
        return f"続けて失敗したため、この利用者名ではサインインできません。{wait_text(checked.seconds)}待ってください。"
    if checked.outcome == Outcome.LIMITED:
        return (
            "この場所からの失敗が多いため、サインインを止めています。"
            f"{wait_text(checked.seconds)}待つか、事務局に伝えてください。"
        )
    # Only the directory's own password proves the person, so only then the reason may be told.
    if checked.way == Way.LDAP and checked.outcome in REFUSALS:
        return REFUSALS[checked.outcome]
    return wrong
