"""Forms about engagements."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from controls.models import CatalogueVersion
from engagements.deadlines import filing_deadline, is_full_year, is_short_first_year
from engagements.models import Engagement, TeamMember
from engagements.queries import has_twin
from foundation.accounts.models import Organization, User
from foundation.accounts.policy import Role
from foundation.web.fields import RocDateField, RocDateInput

Kind = Engagement.Kind
FIRST_DAY = {"placeholder": "115/01/01", "autocomplete": "off"}
LAST_DAY = {"placeholder": "115/12/31", "autocomplete": "off"}
NOT_A_YEAR = _("A fiscal year has twelve months, this period hasn't. If the business began inside the year, say so.")


class EngagementForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new engagement: annual with the auditee's fiscal year, the other kinds with an as-of date."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices, widget=forms.RadioSelect, initial=Kind.ANNUAL)
    period_start = RocDateField(label=_("Period start"), required=False, widget=RocDateInput(attrs=FIRST_DAY))
    period_end = RocDateField(label=_("Period end"), required=False, widget=RocDateInput(attrs=LAST_DAY))
    as_of = RocDateField(label=_("As-of date"), required=False, widget=RocDateInput(attrs=LAST_DAY))
    deadline = RocDateField(label=_("Deadline"), required=False, help_text=_("As agreed with the auditee."))
    began_in_year = forms.BooleanField(
        label=_("The business began inside this fiscal year"),
        required=False,
        help_text=_("The period may then be shorter than twelve months."),
    )

    class Meta:
        model = Engagement
        fields = ("auditee", "kind", "period_start", "period_end", "as_of", "deadline", "filed_with")

    def __init__(self, *args: Any, firm: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.firm = firm
        self.fields["auditee"].label_from_instance = lambda broker: f"{broker.name}（{broker.tax_id}）"  # type: ignore[attr-defined]
        self.fields["auditee"].queryset = Organization.objects.filter(kind=Organization.Kind.BROKER)  # type: ignore[attr-defined]
        exchanges = Organization.objects.filter(kind=Organization.Kind.EXCHANGE)
        self.fields["filed_with"].queryset = exchanges  # type: ignore[attr-defined]
        self.fields["filed_with"].initial = exchanges.first()

    def clean(self) -> dict[str, Any]:
        """Keep the dates that belong to the kind, check them, set an annual deadline."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not CatalogueVersion.objects.published().exists():
            self.add_error(None, _("No catalogue is loaded yet"))
        if cleaned.get("kind") == Kind.ANNUAL:
            cleaned["as_of"] = None
            self._clean_period(cleaned)
        elif cleaned.get("kind"):
            cleaned["period_start"] = cleaned["period_end"] = None
            has_day = self._require(cleaned, "as_of", _("Enter the as-of date."))
            has_deadline = self._require(cleaned, "deadline", _("Enter the date agreed with the auditee."))
            if has_day and has_deadline and cleaned["deadline"] < cleaned["as_of"]:
                self.add_error("deadline", _("The deadline lies before the as-of date."))
        self._refuse_twin(cleaned)
        return cleaned

    def _refuse_twin(self, cleaned: dict[str, Any]) -> None:
        """Say at the date that the firm has this engagement already."""
        field = "period_end" if cleaned.get("kind") == Kind.ANNUAL else "as_of"
        auditee, kind, last_day = (cleaned.get(name) for name in ("auditee", "kind", field))
        if auditee and kind and last_day and has_twin(firm=self.firm, auditee=auditee, kind=kind, last_day=last_day):
            self.add_error(field, _("The firm has an engagement of this kind for this auditee and this date already."))

    def _require(self, cleaned: dict[str, Any], field: str, message: Any) -> bool:
        if cleaned.get(field) or field in self.errors:
            return bool(cleaned.get(field))
        self.add_error(field, message)
        return False

    def _clean_period(self, cleaned: dict[str, Any]) -> None:
        has_start = self._require(cleaned, "period_start", _("Enter the first day of the fiscal year."))
        has_end = self._require(cleaned, "period_end", _("Enter the last day of the fiscal year."))
        if not (has_start and has_end):
            return
        start, end = cleaned["period_start"], cleaned["period_end"]
        cleaned["deadline"] = filing_deadline(end)
        if end <= start:
            self.add_error("period_end", _("The period ends before it starts."))
        elif is_full_year(start, end) or (cleaned.get("began_in_year") and is_short_first_year(start, end)):
            return
        else:
            self.add_error("period_end", NOT_A_YEAR)

    def save(self, commit: bool = True) -> Engagement:  # noqa: ARG002, FBT001, FBT002 -- Django's signature
        """Return the engagement, pinned to the current catalogue version; the verb saves it."""
        engagement: Engagement = super().save(commit=False)
        engagement.catalogue = CatalogueVersion.objects.current()
        return engagement


class AnswerForm(forms.Form):
    """The answer to one condition of the profile."""

    applies = forms.TypedChoiceField(
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda answer: answer == "yes",
        error_messages={"required": _("Choose yes or no.")},
    )
    reason = forms.CharField(required=False, max_length=1000)


class AuditeeInvitationForm(forms.Form):
    """The auditee's first person."""

    name = forms.CharField(label=_("Name"), max_length=80)
    email = forms.EmailField(label=_("Mail address"), max_length=254)


SINGLE_ROLES = {Role.PARTNER, Role.EQR}


class TeamMemberForm(forms.Form):
    """A person of the firm and what they will be on the engagement. A role that only one holds isn't offered twice."""

    user = forms.ModelChoiceField(User.objects.none(), label=_("Person"))
    role = forms.ChoiceField(label=_("Role"), choices=[(role.value, role.label) for role in TeamMember.TEAM_ROLES])

    def __init__(self, *args: Any, engagement: Engagement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team = TeamMember.objects.current().filter(engagement=engagement)
        colleagues = User.objects.filter(organization=engagement.firm_id, is_active=True).exclude(role=Role.ADMIN)
        self.candidates = colleagues.exclude(pk__in=team.values("user"))
        self.fields["user"].queryset = self.candidates  # type: ignore[attr-defined]
        taken = SINGLE_ROLES & set(team.values_list("role", flat=True))
        # Offered, not accepted: whoever posts a taken role is told by the verb that it is taken.
        offered = [(role.value, role.label) for role in TeamMember.TEAM_ROLES if role not in taken]
        self.fields["role"].widget.choices = offered
