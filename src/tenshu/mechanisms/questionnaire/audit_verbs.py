"""Japanese words for what the record says of questionnaires."""

VERBS = {
    "questionnaire.added": "質問票の追加",
    "questionnaire.changed": "質問票の変更",
    "questionnaire.version_added": "版の作成",
    "questionnaire.version_changed": "版の変更",
    "questionnaire.version_discarded": "版の取りやめ",
    "questionnaire.version_published": "版の確定",
    "questionnaire.question_added": "設問の追加",
    "questionnaire.question_changed": "設問の変更",
    "questionnaire.question_moved": "設問の並べ替え",
    "questionnaire.question_removed": "設問の削除",
    "questionnaire.ancestry_set": "設問の系譜の設定",
    "questionnaire.ancestry_removed": "設問の系譜の削除",
}
