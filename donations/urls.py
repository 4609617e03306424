"""Everything under /support/."""

urlpatterns = []
