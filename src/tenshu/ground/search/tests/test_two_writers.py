"""A row of the index that two transactions make at once says what the later one has left."""

import dataclasses
import threading

import pytest
from django.db import connection
from tests.world import build_world

from tenshu.ground.search.folding import fold
from tenshu.ground.search.index import drop, refresh
from tenshu.ground.search.models import IndexRow
from tenshu.ground.search.sources import sources
from tenshu.ground.systems.actions import do_correct_system
from tenshu.ground.systems.models import System

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_reindex_does_not_bring_back_the_text_that_it_read_before_a_change():
    world, source = build_world(), sources()["system"]
    system = System.objects.get(pk=world.kwargs["system_id"])
    drop(source, [system.pk])
    has_read, may_write = threading.Event(), threading.Event()

    def slowly(record):
        text = source.text(record)
        has_read.set()
        may_write.wait()
        return text

    def reindex():
        try:
            refresh(dataclasses.replace(source, text=slowly), [system.pk])
        finally:
            connection.close()

    def change():
        try:
            do_correct_system(system, {"name": "改めた名"}, acting_user=world.house.machine)
        finally:
            connection.close()

    builder, writer = threading.Thread(target=reindex), threading.Thread(target=change)
    builder.start()
    has_read.wait()
    writer.start()
    if connection.vendor == "postgresql":  # SQLite lets the change wait for the reindex to end
        writer.join()
    may_write.set()
    builder.join()
    writer.join()
    (row,) = IndexRow.objects.filter(source="system", object_key=system.pk)
    assert row.title == fold("改めた名")
