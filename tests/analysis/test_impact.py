"""What a change of rules would have done to recorded cases."""

import json
import shutil
from collections.abc import Callable
from contextvars import copy_context
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import attrs
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from walking import Office

from aaworkflow.analysis.impact import CaseImpact, Impact, impact, plot, plot_png
from aaworkflow.analysis.trust.mutants import Mutant, mutants
from aaworkflow.cli.main import cli
from aaworkflow.people import StaticDirectory
from aaworkflow.plugins import load_ruleset
from aaworkflow.rulesets import Ruleset, load_people
from aaworkflow.testing import MemoryStore
from aaworkflow.texts import LANGS

ROOT = Path(__file__).parents[2]
AA, PURCHASE = ROOT / "rulesets/aa", ROOT / "rulesets/purchase"
AMOUNTS = (499_999, 500_000, 640_000, 799_999, 800_000)
Edit = Callable[..., Ruleset]


@pytest.fixture(scope="module")
def people() -> StaticDirectory:
    return load_people(AA / "people.yaml")


@pytest.fixture(scope="module")
def store(people: StaticDirectory) -> MemoryStore:
    """A year's work of a branch: contracts of several amounts, two that come of proposals, one that was refused."""
    kept = MemoryStore()
    fill(Office(load_ruleset(AA), people, kept, "shanghai"))
    return kept


@pytest.fixture(scope="module")
def few(people: StaticDirectory) -> MemoryStore:
    kept = MemoryStore()
    fill(Office(load_ruleset(AA), people, kept, "shanghai"), secondary=AMOUNTS[2:3], proposals=(1_200_000,))
    return kept


def fill(
    office: Office, secondary: tuple[int, ...] = AMOUNTS, proposals: tuple[int, ...] = (640_000, 1_200_000)
) -> None:
    for n, amount in enumerate(secondary):
        day = date(2026, 3, 2) + timedelta(14 * n)
        office.take(
            "secondary_contract",
            day=day,
            case=f"secondary-{amount}",
            by="branch_manager",
            facts={"customer_name": "华东机械"},
            parts={"secondary_contract.amount": amount},
        )
    for amount in proposals:
        office.take(
            "transformation_proposal",
            day=date(2026, 6, 1),
            case=f"proposal-{amount}",
            by="consultant",
            facts={"customer_name": "华东机械"},
            parts={"sales_contract.amount": amount},
            outcomes={"approve": "fail"} if amount > 10**6 else {},
        )
    office.take("visit", day=date(2026, 7, 1), case="visit", by="consultant", facts={"customer_name": "华东机械"})


@pytest.fixture
def changed(tmp_path: Path) -> Edit:
    """Return a function that makes a ruleset with other words in one file."""

    def edit(file: str, *words: tuple[str, str], of: Path = AA) -> Ruleset:
        folder = tmp_path / f"new{len(list(tmp_path.iterdir()))}"
        shutil.copytree(of, folder)
        text = (folder / file).read_text("utf-8")
        for old, new in words:
            assert old in text, old
            text = text.replace(old, new)
        (folder / file).write_text(text, "utf-8")
        return load_ruleset(folder)

    return edit


def texts(found: Impact) -> dict[str, set[str]]:
    """Return the cases of each group, by its sentence."""
    return {group.text.en: set(group.cases) for group in found.groups()}


THRESHOLD = ("2019-01-01: 500000", "2019-01-01: 800000")


# -------------------------------------------------------------------- the acceptance story


def test_a_higher_threshold_says_which_contracts_would_no_longer_have_gone_to_the_president(
    store: MemoryStore, people: StaticDirectory, changed: Edit
) -> None:
    found = impact(AA, changed("ruleset.yaml", THRESHOLD), store, directory=people)
    spared = {group.procedure: set(group.cases) for group in found.groups()}
    assert spared == {
        "sales_contract": {"proposal-640000/start_contract#1"},
        "secondary_contract": {"secondary-500000", "secondary-640000", "secondary-799999"},
    }
    assert {d.what for one in found.different for d in one.differences} == {"asked_no_more"}
    assert {d.step for one in found.different for d in one.differences} == {"president_consent"}
    assert found.counts()["route"] == 4
    assert found.same == found.cases - 4


