"""What a person set: `settings` is the shape and its checks, `choice` what to watch in this run, `file` the file."""

from .choice import capped, choose_pages, find_page, page_of, read_interval
from .settings import PageSetting, Settings, load_settings, settings_schema
from .suggestions import nearest

__all__ = [
    "PageSetting",
    "Settings",
    "capped",
    "choose_pages",
    "find_page",
    "load_settings",
    "nearest",
    "page_of",
    "read_interval",
    "settings_schema",
]
