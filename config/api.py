"""Where the API's parts meet: /api/v1/, its tokens, its schema."""

from typing import Any

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from knox.models import AuthToken
from knox.views import LoginView, LogoutView
from rest_framework import status
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from controls.api import CatalogueViewSet
from engagements.api import EngagementViewSet
from foundation.accounts.actions import note_own
from foundation.accounts.http import person
from foundation.web.guards import PUBLIC
from procedures.api import ResultViewSet, WorkpaperViewSet

router = SimpleRouter()
router.register("catalogue", CatalogueViewSet, basename="catalogue-point")
router.register("engagements", EngagementViewSet)
router.register("workpapers", WorkpaperViewSet)
router.register("results", ResultViewSet)


class TokenView(LoginView):  # type: ignore[misc]  # knox ships no types
    """Make a token for whoever is signed in in the browser: a token is never had for a password alone."""

    permission = "home.view"
    authentication_classes = (SessionAuthentication,)

    def post(self, request: Request, format: str | None = None) -> Response:  # noqa: A002, ARG002 -- knox's own name
        """Make the token and record it; knox would have it that the person signed in."""
        made, token = AuthToken.objects.create(person(request), expiry=self.get_token_ttl())
        note_own("token.made", person(request), token=made.token_key)
        return Response({"expiry": self.format_expiry_datetime(made.expiry), "token": token})


class TokenEndView(LogoutView):  # type: ignore[misc]  # knox ships no types
    """End the token that the request carries."""

    permission = "home.view"

    def post(self, request: Request, format: str | None = None) -> Response:  # noqa: A002, ARG002 -- knox's own name
        """End it and record which: knox would have it that the person signed out."""
        token: Any = request.auth
        token.delete()
        note_own("token.ended", person(request), token=token.token_key)
        return Response(status=status.HTTP_204_NO_CONTENT)


class SchemaView(SpectacularAPIView):
    """OpenAPI 3 of everything below /api/v1/."""

    permission = PUBLIC


class SchemaPage(SpectacularSwaggerSplitView):
    """The schema to read and try."""

    permission = PUBLIC


# Swagger UI styles itself and names no nonce: the one page with a policy of its own, which still runs our files only.
swagger_policy = csp_replace({"script-src": [SELF], "style-src": [SELF, UNSAFE_INLINE]})

v1 = [
    *router.urls,
    path("tokens/", TokenView.as_view(), name="token"),
    path("tokens/end/", TokenEndView.as_view(), name="token-end"),
]

urlpatterns = [
    path("v1/", include((v1, "v1"))),
    path("schema/", SchemaView.as_view(api_version="v1"), name="schema"),
    path("schema/docs/", swagger_policy(SchemaPage.as_view(url_name="schema")), name="schema-docs"),
]
