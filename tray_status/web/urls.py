"""What can be asked for. Only `do` and `find` take more than a look; see `gate` for who may."""

from __future__ import annotations

from django.urls import path

from . import doing, interfaces, looking, views

handler400 = views.bad_request
handler404 = views.not_found

urlpatterns = [
    path("", views.home, name="home"),
    path("history", looking.history, name="history"),
    path("incident", looking.incident, name="incident"),
    path("page", looking.page, name="page"),
    path("settings", doing.settings, name="settings"),
    path("components", doing.components, name="components"),
    path("do", doing.do, name="do"),
    path("find", doing.find, name="find"),
    path("api/v1", interfaces.api, name="api"),
    path("api/v1/status", interfaces.status, name="api-status"),
    path("api/v1/events", interfaces.events, name="api-events"),
    path("api/v1/incidents", interfaces.incidents, name="api-incidents"),
    path("feed.atom", interfaces.feed, name="feed"),
    path("maintenance.ics", interfaces.maintenance, name="maintenance"),
    path("metrics", interfaces.metrics, name="metrics"),
    path("healthz", interfaces.healthz, name="healthz"),
    path("icon/<slug:impact>.png", views.icon, name="icon"),
    path("static/<str:name>", views.static, name="static"),
]
