"""Another program on the bus, as far as a test needs one. Knows nothing of the package that is tested."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from dbus_fast import Message, MessageType, unpack_variants
from dbus_fast.aio import MessageBus

DBUS = "org.freedesktop.DBus"
PROPERTIES = "org.freedesktop.DBus.Properties"
SECONDS = 5.0


class Refused(Exception):
    """A call was answered with an error, or is to be; `name` is the error's D-Bus name."""

    def __init__(self, name: str, text: str = "") -> None:
        super().__init__(f"{name}: {text}")
        self.name = name
        self.text = text


@dataclass(frozen=True)
class Signal:
    """One signal as it came."""

    sender: str
    path: str
    member: str
    body: list[Any]


class Peer:
    """A connection with a thread of its own. Answers the calls that `_answer` of a subclass knows."""

    def __init__(self, address: str) -> None:
        self.signals: list[Signal] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._bus: MessageBus = self._run(self._connected(address))

    async def _connected(self, address: str) -> MessageBus:
        bus = await MessageBus(bus_address=address).connect()
        bus.add_message_handler(self._handle)
        return bus

    @property
    def name(self) -> str:
        return str(self._bus.unique_name)

    def call(
        self,
        destination: str,
        path: str,
        interface: str,
        member: str,
        signature: str = "",
        body: Sequence[Any] = (),
    ) -> list[Any]:
        """The results of a call, free of variants. Raises Refused."""
        message = Message(
            destination=destination,
            path=path,
            interface=interface,
            member=member,
            signature=signature,
            body=list(body),
        )
        reply = self._run(self._bus.call(message))
        assert reply is not None
        if reply.message_type is MessageType.ERROR:
            raise Refused(str(reply.error_name), str(reply.body))
        results: list[Any] = plain(reply.body)
        return results

    def ask_bus(self, member: str, signature: str = "", body: Sequence[Any] = ()) -> list[Any]:
        return self.call(DBUS, "/org/freedesktop/DBus", DBUS, member, signature, body)

    def hear(self, rule: str) -> None:
        """Record the signals that match from now on in `signals`."""
        self.ask_bus("AddMatch", "s", [f"type='signal',{rule}"])

    def own(self, name: str) -> None:
        assert self.ask_bus("RequestName", "su", [name, 4]) == [1], f"{name} belongs to somebody else"

    def disown(self, name: str) -> None:
        self.ask_bus("ReleaseName", "s", [name])

    def has_owner(self, name: str) -> bool:
        return bool(self.ask_bus("NameHasOwner", "s", [name])[0])

    def emit(self, path: str, interface: str, member: str, signature: str = "", body: Sequence[Any] = ()) -> None:
        async def emitted() -> None:
            await self._bus.send(Message.new_signal(path, interface, member, signature, list(body)))

        self._run(emitted())

    def close(self) -> None:
        async def closed() -> None:
            self._bus.disconnect()

        if self._thread.is_alive():
            self._run(closed())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(SECONDS)
            self._loop.close()

    def _answer(self, message: Message) -> tuple[str, list[Any]]:
        """Signature and results of a call, on the peer's thread. Raises Refused; KeyError for what is not there."""
        raise KeyError(message.member)

    def _heard(self, signal: Signal) -> None:
        """A signal came; on the peer's thread."""

    def _handle(self, message: Message) -> Message | bool | None:
        if message.message_type is MessageType.SIGNAL:
            signal = Signal(str(message.sender), str(message.path), str(message.member), plain(message.body))
            self.signals.append(signal)
            self._heard(signal)
            return None
        if message.message_type is not MessageType.METHOD_CALL or message.interface == f"{DBUS}.Peer":
            return None
        try:
            signature, body = self._answer(message)
        except Refused as error:
            return Message.new_error(message, error.name, error.text)
        except KeyError:
            return Message.new_error(message, f"{DBUS}.Error.UnknownMethod", "there is no such thing here")
        return Message.new_method_return(message, signature, body)

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(SECONDS)


def plain(value: Any) -> Any:
    """A value without variants, and with lists for structs: what dbus-fast makes of them depends on its version."""
    value = unpack_variants(value)
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, (list, tuple)) else value
