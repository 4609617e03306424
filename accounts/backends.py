"""
How a session began, told by the backend that is written into it. Django's own stands for a password. This one stands
for a code sent by mail: who begins a session so is a reader in it, whatever else that person may do with a password.
"""

from django.contrib.auth.backends import ModelBackend

BY_CODE = "accounts.backends.CodeBackend"


class CodeBackend(ModelBackend):
    def authenticate(self, request, **credentials):
        """Nobody: a code is judged by `accounts.codes`, which then begins the session itself."""

    def has_perm(self, user_obj, perm, obj=None):
        return False

    def has_module_perms(self, user_obj, app_label):
        return False

    def get_user(self, user_id):
        user = super().get_user(user_id)
        if user is not None:
            user.signed_in_by_code = True
        return user
