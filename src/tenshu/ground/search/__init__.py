"""Search (検索): one index over the records of all rooms."""
