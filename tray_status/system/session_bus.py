"""One connection to the desktop's session bus, on a thread of its own; tray item and notices share it.

Everything here may be called from any thread. What the bus calls back runs on the bus's thread and must be quick:
it may use `send`, never `call`.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import logging
import os
import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar
from xml.sax.saxutils import quoteattr

from ..errors import TrayStatusError

if TYPE_CHECKING:
    from dbus_fast import Message
    from dbus_fast.aio import MessageBus

log = logging.getLogger(__name__)

DBUS = "org.freedesktop.DBus"
PROPERTIES = "org.freedesktop.DBus.Properties"
INTROSPECTABLE = "org.freedesktop.DBus.Introspectable"
NO_SUCH_SERVICE = "org.freedesktop.DBus.Error.ServiceUnknown"
CALL_SECONDS = 3.0

T = TypeVar("T")


class NoBus(TrayStatusError):
    """There is no session bus, or it has gone; the text says why."""


class BusRefused(TrayStatusError):
    """The other side answered a call with an error; `name` is that error's D-Bus name."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(f"{text} ({name})")
        self.name = name


@dataclass(frozen=True)
class Method:
    """A method that we offer; `answer` gets the arguments and returns the results as a list."""

    takes: str
    gives: str
    answer: Callable[..., Sequence[Any]]


@dataclass(frozen=True)
class Interface:
    """What one object of ours offers under one name."""

    methods: Mapping[str, Method] = field(default_factory=dict)
    properties: Callable[[], Mapping[str, Any]] = dict
    """All properties as D-Bus variants, by name, as they are now."""
    signals: Mapping[str, str] = field(default_factory=dict)
    """Signatures by name, for introspection."""


