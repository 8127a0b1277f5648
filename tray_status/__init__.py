"""Tray Status tells what changed on vendors' status pages, at once, and only once.

The way of a poll; data goes one way, nothing downstream calls upstream::

    schedule ──due──▶ fetch ──Answer──▶ provider ──Snapshot──▶ diff ──Events──▶ log ──▶ outputs
    (poller)          (requests)        (pure)                 (pure)           (SQLite)  console · notices · tray
                                                                                          hooks · webhooks

The layers; imports point down only (checked by import-linter)::

    wsgi · cli · commands/ · app       arguments, wiring, signals, the main thread
    session                            one run, from the banner to the end
    desktop · engine · home · web/     the icon's side, the polling side, whose files, the browser's side
    outputs/ · tray/ · demo/           the edges a person sees
    poller · delivery                  threads: due → log; log → outputs
    fetch · store/ · config · system/  the edges of the machine
    providers/ · catalogue/            pure: documents → Snapshot; pages as data
    core/                              pure: model, diff, severity, wording, schedule
    errors · whole_file                import nothing of ours
"""

__version__ = "0.1.0"

LICENCE = "MIT"
HOME_PAGE = ""
"""Where the project's README can be read; empty until it is published."""
