import datetime as dt

from django.apps import AppConfig


class CommentsConfig(AppConfig):
    name = "comments"
    verbose_name = "Comments"

    def ready(self):
        from django.core import checks

        from accounts import links, names, own_data
        from articles import takedown
        from articles.querysets import ON_CARDS
        from comments import blackout, cache_tags, counting, forgetting_again, letters, measures, persons, pieces
        from comments.checks import service_can_be_asked
        from comments.panels import register_panels
        from comments.screening import service
        from foundation import forgotten, timers

        cache_tags.declare()
        pieces.declare()
        checks.register(service_can_be_asked)
        letters.connect()
        service.connect()
        names.register(persons.trouble_with_name)
        own_data.register("comments", collect=persons.collect_for, erase=persons.erase_for)
        links.register("Your comments", "comments_mine")

        takedown.register(blackout.write_over)
        ON_CARDS["public_comments"] = counting.on_cards
        register_panels()
        measures.register()
        forgotten.register("commenter", again=forgetting_again.again, listed=forgetting_again.listed)
        timers.register("send_comment_letters", every=dt.timedelta(minutes=10))
        timers.register("show_recommends", every=dt.timedelta(minutes=1))
        timers.register("store_threads", every=dt.timedelta(minutes=5))
        timers.register("prune_comments", every=dt.timedelta(days=1))
        timers.register("send_moderation_digests", every=dt.timedelta(minutes=5))
