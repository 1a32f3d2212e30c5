"""``advisor-desk demo`` and ``advisor-desk bridge generate``: a living store to try the desk on."""

from __future__ import annotations

import argparse


def add_generate_parser(calls: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``generate``."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``demo``."""
