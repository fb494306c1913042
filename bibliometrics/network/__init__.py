"""Who works with whom, measured and drawn: the only place that knows igraph.

``graph`` holds a network, ``measures`` what its nodes are in it, ``communities`` its groups and how
firm they are, ``brokerage`` who stands between them, ``backbone`` which ties are more than chance,
``change`` what is new between windows, ``concentration`` how unevenly it is spread, ``indices`` the
index of international collaboration, ``layout`` where each node stands on a map.
"""

from bibliometrics.network.graph import TieList, graph, tie_list
from bibliometrics.network.layout import lay_out

__all__ = ["TieList", "graph", "lay_out", "tie_list"]
