"""Thousands of integers as one PostgreSQL array, in its binary form: psycopg's own way with a list
takes ten times as long, and the server would have to read them from text."""

from __future__ import annotations

import struct
import sys
from array import array

from psycopg.adapt import Dumper
from psycopg.pq import Format

INTEGER, INTEGERS = 23, 1007
"""Object identifiers of integer and integer[], the same in every PostgreSQL."""


class IntegersDumper(Dumper):
    """An ``array("i")`` as integer[]."""

    format = Format.BINARY
    oid = INTEGERS

    def dump(self, obj: array[int]) -> bytes:
        """Dimensions, whether there are nulls, type, size and lower bound; then each integer after
        its size (src/backend/utils/adt/arrayfuncs.c, array_recv)."""
        if not obj:
            return struct.pack("!iii", 0, 0, INTEGER)
        pairs = array("i", (obj.itemsize,)) * (2 * len(obj))
        pairs[1::2] = obj
        if sys.byteorder == "little":
            pairs.byteswap()
        return struct.pack("!iiiii", 1, 0, INTEGER, len(obj), 1) + pairs.tobytes()
