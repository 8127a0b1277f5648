"""Where the bundle begins."""

from tray_status.cli import main

if __name__ == "__main__":
    main()
