"""Copies of an engagement with all that hangs on it, row by row, for measurements at size. The trail is left alone."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

from django.apps import apps
from django.db import models, transaction

from engagements.models import Engagement

APPS = ["engagements", "procedures", "evidence", "findings", "signoff"]


@transaction.atomic
def copy_engagement(original: Engagement) -> None:
    """Copy the engagement, then every row that points at a copied one, with its pointers moved along."""
    copies: dict[tuple[type[models.Model], object], models.Model] = {}
    for model in in_order_of_reference():
        rows = [original] if model is Engagement else rows_about(model, copies)
        made = [copy_of(row, copies) for row in rows]
        if model is Engagement:
            # One broker has one annual engagement per year.
            for engagement in made:
                engagement.period_start -= timedelta(days=36500)
                engagement.period_end -= timedelta(days=36500)
        model.objects.bulk_create(made, batch_size=500)
        copies |= {(model, row.pk): copy for row, copy in zip(rows, made, strict=True)}


def in_order_of_reference() -> Iterator[type[models.Model]]:
    """The models, each after those it points at."""
    waiting = [model for label in APPS for model in apps.get_app_config(label).get_models(include_auto_created=True)]
    while waiting:
        model = next(one for one in waiting if not (targets(one) & set(waiting)) - {one})
        waiting.remove(model)
        yield model


def targets(model: type[models.Model]) -> set[type[models.Model]]:
    return {field.related_model for field in pointers(model)}


def pointers(model: type[models.Model]) -> list[models.ForeignKey]:
    return [field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)]


def rows_about(model: type[models.Model], copies: dict) -> list[models.Model]:
    """Rows that point at something that was copied."""
    keys = {}
    for source, key in copies:
        keys.setdefault(source, []).append(key)
    for field in pointers(model):
        if field.related_model in keys and not field.null and field.related_model is not model:
            return list(model.objects.filter(**{f"{field.name}__in": keys[field.related_model]}).order_by("pk"))
    return []


def copy_of(row: models.Model, copies: dict) -> models.Model:
    """The same values, a new key, pointers to the copies."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    key = row._meta.pk
    if isinstance(key, models.UUIDField):
        values[key.attname] = uuid4()
    elif not isinstance(key, models.ForeignKey):
        del values[key.attname]
    for field in pointers(type(row)):
        if (target := copies.get((field.related_model, values.get(field.attname)))) is not None:
            values[field.attname] = target.pk
    return type(row)(**values)
