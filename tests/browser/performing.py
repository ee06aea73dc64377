"""What fills weeks: done by the demonstration's people through the product's own verbs, so that a journey by browser
keeps to one of each.

Runs inside the installation: `Installation.perform("plan", engagement)`.
"""

from controls.models import Condition
from desk.demo import setup
from desk.demo.cast import ORGANIZATIONS, PEOPLE, Cast
from desk.demo.fieldwork import Fieldwork
from desk.demo.story import LETTER
from desk.demo.writing import review_memos, write_memos
from engagements.actions import answer_condition
from engagements.models import Engagement
from engagements.risks import area_rows, assess
from foundation.accounts.models import Organization, User
from procedures.models import Section
from reports.actions import save_letter_entries

LAST = "3.20"  # the paper that the journey works on by browser
BY_HAND = "3.6"  # the area whose risk it assesses by browser


def cast() -> Cast:
    """Everybody of the demonstration."""
    people = {key: User.objects.get(email=row[1]) for key, row in PEOPLE.items()}
    organizations = {key: Organization.objects.get(tax_id=row[3]) for key, row in ORGANIZATIONS.items()}
    return Cast(people, organizations)


def plan(key: str) -> None:
    """Write the papers of acceptance and planning, answer the profile, assess every area but one."""
    engagement, people = Engagement.objects.get(pk=key), cast()
    for section in (Section.ACCEPTANCE, Section.PLANNING):
        write_memos(engagement, people, section)
        review_memos(engagement, people, section)
    for condition in Condition.objects.filter(version=engagement.catalogue).exclude(kind=Condition.Kind.EVENT):
        reason = setup.DECLINED.get(condition.key, "")
        answer_condition(engagement, condition, applies=not reason, reason=reason, by=people["manager"])
    for row in area_rows(engagement):
        if row.code != BY_HAND:
            assess(engagement, row, level="moderate", why="", by=people["manager"])


def fieldwork(key: str) -> None:
    """Receive all documents but the last, perform and prepare every paper, review all but the last."""
    engagement, people = Engagement.objects.select_related("auditee", "catalogue").get(pk=key), cast()
    work = Fieldwork(engagement, people, "broker")
    work.answer_all(list(engagement.requests.prefetch_related("documents").order_by("number"))[:-1])
    for paper in work.papers:
        work.perform(paper)
        work.prepare(paper)
        if paper.code != LAST:
            work.review(paper)
    setup.answer_events(engagement, people)


def complete(key: str) -> None:
    """Write the papers of completion, the partner signs them too; enter what the report's letter asks for."""
    engagement, people = Engagement.objects.get(pk=key), cast()
    write_memos(engagement, people, Section.COMPLETION)
    review_memos(engagement, people, Section.COMPLETION)
    save_letter_entries(engagement, values=LETTER, options=[], by=people["partner"])
