from .core.events import Event as Event
from .core.view import PageView as PageView
from .errors import TrayStatusError as TrayStatusError
from .library import read_page as read_page
from .library import watch as watch

__version__: str
LICENCE: str
HOME_PAGE: str
