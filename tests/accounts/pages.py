"""The pages of an account by their routes' names, and whether a reader who is signed in can open them."""

ACCOUNT_PAGES = {
    "account": True,
    "account_login": False,
    "account_request_login_code": False,
    "account_confirm_login_code": False,
    "account_logout": True,
    "account_inactive": False,
    "account_export": True,
    "account_erase": True,
    "account_erased": False,
    "account_sign_in_anew": None,  # only posted to
}
