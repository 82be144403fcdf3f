"""Whoever is signed in signs in again: the keys of sessions never leave the house."""

from tenshu.ground.operations.derived import Derived

DERIVED = [Derived("サインインしている端末", tables=("sign_on_opensession",))]
