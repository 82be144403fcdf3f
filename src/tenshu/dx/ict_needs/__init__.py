"""The ICT-need inquiry (業務のICT化): tasks that divisions want digitised, their triage, support and effect."""
