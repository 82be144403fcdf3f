from tenshu.dx.karte import actions
from tenshu.dx.karte.tests.conftest import Case
from tenshu.ground.search.tests.asking import found


def test_kartes_and_what_hangs_on_systems_are_found_by_what_stands_in_them(case: Case) -> None:
    user = case.user
    assert "karte 総務事務システムのカルテ" in found(user, "職員の届出を受け付ける")
    assert found(user, "R3-0012") == ["contract 総務事務システム運用保守"]
    assert "software 見本データベース 12" in found(user, "見本データベース")
    assert "server 総務1号機" in found(user, "総務1号機")
    assert "vendor 見本情報サービス株式会社" in found(user, "みほんじょうほう")
    assert found(case.house.account("staff"), "総務1号機") == []


def test_a_vendor_that_changes_its_name_is_found_in_its_contracts(case: Case) -> None:
    actions.do_change_thing(case.made["vendor"], {"name": "例示電算株式会社"}, acting_user=case.user)
    hits = found(case.user, "例示電算株式会社")
    for hit in (
        "vendor 例示電算株式会社",
        "contract 総務事務システム運用保守",
        "software 見本データベース 12",
    ):
        assert hit in hits
    assert not any(hit.startswith("contract") for hit in found(case.user, "見本情報サービス"))


def test_a_karte_is_found_by_what_it_was_changed_to(case: Case) -> None:
    actions.do_change_karte(case.system, {"cloud_service": "見本クラウド東"}, acting_user=case.user)
    assert found(case.user, "見本クラウド東") == ["karte 総務事務システムのカルテ"]
