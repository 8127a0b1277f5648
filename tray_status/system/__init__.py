"""The edges of the machine: folders, the session bus, opening a browser. Each imports its library late."""
