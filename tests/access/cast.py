"""The people of the matrix: two firms, two brokers, two exchanges, and what each of them is."""

from dataclasses import dataclass, field

from foundation.accounts.models import Organization, User
from foundation.accounts.policy import Role
from tests.conftest import organization, person

ORGANIZATIONS = {
    "firm": ("firm", "正衡聯合會計師事務所", "12345675"),
    "broker_company": ("broker", "安信數位證券", "22099131"),
    "exchange_company": ("exchange", "櫃買中心", "53212545"),
    "other_firm": ("firm", "他山會計師事務所", "53212539"),
    "other_broker_company": ("broker", "海岳證券", "04595257"),
    "other_exchange_company": ("exchange", "他方交易所", "70759028"),
}

# Who: (name, organization, role there, role on the engagements of their firm or None)
PEOPLE = {
    "staff": ("陳柏翰", "firm", Role.STAFF, Role.STAFF),
    "specialist": ("郭資安", "firm", Role.SPECIALIST, Role.SPECIALIST),
    "incharge": ("黃士銘", "firm", Role.INCHARGE, Role.INCHARGE),
    "manager": ("李佳穎", "firm", Role.MANAGER, Role.MANAGER),
    "partner": ("王怡君", "firm", Role.PARTNER, Role.PARTNER),
    "eqr": ("周文彬", "firm", Role.PARTNER, Role.EQR),
    "admin": ("何美玲", "firm", Role.ADMIN, None),
    "promoted": ("徐升遷", "firm", Role.SPECIALIST, Role.SPECIALIST),
    "rolled_off": ("蔡離隊", "firm", Role.MANAGER, Role.MANAGER),
    "disabled": ("馮停用", "firm", Role.MANAGER, Role.MANAGER),
    "broker": ("林資安", "broker_company", Role.BROKER, None),
    "exchange": ("黃監理", "exchange_company", Role.EXCHANGE, None),
    "operator": ("謝平台", "exchange_company", Role.OPERATOR, None),
    "other_staff": ("江他山", "other_firm", Role.STAFF, Role.STAFF),
    "other_incharge": ("白他山", "other_firm", Role.INCHARGE, Role.INCHARGE),
    "other_partner": ("許他山", "other_firm", Role.PARTNER, Role.PARTNER),
    "other_eqr": ("石他山", "other_firm", Role.PARTNER, Role.EQR),
    "other_admin": ("余他山", "other_firm", Role.ADMIN, None),
    "other_broker": ("吳海岳", "other_broker_company", Role.BROKER, None),
    "other_exchange": ("方他方", "other_exchange_company", Role.EXCHANGE, None),
}
ANYBODY = ("anonymous", *PEOPLE)
# One of each kind, where roles make no difference: the policy's table knows no stages, so what remains is who is who.
OF_EACH_KIND = ("anonymous", "staff", "partner", "eqr", "admin", "rolled_off", "broker", "exchange", "operator")
# Who looks for the other firm's: one for each way in which the product finds out what somebody may see.
STRANGERS = ("anonymous", "staff", "partner", "admin", "broker", "exchange", "operator")
SIGNED_OUT = frozenset({"anonymous", "disabled"})
# What is planted with the other firm's people must never be read by anybody else.
OTHERS = frozenset(name for name in PEOPLE if name.startswith("other_"))
# The other firm has the same rules: this one is there what that one is here.
COUNTERPART = {name: name.removeprefix("other_") for name in OTHERS}


@dataclass
class Cast:
    """Everybody who is there so far, by name."""

    organizations: dict[str, Organization] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)

    def hire(self, *places: str) -> None:
        """Create organizations with their people."""
        for place in places:
            kind, title, tax_id = ORGANIZATIONS[place]
            self.organizations[place] = company = organization(kind, title, tax_id)
            company.address = "臺北市信義區松仁路 100 號"
            company.save()
            for name, (title, where, role, _on_team) in PEOPLE.items():
                if where == place:
                    self.people[name] = person(title, f"{name.replace('_', '-')}@digao.example", company, role)

    def team(self, firm: str) -> dict[str, tuple[User, Role]]:
        """The people whom a firm puts on its engagements, with their roles there."""
        return {
            name: (self.people[name], on_team)
            for name, (_title, place, _role, on_team) in PEOPLE.items()
            if place == firm and on_team
        }
