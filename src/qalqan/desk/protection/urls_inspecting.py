"""Addresses of the offline page and of what it says to the desk."""

from django.urls import path

from qalqan.desk.protection.views import inspecting, sync

urlpatterns = [
    path("inspect/", inspecting.inspect, name="inspect"),
    path("inspect/worker.js", inspecting.worker, name="inspect_worker"),
    path("inspect/<str:language>/app.webmanifest", inspecting.manifest, name="inspect_manifest"),
    path("inspect/hello/", sync.hello, name="inspect_hello"),
    path("inspect/plan/", sync.plan, name="inspect_plan"),
    path("inspect/sync/", sync.sync, name="inspect_sync"),
    path("inspect/picture/", sync.picture, name="inspect_picture"),
    path("inspect/wiped/", sync.wiped, name="inspect_wiped"),
    path("take-along/", inspecting.take_along, name="take_along"),
    path("take-along/take/", inspecting.take, name="take"),
    path("devices/", inspecting.devices, name="devices"),
    path("devices/<int:device_id>/wipe/", inspecting.device_wipe, name="device_wipe"),
]
