"""The built-in tag library of every template: no ``{% load %}`` is needed."""

from django.template import Library

from tenshu.ground.ui.tags import blocks, data, fields, grids, words

register = Library()
for part in (words, blocks, data, fields, grids):
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)
