"""One page watched the real way, a poll at a time: loopback host, fetcher, provider, diff, log."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime, timezone

from tests.loopback import StatusHost
from tray_status.core.model import Page
from tray_status.core.view import look
from tray_status.fetch import Fetcher
from tray_status.poller import PagePoll
from tray_status.providers.statuspage import StatuspageProvider
from tray_status.store import Store


def now():
    return datetime.now(timezone.utc)


class Watch:
    """Polls `host` when told to."""

    def __init__(self, host, database=None, *, deadline=5.0):
        self.host = host
        self.store = Store.open(database)
        self.fetcher = Fetcher(deadline=deadline)
        self.page = Page("acme", host.url, host.url, named=False)
        self._poll = PagePoll(self.page, StatuspageProvider(), self.fetcher, self.store, now)

    def has_patience(self, seconds):
        """Whoever does not answer within this has failed, from now on."""
        self.fetcher.close()
        self.fetcher = self._poll._fetch = Fetcher(deadline=seconds)

    def poll(self):
        """Poll once; the kinds of the events that it brought."""
        before = self.store.last_seq()
        self._poll.poll()
        return [event.kind.value for event in self.store.events(before, limit=10_000)]

    @property
    def words(self):
        return self._poll.words

    def forget_validators(self):
        self._poll.forget_validators()

    def forget_what_is_absent(self):
        """As after thirty polls: documents that were missing are asked for again."""
        self._poll._absent.clear()

    @property
    def events(self):
        return self.store.events(limit=10_000)

    def kinds(self):
        return [event.kind.value for event in self.events]

    @property
    def state(self):
        return self._poll.state

    @property
    def impact(self):
        return look([self.state], now()).worst

    def close(self):
        self.fetcher.close()
        self.store.close()


@contextmanager
def watching(documents, *, etags=True):
    """A host with these documents, polled once."""
    with StatusHost(documents, etags=etags) as host:
        watch = Watch(host)
        watch.poll()
        try:
            yield watch
        finally:
            watch.close()
