"""robots.txt, the trap that it forbids, and the way out."""

from django.urls import path

from bottrap import views
from bottrap.paths import LIFT, TRAP

urlpatterns = [
    path("robots.txt", views.robots_txt, name="robots"),
    path(f"{TRAP.lstrip('/')}<int:day>/<slug:mark>/", views.trap, name="trap"),
    path("trap-letters/<str:token>/", views.stop_letters, name="stop_trap_letters"),
    path(LIFT.lstrip("/"), views.banned, name="banned"),
]
