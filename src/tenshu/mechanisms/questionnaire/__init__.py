"""Questionnaires (質問票): drafts that become immutable versions, questions with a lineage over the years, typed answers."""
