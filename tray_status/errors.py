"""Every error the program raises on purpose. Imports nothing, so that any layer may use it."""


class TrayStatusError(Exception):
    """The base of all; its text is meant for the person and names what, where and the cure."""


class UsageError(TrayStatusError):
    """An option or an argument is wrong. Ends the program with exit code 2."""


class SettingsError(UsageError):
    """A settings file cannot be used; the text names file, line and key. Exit code 2."""

    def __init__(self, text: str, line: int = 0) -> None:
        super().__init__(text)
        self.line = line
        """Where the mistake stands; 0 where that is not known."""


class CatalogueError(TrayStatusError):
    """A file of known pages cannot be used; the text names line or entry."""


class NotThisPlatform(TrayStatusError):
    """A document was read, but it is not what this provider reads (HTML, another format, another product)."""


class WebPageInstead(NotThisPlatform):
    """A web page came where data was expected: the page moved, or something in between answers for it."""


class StoreError(TrayStatusError):
    """The history cannot be read or written now (disk full, read-only, locked by another program)."""


class ArchiveError(UsageError):
    """A file is no history that can be taken in; the text names the line."""


class NotRead(TrayStatusError):
    """A page cannot be read; the text says why and what cures it."""


class NotDelivered(TrayStatusError):
    """An output could not tell an event. The event stays due, and is tried again later.

    `known` says that the person was told of the reason already.
    """

    def __init__(self, text: str, *, known: bool = False) -> None:
        super().__init__(text)
        self.known = known


class NoTray(TrayStatusError):
    """No tray can show an icon here; the text says why and what cures it."""


class NoServer(TrayStatusError):
    """The status page cannot be served where it was asked for; the text says why and what cures it."""


class NotPrinted(TrayStatusError):
    """What was to be printed could not be written, as on a disk that is full."""


class NoSecret(TrayStatusError):
    """A secret is not where the settings say; the text names the place, never the secret."""
