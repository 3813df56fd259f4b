"""Seeds give the same stream, settings that make no sense are refused."""

from __future__ import annotations

import numpy as np
import pytest

import runtime


def test_a_generator_gives_the_same_stream_each_time() -> None:
    np.testing.assert_array_equal(runtime.rng().normal(size=5), runtime.rng().normal(size=5))
    assert not np.array_equal(runtime.rng(1).normal(size=5), runtime.rng().normal(size=5))


@pytest.mark.parametrize("threads", ["0", "-1", "two", "1.5"])
def test_a_number_of_threads_that_is_none_is_refused(threads: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAROVI_THREADS", threads)
    from runtime.seeding import _threads

    with pytest.raises(ValueError, match="MAROVI_THREADS"):
        _threads()
