"""The way in by an identity provider: off to it, back from it, and out of it again."""

import logging
from typing import Any
from urllib.parse import urlencode

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST
from requests import RequestException

from tenshu.ground.client_address import client_address, network_of
from tenshu.ground.sign_on.actions.identities import SignInRefusedError, do_admit
from tenshu.ground.sign_on.actions.sessions import forget_session
from tenshu.ground.sign_on.entrance import arrive, log, mark_of, safe_target
from tenshu.ground.sign_on.models import Outcome, Way
from tenshu.ground.sign_on.oidc import CheckedAdapter, attribute, claim, is_ours
from tenshu.ground.sign_on.provider_file import Provider
from tenshu.ground.sign_on.queries import providers
from tenshu.ground.sign_on.saml import LEFT, SESSION, MetadataError, bring_metadata, sign_out_address
from tenshu.ground.sign_on.ui.refusals import REFUSALS, UNREACHABLE
from tenshu.ground.throttle.limits import allow

logger = logging.getLogger(__name__)

MOST_ANSWER = 200_000
"""Bytes of a SAML answer; a usual one has 5,000 to 20,000."""
MOST_SIGN_INS = 6_000
"""Steps of one network in ten minutes: all people of an office behind one address, on a Monday morning."""
TOO_MANY = "この場所からのサインインが多すぎます。しばらく待ってから、もう一度始めてください。"


def _provider_or_404(provider_id: str, kind: Way) -> Provider:
    found = providers().get(provider_id)
    if found is None or found.kind != kind:
        raise Http404
    return found


def too_many(request: HttpRequest) -> bool:
    """Whether this network has begun or brought back too many sign-ins: each leaves a session in the database."""
    network = network_of(client_address(request))
    return bool(allow("sign_on.provider", network, limit=MOST_SIGN_INS, seconds=600))


def _start(request: HttpRequest, provider_id: str) -> HttpResponse:
    if too_many(request):
        return refused_page(request, TOO_MANY, status=429)
    target = safe_target(request, request.GET.get("next"))
    try:
        at_provider = get_adapter(request).get_provider(request, provider=provider_id)
        answer: HttpResponse = at_provider.redirect(request, AuthProcess.LOGIN, next_url=target)
    except (RequestException, ValueError, KeyError, OAuth2Error):
        logger.exception("The identity provider %s cannot be asked.", provider_id)
        return refused_page(request, UNREACHABLE, status=503)
    return answer


