"""What the project file may say, made from its model: a JSON schema that editors complete from, and a page to read.

Nothing here knows a key: a new one, with its description in the model, is in both.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from disparity.project.settings import Settings

SCHEMA_FILE = "disparity.schema.json"
# What editors of TOML understand (Even Better TOML, taplo).
DIALECT = "http://json-schema.org/draft-07/schema#"
DEFINITIONS = "definitions"
FORMATS = {"path": "path", "month": 'month, as `"2019-04"`', "date": "day, as `2026-06-18`"}
KINDS = {"string": "text", "boolean": "`true` or `false`", "integer": "whole number", "number": "number"}
BAR = "\\|"  # a bar in a cell of a table
MOST_NAMED = 8  # words of a list are named as far as one can take in; the schema has them all
HEAD = """\
# Every key of the project file

Made by `make reference` from the model that reads `disparity.toml`; do not edit it here. Paths are relative to the
project file. A key that is not known is refused, with its name.

`disparity init` writes a file that explains what most projects need, with `disparity.schema.json` beside it: an editor
that reads TOML by a schema (Even Better TOML in VS Code, taplo) then completes keys and names wrong ones as you type.
`disparity schema --out disparity.schema.json` writes it anew after an upgrade.

A table in single brackets stands once; one in double brackets may stand many times, each time for one more.
"""

Schema = dict[str, Any]


def make_schema() -> Schema:
    """Give the JSON schema of the project file."""
    made = Settings.model_json_schema(by_alias=True, ref_template=f"#/{DEFINITIONS}/{{model}}")
    definitions = {name: _tidy(each) for name, each in made.pop("$defs").items()}
    title = {"$schema": DIALECT, "title": "The project file of disparity"}
    return {**title, **_tidy(made), DEFINITIONS: definitions}


def _tidy(part: Any) -> Any:
    """Leave out what TOML has not (null), what says nothing (titles), and put references where draft 7 reads them."""
    if isinstance(part, list):
        return [_tidy(each) for each in part]
    if not isinstance(part, dict):
        return part
    tidied = {
        key: {name: _tidy(each) for name, each in value.items()} if key == "properties" else _tidy(value)
        for key, value in part.items()
        if not (key == "title" and isinstance(value, str)) and not (key == "default" and value in (None, {}, []))
    }
    kinds = [each for each in tidied.get("anyOf", []) if each != {"type": "null"}]
    if len(kinds) == 1:
        del tidied["anyOf"]
        tidied |= kinds[0]
    elif kinds:
        tidied["anyOf"] = kinds
    if "$ref" in tidied and len(tidied) > 1:
        tidied["allOf"] = [{"$ref": tidied.pop("$ref")}]
    return tidied


def write_schema() -> str:
    """Write the schema as a file holds it."""
    return json.dumps(make_schema(), indent=1, ensure_ascii=False) + "\n"


def write_reference() -> str:
    """Write the page on every key: those at the top of the file, then a section for each table."""
    schema = make_schema()
    lines = [HEAD, *_describe_keys("", schema, schema[DEFINITIONS])]
    return "\n".join(lines) + "\n"


def _describe_keys(prefix: str, table: Schema, definitions: Schema) -> Iterator[str]:
    """The keys of a table that are plain values, then its tables, each with its own."""
    tables = {key: given for key, given in table["properties"].items() if _is_table(given)}
    yield from _list_keys({key: given for key, given in table["properties"].items() if key not in tables}, table)
    for key, given in tables.items():
        name = f"{prefix}{key}"
        brackets = f"[[{name}]]" if given.get("type") == "array" else f"[{name}]"
        needed = " Needed." if key in table.get("required", ()) else ""
        yield from ("", f"{'##' if not prefix else '###'} `{brackets}`", _describe(given) + needed, "")
        if own := definitions.get(_table_of(given)):
            yield from _describe_keys(f"{name}.", own, definitions)
        elif "properties" in given:
            yield f"Keys: {', '.join(f'`{each}`' for each in given['properties'])}."
        else:
            yield f"Each key is yours, its value {_name_kind(given.get('additionalProperties', {}))}."


def _describe(given: Schema) -> str:
    """What the model says of it, with links to the pages that it names."""
    return re.sub(r"docs/([\w-]+\.md)", r"[\1](\1)", given.get("description", ""))


def _is_table(given: Schema) -> bool:
    return given.get("type") == "object" or bool(_table_of(given))


def _table_of(given: Schema) -> str:
    """Name the definition of a key that is a table or a list of them; nothing for others."""
    inner = given.get("items", given)
    reference = inner.get("$ref") or next((each["$ref"] for each in inner.get("allOf", []) if "$ref" in each), "")
    return str(reference).rsplit("/", 1)[-1]


def _list_keys(properties: Schema, table: Schema) -> Iterator[str]:
    yield from ("| key | value | left out | what it says |", "|---|---|---|---|")
    for key, given in properties.items():
        default = given.get("default")
        left_out = "needed" if key in table.get("required", ()) else "" if default in (None, "") else _quote(default)
        cells = (f"`{key}`", _name_kind(given), left_out, _describe(given))
        yield f"| {' | '.join(cell.replace('|', BAR) for cell in cells)} |"


def _name_kind(given: Schema) -> str:
    if "anyOf" in given:
        return " or ".join(_name_kind(each) for each in given["anyOf"])
    if "enum" in given:
        return " or ".join(map(_quote, given["enum"]))
    if given.get("type") == "array":
        inner = given.get("items", {})
        return f"list of {_name_words(inner['enum'])}" if "enum" in inner else f"list of {_name_kind(inner)}s"
    if _is_table(given):
        return "table"
    return FORMATS.get(given.get("format", "")) or KINDS.get(given.get("type", ""), "value")


def _name_words(words: list[Any]) -> str:
    named = [_quote(word) for word in words[:MOST_NAMED]]
    return ", ".join(named) + (f" and {len(words) - MOST_NAMED} more" if len(words) > MOST_NAMED else "")


def _quote(value: object) -> str:
    """A value as TOML has it."""
    return f"`{json.dumps(value, ensure_ascii=False)}`"
