"""`aaworkflow prove`: prove the guarantees of a ruleset, or show the shortest way round them."""

import json
from pathlib import Path

import click

from aaworkflow.analysis.proving.properties import PropertyProof, decide_properties
from aaworkflow.analysis.proving.prove import Proof
from aaworkflow.analysis.proving.prove import prove as proofs_of
from aaworkflow.cli.options import format_option
from aaworkflow.plugins import load_ruleset
from aaworkflow.rulesets import Ruleset, load_people
from aaworkflow.texts import current_lang

__all__ = ["prove"]

_MARKS = {"proven": "✓", "refuted": "✗", "undecided": "?"}


@click.command()
@click.argument("ruleset", type=click.Path(path_type=Path))
@click.option("--people", type=click.Path(path_type=Path), help="The people file; by default the ruleset's, if any.")
@click.option("--only", multiple=True, help="Prove only the guarantees and properties of these ids.")
@click.option(
    "--returns", type=click.IntRange(0, 3), default=1, help="How often cases may be sent back; by default once."
)
@click.option("--out", type=click.Path(path_type=Path), help="The folder that counterexamples are written to.")
@format_option
def prove(
    ruleset: Path, people: Path | None, only: tuple[str, ...], returns: int, out: Path | None, format: str
) -> None:
    """Prove what RULESET guarantees by trying everything, or print the shortest story, or the facts, that break it."""
    loaded = load_ruleset(ruleset)
    file = people or ruleset / "people.yaml"
    directory = load_people(file) if people or file.exists() else None
    proofs = proofs_of(loaded, directory, only=only or None, returns=returns)
    decided = decide_properties(loaded, only=only or None)
    if format == "json":
        found = [*map(_as_json, proofs), *(_property_as_json(loaded, proof) for proof in decided)]
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        _print(proofs)
        _print_properties(loaded, decided)
    if out is not None:
        _write(proofs, out)
    if not (all(proof.holds for proof in proofs) and all(proof.holds for proof in decided)):
        raise click.exceptions.Exit(1)


def _as_json(proof: Proof) -> dict[str, object]:
    text = proof.guarantee.text
    return {
        "guarantee": proof.guarantee.id,
        "text": {"zh": text.get("zh"), "en": text.get("en")},
        "source": proof.guarantee.source,
        "result": proof.result,
        "states": proof.states,
        "transitions": proof.transitions,
        "attacks": proof.attacks,
        "abstracted": [{"zh": a.zh, "en": a.en} for a in proof.abstracted],
        "counterexample": proof.counterexample,
        "people": proof.people,
    }


def _property_as_json(ruleset: Ruleset, proof: PropertyProof) -> dict[str, object]:
    witness, declared = proof.witness, proof.declared
    told = witness.text(ruleset) if witness is not None else None
    return {
        "property": declared.id,
        "text": {"zh": declared.text.get("zh"), "en": declared.text.get("en")},
        "source": declared.source,
        "result": proof.result,
        "situations": proof.situations,
        "witness": told and {"zh": told.get("zh"), "en": told.get("en")},
    }


def _print_properties(ruleset: Ruleset, decided: tuple[PropertyProof, ...]) -> None:
    zh = current_lang() == "zh"
    for proof in decided:
        source = " ".join(proof.declared.source)
        click.echo(f"{_MARKS[proof.result]} {proof.declared.id}  {proof.declared.text.get()}  {source}")
        click.echo(f"    事实组合 {proof.situations} 种" if zh else f"    {proof.situations} sets of facts")
        if proof.witness is not None:
            click.echo(f"    {proof.witness.text(ruleset).get()}")


def _print(proofs: tuple[Proof, ...]) -> None:
    zh = current_lang() == "zh"
    for proof in proofs:
        source = " ".join(proof.guarantee.source)
        click.echo(f"{_MARKS[proof.result]} {proof.guarantee.id}  {proof.guarantee.text.get()}  {source}")
        tried = (proof.states, proof.transitions, proof.attacks)
        click.echo(
            "    状态 {} 个,走法 {} 种,违规尝试 {} 次".format(*tried)
            if zh
            else "    {} states, {} transitions, {} attacks".format(*tried)
        )
        if proof.counterexample is not None:
            click.echo("".join(f"    {line}\n" for line in proof.counterexample.splitlines()), nl=False)
    for text in dict.fromkeys(text for proof in proofs for text in proof.abstracted):
        click.echo(f"{'未区分:' if zh else 'not told apart:'} {text.get()}")


def _write(proofs: tuple[Proof, ...], out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for proof in proofs:
        if proof.counterexample is not None:
            (out / f"{proof.guarantee.id}_broken.yaml").write_text(proof.counterexample, "utf-8")
            if proof.people is not None:
                (out / "people_of_counterexamples.yaml").write_text(proof.people, "utf-8")
