"""天守 (Tenshu): the whole year of a town hall's DX and information-security office in one place."""