@never_cache
@require_GET
def oidc_start(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the person to an OpenID Connect provider."""
    _provider_or_404(provider_id, Way.OIDC)
    return _start(request, provider_id)


@never_cache
@require_GET
def saml_start(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the person to a SAML provider."""
    _provider_or_404(provider_id, Way.SAML)
    try:
        bring_metadata(provider_id)
    except MetadataError:
        return _no_metadata(request, provider_id)
    return _start(request, provider_id)


@never_cache
@require_GET
def oidc_callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from an OpenID Connect provider: state, code, token, claims."""
    _provider_or_404(provider_id, Way.OIDC)
    try:
        answer: HttpResponse = OAuth2CallbackView.adapter_view(CheckedAdapter(request, provider_id))(request)
    except RequestException:
        logger.exception("The identity provider %s cannot be asked.", provider_id)
        return refused_page(request, UNREACHABLE, status=503)
    except (ValueError, KeyError, PermissionDenied, OAuth2Error):
        return refuse_answer(request, provider_id)
    return answer


@csrf_exempt
@never_cache
@require_POST
def saml_acs(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """A SAML provider's answer arrives without our cookie (SameSite): put aside, and read by ``saml_finish``.

    Nothing of it is proved yet, and it is put into the database: so it must be short, and there may not be any number.
    """
    from allauth.socialaccount.providers.saml.views import acs

    _provider_or_404(organization_slug, Way.SAML)
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_ANSWER or "SAMLResponse" not in request.POST:
        return refuse_answer(request, organization_slug)
    if too_many(request):
        return refused_page(request, TOO_MANY, status=429)
    answer: HttpResponse = acs(request, organization_slug=organization_slug)
    return answer


@never_cache
@require_GET
def saml_finish(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Read the answer: signature, audience, times, and that we asked for it in this very session."""
    from allauth.socialaccount.providers.saml.views import finish_acs
    from lxml.etree import LxmlError
    from onelogin.saml2.errors import OneLogin_Saml2_Error

    _provider_or_404(organization_slug, Way.SAML)
    try:
        bring_metadata(organization_slug)
    except MetadataError:
        return _no_metadata(request, organization_slug)
    try:
        answer: HttpResponse = finish_acs(request, organization_slug=organization_slug)
    except (ValueError, KeyError, PermissionDenied, LxmlError, OneLogin_Saml2_Error):
        return refuse_answer(request, organization_slug)
    return answer


@never_cache
@require_GET
def saml_metadata(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """What a SAML provider has to know of this house."""
    from allauth.socialaccount.providers.saml.views import metadata

    _provider_or_404(organization_slug, Way.SAML)
    try:
        bring_metadata(organization_slug)
    except MetadataError:
        return _no_metadata(request, organization_slug)
    answer: HttpResponse = metadata(request, organization_slug=organization_slug)
    return answer


@never_cache
@require_GET
def saml_sign_out(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """A SAML provider ends the session; only a signed word counts."""
    from allauth.socialaccount.providers.saml.views import sls

    _provider_or_404(organization_slug, Way.SAML)
    if "Signature" not in request.GET:
        return HttpResponseBadRequest()
    try:
        bring_metadata(organization_slug)
    except MetadataError:
        return _no_metadata(request, organization_slug)
    mark = mark_of(request)
    answer: HttpResponse = sls(request, organization_slug=organization_slug)
    if mark and not request.user.is_authenticated:
        forget_session(mark["id"])
    return answer


@never_cache
@require_GET
def provider_sign_out(request: HttpRequest, provider_id: str) -> HttpResponse:
    """On to the provider's own sign-out, where it offers one (OpenID Connect RP-initiated logout, SAML Single Logout)."""
    found = providers().get(provider_id)
    if found is None or found.kind not in (Way.OIDC, Way.SAML):
        raise Http404
    return (_oidc_sign_out if found.kind == Way.OIDC else _saml_sign_out)(request, provider_id)


NO_SIGN_OUT = "この認証基盤には、サインアウトの窓口がありません。ブラウザーを閉じてください。"


def _saml_sign_out(request: HttpRequest, provider_id: str) -> HttpResponse:
    from onelogin.saml2.errors import OneLogin_Saml2_Error

    session = request.session.pop(LEFT, None)
    if session is None:
        return HttpResponseRedirect(reverse("access:login"))
    try:
        bring_metadata(provider_id)
        at_provider = get_adapter(request).get_provider(request, provider=provider_id)
        return HttpResponseRedirect(sign_out_address(request, at_provider, session))
    except MetadataError:
        return _no_metadata(request, provider_id)
    except OneLogin_Saml2_Error:
        return refused_page(request, NO_SIGN_OUT)


def _no_metadata(request: HttpRequest, provider_id: str) -> HttpResponse:
    logger.exception("The metadata of the identity provider %s cannot be had.", provider_id)
    return refused_page(request, UNREACHABLE, status=503)


def _oidc_sign_out(request: HttpRequest, provider_id: str) -> HttpResponse:
    adapter = CheckedAdapter(request, provider_id)
    try:
        address = adapter.openid_config.get("end_session_endpoint")
    except (RequestException, ValueError):
        return refused_page(request, UNREACHABLE, status=503)
    if not address:
        return refused_page(request, NO_SIGN_OUT)
    back = request.build_absolute_uri(reverse("access:login"))
    app = adapter.get_provider().app
    return HttpResponseRedirect(
        f"{address}?{urlencode({'client_id': app.client_id, 'post_logout_redirect_uri': back})}"
    )


def arrive_from_provider(request: HttpRequest, sociallogin: SocialLogin) -> HttpResponse:
    """The provider has proved who it is; now the register decides."""
    provider = providers()[sociallogin.account.provider]
    way = Way(provider.kind)
    if way == Way.OIDC and not is_ours(sociallogin):
        return refuse_answer(request, provider.id)
    data: dict[str, Any] = sociallogin.account.extra_data or {}
    number = (claim if way == Way.OIDC else attribute)(data, provider.staff_number)
    # A SAML name may be another one at each sign-in (transient): there the number itself is the identity.
    uid = sociallogin.account.uid if way == Way.OIDC else number
    if way == Way.SAML:
        request.session[LEFT] = data.get(SESSION)
    try:
        user = do_admit(number, provider=provider.id, uid=uid)
    except SignInRefusedError as refused:
        log(request, refused.user, refused.outcome, way=way, provider=provider.id)
        return refused_page(request, REFUSALS[refused.outcome])
    target = safe_target(request, sociallogin.state.get("next"))
    return arrive(request, user, way=way, provider=provider.id, vouched=provider.second_factor, target=target)


def refuse_answer(request: HttpRequest, provider_id: str, outcome: Outcome = Outcome.DOUBTED) -> HttpResponse:
    """The provider's answer is not believed, the person turned back there, or the provider is not there."""
    provider = providers()[provider_id]
    log(request, None, outcome, way=provider.kind, provider=provider.id)
    status = 503 if outcome == Outcome.UNREACHABLE else 403
    return refused_page(request, REFUSALS[outcome], status=status)


def refused_page(request: HttpRequest, reason: str, *, status: int = 403) -> HttpResponse:
    """The page that says why, and how to go on."""
    return render(request, "sign_on/refused.html", {"reason": reason}, status=status)
