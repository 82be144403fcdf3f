from django.apps import AppConfig


class QuestionnaireConfig(AppConfig):
    name = "tenshu.mechanisms.questionnaire"
    label = "questionnaire"
    verbose_name = "質問票"
