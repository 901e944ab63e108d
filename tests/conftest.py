"""Fixtures of more than one folder."""

from browser import chromium

__all__ = ["chromium"]
