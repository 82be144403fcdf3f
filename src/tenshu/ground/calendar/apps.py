from django.apps import AppConfig


class CalendarConfig(AppConfig):
    name = "tenshu.ground.calendar"
    label = "calendar"
    verbose_name = "暦"
