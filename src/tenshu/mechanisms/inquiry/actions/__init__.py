"""The only writers of inquiries, by what they are about."""
