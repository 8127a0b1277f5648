"""Google Workspace's dashboard, as live samples of September 2026 were described: Google Cloud's without places."""

from __future__ import annotations

from .google import dialect

DIALECT = dialect("google-workspace", "/appsstatus/dashboard/incidents.json", places=False)