def test_it_names_the_act_where_a_case_goes_otherwise_and_the_rule_and_clause_behind_it(
    store: MemoryStore, people: StaticDirectory, changed: Edit
) -> None:
    found = impact(AA, changed("ruleset.yaml", THRESHOLD), store, directory=people)
    one = next(one for one in found.different if one.case == "secondary-640000")
    point = one.differences[0].point
    assert point is not None
    assert (point.step, point.by) == ("approve", "zhao.ming")
    assert [c.where for c in point.causes] == ["parameters.major_contract_amount.values.2019-01-01"]
    assert [(t.rule, t.before, t.after) for t in point.turns] == [("major_secondary_contract", "fires", "does_not")]
    assert "640000.00" in point.turns[0].why.en
    assert "不少于 800000" in point.turns[0].why.zh
    assert point.clauses == ("K3", "Z3")


def test_a_lower_threshold_stops_where_the_record_has_no_act_to_go_on_with(
    store: MemoryStore, people: StaticDirectory, changed: Edit
) -> None:
    new = changed("ruleset.yaml", ("2019-01-01: 500000", "2019-01-01: 100000"))
    found = impact(AA, new, store, directory=people)
    assert [one.case for one in found.different] == ["secondary-499999"]
    assert [(d.what, d.step) for d in found.different[0].differences] == [
        ("asked_as_well", "president_consent"),
        ("not_ended", "president_consent"),
    ]


# -------------------------------------------------------------------- nothing changed


def test_the_same_rules_make_no_difference(store: MemoryStore, people: StaticDirectory) -> None:
    for screen in (True, False):
        found = impact(AA, AA, store, directory=people, screen=screen)
        assert (found.different, found.unreadable, found.unreproduced) == ((), (), ())
        assert found.cases == found.same == 17
    assert found.replayed == 17
    assert "no case would have gone otherwise" in plot(found, lang="en")


def test_other_words_make_no_difference(store: MemoryStore, people: StaticDirectory, changed: Edit) -> None:
    new = changed(
        "procedures/secondary_contract.yaml", ("zh: 审批,", "zh: 核准,"), ("source: [Z3, K2]", "source: [K2]")
    )
    for screen in (True, False):
        assert impact(AA, new, store, directory=people, screen=screen).different == ()


def test_the_store_of_the_demo_comes_out_the_same(tmp_path: Path) -> None:
    done = copy_context().run(CliRunner().invoke, cli, ["--lang", "en", "demo", "--folder", str(tmp_path / "demo")])
    assert done.exit_code == 0
    people = load_people(tmp_path / "demo/people.yaml")
    found = impact(AA, AA, f"sqlite:///{tmp_path / 'demo/cases.db'}", directory=people, screen=False)
    assert (found.cases, found.replayed, found.different, found.unreadable) == (4, 4, (), ())


MUTANTS = tuple(mutants(load_ruleset(AA)))


@settings(max_examples=15)
@given(mutant=st.sampled_from(MUTANTS))
def test_what_is_left_out_unread_would_not_have_gone_otherwise(
    mutant: Mutant, few: MemoryStore, people: StaticDirectory
) -> None:
    with_screen, without = (impact(AA, mutant.ruleset, few, directory=people, screen=s) for s in (True, False))
    assert [_plain(one) for one in with_screen.different] == [_plain(one) for one in without.different]
    assert with_screen.replayed <= without.replayed


def _plain(one: CaseImpact) -> CaseImpact:
    """Leave out what is told of a difference: the record and the old rules may tell another act."""
    return attrs.evolve(one, differences=tuple(attrs.evolve(d, point=None) for d in one.differences), reproduced=True)


# -------------------------------------------------------------------- each sort of difference


def test_other_people_asked(store: MemoryStore, people: StaticDirectory, changed: Edit) -> None:
    new = changed("procedures/secondary_contract.yaml", ("software_manager, quality_manager]", "quality_manager]"))
    found = impact(AA, new, store, directory=people)
    secondary = {f"secondary-{amount}" for amount in AMOUNTS}
    assert texts(found) == {"“Review” no longer asks Software manager": secondary}
    assert found.different[0].differences[0].kind == "people"


