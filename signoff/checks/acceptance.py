"""What an engagement is accepted on: the partner's decision, everybody's declaration, the engagement letter."""

from django.utils.translation import gettext as _

from foundation.web.blockers import Blocker
from signoff.standing import Standing


def accepted(standing: Standing) -> list[Blocker]:
    """Return that the partner hasn't accepted: with the decision come the form and the suitability of the criteria."""
    if standing.accepted.acceptance:
        return []
    text = _("The partner hasn't accepted the engagement: its form, the suitable criteria, the reasons.")
    return [Blocker("acceptance.missing", text, _place(standing, "decision"))]


def declared(standing: Standing) -> list[Blocker]:
    """Return which members, and whether the firm, haven't declared, or named a threat without its safeguard."""
    firm = standing.accepted.firm
    known = [(each.member.user.name, each.declaration) for each in standing.accepted.members]
    everybody = [*known, (_("The firm"), firm)]
    silent = [name for name, row in everybody if row is None]
    bare = [name for name, row in everybody if row is not None and not row.is_enough]
    return [
        *_blocker(standing, "declaration.missing", _("Not declared yet: %(names)s."), silent),
        *_blocker(standing, "declaration.unsafe", _("A threat to independence without safeguard: %(names)s."), bare),
    ]


def _blocker(standing: Standing, kind: str, text: str, names: list[str]) -> list[Blocker]:
    if not names:
        return []
    return [Blocker(kind, text % {"names": _(", ").join(names)}, _place(standing, "declarations"))]


def letter_recorded(standing: Standing) -> list[Blocker]:
    """Return that the engagement letter isn't recorded, or lacks the clause of article 22."""
    if standing.accepted.letter:
        return letter_has_clause(standing)
    return [Blocker("letter.missing", _("The engagement letter isn't recorded."), _place(standing, "letter"))]


def letter_has_clause(standing: Standing) -> list[Blocker]:
    """Return that the letter in force lacks the clause: later on too, as another may have taken its place."""
    letter = standing.accepted.letter
    if letter is None or letter.has_clause:
        return []
    text = _("The engagement letter lacks the clause of article 22: FSC and exchange may ask for working papers.")
    return [Blocker("letter.clause", text, _place(standing, "letter"))]


def _place(standing: Standing, part: str) -> str:
    return f"{standing.url('engagement-acceptance')}#{part}"
