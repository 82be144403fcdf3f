"""Why somebody whose identity is proved may not come in: what is wrong, and how to mend it."""

from tenshu.ground.sign_on.models import Outcome

REFUSALS: dict[str, str] = {
    Outcome.UNKNOWN_NUMBER: "職員番号が天守の名簿にありません。採用や異動の直後は、事務局が名簿に登録するまで待ってください。",
    Outcome.LEFT: "今日の配属がないため、サインインできません。異動や復職の登録がまだのときは、事務局に伝えてください。",
    Outcome.STOPPED: "この利用者は、事務局が利用を止めています。事務局に伝えてください。",
    Outcome.OTHER_IDENTITY: "この職員番号は、認証基盤の別の人にひも付いています。事務局に、ひも付けの取消を頼んでください。",
    Outcome.DOUBTED: "認証基盤の応答を確かめられませんでした。サインインの画面から、もう一度始めてください。",
    Outcome.CANCELLED: "認証基盤でのサインインが取りやめになりました。サインインの画面から、もう一度始めてください。",
}
UNREACHABLE = "認証基盤につながりません。しばらく待ってから試し、続くときは事務局に伝えてください。"