class SessionBus:
    """A connection; make one with `connect`."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._bus: MessageBus | None = None
        self._objects: dict[str, Mapping[str, Interface]] = {}
        self._listeners: list[tuple[str, str, Callable[[str, list[Any]], None]]] = []
        self._mourners: list[Callable[[], None]] = []
        self._mourning: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._run, name="tray-status session bus", daemon=True)
        self._closed = threading.Event()

    @classmethod
    def connect(cls, timeout: float = CALL_SECONDS) -> SessionBus:
        """Connect to the bus that `DBUS_SESSION_BUS_ADDRESS` names, or to the user's own. Raises NoBus."""
        address = _address()
        try:
            from dbus_fast.aio import MessageBus
        except ImportError:
            raise NoBus("the package dbus-fast is not installed") from None
        self = cls()
        self._thread.start()

        async def connected() -> None:
            self._bus = await MessageBus(bus_address=address).connect()
            _bear_full_buffers(self._bus)
            self._bus.add_message_handler(self._handle)
            self._mourning = asyncio.ensure_future(self._mourn(self._bus))

        try:
            self._result(self._begin(connected()), timeout)
        except Exception as error:
            self.close()
            raise NoBus(f"the session bus cannot be reached: {str(error) or type(error).__name__}") from error
        return self

    @property
    def unique_name(self) -> str:
        return (self._bus.unique_name if self._bus else None) or ""

    def call(
        self,
        destination: str,
        path: str,
        interface: str,
        member: str,
        signature: str = "",
        body: Sequence[Any] = (),
        timeout: float = CALL_SECONDS,
        then: Callable[[list[Any]], None] = lambda _: None,
    ) -> list[Any]:
        """Call a method and wait for its results. Raises NoBus, or BusRefused where the answer is an error."""
        answer = self.begin(destination, path, interface, member, signature, body, then)
        try:
            return self.wait(answer, timeout)
        finally:
            answer.cancel()

    def begin(
        self,
        destination: str,
        path: str,
        interface: str,
        member: str,
        signature: str = "",
        body: Sequence[Any] = (),
        then: Callable[[list[Any]], None] = lambda _: None,
    ) -> Future[list[Any]]:
        """Call a method; the answer is to be had with `wait`, by and by. Raises NoBus.

        `then` gets the results first, on the bus's thread: before any signal that came after them.
        """

        async def called() -> list[Any]:
            results = await self._call(destination, path, interface, member, signature, body)
            self._guarded(then, results)
            return results

        return self._begin(called())

    def wait(self, answer: Future[list[Any]], timeout: float = CALL_SECONDS) -> list[Any]:
        """The results of a call. Raises NoBus, also where they have not come in time, and BusRefused."""
        return self._result(answer, timeout)

    def send(
        self,
        destination: str,
        path: str,
        interface: str,
        member: str,
        signature: str = "",
        body: Sequence[Any] = (),
        then: Callable[[list[Any] | TrayStatusError], None] = lambda _: None,
    ) -> None:
        """Call a method without waiting; `then` gets the results, or the error, on the bus's thread."""

        async def sent() -> None:
            try:
                result: list[Any] | TrayStatusError = await self._call(
                    destination, path, interface, member, signature, body
                )
            except TrayStatusError as error:
                result = error
            self._guarded(then, result)

        self._post(lambda: asyncio.ensure_future(sent(), loop=self._loop))

    def emit(self, path: str, interface: str, member: str, signature: str = "", body: Sequence[Any] = ()) -> None:
        """Emit a signal of ours."""
        from dbus_fast import Message

        def emitted() -> None:
            if self._bus is not None and self._bus.connected:
                self._bus.send(Message.new_signal(path, interface, member, signature, list(body)))

        self._post(emitted)

    def offer(self, path: str, interfaces: Mapping[str, Interface]) -> None:
        """Answer calls to an object of ours from now on."""
        self._objects[path] = interfaces

    def withdraw(self, path: str) -> None:
        self._objects.pop(path, None)

    def listen(self, interface: str, member: str, callback: Callable[[str, list[Any]], None]) -> None:
        """Have `callback` called with sender and arguments of each such signal."""
        self._listeners.append((interface, member, callback))
        rule = f"type='signal',interface='{interface}',member='{member}'"
        self.send(DBUS, "/org/freedesktop/DBus", DBUS, "AddMatch", "s", [rule])

    def request_name(self, name: str) -> None:
        self.send(DBUS, "/org/freedesktop/DBus", DBUS, "RequestName", "su", [name, 4])

    def release_name(self, name: str) -> None:
        self.send(DBUS, "/org/freedesktop/DBus", DBUS, "ReleaseName", "s", [name])

    def on_loss(self, callback: Callable[[], None]) -> None:
        """Have `callback` called once when the bus goes away by itself; what is sent after that is lost."""
        self._mourners.append(callback)

    def watch_name(self, name: str, callback: Callable[[str], None]) -> None:
        """Have `callback` called with the new owner ("" for none) whenever a name changes hands."""

        def changed(_sender: str, body: list[Any]) -> None:
            if len(body) == 3 and body[0] == name:
                callback(body[2])

        self.listen(DBUS, "NameOwnerChanged", changed)

    def close(self) -> None:
        """Leave the bus and end the thread; at most half a second."""
        if self._closed.is_set():
            return
        self._closed.set()

        def closed() -> None:
            if self._bus is not None:
                self._bus.disconnect()
            self._loop.call_later(0.02, self._loop.stop)  # what was just sent still goes out

        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(closed)
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(0.5)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.set_exception_handler(lambda _loop, context: log.debug("session bus: %s", context.get("message")))
        self._loop.run_forever()
        with contextlib.suppress(Exception):
            for task in asyncio.all_tasks(self._loop):
                task.cancel()
            self._loop.run_until_complete(asyncio.sleep(0))
            self._loop.close()

    def _post(self, action: Callable[[], object]) -> None:
        if self._closed.is_set():
            return
        with contextlib.suppress(RuntimeError):  # the loop has just been closed
            self._loop.call_soon_threadsafe(action)

    def _begin(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        if self._closed.is_set():
            work.close()
            raise NoBus("the session bus was left")
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    @staticmethod
    def _result(future: Future[T], timeout: float) -> T:
        try:
            return future.result(timeout)
        except concurrent.futures.TimeoutError:
            raise NoBus("the session bus does not answer") from None
        except concurrent.futures.CancelledError:
            raise NoBus("the session bus was left") from None

    async def _call(
        self, destination: str, path: str, interface: str, member: str, signature: str, body: Sequence[Any]
    ) -> list[Any]:
        from dbus_fast import Message, MessageType

        if self._bus is None or not self._bus.connected:
            raise NoBus("the session bus has gone")
        if any(isinstance(each, str) and "\0" in each for each in body):
            raise NoBus("the call was not sent: no bus carries a zero byte")  # it would end the connection
        message = Message(
            destination=destination, path=path, interface=interface, member=member, signature=signature,
            body=list(body),
        )  # fmt: skip
        try:
            reply = await self._bus.call(message)
        except Exception as error:  # the library raises whatever its socket and its marshaller do
            if not self._bus.connected:
                raise NoBus("the session bus has gone") from error
            raise NoBus(f"the call was not sent: {str(error) or type(error).__name__}") from error
        if reply is None:  # the bus went away meanwhile
            raise NoBus("the session bus has gone")
        if reply.message_type is MessageType.ERROR:
            raise BusRefused(str(reply.error_name), str(reply.body[0]) if reply.body else "no words")
        return list(reply.body)

    async def _mourn(self, bus: Any) -> None:
        """Wait until the bus has gone, and tell; not when it was left by us."""
        with contextlib.suppress(Exception):
            await bus.wait_for_disconnect()
        if not self._closed.is_set():
            log.info("The session bus has gone")
            for callback in self._mourners:
                self._guarded(callback)

    def _handle(self, message: Message) -> Message | bool | None:
        from dbus_fast import Message, MessageType

        if message.message_type is MessageType.SIGNAL:
            for interface, member, callback in self._listeners:
                if message.interface == interface and message.member == member:
                    self._guarded(callback, str(message.sender), list(message.body))
            return None
        if message.message_type is not MessageType.METHOD_CALL or message.path not in self._objects:
            return None
        try:
            signature, body = self._answer(self._objects[message.path], message)
        except KeyError:
            return Message.new_error(
                message, "org.freedesktop.DBus.Error.UnknownMethod", "there is no such thing here"
            )
        except Exception as error:
            log.exception("answering %s failed; this is a fault of Tray Status, please report it", message.member)
            return Message.new_error(message, "org.freedesktop.DBus.Error.Failed", type(error).__name__)
        return Message.new_method_return(message, signature, list(body))

    def _answer(self, interfaces: Mapping[str, Interface], message: Message) -> tuple[str, Sequence[Any]]:
        """Signature and results of a call to one of our objects. Raises KeyError for what is not there."""
        if message.interface == PROPERTIES:
            if message.member == "GetAll":
                offered = interfaces.get(message.body[0])
                return "a{sv}", [dict(offered.properties()) if offered else {}]
            if message.member == "Get":
                return "v", [interfaces[message.body[0]].properties()[message.body[1]]]
        if message.interface == INTROSPECTABLE and message.member == "Introspect":
            return "s", [_introspection(interfaces)]
        for name, interface in interfaces.items():
            if message.interface in (name, None) and str(message.member) in interface.methods:
                method = interface.methods[str(message.member)]
                if message.signature != method.takes:
                    raise KeyError(message.member)
                return method.gives, method.answer(*message.body)
        raise KeyError(message.member)

    @staticmethod
    def _guarded(callback: Callable[..., None], *arguments: Any) -> None:
        try:
            callback(*arguments)
        except Exception:
            log.exception("the bus could not be followed; this is a fault of Tray Status, please report it")


class _PatientSocket:
    """A socket that a full buffer makes wait; dbus-fast (2.24 to 5.2) takes it for the end of the connection."""

    def __init__(self, sock: Any) -> None:
        self._sock = sock

    def send(self, data: Any) -> int:
        try:
            return int(self._sock.send(data))
        except BlockingIOError:
            return 0


def _bear_full_buffers(bus: MessageBus) -> None:
    """Known since https://github.com/altdesktop/python-dbus-next/issues/153; a burst of signals is enough."""
    writer: Any = getattr(bus, "_writer", None)
    if hasattr(writer, "sock"):
        writer.sock = _PatientSocket(writer.sock)


def has_address() -> bool:
    """Whether there may be a session bus here; cheap, and loads nothing."""
    try:
        return bool(_address())
    except NoBus:
        return False


def _address() -> str:
    address = os.environ.get("DBUS_SESSION_BUS_ADDRESS")
    if address:
        return address
    socket = os.path.join(os.environ.get("XDG_RUNTIME_DIR", ""), "bus")
    if os.path.isabs(socket) and os.path.exists(socket):
        return f"unix:path={socket}"
    raise NoBus("there is no session bus (DBUS_SESSION_BUS_ADDRESS is not set)")


def _introspection(interfaces: Mapping[str, Interface]) -> str:
    rows = ["<node>"]
    for name, interface in interfaces.items():
        rows.append(f"<interface name={quoteattr(name)}>")
        for member, method in interface.methods.items():
            rows.append(f"<method name={quoteattr(member)}>")
            rows += [f'<arg type="{one}" direction="in"/>' for one in _split(method.takes)]
            rows += [f'<arg type="{one}" direction="out"/>' for one in _split(method.gives)]
            rows.append("</method>")
        for member, signature in interface.signals.items():
            arguments = "".join(f'<arg type="{one}"/>' for one in _split(signature))
            rows.append(f"<signal name={quoteattr(member)}>{arguments}</signal>")
        for member, variant in interface.properties().items():
            rows.append(f'<property name={quoteattr(member)} type="{variant.signature}" access="read"/>')
        rows.append("</interface>")
    return "".join((*rows, "</node>"))


def _split(signature: str) -> list[str]:
    """A signature's complete types."""
    from dbus_fast import SignatureTree

    return [each.signature for each in SignatureTree(signature).types]
