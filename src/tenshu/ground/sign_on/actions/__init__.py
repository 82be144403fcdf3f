"""The writers of factors, sessions, identities and the sign-in log."""
