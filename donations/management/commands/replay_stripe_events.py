"""For the timer: events whose task was lost. By hand: events that failed, or were quarantined, once more."""

import datetime as dt

from django.core.management.base import BaseCommand, CommandError

from donations import alarms, inbox
from donations.models import Alarm, StripeEvent


class Command(BaseCommand):
    help = (
        "Has events from Stripe worked on again. Without arguments those that wait although their time has come; "
        "repeating an event that was done changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("events", nargs="*", help="Events by id, evt_…, whatever became of them.")
        parser.add_argument("--failed", action="store_true", help="All that failed for good.")
        parser.add_argument("--quarantined", action="store_true", help="All that were quarantined.")
        parser.add_argument("--since", type=dt.date.fromisoformat, help="All that were received since that day.")

    def handle(self, *args, events, failed, quarantined, since, **options):
        if not (events or failed or quarantined or since):
            return self._requeue()
        chosen = self._chosen(events, failed=failed, quarantined=quarantined, since=since)
        for event in chosen:
            inbox.replay(event)
        self.stdout.write(f"{len(chosen)} events are worked on again.")
        return None

    def _requeue(self):
        count = inbox.requeue_overdue()
        text = f"{count} events waited although their time had come: is the worker running?" if count else ""
        if text or not StripeEvent.objects.unhandled().exists():
            alarms.set_by(Alarm.Kind.INBOX, text)
        self.stdout.write(text or "No event waits beyond its time.")

    def _chosen(self, ids, *, failed, quarantined, since) -> list[StripeEvent]:
        chosen = list(StripeEvent.objects.filter(stripe_id__in=ids))
        unknown = sorted(set(ids) - {event.stripe_id for event in chosen})
        if unknown:
            raise CommandError(f"Not known here: {', '.join(unknown)}")
        statuses = [StripeEvent.Status.FAILED] * failed + [StripeEvent.Status.QUARANTINED] * quarantined
        more = StripeEvent.objects.filter(status__in=statuses) if statuses else StripeEvent.objects.all()
        if statuses or since:
            more = more.filter(received_at__date__gte=since) if since else more
            chosen += more.exclude(pk__in=[event.pk for event in chosen])
        return chosen
