"""Makes a token for the benchmark's own account and names systems to ask for. Run in a home by ``api.py``."""

import json

import django

django.setup()

from tenshu.ground.access.models import User  # noqa: E402 - after setup
from tenshu.ground.access.queries import holds_any  # noqa: E402
from tenshu.ground.access.roles import EDITORS  # noqa: E402
from tenshu.ground.api.actions import do_issue_token  # noqa: E402
from tenshu.ground.systems.models import System  # noqa: E402

users = User.objects.filter(is_active=True, is_machine=False, must_change_password=False).select_related(
    "staff"
)
editor = next(user for user in users.order_by("-pk") if holds_any(user, EDITORS))
_, text = do_issue_token(editor, "測定", ["systems:write"], days=1, acting_user=editor)
systems = list(System.objects.order_by("pk").values_list("pk", flat=True)[:200])
print(json.dumps({"token": text, "system": systems[0], "systems": systems}))
