"""What workers do about people: mail the link to choose a password, forget sessions that are over."""

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from knox.models import AuthToken

from foundation.accounts.actions import LINK_TASK
from foundation.accounts.models import User
from foundation.jobs.execution import job_task
from foundation.jobs.lease import RunningJob


@job_task(LINK_TASK)
def send_link(job: RunningJob, *, person: str) -> None:
    """Mail a link that works once and for a few days; nobody who was disabled meanwhile gets one."""
    recipient = User.objects.get(pk=person)
    if not recipient.is_active:
        return
    context = {"person": recipient, "link": link_for(recipient), "days": settings.PASSWORD_RESET_TIMEOUT // 86400}
    with translation.override(settings.LANGUAGE_CODE):
        subject = render_to_string("accounts/mail/subject.txt", context).strip()
        send_mail(subject, render_to_string("accounts/mail/link.txt", context), None, [recipient.email])


@job_task("accounts.forget_sessions", daily=True)
def forget_sessions(job: RunningJob, *, day: str) -> None:
    """Delete sessions and tokens that are over, with the network addresses that they were used from."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    AuthToken.objects.filter(expiry__lt=now).delete()


def link_for(person: User) -> str:
    """The address at which the person chooses a password. It is void once they have (or are invited again)."""
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(person)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(person), "key": key})
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}"
