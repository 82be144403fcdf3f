"""Ground: departments, divisions, groups, staff and their posts, as they stood on any date."""
