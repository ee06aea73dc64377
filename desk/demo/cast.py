"""Who is in the demonstration. One password for all; the command prints it."""

from dataclasses import dataclass

from foundation.accounts.actions import add_person, register_organization
from foundation.accounts.models import Organization, User
from foundation.accounts.policy import Role

PASSWORD = "digao-demo-2026"  # noqa: S105 -- public by design; seed_demo refuses production
Kind = Organization.Kind

FIRM = ("正衡聯合會計師事務所", "正衡會計師事務所", "12345675", "臺北市信義區松仁路 100 號 12 樓")
ORGANIZATIONS = {
    "firm": (Kind.FIRM, *FIRM),
    "broker": (Kind.BROKER, "安信數位證券股份有限公司", "安信數位證券", "22099131", "臺北市松山區敦化北路 205 號"),
    "new_broker": (Kind.BROKER, "海岳證券股份有限公司", "海岳證券", "04595257", "臺中市西屯區市政路 386 號"),
    "exchange": (
        Kind.EXCHANGE,
        "財團法人中華民國證券櫃檯買賣中心",
        "櫃買中心",
        "53212545",
        "臺北市中正區羅斯福路二段 100 號 15 樓",
    ),
}

# key: name, mail address, organization, role
PEOPLE = {
    "staff": ("陳柏翰", "staff@firm.example", "firm", Role.STAFF),
    "second_staff": ("蔡宜庭", "staff2@firm.example", "firm", Role.STAFF),
    "incharge": ("黃士銘", "incharge@firm.example", "firm", Role.INCHARGE),
    "manager": ("李佳穎", "manager@firm.example", "firm", Role.MANAGER),
    "partner": ("王怡君", "partner@firm.example", "firm", Role.PARTNER),
    "eqr": ("周文彬", "eqr@firm.example", "firm", Role.PARTNER),
    "admin": ("何美玲", "admin@firm.example", "firm", Role.ADMIN),
    "broker": ("林資安", "broker@anshin.example", "broker", Role.BROKER),
    "new_broker": ("吳岳庭", "broker@haiyue.example", "new_broker", Role.BROKER),
    "exchange": ("黃監理", "staff@exchange.example", "exchange", Role.EXCHANGE),
    "operator": ("呂維運", "operator@exchange.example", "exchange", Role.OPERATOR),
}

QUALIFICATIONS = {
    "staff": {
        "certificate": "國際電腦稽核師（CISA）、ISO 27001 主導稽核員",
        "experience": "資訊安全查核 4 年，曾參與期貨商及電子支付機構之評估",
    },
    "second_staff": {
        "certificate": "資訊安全工程師（CompTIA Security+）",
        "experience": "系統管理 2 年、資訊安全查核 2 年",
    },
    "incharge": {
        "certificate": "國際電腦稽核師（CISA）、資安系統專家（CISSP）",
        "experience": "證券商及銀行資訊查核 7 年",
    },
    "manager": {
        "certificate": "中華民國會計師、國際電腦稽核師（CISA）",
        "experience": "證券商內部控制專案審查及資訊查核 11 年",
    },
    "partner": {
        "certificate": "中華民國會計師（北市會證字第 4123 號）",
        "experience": "金融業確信案件 18 年，其中資訊系統及安全控管 9 年",
    },
    "eqr": {
        "certificate": "中華民國會計師（北市會證字第 2871 號）",
        "experience": "金融業確信案件 24 年，案件品質複核 10 年",
    },
}


@dataclass(frozen=True, slots=True)
class Cast:
    """The people and organizations by key."""

    people: dict[str, User]
    organizations: dict[str, Organization]

    def __getitem__(self, key: str) -> User:
        return self.people[key]


def hire() -> Cast:
    """Create everybody."""
    organizations = {
        key: register_organization(
            Organization(kind=kind, name=name, short_name=short, tax_id=tax_id, address=address), by=None
        )
        for key, (kind, name, short, tax_id, address) in ORGANIZATIONS.items()
    }
    people = {
        key: add_person(
            organizations[organization],
            email=email,
            password=PASSWORD,
            name=name,
            role=role,
            by=None,
            **QUALIFICATIONS.get(key, {}),
        )
        for key, (name, email, organization, role) in PEOPLE.items()
    }
    return Cast(people, organizations)


def is_hired() -> bool:
    """Whether the demonstration is there already."""
    return User.objects.filter(email=PEOPLE["partner"][1]).exists()
