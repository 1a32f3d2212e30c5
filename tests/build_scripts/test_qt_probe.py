"""The probe that keeps a bad Qt out."""

from __future__ import annotations

import ctypes
import sys

import pytest

import qt_probe


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal there")
def test_a_call_that_touches_nones_count_is_seen() -> None:
    none = ctypes.py_object(None)
    assert qt_probe._change(lambda: ctypes.pythonapi.Py_IncRef(none)) == pytest.approx(1, abs=0.01)
    assert qt_probe._change(lambda: None) == pytest.approx(0, abs=0.01)


@pytest.mark.usefixtures("qapp")
def test_the_installed_qt_keeps_its_references() -> None:
    assert {name for name, change in qt_probe.leaks().items() if abs(change) > qt_probe._ALLOWED} == set()
