"""Where events go: the console, JSON Lines, desktop notices. One file each, each with its library imported late."""
