"""The `clean_html` filter of nbconvert with the tags of tables, which nbconvert's own lacks: it shows every table as text."""

import bleach
from bleach.css_sanitizer import CSSSanitizer

TAGS = """
a abbr b blockquote br caption code col colgroup dd details div dl dt em h1 h2 h3 h4 h5 h6 hr i img li meter ol p pre
progress s small span strong sub summary sup table tbody td tfoot th thead tr ul
""".split()

ATTRIBUTES = {
    "*": ["class", "id", "title", "dir"],
    "a": ["href"],
    "img": ["src", "alt", "width", "height"],
    "td": ["colspan", "rowspan", "style", "headers"],
    "th": ["colspan", "rowspan", "scope", "style", "headers", "abbr"],
    "div": ["style"],
    "progress": ["value", "max"],
    "meter": ["value", "min", "max"],
    "details": ["open"],
    "ol": ["start"],
}

STYLES = CSSSanitizer(allowed_css_properties=["text-align", "white-space", "overflow-x", "max-height"])


def clean_html(element):
    text = element.decode() if isinstance(element, bytes) else str(element)
    return bleach.clean(text, tags=TAGS, attributes=ATTRIBUTES, css_sanitizer=STYLES)
