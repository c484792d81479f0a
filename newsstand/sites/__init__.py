"""The outlets' sites: routes and layouts, one file an outlet or platform; each dresses the world's truth."""

from newsstand.sites.interfax import Interfax
from newsstand.sites.mainroad import Mainroad
from newsstand.sites.plainwordpress import PlainWordPress
from newsstand.sites.pravda import Pravda
from newsstand.sites.site import Site
from newsstand.sites.thehill import TheHill
from newsstand.sites.zoxnews import ZoxNews
from newsstand.sites.zoxpress import ZoxPress
from newsstand.world import World

_SITES: tuple[type[Site], ...] = (Pravda, Interfax, PlainWordPress, TheHill, ZoxPress, ZoxNews, Mainroad)


def sites_by_host(world: World) -> dict[str, Site]:
    """Every outlet's site by each of its hosts; an outlet that is not of this world has none."""
    sites = [kind(world) for kind in _SITES if kind.outlet in world.newsrooms]
    return {host: site for site in sites for host in site.hosts}
