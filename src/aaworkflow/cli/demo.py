"""`aaworkflow demo`: a new user's first minute. A major contract from first visit to archive, on a real database."""

import sys
import tempfile
from pathlib import Path

import click
from rich.console import Console
from rich.panel import Panel

from aaworkflow.cli.printing import console
from aaworkflow.cli.rulesets import find_ruleset
from aaworkflow.cli.story import Story
from aaworkflow.cli.timeline import timeline
from aaworkflow.texts import current_lang

__all__ = ["demo"]

PANEL = (
    "market_center_manager",
    "customer_center_manager",
    "supervision_center_manager",
    "software_manager",
    "quality_manager",
)


@click.command()
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    help="Where to leave the files; by default a new folder here.",
)
def demo(folder: Path | None) -> None:
    """Run a major contract from first visit to archive, with everything that can go wrong on the way."""
    folder = _new_folder(folder)
    out = console()
    story = Story(folder, find_ruleset("aa"))
    try:
        _tell(story)
        out.print(Panel(_title()))
        for case, title in story.cases:
            out.print()
            out.print(f"[bold]{title.get()}[/bold]  [dim]{case}[/dim]")
            out.print(timeline(story.engine.history(case), story.ruleset, story.engine.directory))
        _print_checks(out, story)
        verified = story.engine.verify()
        ok = story.held and verified.ok
        _print_verified(out, ok, verified.cases, verified.events, verified.signatures)
        _print_next(out, folder)
    finally:
        story.close()
    if not ok:
        sys.exit(1)


def _new_folder(folder: Path | None) -> Path:
    if folder is None:
        return Path(tempfile.mkdtemp(prefix="demo-", dir="."))
    if folder.exists() and any(folder.iterdir()):
        raise click.ClickException(f"{folder} is not empty")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


# -------------------------------------------------------------------- the story


def _tell(s: Story) -> None:
    """Tell the whole story; every expectation that does not hold is noted in `s`."""
    _visit(s)
    proposal = s.start("transformation_proposal", "consultant", "2026-02-11 09:30", customer_name="华东机械")
    s.act(proposal, "draft", "consultant", "2026-02-11 16:00", documents=s.proposal(quotation=680000))
    _try_to_cheat(s, proposal)
    s.act(
        proposal,
        "branch_sign",
        "branch_manager",
        "2026-02-13 16:30",
        outcome="pass",
        signs="transformation_proposal",
    )
    s.act(proposal, "submit", "branch_manager", "2026-02-13 17:00")
    # Saturday 14 February is a make-up working day; then comes Spring Festival, until the 23rd.
    s.receive(proposal, "marketing_review", "marketing_manager", "2026-02-14 09:10")
    s.expect_due(proposal, "marketing_review", "2026-02-24 18:00")
    s.act(proposal, "marketing_review", "marketing_manager", "2026-02-14 11:00", outcome="pass")
    _panel(s, proposal, "2026-02-14", dissenter="software_manager")
    s.act(
        proposal,
        "notify_disagreed",
        "marketing_manager",
        "2026-02-24 10:30",
        documents=s.notice("评审未一致通过"),
    )
    s.receive(proposal, "revise_by_opinions", "branch_manager", "2026-02-26 11:00")
    # Two working days after Thursday: Friday, and Saturday 28 February, which makes up for the holiday.
    s.expect_due(proposal, "revise_by_opinions", "2026-02-28 18:00")
    s.act(
        proposal,
        "revise_by_opinions",
        "branch_manager",
        "2026-02-28 10:00",
        documents=s.proposal(quotation=660000),
    )
    _to_customer(s, proposal, "2026-03-02")
    s.act(proposal, "customer_reply", "customer", "2026-03-04 10:00", outcome="fail", opinion="实施时间太长")
    s.act(
        proposal,
        "revise_for_customer",
        "branch_manager",
        "2026-03-04 15:00",
        documents=s.proposal(quotation=640000),
    )
    _to_customer(s, proposal, "2026-03-05")
    s.act(proposal, "customer_reply", "customer", "2026-03-09 10:00", outcome="pass")
    s.expect(s.case(proposal).end == "accepted")
    _contract(s, s.case(proposal).children[0].case)


def _visit(s: Story) -> None:
    visit = s.start("visit", "consultant", "2026-02-10 09:00", customer_name="华东机械")
    s.refused(visit, "pay_visit", "consultant", "2026-02-10 09:05", "step_not_open")
    s.act(visit, "report", "consultant", "2026-02-10 10:00", documents=s.complete("visit_plan"))
    s.act(visit, "pay_visit", "consultant", "2026-02-10 14:00", outcome="done")


def _try_to_cheat(s: Story, proposal: str) -> None:
    """Send it unsigned, forge the manager's signature, sign under a delegation that has ended: all refused."""
    s.refused(proposal, "submit", "branch_manager", "2026-02-12 09:00", "document_not_signed")
    forged = s.forge(proposal, "transformation_proposal", "branch_manager", "2026-02-12 10:00")
    s.refused(
        proposal,
        "branch_sign",
        "branch_manager",
        "2026-02-12 10:05",
        "signature_invalid",
        outcome="pass",
        signatures=(forged,),
    )
    s.delegate_until("2026-02-09 18:00", "branch_manager", "consultant")
    s.refused(proposal, "branch_sign", "consultant", "2026-02-12 11:00", "delegation_expired", outcome="pass")


