"""The HTTP API under /api/v1: tokens, errors, paging; rooms offer their routers."""
