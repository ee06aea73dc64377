"""The one table of who may do what: permission × role.

A role comes from the object: an engagement's team gives its members a role there, the audited broker has the
role BROKER on its own engagement, the exchange has the role EXCHANGE on a report filed with it. Without an object,
the person's own role counts. `can(user, permission, obj) = GRANTS[permission] ∩ obj.roles_of(user)`.
"""

from collections.abc import Mapping
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


class Permission(TextChoices):
    """Every permission there is, with what it lets a person do; each URL and API action names one."""

    ACCOUNT_OWN = "account.own", _("keep their own account: password, second factors, sessions, tokens")
    ACTS_VIEW = "acts.view", _("read what they did themselves")
    HOME_VIEW = "home.view", _("open their start page")
    OVERVIEW_VIEW = "overview.view", _("see their engagements by stage and deadline")
    PATTERNS_VIEW = "patterns.view", _("look at the page of components")
    CATALOGUE_VIEW = "catalogue.view", _("read the control catalogue")
    ORGANIZATION_LIST = "organization.list", _("see every organization on the platform")
    BROKER_REGISTER = "organization.register_broker", _("register a broker by its tax ID number")
    ORGANIZATION_REGISTER = "organization.register", _("register a CPA firm or an exchange")
    ORGANIZATION_CHANGE = "organization.change", _("correct the organization's name and address")
    PEOPLE_VIEW = "people.view", _("see the organization's people")
    PERSON_INVITE = "person.invite", _("invite a person into the organization")
    PERSON_CHANGE = "person.change", _("change a role, disable a person, end sessions; never their own")
    PERSON_RECOVER = "person.recover", _("ask for, or as a second person confirm, new second factors for a colleague")
    PLATFORM_VIEW = "platform.view", _("read the security events that belong to no organization")
    SECURITY_VIEW = "security.view", _("read the organization's security events")
    AUDITEE_INVITE = "auditee.invite", _("invite the auditee's first person")
    ENGAGEMENT_CREATE = "engagement.create", _("create an engagement")
    ENGAGEMENT_VIEW = "engagement.view", _("read the engagement")
    ENGAGEMENT_ADVANCE = "engagement.advance", _("move the engagement to another stage")
    ENGAGEMENT_DECLARE = "engagement.declare", _("declare their own independence and competence")
    ENGAGEMENT_ACCEPT = "engagement.accept", _("accept the engagement, declare for the firm, approve the plan")
    ENGAGEMENT_PLAN = "engagement.plan", _("record the engagement letter, assess the areas' risk")
    ENGAGEMENT_WITHDRAW = "engagement.withdraw", _("withdraw from the engagement")
    ENGAGEMENT_SIGN_FINAL = "engagement.sign_final", _("decide the conclusion and sign the file as partner")
    ENGAGEMENT_SIGN_QUALITY = "engagement.sign_quality", _("sign the quality review")
    TEAM_VIEW = "team.view", _("see the team")
    TEAM_CHANGE = "team.change", _("name the team")
    PROFILE_CHANGE = "profile.change", _("answer the scope profile")
    FIELDWORK_OPEN = "fieldwork.open", _("open fieldwork")
    LIBRARY_VIEW = "library.view", _("read the firm's tickmarks and phrases")
    LIBRARY_CHANGE = "library.change", _("change the firm's tickmarks and phrases")
    WORKPAPER_VIEW = "workpaper.view", _("read the workpapers")
    WORKPAPER_CHANGE = "workpaper.change", _("write on the workpapers")
    WORKPAPER_PREPARE = "workpaper.prepare", _("sign a workpaper as prepared")
    WORKPAPER_REVIEW = "workpaper.review", _("sign a workpaper as reviewed, if they didn't prepare it")
    WORKPAPER_APPROVE = "workpaper.approve", _("sign a workpaper as partner")
    WORKPAPER_ASSIGN = "workpaper.assign", _("say who does which workpaper, hand work over")
    NOTE_REPLY = "note.reply", _("reply to a review note")
    NOTE_ADD = "note.add", _("write a review note, clear their own")
    EVIDENCE_VIEW = "evidence.view", _("see the evidence library")
    EVIDENCE_LOOK = "evidence.look", _("look at a piece of evidence; a broker at what it handed in itself")
    EVIDENCE_DOWNLOAD = "evidence.download", _("download evidence; a broker what it handed in itself")
    EVIDENCE_EXPORT = "evidence.export", _("download a selection of the evidence with its manifest")
    EVIDENCE_ADD = "evidence.add", _("add evidence, describe it, mask a copy of it, cite it")
    EVIDENCE_WITHDRAW = "evidence.withdraw", _("withdraw what was handed in by mistake; a broker its own")
    EVIDENCE_RELEASE = "evidence.release", _("release evidence from quarantine")
    UPLOAD_SEND = "upload.send", _("send the bytes of a file whose upload they began")
    REQUEST_LIST = "request.list", _("see the list of requests")
    REQUEST_VIEW = "request.view", _("read a request")
    REQUEST_CHANGE = "request.change", _("close a request without an answer")
    REQUEST_ANSWER = "request.answer", _("hand in what was asked for")
    REQUEST_JUDGE = "request.judge", _("accept or return what was handed in")
    FINDING_VIEW = "finding.view", _("read findings")
    FINDING_CHANGE = "finding.change", _("raise, word and withdraw findings")
    REPORT_DRAFT_VIEW = "report.draft_view", _("see drafts of the report and the letter")
    REPORT_RENDER = "report.render", _("fill in the letter, render the report")
    REPORT_ISSUE = "report.issue", _("issue the report")
    REPORT_ISSUED_LIST = "report.issued_list", _("see the reports filed with the exchange")
    REPORT_VIEW = "report.view", _("download a report; the exchange what was issued and filed with it")
    TRAIL_VIEW = "trail.view", _("read the engagement's trail and verify it")


