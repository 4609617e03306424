"""People who may sign in. Their e-mail address is their name."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils.html import format_html

from accounts.models import RightsChange, User
from accounts.staff import passwords, sessions
from foundation.admin_base import PlainDeletion, ReadOnlyAdmin

# Which address was proven follows from signing in (`accounts.codes`): nothing to be typed here.
admin.site.unregister(EmailAddress)
# Second factors are added and removed by their owners alone (`accounts.staff.views`).
admin.site.unregister(Authenticator)
admin.site.unregister(Group)
admin.site.password_change_form = passwords.OwnPasswordForm


class PersonCreationForm(AdminUserCreationForm):
    usable_password = passwords.password_or_none("A person without a password cannot sign in at the desk.")

    class Meta:
        model = User
        fields = ("email", "name")
        field_classes = {"email": forms.EmailField}

    def clean_email(self):
        """Two people cannot share an address, however either of them types it."""
        email = self.cleaned_data["email"].strip().lower()
        if User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError("Somebody with this address exists already.")
        return email


class PersonChangeForm(UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"
        field_classes = {"email": forms.EmailField}


@admin.register(User)
class UserAdmin(PlainDeletion, DjangoUserAdmin):
    add_form = PersonCreationForm
    form = PersonChangeForm
    change_password_form = passwords.PasswordForm
    list_display = ["email", "name", "group_names", "is_staff", "is_active", "last_login"]
    list_filter = ["is_staff", "is_active", "groups"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    readonly_fields = ["last_login", "date_joined", "desk_sessions"]
    filter_horizontal = ["groups", "user_permissions"]
    fieldsets = [
        (None, {"fields": ["email", "name", "password"]}),
        ("What this person may do", {"fields": ["is_active", "is_staff", "groups"]}),
        ("Single permissions", {"classes": ["collapse"], "fields": ["is_superuser", "user_permissions"]}),
        ("Dates", {"fields": [("last_login", "date_joined"), "desk_sessions"]}),
    ]
    add_fieldsets = [
        (None, {"classes": ["wide"], "fields": ["email", "name", "usable_password", "password1", "password2"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description="groups")
    def group_names(self, user):
        return ", ".join(group.name for group in user.groups.all()) or "—"

    @admin.display(description="sessions at the desk")
    def desk_sessions(self, user):
        if user is None or user.pk is None:
            return "—"
        address = reverse("admin:sessions_of", args=[user.pk])
        return format_html('<a href="{}">{} now, look or end them</a>', address, sessions.of(user).count())


@admin.register(Group)
class GroupAdmin(PlainDeletion, DjangoGroupAdmin):
    def lost_with(self, objs):
        return {"people who lose its rights": User.objects.filter(groups__in=objs).distinct().count()}


@admin.register(RightsChange)
class RightsChangeAdmin(ReadOnlyAdmin):
    """To be read, by whoever may, and changed by nobody."""

    list_display = ["change", "by_name", "at"]
    search_fields = ["by_name", "whom", "what"]
    date_hierarchy = "at"
    fields = ["at", "by_name", "whom", "what"]

    @admin.display(description="change", ordering="whom")
    def change(self, row):
        """Both in one column, so that the list fits a phone."""
        return format_html("{}<br>{}", row.whom, row.what)
