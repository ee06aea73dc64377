"""Mails about an issued report: that it was returned, that a return was answered, that it was withdrawn.

They say which report and where to read on; reasons and answers stay on its page, behind the sign-in.
"""

from collections.abc import Callable

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import translation

from engagements.models import TeamMember
from foundation.accounts.models import User
from foundation.accounts.policy import Role
from signoff.models import ReportReturn, ReportVersion

LEADING = (Role.INCHARGE, Role.MANAGER, Role.PARTNER)


def tell(what: str, row: str) -> None:
    """Mail each person concerned; `what` is returned, answered or withdrawn, `row` the key of what tells of it."""
    find, concerned = NOTICES[what]
    report = find(row)
    with translation.override(settings.LANGUAGE_CODE):
        link = f"{settings.PUBLIC_URL.rstrip('/')}{report.get_absolute_url()}"
        context = {"what": what, "report": report, "link": link}
        subject = render_to_string("signoff/mail/subject.txt", context).strip()
        body = render_to_string("signoff/mail/notice.txt", context)
    for person in concerned(report):
        EmailMessage(subject, body, to=[person.email]).send()


def _returned(row: str) -> ReportVersion:
    return ReportReturn.objects.select_related("report__engagement__auditee").get(pk=row).report


def _withdrawn(row: str) -> ReportVersion:
    return ReportVersion.objects.select_related("engagement__auditee").get(pk=row)


def _leading(report: ReportVersion) -> QuerySet[User]:
    """Who leads the engagement today."""
    members = TeamMember.objects.current().filter(engagement=report.engagement_id, role__in=LEADING)
    return User.objects.filter(pk__in=members.values("user"), is_active=True)


def _at_the_exchange(report: ReportVersion) -> QuerySet[User]:
    """Who reads reports at the exchange that it is filed with."""
    return User.objects.filter(organization=report.engagement.filed_with_id, role=Role.EXCHANGE, is_active=True)


NOTICES: dict[str, tuple[Callable[[str], ReportVersion], Callable[[ReportVersion], QuerySet[User]]]] = {
    "returned": (_returned, _leading),
    "answered": (_returned, _at_the_exchange),
    "withdrawn": (_withdrawn, _at_the_exchange),
}
