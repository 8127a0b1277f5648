"""`python -m tray_status`."""

from .cli import main

if __name__ == "__main__":
    main()
