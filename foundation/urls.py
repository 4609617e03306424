from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from foundation import views

urlpatterns = [
    path(".well-known/security.txt", csrf_exempt(require_safe(views.security_txt)), name="security_txt"),
    # Read only: whoever writes here is told so (405), which is why it needs no token.
    path("demo/letters/", csrf_exempt(require_safe(views.demo_letters)), name="demo_letters"),
]
