"""Addresses of devices, their signals and exercises."""

from django.urls import path

from qalqan.desk.alerts.views import devices, drills, signals

urlpatterns = [
    path("signals/", signals.signals, name="signals"),
    path("signals/standing/", signals.signals_part, name="signals_part"),
    path("signals/stream/", signals.signals_stream, name="signals_stream"),
    path("signals/<int:signal_id>/acknowledge/", signals.acknowledge, name="signal_acknowledge"),
    path("signals/<int:signal_id>/close/", signals.close, name="signal_close"),
    path("devices/", devices.devices, name="devices"),
    path("devices/add/", devices.add, name="device_add"),
    path("devices/<int:device_id>/change/", devices.change, name="device_change"),
    path("devices/<str:code>/messages/", devices.take, name="device_messages"),
    path("drills/", drills.drills, name="drills"),
    path("drills/add/", drills.add, name="drill_add"),
    path("drills/<int:drill_id>/", drills.drill, name="drill"),
    path("drills/<int:drill_id>/begin/", drills.begin, name="drill_begin"),
    path("drills/<int:drill_id>/end/", drills.end, name="drill_end"),
]
