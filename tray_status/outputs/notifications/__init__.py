"""Desktop notices: what to tell is decided in `notices`, how to show it in one backend a file.

The contract of a backend: `show` raises NotDelivered where the desktop refuses (the event stays due), and shows
less than asked, without a word, where the desktop can do less.
"""

from .backend import NO_SERVICE, NoNotifier, Notifier, choose_notifier
from .held import Memory
from .notices import Notices, Person
from .reminders import Diary

__all__ = ["NO_SERVICE", "Diary", "Memory", "NoNotifier", "Notices", "Notifier", "Person", "choose_notifier"]
