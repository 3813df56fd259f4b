"""Where to publish: addresses as people write them, secrets that never show."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.deploy.target import from_environment, parse
from pipeline.errors import ConfigurationError

SECRET = "correct-horse-battery"


@pytest.mark.parametrize(
    "url", ["https://wiki.example.org/w", "https://wiki.example.org/w/", "https://wiki.example.org/w/api.php"]
)
def test_an_address_may_end_at_its_folder_or_at_api_php(url: str) -> None:
    assert parse(url, "Bot@app", SECRET).url == "https://wiki.example.org/w/"


def test_the_password_is_not_shown() -> None:
    assert SECRET not in repr(parse("https://wiki.example.org/w/", "Bot@app", SECRET))


def test_plain_http_is_for_loopback_only() -> None:
    with pytest.raises(ConfigurationError, match=r"would get the password unencrypted; use https://") as refused:
        parse("http://wiki.example.org/w/", "Bot@app", SECRET)
    assert SECRET not in str(refused.value)
    assert parse("http://127.0.0.1:8000/", "Bot@app", SECRET).host == "127.0.0.1:8000"


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, "run `marovi wiki up`"),
        ({"MAROVI_WIKI_URL": "https://wiki.example.org/"}, "MAROVI_WIKI_USER and MAROVI_WIKI_PASSWORD not set"),
        ({"MAROVI_WIKI_URL": "wiki", "MAROVI_WIKI_USER": "B@a", "MAROVI_WIKI_PASSWORD": SECRET}, "not the address"),
        ({"MAROVI_WIKI_URL": f"https://me:{SECRET}@wiki.example.org/", "MAROVI_WIKI_USER": "B@a",
          "MAROVI_WIKI_PASSWORD": SECRET}, "not the address"),
        ({"MAROVI_WIKI_URL": "https://wiki.example.org/", "MAROVI_WIKI_USER": "Bot", "MAROVI_WIKI_PASSWORD": SECRET},
         "Special:BotPasswords"),
    ],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_said_in_one_sentence(environment, words: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as refused:
        from_environment(environment, tmp_path)
    assert words in str(refused.value) and SECRET not in str(refused.value)
