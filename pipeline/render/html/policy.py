"""What the pages may load: their own files, and nothing from anywhere else; no script or style inside a page.

What somebody types in a form, such as that of the search, goes to the page's own server.
"""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self';"
    " base-uri 'none'; form-action 'self'"
)
