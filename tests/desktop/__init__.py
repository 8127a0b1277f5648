"""The Linux desktop under test: a private bus, a tray host and a notification daemon of the tests' own."""
