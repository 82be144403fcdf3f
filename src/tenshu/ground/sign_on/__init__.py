"""Sign-on (サインイン): second factors, the office's identity providers, sessions, the sign-in log."""
