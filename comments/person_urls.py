"""The addresses of what is one commenter's own: confirming an address, one's comments and letters, being forgotten."""

from django.urls import path

from comments.views import confirm, mine, stopping

urlpatterns = [
    path("confirm/<str:token>/", confirm.confirm, name="comment_confirm"),
    path("letters/<str:token>/", stopping.letters_page, name="comment_letters"),
    path("mine/", mine.mine, name="comments_mine"),
    path("mine/settings/", mine.change, name="comments_mine_change"),
    path("mine/export/", mine.export, name="comments_mine_export"),
    path("mine/leave/", mine.leave, name="comments_mine_leave"),
    path("mine/erase/", mine.ask_to_erase, name="comments_mine_erase"),
    path("mine/erase/<str:token>/", mine.erase, name="comments_erase"),
    path("mine/erased/", mine.erased, name="comments_erased"),
]
