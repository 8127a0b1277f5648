"""Due pages → fetch → provider → diff → log, on one polling thread and a few workers."""

from .loop import Poller
from .page_poll import PagePoll, Polled

__all__ = ["PagePoll", "Polled", "Poller"]
