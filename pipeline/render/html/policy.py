"""What the pages may load: their own files, and nothing from anywhere else; no script or style inside a page."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self';"
    " base-uri 'none'; form-action 'none'"
)
