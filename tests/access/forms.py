"""The forms of a page as a browser reads them, and what somebody may send by them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

DAYS_BY_NAME = ("_on", "_from", "_to", "_start", "_end", "as_of", "deadline")


@dataclass
class Field:
    """A field: its type, and the values that it has or may have."""

    kind: str
    values: list[str] = field(default_factory=list)


@dataclass
class Form:
    """A form: where it goes, and its fields by name."""

    address: str
    fields: dict[str, Field] = field(default_factory=dict)

    def filled(self, text: str, day: str, choice: int) -> list[tuple[str, str]]:
        """What it says with this text and day, every box ticked and one of each choice; hidden fields as they are."""
        return [(name, value) for name in self.fields for value in self._said(name, text, day, choice)]

    def _said(self, name: str, text: str, day: str, choice: int) -> list[str]:
        kind, values = self.fields[name].kind, self.fields[name].values
        if kind in {"hidden", "checkbox"}:
            return values
        if kind in {"select", "radio"}:
            chosen = [value for value in values if value]
            return [chosen[choice % len(chosen)]] if chosen else []
        if kind in {"file", "submit"}:
            return []
        return [day if name.endswith(DAYS_BY_NAME) else text]


class Reader(HTMLParser):
    """Gathers the forms of a page that are sent by POST."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.form: Form | None = None
        self.select: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._begin(said)
        elif tag == "option" and self.select:
            self.select.values.append(said.get("value", ""))
        elif self.form and said.get("name") and tag in {"input", "select", "textarea"}:
            kind = said.get("type", "text") if tag == "input" else tag
            found = self.form.fields.setdefault(said["name"], Field(kind))
            if tag == "input":
                found.values.append(said.get("value", "on"))
            self.select = found if tag == "select" else None

    def _begin(self, said: dict[str, str]) -> None:
        address = said.get("hx-post") or (said.get("action") if said.get("method", "").lower() == "post" else "")
        self.form = Form((address or "").partition("#")[0])
        if address:
            self.found.append(self.form)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None


def forms_of(page: bytes) -> list[Form]:
    """The forms of a page that are sent by POST."""
    reader = Reader()
    reader.feed(page.decode(errors="replace"))
    return reader.found
