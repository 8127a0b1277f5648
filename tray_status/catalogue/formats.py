"""JSON and TOML that anybody may have written, made into tables; what is none says why. Pure."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from typing import Any

from ..errors import TrayStatusError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


class Malformed(TrayStatusError):
    """A file is not what its name says; the text says why, without the file's name."""


def json_object(text: str) -> Mapping[str, Any]:
    """The object that a JSON document is. Raises Malformed."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise Malformed(f"it is not valid JSON: {error.msg} in line {error.lineno}") from None
    except ValueError:
        raise Malformed("it is not valid JSON") from None
    except RecursionError:
        raise Malformed("it is nested too deeply") from None
    if not isinstance(data, dict):
        raise Malformed("it is JSON, but no object")
    return data


_LONG_KEY = re.compile(r"""(?<![\w"'-])(?:[\w"'-]{1,1000}[ \t]{0,9}\.[ \t]{0,9}){50}""")
"""A key of so many parts costs with the square of them, and no project has one."""


def toml_table(text: str) -> Mapping[str, Any]:
    """The table that a TOML document is. Raises Malformed."""
    if _LONG_KEY.search(text):
        raise Malformed("it is nested too deeply")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise Malformed("it is nested too deeply") from None
    except ValueError as error:
        raise Malformed(f"it is not valid TOML: {str(error)[:200]}") from None


def table_in(data: object, *keys: str) -> Mapping[str, Any]:
    """A table within tables; empty where there is none."""
    for key in keys:
        data = data.get(key) if isinstance(data, Mapping) else None
    return data if isinstance(data, Mapping) else {}
