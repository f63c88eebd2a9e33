"""Windows of a run: bounds, slices, bookmarks."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from ml_connector.errors import SystemFault
from ml_connector.singer.windows import WindowRules, instant_text, parse_instant

NOW = dt.datetime(2026, 11, 20, 12, 0, 0, 123456, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
UPPER = dt.datetime(2026, 11, 20, 11, 55, tzinfo=dt.UTC)


def test_the_first_run_reads_everything_up_to_the_lag() -> None:
    (window,) = WindowRules().plan(None, NOW)
    assert (window.start, window.end, window.closed) == (None, UPPER, True)
    assert window.is_everything
    assert window.moves_bookmark


def test_a_bookmark_is_read_with_its_look_back() -> None:
    (window,) = WindowRules().plan(NOW - DAY, NOW)
    assert window.start == NOW - 2 * DAY
    assert window.end == UPPER


def test_only_the_present_is_read_a_little_further() -> None:
    rules = WindowRules(slice_length=DAY, start_date=UPPER - 2 * DAY)
    first, last = rules.plan(None, NOW)
    assert first.read_until == first.end
    assert last.end is not None
    assert last.read_until == last.end + dt.timedelta(seconds=2)


def test_slices_join_without_gap_or_overlap_and_only_the_last_is_closed() -> None:
    rules = WindowRules(slice_length=DAY, start_date=UPPER - 3.5 * DAY, lag=NOW - UPPER)
    windows = rules.plan(None, NOW)
    assert [window.number for window in windows] == [1, 2, 3, 4]
    for earlier, later in itertools.pairwise(windows):
        assert earlier.end == later.start
    assert [window.closed for window in windows] == [False, False, False, True]
    assert windows[0].start == rules.start_date


def test_the_start_date_bounds_the_look_back() -> None:
    (window,) = WindowRules(start_date=NOW - DAY).plan(NOW - DAY / 2, NOW)
    assert window.start == NOW - DAY


def test_a_bookmark_of_the_future_still_reads_the_look_back() -> None:
    (window,) = WindowRules().plan(NOW + 5 * DAY, NOW)
    assert window.start == UPPER - DAY


def test_ranges_and_keys_leave_the_bookmark() -> None:
    rules = WindowRules.from_settings({"from": "2026-01-01", "to": "2026-02-01T00:00:00Z", "window_days": 10})
    windows = rules.plan(NOW, NOW)
    assert len(windows) == 4
    assert not any(window.moves_bookmark for window in windows)
    assert windows[-1].end == dt.datetime(2026, 2, 1, tzinfo=dt.UTC)
    (by_key,) = WindowRules.from_settings({"keys": [7, "8"]}).plan(NOW, NOW)
    assert by_key.keys == ("7", "8")
    assert not by_key.moves_bookmark
    assert not by_key.is_everything


def test_a_range_that_starts_after_its_end_has_no_window() -> None:
    assert WindowRules.from_settings({"from": "2027-01-01"}).plan(None, NOW) == []


def test_instants_are_utc() -> None:
    assert instant_text(parse_instant("2026-11-20T10:11:12-05:00")) == "2026-11-20T15:11:12Z"
    assert instant_text(parse_instant("2026-11-20")) == "2026-11-20T00:00:00Z"
    with pytest.raises(SystemFault, match="The setting `from` is 'soon'"):
        WindowRules.from_settings({"from": "soon"})
