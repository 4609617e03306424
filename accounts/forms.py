"""What a reader types to sign in, and to be named."""

from allauth.core.internal.cryptokit import compare_user_code
from django import forms

from accounts import names


class AddressForm(forms.Form):
    email = forms.EmailField(
        max_length=254,
        error_messages={
            "required": "Type your e-mail address.",
            "invalid": "This is not an e-mail address as we know them. Look for a missing @ or a space.",
        },
    )

    def clean_email(self) -> str:
        return self.cleaned_data["email"].strip().lower()


class CodeForm(forms.Form):
    code = forms.CharField(max_length=40, error_messages={"required": "Type the code from the letter."})

    def __init__(self, *args, expected: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.expected = expected

    def clean_code(self) -> str:
        """Case, dashes and spaces do not matter."""
        code = self.cleaned_data["code"]
        if not compare_user_code(actual=code, expected=self.expected):
            raise forms.ValidationError("This is not the code in our newest letter to you.")
        return code


class NameForm(forms.Form):
    name = forms.CharField(
        max_length=60, required=False, error_messages={"max_length": "A name has at most 60 characters."}
    )

    def __init__(self, *args, user=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if name and (trouble := names.trouble_with(name, self.user)):
            raise forms.ValidationError(trouble)
        return name
