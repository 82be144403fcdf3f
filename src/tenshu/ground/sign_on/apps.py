from django.apps import AppConfig


class SignOnConfig(AppConfig):
    name = "tenshu.ground.sign_on"
    label = "sign_on"
    verbose_name = "サインイン"

    def ready(self) -> None:
        """Every session that Django opens is marked and listed."""
        from django.contrib.auth.signals import user_logged_in

        from tenshu.ground.sign_on.entrance import mark_session

        user_logged_in.connect(mark_session, dispatch_uid="sign_on.mark_session")
