"""Commands on the store's working time, for managers."""

from __future__ import annotations

from typing import Any

from advisor_desk.cache.files import CacheBooks
from advisor_desk.desk.context import Context
from advisor_desk.domain import changes, shop_hours
from advisor_desk.domain.changes import Edit

Args = dict[str, Any]


def set_hours(desk: Context, args: Args) -> list[Edit]:
    """``store.set_hours``: the days that are named; what is due already keeps its time."""
    store_id, store = _store(desk)
    week = shop_hours.set_hours(store.get("hours"), args)
    return changes.edits(changes.update("store", store_id, store, hours=week))


def set_holidays(desk: Context, args: Args) -> list[Edit]:
    """``store.set_holidays``."""
    store_id, store = _store(desk)
    today = CacheBooks(desk.conn).shop(desk.now).calendar.local(desk.now)
    holidays = shop_hours.set_holidays(store.get("holidays"), args, today)
    return changes.edits(changes.update("store", store_id, store, holidays=holidays))


def _store(desk: Context) -> tuple[str, Any]:
    store_id = CacheBooks(desk.conn).shop(desk.now).store_id
    return store_id, desk.fields("store", store_id)