def test_one_more_reviewer_keeps_a_panel_open_for_whom_the_record_has_no_vote(
    store: MemoryStore, people: StaticDirectory, changed: Edit
) -> None:
    new = changed(
        "procedures/secondary_contract.yaml",
        ("by: [market_center_manager", "by: [finance, market_center_manager"),
    )
    found = impact(AA, new, store, directory=people)
    kinds = {(d.kind, d.what) for one in found.different for d in one.differences}
    assert kinds == {("people", "other_people"), ("route", "not_ended")}


def test_another_deadline_and_the_breach_that_it_makes(
    store: MemoryStore, people: StaticDirectory, changed: Edit
) -> None:
    new = changed("procedures/sales_contract.yaml", ("within: 1 working day", "within: 1 working hour"))
    found = impact(AA, new, store, directory=people)
    contracts = {"proposal-640000/start_contract#1", "proposal-1200000/start_contract#1"}
    assert texts(found)["“Approval from marketing's receipt” is due earlier"] == contracts
    late = next(d for one in found.different for d in one.differences if d.kind == "deadline")
    assert late.after < late.before
    assert late.point is not None
    assert late.point.clauses == ("K4",)
    assert found.counts()["breach"] == len([one for one in found.different if "breach" in one.kinds])


def test_a_deadline_missed_under_new_rules_is_a_breach_more(people: StaticDirectory, changed: Edit) -> None:
    kept = MemoryStore()
    office = Office(load_ruleset(AA), people, kept, "shanghai")
    office.take(
        "transformation_proposal",
        day=date(2026, 6, 1),
        case="slow",
        by="consultant",
        facts={"customer_name": "x"},
        parts={"sales_contract.amount": 100},
        hours=12,
    )
    new = changed("procedures/transformation_proposal.yaml", ("within: 1 working day", "within: 5 working days"))
    found = impact(AA, new, kept, directory=people)
    gone = [d for one in found.different for d in one.differences if d.kind == "breach"]
    assert gone
    assert {d.what for d in gone} == {"breach_gone"}
    back = impact(new, AA, kept, directory=people)
    assert {d.what for one in back.different for d in one.differences if d.kind == "breach"} == {"breach_new"}


def test_an_act_that_would_have_been_refused(store: MemoryStore, people: StaticDirectory, changed: Edit) -> None:
    new = changed(
        "procedures/secondary_contract.yaml",
        (
            "title: {zh: 起草/修改二次合同, en: Draft or change the secondary contract}",
            "title: x\n    records: [resources]",
        ),
    )
    found = impact(AA, new, store, directory=people)
    refused = next(d for d in found.different[0].differences if d.kind == "refused")
    assert (refused.step, refused.about, refused.after) == ("draft_contract", "facts_required", ("facts_required",))
    assert refused.point is not None
    assert next(c.where for c in refused.point.causes).startswith("procedures.secondary_contract.steps.draft_contract")


def test_what_tables_answer_and_where_it_leads(changed: Edit) -> None:
    kept, people = MemoryStore(), load_people(PURCHASE / "people.yaml")
    office = Office(load_ruleset(PURCHASE), people, kept, "munich")
    for amount in (400, 6_000):
        office.take(
            "purchase",
            day=date(2026, 3, 2),
            case=f"purchase-{amount}",
            by="employee",
            facts={"supplier_blocked": False},
            parts={"purchase_request.amount": amount, "purchase_request.category": "it"},
        )
    new = changed("tables/approval_levels.csv", ("[500..10000)", "[300..10000)"), ("< 500", "< 300"), of=PURCHASE)
    found = impact(PURCHASE, new, kept, directory=people)
    assert [one.case for one in found.different] == ["purchase-400"]
    decision = next(d for d in found.different[0].differences if d.kind == "decision")
    assert (decision.about, decision.before, decision.after) == ("approval_level", "team", "department")
    assert {d.what for d in found.different[0].differences} >= {"other_answer", "asked_as_well"}


