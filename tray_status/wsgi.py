"""The program behind any WSGI server: importing this starts the polling, once a process, and serves what it finds.

Where a server runs several processes, one of them polls and the others follow its log. Django's `runserver` imports
this in the one process that serves, never in the one that watches the source for changes.
"""

from __future__ import annotations

import atexit
import os

from .app import in_background
from .cli import configure_logging, parser
from .web.server import application as served

_options = parser().parse_args(["--serve"])
configure_logging(_options.verbose)
_session = in_background(_options, os.environ)
atexit.register(_session.close)
application = served(_session.engine, _options.host)
