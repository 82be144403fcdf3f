"""A small office with one record of every kind, and one person for each role, made by the actions themselves.

``people`` has the accounts, ``rooms`` what the rooms keep, ``inquiries`` questionnaires and a campaign, ``ground`` what
the ground floor keeps by itself. A new keyword of a URL gets its example where its record is made.
"""

from tenshu.ground.calendar.actions import do_open_year
from tenshu.ground.office.models import OfficeProfile
from tenshu.ground.office.tests.building import House
from tests.world import ground, inquiries, people, rooms
from tests.world.frame import DAY, PASSWORD, YEAR, World

__all__ = ["DAY", "PASSWORD", "YEAR", "World", "build_world"]


def build_world() -> World:
    """One office: 人事課 (head, officer), 環境衛生課 (staff), 行政DX推進課 (secretariat, security)."""
    house = House.build()
    OfficeProfile.objects.create(name="見本県")
    do_open_year(YEAR, acting_user=house.machine)
    world = World(house)
    people.add_people(world)
    rooms.add_records(world)
    inquiries.add_inquiry(world)
    rooms.add_need(world)
    ground.add_records(world)
    return world
