"""The page that mod_http_openmetrics serves."""

import re
import urllib.request

from network import LOOPBACK


def page(server):
    return urllib.request.urlopen(f"http://{LOOPBACK}:{server.ports['http']}/metrics", timeout=20).read().decode()


def samples(server):
    """[(name, {label: value}, number)]"""
    rows = re.findall(r"^(\w+)(?:\{(.*)\})? (\S+)$", page(server), re.MULTILINE)
    return [(name, dict(re.findall(r'(\w+)="([^"]*)"', labels)), float(number)) for name, labels, number in rows]
