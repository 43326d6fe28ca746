"""The page of kinds of mistakes by reader: as the faults are, and without a gap."""

from __future__ import annotations

import importlib.util
from types import ModuleType

import pytest

from tests.tables.faults import TESTS


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_readings", TESTS.parent / "docs" / "make_readings.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_kind_has_a_fault_or_a_reason_in_every_reader(maker: ModuleType) -> None:
    gaps = [(kind, reader) for kind, row in maker.table().items() for reader, cell in row.items() if not cell]
    assert gaps == []


def test_the_page_is_as_the_faults_are(maker: ModuleType) -> None:
    assert maker.PAGE.read_text(encoding="utf-8") == maker.page()


def test_a_reason_is_given_only_where_there_is_no_fault(maker: ModuleType) -> None:
    table = maker.table()
    for kind, reasons in maker.CANNOT.items():
        assert kind in table
        for reader, reason in reasons.items():
            assert table[kind][reader] == reason, (kind, reader)
