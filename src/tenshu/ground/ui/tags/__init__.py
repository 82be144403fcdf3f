"""The template tags of the house, one file a kind; ``templatetags.tenshu`` joins them."""
