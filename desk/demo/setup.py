"""The demonstration's engagements before fieldwork: created, staffed, their profile answered, their papers opened."""

from datetime import date, timedelta

from django.utils import timezone

from controls.models import CatalogueVersion, Condition
from desk.demo import beginning
from desk.demo.cast import Cast
from engagements.actions import answer_condition, join_team
from engagements.deadlines import filing_deadline
from engagements.models import Engagement
from foundation.accounts.policy import Role
from procedures.general import begin_engagement
from signoff.lifecycle import advance, open_fieldwork

TEAM = {
    "manager": Role.MANAGER,
    "incharge": Role.INCHARGE,
    "staff": Role.STAFF,
    "second_staff": Role.STAFF,
    "eqr": Role.EQR,
}

# What doesn't apply to the demonstration's brokers, and why. Everything else applies.
DECLINED = {
    "sms_otp": "登入採雙因子認證，未提供簡訊一次性密碼登入。",
    "qr_code": "錢包地址一律由系統白名單帶入，未採 QR Code 或掃描方式。",
    "mobile_app": "僅提供網頁平台，未提供行動應用程式。",
    "mobile_app_outsourced": "未提供行動應用程式。",
    "random_function": "安全設計未自行使用亂數函數，均採作業系統提供之密碼模組。",
    "removable_backup_media": "備份採異地磁碟陣列複製，未使用磁帶或外接硬碟。",
    "vendor_remote_access": "受託機構不得自遠端連入，均於現場作業。",
    "csp_onsite_audit_refused": "雲端業者契約已同意實地查核。",
    "cloud_third_party_audit": "本期未委託獨立第三人，由公司自行查核。",
    "csp_data_access_unavoidable": "資料加密且金鑰由公司保管，雲端業者無法存取。",
    "iot": "營業處所未使用物聯網設備。",
    "eol_software_in_use": "資產清冊核對結果無停止支援之軟體。",
}
NOTHING_HAPPENED = "查詢資安事件工單系統及向主管機關之通報紀錄，本期無此情事。"


def business_year(today: date) -> int:
    """Return the calendar year being assessed: last year until its deadline at the end of March, then this one."""
    return (today - timedelta(days=92)).year


def annual(cast: Cast, year: int) -> Engagement:
    """The annual assessment of the first broker for a calendar year, in ACCEPTANCE."""
    last_day = date(year, 12, 31)
    engagement = Engagement(
        auditee=cast.organizations["broker"],
        filed_with=cast.organizations["exchange"],
        kind=Engagement.Kind.ANNUAL,
        period_start=date(year, 1, 1),
        period_end=last_day,
        deadline=filing_deadline(last_day),
        catalogue=CatalogueVersion.objects.current(),
    )
    return _staffed(engagement, cast)


def establishment(cast: Cast) -> Engagement:
    """The second broker's application to set up, as of three weeks ago, in ACCEPTANCE."""
    today = timezone.localdate()
    engagement = Engagement(
        auditee=cast.organizations["new_broker"],
        filed_with=cast.organizations["exchange"],
        kind=Engagement.Kind.ESTABLISHMENT,
        as_of=today - timedelta(days=21),
        deadline=today + timedelta(days=18),
        catalogue=CatalogueVersion.objects.current(),
    )
    return _staffed(engagement, cast)


def _staffed(engagement: Engagement, cast: Cast) -> Engagement:
    created = begin_engagement(engagement, by=cast["partner"])
    for key, role in TEAM.items():
        join_team(created, user=cast[key], role=role, by=cast["partner"])
    return created


def opened(engagement: Engagement, cast: Cast) -> Engagement:
    """Accept and plan the engagement, answer the profile, open fieldwork."""
    beginning.accepted(engagement, cast)
    planned = advance(engagement, expected="acceptance", by=cast["partner"])
    beginning.planned(planned, cast)
    conditions = Condition.objects.filter(version=engagement.catalogue).exclude(kind=Condition.Kind.EVENT)
    for condition in conditions:
        reason = DECLINED.get(condition.key, "")
        answer_condition(engagement, condition, applies=not reason, reason=reason, by=cast["manager"])
    return open_fieldwork(planned, by=cast["partner"])


def answer_events(engagement: Engagement, cast: Cast) -> None:
    """Nothing happened in the period."""
    for condition in Condition.objects.filter(version=engagement.catalogue, kind=Condition.Kind.EVENT):
        answer_condition(engagement, condition, applies=False, reason=NOTHING_HAPPENED, by=cast["incharge"])
