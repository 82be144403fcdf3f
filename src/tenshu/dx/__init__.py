"""Wing 庁内DX: one folder a room."""
