"""The one table of who may do what: permission × role.

A role comes from the object: an engagement's team gives its members a role there, the audited broker has the
role BROKER on its own engagement, the exchange has the role EXCHANGE on a report filed with it. Without an object,
the person's own role counts. `can(user, permission, obj) = GRANTS[permission] ∩ obj.roles_of(user)`.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Protocol

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a person is, to an organization or on one engagement."""

    STAFF = "staff", _("Staff")
    SPECIALIST = "specialist", _("Specialist")
    INCHARGE = "incharge", _("In-charge")
    MANAGER = "manager", _("Manager")
    PARTNER = "partner", _("Partner")
    EQR = "eqr", _("Quality reviewer")
    ADMIN = "admin", _("Firm administrator")
    BROKER = "broker", _("Broker")
    EXCHANGE = "exchange", _("Exchange")
    OPERATOR = "operator", _("Operator")


class Permission(StrEnum):
    """Every permission there is; each URL and API action names one."""

    HOME_VIEW = "home.view"
    PATTERNS_VIEW = "patterns.view"
    CATALOGUE_VIEW = "catalogue.view"
    ENGAGEMENT_CREATE = "engagement.create"
    ENGAGEMENT_VIEW = "engagement.view"
    ENGAGEMENT_ADVANCE = "engagement.advance"
    ENGAGEMENT_SIGN_FINAL = "engagement.sign_final"
    ENGAGEMENT_SIGN_QUALITY = "engagement.sign_quality"
    TEAM_VIEW = "team.view"
    TEAM_CHANGE = "team.change"
    PROFILE_CHANGE = "profile.change"
    FIELDWORK_OPEN = "fieldwork.open"
    WORKPAPER_VIEW = "workpaper.view"
    WORKPAPER_CHANGE = "workpaper.change"
    WORKPAPER_PREPARE = "workpaper.prepare"
    WORKPAPER_REVIEW = "workpaper.review"
    WORKPAPER_APPROVE = "workpaper.approve"
    NOTE_REPLY = "note.reply"
    NOTE_ADD = "note.add"
    EVIDENCE_VIEW = "evidence.view"
    EVIDENCE_DOWNLOAD = "evidence.download"
    EVIDENCE_ADD = "evidence.add"
    REQUEST_LIST = "request.list"
    REQUEST_VIEW = "request.view"
    REQUEST_CHANGE = "request.change"
    REQUEST_ANSWER = "request.answer"
    REQUEST_JUDGE = "request.judge"
    FINDING_VIEW = "finding.view"
    FINDING_CHANGE = "finding.change"
    REPORT_DRAFT_VIEW = "report.draft_view"
    REPORT_RENDER = "report.render"
    REPORT_ISSUE = "report.issue"
    REPORT_ISSUED_LIST = "report.issued_list"
    REPORT_VIEW = "report.view"
    TRAIL_VIEW = "trail.view"


_JUNIORS = frozenset({Role.STAFF, Role.SPECIALIST})
_SENIORS = frozenset({Role.INCHARGE, Role.MANAGER})
_AUDITORS = _JUNIORS | _SENIORS | {Role.PARTNER}
_TEAM = _AUDITORS | {Role.EQR}
_FIRM = _TEAM | {Role.ADMIN}
_EVERYONE = frozenset(Role)

GRANTS: Mapping[Permission, frozenset[Role]] = {
    Permission.HOME_VIEW: _EVERYONE,
    Permission.PATTERNS_VIEW: _EVERYONE,
    Permission.CATALOGUE_VIEW: _TEAM | {Role.EXCHANGE, Role.OPERATOR},
    Permission.ENGAGEMENT_CREATE: frozenset({Role.PARTNER, Role.ADMIN}),
    Permission.ENGAGEMENT_VIEW: _TEAM,
    Permission.ENGAGEMENT_ADVANCE: frozenset({Role.MANAGER, Role.PARTNER}),
    Permission.ENGAGEMENT_SIGN_FINAL: frozenset({Role.PARTNER}),
    Permission.ENGAGEMENT_SIGN_QUALITY: frozenset({Role.EQR}),
    Permission.TEAM_VIEW: _FIRM,
    Permission.TEAM_CHANGE: frozenset({Role.PARTNER, Role.ADMIN}),
    Permission.PROFILE_CHANGE: _AUDITORS,
    Permission.FIELDWORK_OPEN: frozenset({Role.MANAGER, Role.PARTNER}),
    Permission.WORKPAPER_VIEW: _TEAM,
    Permission.WORKPAPER_CHANGE: _AUDITORS,
    Permission.WORKPAPER_PREPARE: _AUDITORS,
    Permission.WORKPAPER_REVIEW: _SENIORS | {Role.PARTNER},
    Permission.WORKPAPER_APPROVE: frozenset({Role.PARTNER}),
    Permission.NOTE_REPLY: _TEAM,
    Permission.NOTE_ADD: _SENIORS | {Role.PARTNER, Role.EQR},
    Permission.EVIDENCE_VIEW: _TEAM,
    Permission.EVIDENCE_DOWNLOAD: _TEAM | {Role.BROKER},
    Permission.EVIDENCE_ADD: _AUDITORS,
    Permission.REQUEST_LIST: _TEAM | {Role.BROKER},
    Permission.REQUEST_VIEW: _TEAM | {Role.BROKER},
    Permission.REQUEST_CHANGE: _SENIORS | {Role.PARTNER},
    Permission.REQUEST_ANSWER: frozenset({Role.BROKER}),
    Permission.REQUEST_JUDGE: _AUDITORS,
    Permission.FINDING_VIEW: _TEAM,
    Permission.FINDING_CHANGE: _AUDITORS,
    Permission.REPORT_DRAFT_VIEW: _TEAM,
    Permission.REPORT_RENDER: _SENIORS | {Role.PARTNER},
    Permission.REPORT_ISSUE: frozenset({Role.PARTNER}),
    Permission.REPORT_ISSUED_LIST: frozenset({Role.EXCHANGE}),
    Permission.REPORT_VIEW: _TEAM | {Role.EXCHANGE},
    Permission.TRAIL_VIEW: _SENIORS | {Role.PARTNER, Role.EQR},
}

RANK: Mapping[str, int] = {
    Role.STAFF: 1,
    Role.SPECIALIST: 1,
    Role.INCHARGE: 2,
    Role.MANAGER: 3,
    Role.PARTNER: 4,
    Role.EQR: 4,
}


class Person(Protocol):
    """Whoever asks: a user, or somebody not signed in (who has no roles)."""

    @property
    def roles(self) -> frozenset[Role]: ...


class HasRoles(Protocol):
    """An object that knows which roles a person has on it; children delegate to their engagement."""

    def roles_of(self, user: Any) -> frozenset[Role]: ...


def can(user: Person, permission: str, obj: HasRoles | None = None) -> bool:
    """Whether `user` holds `permission`, on `obj` if there is one. Unknown permission: ValueError."""
    roles = user.roles if obj is None else obj.roles_of(user)
    return bool(GRANTS[Permission(permission)] & roles)
