"""Reading jobs."""

from django.db.models import QuerySet

from foundation.jobs.models import Job


def for_requester(user_id: object) -> QuerySet[Job]:
    """Return the jobs that a person asked for, newest first; nobody else's, and none of the system's."""
    return Job.objects.filter(requested_by=str(user_id)).exclude(requested_by="").order_by("-created_at")
