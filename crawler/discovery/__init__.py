"""Reads what an outlet's sources name: bytes in, leads out; touches no network, no disk and no clock."""