def _panel(s: Story, proposal: str, day: str, dissenter: str | None = None) -> None:
    """All members receive it on a day; they decide that afternoon or, where one disagrees, after the holiday."""
    decided, hour, sign = (day, "15", "sign_agreed") if dissenter is None else ("2026-02-24", "09", "sign_disagreed")
    for i, role in enumerate(PANEL):
        s.receive(proposal, "panel", role, f"{day} 14:{i:02}")
    for i, role in enumerate(PANEL):
        agrees = role != dissenter
        s.act(
            proposal,
            "panel",
            role,
            f"{decided} {hour}:{i:02}",
            outcome="pass" if agrees else "fail",
            opinion="同意" if agrees else "接口工作量估计不足",
            form=s.opinions(agrees),
        )
    for i, role in enumerate(PANEL):
        s.act(proposal, sign, role, f"{decided} {int(hour) + 1:02}:{i:02}", signs="review_opinion_form")


def _to_customer(s: Story, proposal: str, day: str) -> None:
    """The whole way again: signature, marketing, panel, notice, archive, delivery."""
    s.act(
        proposal,
        "branch_sign",
        "branch_manager",
        f"{day} 09:00",
        outcome="pass",
        signs="transformation_proposal",
    )
    s.act(proposal, "submit", "branch_manager", f"{day} 09:10")
    s.receive(proposal, "marketing_review", "marketing_manager", f"{day} 09:20")
    s.act(proposal, "marketing_review", "marketing_manager", f"{day} 11:00", outcome="pass")
    _panel(s, proposal, day)
    s.act(proposal, "notify_agreed", "marketing_manager", f"{day} 16:30", documents=s.notice("评审一致通过"))
    s.act(proposal, "archive", "marketing_manager", f"{day} 16:40", facts={"archive_number": f"AA-{day}"})
    s.receive(proposal, "deliver", "branch_manager", f"{day} 17:00")
    s.act(proposal, "deliver", "branch_manager", f"{day} 17:30")


def _contract(s: Story, contract: str) -> None:
    s.note(contract)
    s.act(contract, "draft", "branch_manager", "2026-03-10 15:00", documents=s.contract(amount=640000))
    s.receive(contract, "marketing_check", "marketing_manager", "2026-03-10 16:00")
    s.act(contract, "marketing_check", "marketing_manager", "2026-03-11 09:30", outcome="pass")
    s.refused(contract, "approve", "branch_manager", "2026-03-11 10:00", "not_your_role", outcome="pass")
    s.act(
        contract,
        "approve",
        "market_center_manager",
        "2026-03-11 11:00",
        outcome="pass",
        facts={"agrees_with_proposal": True},
    )
    s.expect("president_consent" in s.case(contract).open_steps())
    s.refused(contract, "sign_contract", "market_center_manager", "2026-03-11 11:05", "step_not_open")
    s.act(contract, "president_consent", "president", "2026-03-12 10:00", outcome="pass", opinion="同意")
    s.act(contract, "print", "marketing_manager", "2026-03-12 14:00")
    s.act(contract, "sign_contract", "market_center_manager", "2026-03-12 15:00", signs="sales_contract")
    s.act(contract, "finance_sign", "finance", "2026-03-12 16:00", signs="sales_contract")
    registration = s.case(contract).children[0].case
    s.note(registration)
    s.act(registration, "register", "finance", "2026-03-13 09:00", facts={"registration_number": "HT-2026-017"})
    s.act(registration, "archive", "finance", "2026-03-13 09:30", facts={"archive_number": "DA-2026-017"})
    s.act(contract, "send_originals", "market_center_manager", "2026-03-13 10:00")
    s.expect(s.case(contract).end == "archived")


# -------------------------------------------------------------------- what is printed


def _title() -> str:
    if current_lang() == "zh":
        return "一份重大合同:从第一次访谈到存档,跨越 2026 年春节"
    return "One major contract, from first visit to archive, over Spring Festival 2026"


def _print_checks(out: Console, s: Story) -> None:
    out.print()
    zh = current_lang() == "zh"
    out.print("[bold]被拒绝的操作[/bold]" if zh else "[bold]What was refused[/bold]")
    for line in s.refusals:
        out.print(f"  ✗ {line}", highlight=False)
    for line in s.failures:
        out.print(f"  [red]{'不符' if zh else 'NOT AS IT SHOULD BE'}: {line}[/red]")


def _print_verified(out: Console, ok: bool, cases: int, events: int, signatures: int) -> None:
    out.print()
    if current_lang() == "zh":
        out.print(f"核验:{cases} 个单据,{events} 个事件,{signatures} 个签字 — {'全部属实' if ok else '有问题'}")
    else:
        counts = f"{cases} cases, {events} events, {signatures} signatures"
        out.print(f"Verified: {counts} — {'hash chain and signatures all hold' if ok else 'NOT all hold'}")


def _print_next(out: Console, folder: Path) -> None:
    store = f"--store sqlite:///{folder}/cases.db --ruleset rulesets/aa --people {folder}/people.yaml"
    if current_lang() == "zh":
        out.print(f"\n文件留在 {folder}/:cases.db(数据库)、keys/(签字密钥)、people.yaml(人员)。接着可以试:")
    else:
        out.print(
            f"\nLeft in {folder}/: cases.db (the database), keys/ (signing keys), people.yaml (who is who). Try next:"
        )
    for line in (
        f"aaworkflow verify {store} --signer ed25519:{folder}/keys",
        f"aaworkflow tasks {store}",
        "aaworkflow test rulesets/aa",
    ):
        out.print(f"  {line}", soft_wrap=True)