def test_a_calendar_that_closes_earlier_moves_what_is_due_by_its_close(
    store: MemoryStore, people: StaticDirectory, changed: Edit
) -> None:
    new = changed("ruleset.yaml", ('closes_at: "18:00"', 'closes_at: "17:00"'))
    found, all_again = (impact(AA, new, store, directory=people, screen=screen) for screen in (True, False))
    assert found.different == all_again.different
    assert 0 < found.replayed < found.cases == all_again.replayed
    assert found.counts()["deadline"] >= 2
    point = found.different[0].differences[0].point
    assert point is not None
    assert all(change.where.startswith("calendars.") for change in point.causes)


def test_a_sub_case_that_is_no_longer_started(store: MemoryStore, people: StaticDirectory, changed: Edit) -> None:
    new = changed("procedures/sales_contract.yaml", ("      waits: true", "      waits: false"))
    found = impact(AA, new, store, directory=people)
    assert {one.procedure for one in found.different} <= {"sales_contract", "contract_registration"}


# -------------------------------------------------------------------- which cases, with whom


def test_only_cases_of_a_procedure_and_of_a_time(store: MemoryStore, people: StaticDirectory, changed: Edit) -> None:
    new = changed("ruleset.yaml", THRESHOLD)
    contracts = impact(AA, new, store, directory=people, procedure="sales_contract")
    assert (contracts.cases, [one.case for one in contracts.different]) == (2, ["proposal-640000/start_contract#1"])
    april = datetime(2026, 3, 25, tzinfo=UTC), datetime(2026, 4, 5, tzinfo=UTC)
    spring = impact(AA, new, store, directory=people, since=april[0], until=april[1])
    assert [one.case for one in spring.different] == ["secondary-640000"]


def test_cases_of_other_rulesets_are_counted_and_left_alone(store: MemoryStore, people: StaticDirectory) -> None:
    found = impact(PURCHASE, PURCHASE, store, directory=people)
    assert (found.cases, found.elsewhere) == (0, 17)


def test_people_who_have_changed_since_are_said_and_not_taken_for_the_rules(
    store: MemoryStore, people: StaticDirectory, changed: Edit
) -> None:
    roles = {p.id: p.appointments for p in people.persons()}
    moved = {"zhou.jie": (), "xu.lei": roles["zhou.jie"]}  # the deputy has become marketing manager since
    others = tuple(attrs.evolve(p, appointments=moved.get(p.id, p.appointments)) for p in people.persons())
    found = impact(AA, changed("ruleset.yaml", THRESHOLD), store, directory=StaticDirectory(others, people.units(), ()))
    assert {d.what for one in found.different for d in one.differences} == {"asked_no_more"}
    assert set(found.unreproduced) == {one.case for one in found.different}


def test_a_record_that_cannot_be_read_is_said(people: StaticDirectory, changed: Edit) -> None:
    kept = MemoryStore()
    Office(load_ruleset(AA), people, kept, "shanghai").take(
        "secondary_contract",
        day=date(2026, 3, 2),
        case="c",
        by="branch_manager",
        facts={"customer_name": "x"},
        parts={"secondary_contract.amount": 600_000},
    )
    records = kept._contents.records
    records["c"] = (*records["c"][:-1], attrs.evolve(records["c"][-1], kind="nonsense"))
    found = impact(AA, changed("ruleset.yaml", THRESHOLD), kept, directory=people)
    assert [case for case, _ in found.unreadable] == ["c", "c/register#1"]
    assert "nonsense" in found.unreadable[0][1]


# -------------------------------------------------------------------- the command


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory, people: StaticDirectory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('impact') / 'cases.db'}"
    office = Office(load_ruleset(AA), people, url, "shanghai")
    fill(office)
    office.engine.close()
    return url


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(AA, tmp_path / "aa")
    file = tmp_path / "aa/ruleset.yaml"
    file.write_text(file.read_text("utf-8").replace(*THRESHOLD), "utf-8")
    return tmp_path / "aa"


