"""How the demonstration's engagements are accepted and planned: all declare, the partner accepts and approves."""

from datetime import timedelta

from desk.demo.cast import Cast
from desk.demo.files import letter_file
from desk.demo.writing import day_of, review_memos, write_memos
from engagements.accepting import accept, declare, declare_for_firm, record_letter
from engagements.models import Acceptance, Engagement, RiskLevel
from engagements.risks import area_rows, assess
from foundation.files.uploads import send
from procedures.models import Section
from signoff.planning import Plan, approve_plan

# What the firm does for the first broker besides; of the second it knows no other services.
OTHER_SERVICES = "本所另受託查核財務報表，未提供資訊系統設計、建置或資安代管服務。"
SAFEGUARDS = "財務報表查核由不同會計師及團隊執行，兩案底稿分別控管。"
CRITERIA = "基準為櫃買中心公告之控制重點及執行程序，攸關、完整、可靠、中立且可了解，受查者並已知悉。"
RATIONALE = "管理階層誠信無虞；團隊之時間及資訊安全專業足敷所需；案件風險評估為中等。"

# What isn't of moderate risk, as paper B-2 (memos.py) says.
RISKS = {
    "3.6": (RiskLevel.HIGH, "私鑰遭不當存取即為客戶資產損失，且無法回復。"),
    "3.8": (RiskLevel.HIGH, "權限及系統更新頻繁，影響所有交易功能。"),
    "3.15": (RiskLevel.HIGH, "交易中斷逾四小時即屬重大。"),
    "1": (RiskLevel.LOW, "組織及職掌穩定，前次無缺失。"),
}


def accepted(engagement: Engagement, cast: Cast) -> None:
    """Write and review the papers of section A, declare, record the letter, accept."""
    write_memos(engagement, cast, Section.ACCEPTANCE)
    review_memos(engagement, cast, Section.ACCEPTANCE)
    for member in engagement.team.select_related("user"):
        qualified = f"{member.user.certificate}\n{member.user.experience}"
        declare(engagement, threats="", safeguards="", competence=qualified, by=member.user)
    audited = engagement.auditee == cast.organizations["broker"]
    said = {"threats": OTHER_SERVICES, "safeguards": SAFEGUARDS} if audited else {"threats": "", "safeguards": ""}
    declare_for_firm(engagement, **said, by=cast["partner"])
    _letter(engagement, cast)
    accept(engagement, form=Acceptance.Form.DIRECT, criteria=CRITERIA, rationale=RATIONALE, by=cast["partner"])


def _letter(engagement: Engagement, cast: Cast) -> None:
    day = day_of(engagement, 0) - timedelta(days=90)
    name, content = letter_file(company=engagement.auditee.name, firm=engagement.firm.name, day=day)
    upload = send(content, name=name, scope=engagement.pk, by=cast["manager"])
    record_letter(engagement, upload, dated_on=day, has_clause=True, by=cast["manager"])


def planned(engagement: Engagement, cast: Cast) -> None:
    """Write the papers of section B, set every area's risk, approve."""
    write_memos(engagement, cast, Section.PLANNING)
    for row in area_rows(engagement):
        level, why = RISKS.get(row.code, (RiskLevel.MODERATE, ""))
        assess(engagement, row, level=level, why=why, by=cast["manager"])
    approve_plan(engagement, seen=Plan(engagement).fingerprint, by=cast["partner"])
