"""`hook test|list|skip`: the hooks and webhooks of the settings, tried with an invented event, and how they stand."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..config import nearest
from ..core.text import clean_line
from ..core.wording import count
from ..errors import StoreError, UsageError
from ..home import Home, home_of
from .printing import say

if TYPE_CHECKING:
    from ..outputs.target import Target
    from ..store import Store

EXAMPLES = """\
examples:
  tray-status hook test            send an invented event to all of them
  tray-status hook test team       to this one only
  tray-status hook skip team       send it nothing of what waits for it
  tray-status hook list            which there are, and whether they take what happens

In the settings (`tray-status config edit`):

  [[hooks]]
  command = ["~/bin/on-incident", "--quiet"]          # JSON on stdin, TRAY_STATUS_* in the environment
  from = "major"                                      # notice, minor, major or critical
  kinds = ["opened", "resolved"]
  pages = ["OpenAI"]
  timeout_seconds = 30

  [[webhooks]]
  name = "team"
  format = "slack"                                    # json, slack, discord, teams, apprise
  url_env = "TEAM_WEBHOOK"                            # or url, url_file, url_keyring
"""


def register(commands: Any) -> None:
    """Add the parsers of this family."""
    words = "programs and addresses that are told what happens"
    hook = commands.add_parser(
        "hook",
        help=words,
        description=words.capitalize() + ": the hooks and webhooks of the settings.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = hook.add_subparsers(dest="action", metavar="ACTION", required=True)
    test = actions.add_parser(
        "test",
        help="send an invented event, and say what came back",
        description="Send an invented event to one of them, or to all, whatever their filters, and say what came"
        " back. Touches no history.",
        epilog="Exits with 1 where one of them did not take it.",
    )
    test.add_argument("name", nargs="?", help="the name of one of them (default: all)")
    test.set_defaults(run=_test)
    skip = actions.add_parser(
        "skip",
        help="send it nothing of what waits, but what happens from now on",
        description="Have a webhook pass over what waits for it, as after days without it; what happens from now on"
        " is sent. With the next attempt, which SIGHUP hastens.",
    )
    skip.add_argument("name", help="the name of one of them")
    skip.set_defaults(run=_skip)
    listing = actions.add_parser("list", help="which there are, and whether they take what happens")
    listing.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help="one JSON object, for scripts"
    )
    listing.set_defaults(run=_list)


def _test(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    from ..core.targets import Fate
    from ..fetch import Fetcher
    from ..outputs.targets import sample, utc_now

    fetcher = Fetcher()
    try:
        targets = _named(home_of(options, environment).targets(fetcher.post), options.name)
        well = True
        for each in targets:
            with each.turn():
                reply = each.tell(sample(utc_now()))
            taken = reply.fate is Fate.TAKEN
            well = well and taken
            say(f"{'ok' if taken else '!!'}  {each.label}: {reply.words}")
            for line in reply.printed.splitlines():
                say(f"    {line}")
    finally:
        fetcher.close()
    if not targets:
        say("There are no hooks and no webhooks in the settings; `tray-status hook --help` shows some.")
    return 0 if well else 1


def _named(targets: Sequence[Target], name: str | None) -> Sequence[Target]:
    """Those of that name, or all. Raises UsageError."""
    if name is None:
        return targets
    by_name = {each.output.partition(":")[2]: each for each in targets}
    if (found := by_name.get(clean_line(name).casefold())) is not None:
        return [found]
    near = nearest(name, by_name)
    hint = f"did you mean “{near[0]}”?" if near else f"there are {', '.join(by_name) or 'none'}"
    raise UsageError(f"hook: “{clean_line(name, 80)}” is none of your hooks and webhooks; {hint}")


def _skip(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    from ..store import Store

    home = home_of(options, environment)
    (target,) = _named(home.targets(_contacts_nobody), options.name)
    if not home.database.exists():
        say("Nothing was ever sent; there is nothing to pass over.")
        return 0
    store = Store.open(home.database)
    try:
        cursor, end = store.cursor(target.output), store.last_seq()
        waiting = 0 if cursor is None else sum(map(target.wants, store.events(cursor, limit=1_000_000)))
        store.move_cursor(target.output, end)
        store.troubles.clear(target.output)
    finally:
        store.close()
    say(f"{target.label}: {count(waiting, 'event')} passed over; what happens from now on is sent.")
    return 0


def _list(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    rows = list(standing(home_of(options, environment)))
    if options.json:
        targets = [{"name": name, "well": well, "words": words} for name, well, words in rows]
        say(json.dumps({"v": 1, "targets": targets}, ensure_ascii=False))
        return 0
    for name, well, words in rows:
        say(f"{'ok' if well else '!!'}  {name:<24} {words}")
    if not rows:
        say("There are no hooks and no webhooks in the settings; `tray-status hook --help` shows some.")
    return 0


def standing(home: Home) -> Iterator[tuple[str, bool, str]]:
    """Each target's name, whether it is well, and how it stands; contacts nobody. Raises TrayStatusError."""
    targets = home.targets(_contacts_nobody)
    if not targets:
        return
    store = _history(home)
    try:
        for each in targets:
            yield (each.output, *_stands(each, store))
    finally:
        if store is not None:
            store.close()


def _contacts_nobody(_posting: Any) -> Any:
    raise AssertionError("how targets stand is told from the log")


def _history(home: Home) -> Store | None:
    from ..store import Store

    return Store.open(home.database, read_only=True) if home.database.exists() else None


def _stands(target: Target, store: Store | None) -> tuple[bool, str]:
    try:
        cursor = store.cursor(target.output) if store else None
        if store is None or cursor is None:
            return True, "nothing was sent yet"
        trouble = store.troubles.of(target.output)
        waiting = sum(map(target.wants, store.events(cursor, limit=1000)))
    except StoreError as error:
        return False, str(error)
    wait = f"{waiting or 'none'} waiting" + (" or more" if waiting >= 1000 else "")
    if trouble is None:
        return True, f"all is well, {wait}" if waiting else "all is told"
    since = trouble.since.astimezone().strftime("%Y-%m-%d %H:%M")
    return False, f"{trouble.words} (since {since}{f', {wait}' if target.repeats else ''})"