JUNIORS = frozenset({Role.STAFF, Role.SPECIALIST})
_SENIORS = frozenset({Role.INCHARGE, Role.MANAGER})
_AUDITORS = JUNIORS | _SENIORS | {Role.PARTNER}
_TEAM = _AUDITORS | {Role.EQR}
_FIRM = _TEAM | {Role.ADMIN}
_EVERYONE = frozenset(Role)
# Who keeps an organization's people; brokers and the exchange have no administrator.
_KEEPERS = frozenset({Role.ADMIN, Role.BROKER, Role.OPERATOR})

GRANTS: Mapping[Permission, frozenset[Role]] = {
    Permission.ACCOUNT_OWN: _EVERYONE,
    Permission.ACTS_VIEW: _EVERYONE,
    Permission.HOME_VIEW: _EVERYONE,
    Permission.OVERVIEW_VIEW: _FIRM,
    Permission.PATTERNS_VIEW: _EVERYONE,
    Permission.CATALOGUE_VIEW: _TEAM | {Role.EXCHANGE, Role.OPERATOR},
    Permission.ORGANIZATION_LIST: frozenset({Role.OPERATOR}),
    Permission.BROKER_REGISTER: frozenset({Role.MANAGER, Role.PARTNER, Role.ADMIN, Role.OPERATOR}),
    Permission.ORGANIZATION_REGISTER: frozenset({Role.OPERATOR}),
    Permission.ORGANIZATION_CHANGE: _KEEPERS,
    Permission.PEOPLE_VIEW: _KEEPERS | {Role.PARTNER, Role.EXCHANGE},
    Permission.PERSON_INVITE: _KEEPERS,
    Permission.PERSON_CHANGE: _KEEPERS,
    Permission.PERSON_RECOVER: _KEEPERS | {Role.PARTNER, Role.EXCHANGE},
    Permission.PLATFORM_VIEW: frozenset({Role.OPERATOR}),
    Permission.SECURITY_VIEW: frozenset({Role.ADMIN, Role.OPERATOR}),
    Permission.AUDITEE_INVITE: _SENIORS | {Role.PARTNER},
    Permission.ENGAGEMENT_CREATE: frozenset({Role.PARTNER, Role.ADMIN}),
    Permission.ENGAGEMENT_VIEW: _TEAM,
    Permission.ENGAGEMENT_ADVANCE: frozenset({Role.MANAGER, Role.PARTNER}),
    Permission.ENGAGEMENT_DECLARE: _TEAM,
    Permission.ENGAGEMENT_ACCEPT: frozenset({Role.PARTNER}),
    Permission.ENGAGEMENT_PLAN: _SENIORS | {Role.PARTNER},
    Permission.ENGAGEMENT_WITHDRAW: frozenset({Role.PARTNER}),
    Permission.ENGAGEMENT_SIGN_FINAL: frozenset({Role.PARTNER}),
    Permission.ENGAGEMENT_SIGN_QUALITY: frozenset({Role.EQR}),
    Permission.TEAM_VIEW: _FIRM,
    Permission.TEAM_CHANGE: frozenset({Role.PARTNER, Role.ADMIN}),
    Permission.PROFILE_CHANGE: _AUDITORS,
    Permission.FIELDWORK_OPEN: frozenset({Role.MANAGER, Role.PARTNER}),
    Permission.LIBRARY_VIEW: _TEAM,
    Permission.LIBRARY_CHANGE: frozenset({Role.MANAGER, Role.PARTNER}),
    Permission.WORKPAPER_VIEW: _TEAM,
    Permission.WORKPAPER_CHANGE: _AUDITORS,
    Permission.WORKPAPER_PREPARE: _AUDITORS,
    Permission.WORKPAPER_REVIEW: _SENIORS | {Role.PARTNER},
    Permission.WORKPAPER_APPROVE: frozenset({Role.PARTNER}),
    Permission.WORKPAPER_ASSIGN: _SENIORS | {Role.PARTNER},
    Permission.NOTE_REPLY: _TEAM,
    Permission.NOTE_ADD: _SENIORS | {Role.PARTNER, Role.EQR},
    Permission.EVIDENCE_VIEW: _TEAM,
    Permission.EVIDENCE_DOWNLOAD: _TEAM | {Role.BROKER},
    Permission.EVIDENCE_LOOK: _TEAM | {Role.BROKER},
    Permission.EVIDENCE_EXPORT: _TEAM,
    Permission.EVIDENCE_ADD: _AUDITORS,
    Permission.EVIDENCE_WITHDRAW: _SENIORS | {Role.PARTNER, Role.BROKER},
    Permission.EVIDENCE_RELEASE: frozenset({Role.MANAGER, Role.PARTNER}),
    Permission.UPLOAD_SEND: _AUDITORS | {Role.BROKER},
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


# Whoever signs for the firm or decides who gets in proves it with a passkey, which can't be phished.
PASSKEY_ROLES = frozenset({Role.PARTNER, Role.EQR, Role.ADMIN, Role.OPERATOR})


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
