"""The status page in the browser: Django without database or sessions, served by waitress, imported on demand."""
