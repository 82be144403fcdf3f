"""Ground: the register of information systems on which rooms of every wing hang their records."""
