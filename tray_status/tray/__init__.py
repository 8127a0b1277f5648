"""The icon: its drawing, its menu as data, and the backends that show both."""
