"""
The pages of an account. Those that django-allauth leads to have its names; none of its other pages is routed: there are
no passwords for readers, no second address and no sign-up apart from signing in.
"""

from django.urls import path

from accounts import views

urlpatterns = [
    path("", views.account, name="account"),
    path("sign-in/", views.sign_in, name="account_login"),
    path("sign-in/", views.sign_in, name="account_request_login_code"),
    path("sign-in/anew/", views.sign_in_anew, name="account_sign_in_anew"),
    path("code/", views.code, name="account_confirm_login_code"),
    path("sign-out/", views.sign_out, name="account_logout"),
    path("inactive/", views.inactive, name="account_inactive"),
    path("export/", views.export, name="account_export"),
    path("erase/", views.erase, name="account_erase"),
    path("erased/", views.erased, name="account_erased"),
]
