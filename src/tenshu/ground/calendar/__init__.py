"""Ground: fiscal years, Japanese eras, business days."""
