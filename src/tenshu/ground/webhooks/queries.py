"""The gates of endpoints and deliveries; who may see them at all is told by the permission table."""

from django.http import Http404

from tenshu.ground.webhooks.models import Delivery, Endpoint


def access_endpoint(pk: int) -> Endpoint:
    """An endpoint, or 404."""
    found = Endpoint.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def access_delivery(pk: int) -> Delivery:
    """A delivery with its endpoint, or 404."""
    found = Delivery.objects.select_related("endpoint").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
