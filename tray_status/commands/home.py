from ..home import Home, home_of  # noqa: F401
