"""Ground: accounts, roles, the permission table and its gates."""
