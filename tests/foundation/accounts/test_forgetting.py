"""What workers forget once a day: sessions and tokens that are over, and where they were used from."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone
from knox.models import AuthToken

from foundation.accounts.tasks import forget_sessions


def test_what_is_over_is_forgotten_and_what_is_not_stays(client, preparer, reviewer):
    yesterday = timezone.now() - timedelta(days=1)
    client.force_login(preparer)
    lasting = client.session.session_key
    Session.objects.create(session_key="old", session_data="", expire_date=yesterday)
    for key in (lasting, "old", "gone already"):
        UserSession.objects.create(session_key=key, user=preparer, ip="192.0.2.1", user_agent="Firefox")
    AuthToken.objects.create(reviewer, expiry=timedelta(hours=1))
    AuthToken.objects.create(reviewer, expiry=timedelta(hours=-1))

    forget_sessions(None, day="2026-11-28")

    assert set(Session.objects.values_list("session_key", flat=True)) == {lasting}
    assert set(UserSession.objects.values_list("session_key", flat=True)) == {lasting}
    assert AuthToken.objects.filter(user=reviewer, expiry__gt=timezone.now()).count() == AuthToken.objects.count() == 1
