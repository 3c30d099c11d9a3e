"""`aaworkflow check` finds in every small bad file what is wrong with it, at its place, in both languages."""

import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from bad_files import FILES, BadFile, folder_of
from click.testing import CliRunner

from aaworkflow.cli.main import cli
from aaworkflow.errors.catalog import MESSAGES
from aaworkflow.errors.messages import analysis, people, rules, rulesets, tables, testing

NO_FILE_CAUSES: dict[str, str] = {
    "analysis": "guarantee_undecided",
    "people: asked or given in Python": (
        "naive_instant not_an_id amount_not_exact duplicate_id person_unknown_unit appointment_unknown_unit "
        "unit_unknown_parent unknown_superior delegation_unknown_person people_wrong_type people_missing_entry "
        "people_unknown_entry people_invalid_entry"
    ),
    "people: why somebody may not act": (
        "person_inactive role_not_held role_in_other_unit appointment_not_yet appointment_expired no_delegation_from "
        "delegation_not_yet delegation_expired delegation_other_role delegation_other_document "
        "delegation_other_procedure delegation_over_limit delegation_amount_unknown delegation_chain_too_long "
        "principal_without_role"
    ),
    "rules: asked or given in Python": "condition_value_refused fact_type_unknown regex_text_too_long rule_failed",
    "tables: asked, compared, or written": (
        "table_facts_shape table_fact_missing table_fact_type table_fact_option table_fact_places table_not_unique "
        "table_any_differs table_row_unknown table_no_match table_diff_type table_xlsx_character"
    ),
    "testing: what a story comes to": (
        "scenario_without_case changed_though_refused line_accepted line_refused nothing_to_compare other_than_expected"
    ),
}
TRIED_ELSEWHERE: dict[str, str] = {
    "tests/rulesets/test_dated_tables.py": "mapping_too_long",
    "tests/rulesets/test_files.py": "file_not_readable file_too_large ruleset_folder_missing too_many_files",
    "tests/rulesets/test_load.py": "file_unused table_extra_missing table_xlsx_unreadable",
    "tests/rulesets/test_ruleset.py": "parameter_not_yet",
    "tests/rulesets/test_yaml_nodes.py": "yaml_too_large",
    "tests/rules/test_conditions.py": "condition_too_deep condition_too_many",
    "tests/rules/tables": "table_size table_cell_length table_xlsx_sheet table_xlsx_formula table_analysis_limited",
    "tests/analysis/test_check.py": "table_index_size",
    "tests/testing/test_scenarios.py": "scenario_twice",
}
CALENDARS = (
    "calendar_never_works day_count_not_whole day_count_too_large day_outside_calendar duration_not_readable "
    "hours_out_of_range office_hours_not_in_order reminder_not_readable reminder_share_out_of_range "
    "subdivision_without_country unknown_country unknown_duration_unit unknown_subdivision unknown_timezone"
)
"""Of the many messages of calendars, those that a file can cause."""


def _codes(*listed: str) -> set[str]:
    return {code for text in listed for code in text.split()}


def test_every_message_that_a_file_can_cause_has_its_bad_file() -> None:
    needed = {code for room in (people, rulesets, tables, testing) for code in room.MESSAGES} | _codes(CALENDARS)
    needed |= _named_by(rules.MESSAGES, "rules", "conditions", "operands", "regexes")
    needed |= _named_by(analysis.MESSAGES, "analysis", "check", "dates", "vacancies", "versions")
    needed |= _named_by(MESSAGES, "rulesets") - {"irrevocable"}  # a key of steps that is called as a refusal is
    needed -= {code for code in tables.MESSAGES if code.startswith(("dmn_", "frame_", "table_cell_quotes"))}
    needed -= _codes(*NO_FILE_CAUSES.values(), *TRIED_ELSEWHERE.values())
    assert not needed - {bad.code for bad in FILES}


def _named_by(codes: Iterable[str], folder: str, *modules: str) -> set[str]:
    """Return the codes that some modules of a room, or all, name: those that reading and checking files come to."""
    files = sorted((Path(__file__).parents[2] / "src/aaworkflow" / folder).glob("*.py"))
    text = "".join(file.read_text("utf-8") for file in files if not modules or file.stem in modules)
    return {code for code in codes if f'"{code}"' in text}


def _codes(*listed: str) -> set[str]:
    return {code for text in listed for code in text.split()}


def test_what_is_said_to_be_tried_elsewhere_is() -> None:
    root = Path(__file__).parents[2]
    for place, codes in TRIED_ELSEWHERE.items():
        files = [root / place] if place.endswith(".py") else sorted((root / place).glob("*.py"))
        text = "".join(file.read_text("utf-8") for file in files)
        assert not {code for code in codes.split() if code not in text}, place


@cache
def _checked(bad: BadFile) -> list[dict[str, Any]]:
    """Return what the command finds in a ruleset that is sound but for a file."""
    prove = () if bad.code.startswith("guarantee_") else ("--no-prove",)
    with TemporaryDirectory() as folder:
        command = ["check", "--format", "json", "--on", "2026-06-01", *prove, str(folder_of(bad, Path(folder)))]
        result = CliRunner().invoke(cli, command)
    found: list[dict[str, Any]] = json.loads(result.stdout)
    assert result.exit_code == int(any(finding["severity"] == "error" for finding in found))
    return [finding for finding in found if finding["file"].endswith(f"/{bad.name}")]


@pytest.mark.parametrize("bad", FILES, ids=lambda bad: f"{bad.kind}-{bad.code}")
def test_a_bad_file_is_told_at_its_line_and_column_in_both_languages(bad: BadFile) -> None:
    places = {f"{one['code']}@{one['line']}:{one['column']}": one for one in _checked(bad)}
    assert f"{bad.code}@{bad.place}" in places
    finding = places[f"{bad.code}@{bad.place}"]
    # A gap in a sentence is a datum that is not there.
    assert not re.search(r"…(?!$)|\{\w+\}", finding["en"].replace("9…", ""))
    assert re.search(r"[\u4e00-\u9fff]", finding["zh"])
    assert not re.search(r"(?<!!!)\b(?:dict|str|int|NoneType|Decimal)\b", finding["zh"])
    assert MESSAGES[bad.code].en.split("{")[0] in finding["en"]


NAMES_NEAREST = (
    *("unknown_role", "unknown_step", "unknown_document", "unknown_fact", "unknown_office", "unknown_rule"),
    *("unknown_person", "unknown_unit", "unknown_scenario", "unknown_code", "unknown_timezone", "unknown_procedure"),
    *("setting_unknown", "word_unknown", "condition_fact_unknown", "condition_key_unknown", "condition_option_unknown"),
    *("operator_unknown", "table_key", "table_setting", "table_setting_unknown", "table_fact_unknown", "table_type"),
    *("table_cell_option", "table_output_value", "outcome_of_no_end", "unknown_moment", "name_in_odd_letters"),
)


@pytest.mark.parametrize("code", NAMES_NEAREST)
def test_a_name_that_is_nearly_right_is_told_what_was_meant(code: str) -> None:
    bad = next(bad for bad in FILES if bad.code == code)
    finding = next(f for f in _checked(bad) if f["code"] == code)
    assert finding["nearest"]
    assert f"您是否想写 {finding['nearest']}?" in finding["zh"]
    assert f"did you mean {finding['nearest']}?" in finding["en"]
    if code not in ("unknown_code", "unknown_timezone", "name_in_odd_letters"):
        assert finding["nearest"] in finding["allowed"]
