"""Ground: the base page, components, tables, forms and charts."""
