"""What can be asked for. Nothing here changes any state."""

from __future__ import annotations

from django.urls import path

from . import views

handler400 = views.bad_request
handler404 = views.not_found

urlpatterns = [
    path("", views.home, name="home"),
    path("icon/<slug:impact>.png", views.icon, name="icon"),
    path("static/<str:name>", views.static, name="static"),
]
