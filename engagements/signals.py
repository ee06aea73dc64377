"""What other apps do when something happens to an engagement, in the same transaction."""

from django.dispatch import Signal

# Sent with `engagement` when one was created.
engagement_created = Signal()
