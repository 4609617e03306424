"""
Who gave whom what: every change of rights is written down beside it, in the same transaction, whichever way it is
made. Who did it is whoever's request is being answered; else somebody with the shell.
"""

import getpass

from allauth.core import context
from django.contrib.auth.models import Group, Permission
from django.db.models.signals import m2m_changed, post_save, pre_delete, pre_save

from accounts.models import RightsChange, User

FLAGS = {"is_active": "active", "is_staff": "staff", "is_superuser": "every right"}
_BEFORE = "_rights_before"
# The links that give rights, and what each is called from its two sides.
_SIDES = {
    User.groups.through: ("groups", "user_set"),
    User.user_permissions.through: ("user_permissions", "user_set"),
    Group.permissions.through: ("permissions", "group_set"),
}


def write(whom: User | Group, what: str) -> None:
    by = _doer()
    RightsChange.objects.create(
        by=by,
        by_name=str(by) if by else _at_the_shell(),
        person=whom if isinstance(whom, User) and whom.pk else None,
        whom=f"{whom.email}" if isinstance(whom, User) else f"group {whom.name}",
        what=what,
    )


def _doer() -> User | None:
    request = context.request
    user = getattr(request, "user", None)
    return User.objects.filter(pk=user.pk).first() if user is not None and user.is_authenticated else None


def _at_the_shell() -> str:
    if context.request is not None:
        return "nobody signed in"
    try:
        return f"the shell ({getpass.getuser()})"
    except (OSError, KeyError):
        return "the shell"


def _remember_flags(sender, instance, raw=False, update_fields=None, **kwargs) -> None:
    if raw or (update_fields is not None and not set(update_fields) & FLAGS.keys()):
        return
    before = User.objects.filter(pk=instance.pk).values(*FLAGS).first() if instance.pk else None
    setattr(instance, _BEFORE, before or {"is_active": True, "is_staff": False, "is_superuser": False})


def _compare_flags(sender, instance, raw=False, **kwargs) -> None:
    before = instance.__dict__.pop(_BEFORE, None)
    if raw or before is None:
        return
    for flag, words in FLAGS.items():
        if (now := getattr(instance, flag)) != before[flag]:
            write(instance, f"given: {words}" if now else f"taken: {words}")


def _linked(sender, instance, action, reverse, model, pk_set, **kwargs) -> None:
    """A group to a person, a right to a person or a group, from either side."""
    verb = {"post_add": "given", "pre_remove": "taken", "pre_clear": "taken"}.get(action)
    if verb is None:
        return
    others = (
        model.objects.filter(pk__in=pk_set) if pk_set is not None else _all_linked(sender, instance, reverse=reverse)
    )
    for other in others:
        whom, what = (other, instance) if reverse else (instance, other)
        write(whom, f"{verb}: {_in_words(what)}")


def _all_linked(sender, instance, *, reverse: bool):
    forth, back = _SIDES[sender]
    return getattr(instance, back if reverse else forth).all()


def _in_words(what: Group | Permission) -> str:
    return f"group {what.name}" if isinstance(what, Group) else f"{what.content_type.app_label}.{what.codename}"


def _gone(sender, instance, **kwargs) -> None:
    if isinstance(instance, Group):
        write(instance, "the group was deleted")
    elif instance.is_staff or instance.is_superuser:
        write(instance, "the account was deleted")


def connect() -> None:
    pre_save.connect(_remember_flags, sender=User, dispatch_uid="rights.before")
    post_save.connect(_compare_flags, sender=User, dispatch_uid="rights.after")
    for through in _SIDES:
        m2m_changed.connect(_linked, sender=through, dispatch_uid=f"rights.{through.__name__}")
    for model in (User, Group):
        pre_delete.connect(_gone, sender=model, dispatch_uid=f"rights.gone.{model.__name__}")