def run(*args: object, lang: str = "en") -> Result:
    return copy_context().run(CliRunner().invoke, cli, ["--lang", lang, "impact", *map(str, args)])


def test_the_command_says_what_would_have_gone_otherwise_in_both_languages(database: str, folder: Path) -> None:
    done = run(AA, folder, "--store", database)
    assert done.exit_code == 0
    assert "17 cases: 4 would have gone otherwise, 13 the same" in done.stdout
    assert "“The president's consent” is asked no more  3 cases" in done.stdout
    assert "secondary-640000  from 2026-03-30" in done.stdout
    assert "[K3, Z3]" in done.stdout
    zh = run(AA, folder, "--store", database, "--examples", 1, lang="zh")
    assert "17 件:4 件会有不同,13 件相同" in zh.stdout
    assert "“总裁同意”不再需要办理  3 件" in zh.stdout
    assert "…另有 2 件" in zh.stdout


def test_the_command_gives_json_for_machines_and_an_exit_code_for_ci(database: str, folder: Path) -> None:
    done = run(AA, folder, "--store", database, "--format", "json", "--exit-code")
    assert done.exit_code == 1
    data = json.loads(done.stdout)
    assert (data["cases"], data["different"], data["same"]) == (17, 4, 13)
    assert data["counts"]["route"] == 4
    assert {group["count"] for group in data["groups"]} == {1, 3}
    point = data["impacts"][0]["differences"][0]["point"]
    assert point["rules"][0]["rule"] == "major_contract"
    assert point["clauses"] == ["K3"]
    assert run(AA, AA, "--store", database, "--exit-code").exit_code == 0


def test_the_command_takes_days_by_the_company_s_clock_both_included(database: str, folder: Path) -> None:
    only = run(AA, folder, "--store", database, "--since", "2026-03-16", "--until", "2026-03-16", "--format", "json")
    assert [one["case"] for one in json.loads(only.stdout)["impacts"]] == ["secondary-500000"]
    assert run(AA, folder, "--store", database, "--since", "yesterday").exit_code == 2
    assert run(AA, folder, "--store", database, "--procedure", "nonsense").exit_code == 2


def test_a_store_that_is_not_there_is_said_and_not_made(folder: Path, tmp_path: Path) -> None:
    done = run(AA, folder, "--store", f"sqlite:///{tmp_path / 'none.db'}")
    assert done.exit_code == 1
    assert not (tmp_path / "none.db").exists()


def test_several_processes_find_the_same(
    database: str, folder: Path, people: StaticDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aaworkflow.analysis.impact.running._CHUNK", 3)
    monkeypatch.setattr("aaworkflow.analysis.impact.running._WORTH_PROCESSES", -1)
    heard: list[tuple[int, int]] = []
    alone = impact(AA, folder, database, directory=people, jobs=1)
    together = impact(AA, folder, database, directory=people, jobs=2, progress=lambda *now: heard.append(now))
    assert together == alone
    assert heard[-1] == (17, 17)


# -------------------------------------------------------------------- the picture


@pytest.mark.parametrize("lang", LANGS)
def test_the_picture_shows_every_group_with_its_count(
    store: MemoryStore, people: StaticDirectory, changed: Edit, lang: str
) -> None:
    found = impact(AA, changed("ruleset.yaml", THRESHOLD), store, directory=people)
    svg = plot(found, lang="zh" if lang == "zh" else "en")
    assert svg.startswith("<svg")
    for group in found.groups():
        assert f">{group.count}  (" in svg
    assert (
        "总裁同意" if lang == "zh" else "president&apos;s consent" if "&apos;" in svg else "president's consent"
    ) in svg
    assert plot_png(found).startswith(b"\x89PNG")


def test_the_command_writes_the_picture(database: str, folder: Path, tmp_path: Path) -> None:
    for name, begins in (("a.svg", b"<svg"), ("a.png", b"\x89PNG")):
        assert str(tmp_path / name) in run(AA, folder, "--store", database, "--plot", tmp_path / name).stdout
        assert (tmp_path / name).read_bytes().startswith(begins)
