"""The sections of the report: each module takes an edition and gives what its template shows.

``view`` returns a mapping for ``templates/report/<anchor>.html``; tables that an edition does not
have are told with the command that makes them, never left out in silence.
"""
