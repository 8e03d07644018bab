"""The importers of this room's own registers."""

from fengqiao.ground.importers.communities import COMMUNITIES
from fengqiao.ground.importers.divisions import DIVISIONS
from fengqiao.ground.importers.grids import GRIDS
from fengqiao.ground.importers.holidays import HOLIDAYS
from fengqiao.ground.importers.premises import PREMISES

ALL = (PREMISES, COMMUNITIES, GRIDS, DIVISIONS, HOLIDAYS)
