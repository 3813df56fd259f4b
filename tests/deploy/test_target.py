"""Where to publish: addresses as people write them, secrets that never show."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import TargetSettings
from pipeline.deploy.target import for_reading, from_environment, parse
from pipeline.errors import ConfigurationError

SECRET = "correct-horse-battery"


@pytest.mark.parametrize(
    "url", ["https://wiki.example.org/w", "https://wiki.example.org/w/", "https://wiki.example.org/w/api.php"]
)
def test_an_address_may_end_at_its_folder_or_at_api_php(url: str) -> None:
    assert parse(url, "Bot@app", SECRET).url == "https://wiki.example.org/w/"


@pytest.mark.parametrize(
    "url", ["https://wiki.example.org", "https://wiki.example.org/api.php", "https://WIKI.example.org/"]
)
def test_an_address_may_have_no_folder(url: str) -> None:
    assert parse(url, "Bot@app", SECRET).url == "https://wiki.example.org/"


def test_the_password_is_not_shown() -> None:
    assert SECRET not in repr(parse("https://wiki.example.org/w/", "Bot@app", SECRET))


@pytest.mark.parametrize("host", ["wiki.example.org", "127.0.0.1.example.org", "10.0.0.1", "[2001:db8::1]"])
def test_plain_http_would_send_the_password_unencrypted(host: str) -> None:
    with pytest.raises(ConfigurationError, match=r"would get the password unencrypted; use https://") as refused:
        parse(f"http://{host}/w/", "Bot@app", SECRET)
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000", "127.0.0.1"])
def test_on_loopback_plain_http_will_do(host: str) -> None:
    target = parse(f"http://{host}/", "Bot@app", SECRET)
    assert target.host == host and target.loopback


@pytest.mark.parametrize(
    "url",
    [
        "wiki", "ftp://wiki.example.org/", "https://", f"https://me:{SECRET}@wiki.example.org/", f"https://:{SECRET}@x/",
        f"https://wiki.example.org/?password={SECRET}", f"https://wiki.example.org/#{SECRET}", "https://[::1", "https://x:y/",
    ],
)  # fmt: skip
def test_what_is_no_address_is_said_without_repeating_it(url: str) -> None:
    with pytest.raises(ConfigurationError, match="not the address of a wiki") as refused:
        parse(url, "Bot@app", SECRET)
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, "run `marovi wiki up`"),
        ({"MAROVI_WIKI_URL": "https://wiki.example.org/"}, "MAROVI_WIKI_USER and MAROVI_WIKI_PASSWORD not set"),
        ({"MAROVI_WIKI_URL": "https://wiki.example.org/", "MAROVI_WIKI_USER": "Bot", "MAROVI_WIKI_PASSWORD": SECRET},
         "Special:BotPasswords"),
    ],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_said_in_one_sentence(environment, words: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as refused:
        from_environment(environment, tmp_path)
    assert words in str(refused.value) and SECRET not in str(refused.value)


def test_who_only_reads_needs_no_secret_and_takes_one_along_where_there_is_one(tmp_path: Path) -> None:
    staging = TargetSettings("staging", "https://staging.example.org/w/", "Bot@app")
    assert for_reading({}, tmp_path, staging).user == ""
    assert for_reading({"MAROVI_WIKI_PASSWORD_STAGING": SECRET}, tmp_path, staging).password == SECRET
    assert for_reading({"MAROVI_WIKI_TOKEN_STAGING": SECRET}, tmp_path, staging).token == SECRET
    named = {"MAROVI_WIKI_URL": "https://wiki.example.org/w/"}
    assert for_reading(named, tmp_path).url == "https://wiki.example.org/w/"
    assert for_reading(named | {"MAROVI_WIKI_PASSWORD": SECRET}, tmp_path).password == ""
    with pytest.raises(ConfigurationError, match="no wiki is named"):
        for_reading({}, tmp_path)
