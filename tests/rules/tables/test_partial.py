"""Tables asked while facts are still unknown, held against filling them in in every way."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_tables import facts_for, tables
from row_by_row import answer

from aaworkflow.errors import RuleError
from aaworkflow.rules.tables import Hit, Input, answer_partial, compile_table, parse_table

FACTS = {"kind": Input("kind", "select", ("sales", "service")), "amount": Input("amount", "money")}
SIGNING = compile_table(
    parse_table(
        {
            "hit_policy": "first",
            "inputs": ["kind", "amount"],
            "outputs": ["role"],
            "rows": [["-", ">= 500000", "president"], ["sales", "-", "manager"], ["-", "-", "manager"]],
        },
        FACTS,
    )
)


@settings(max_examples=150)
@given(st.data())
def test_decided_means_that_every_way_leads_to_one_answer(data: st.DataObject) -> None:
    made = data.draw(tables())
    compiled = compile_table(made)
    facts = data.draw(facts_for(made))
    unknown = [axis for axis in compiled.index.axes if data.draw(st.booleans())]
    known = {name: value for name, value in facts.items() if name not in [axis.column.fact for axis in unknown]}
    given_up = [axis.column.fact for axis in compiled.index.axes if axis.column.fact not in known]
    axes = [axis for axis in compiled.index.axes if axis.column.fact in given_up]
    answers = []
    for values in product(*([axis.sample(atom) for atom in range(axis.size)] for axis in axes)):
        found = answer(made, {**known, **dict(zip(given_up, values, strict=True))})
        answers.append(dict(found.outputs) if isinstance(found, Hit) else found)
    told = answer_partial(compiled, known)
    assert told.decided is all(one == answers[0] for one in answers)
    if told.decided:
        assert (dict(told.answer.outputs) if told.answer else told.refusal and told.refusal.code) == answers[0]
        assert told.ask is None
    else:
        assert told.ask in given_up


def test_the_fact_that_tells_most_is_asked_for() -> None:
    told = answer_partial(SIGNING, {})
    assert (told.decided, told.ask) == (False, "amount")
    assert answer_partial(SIGNING, {"kind": "sales"}).ask == "amount"


def test_a_fact_that_makes_no_difference_is_not_asked_for() -> None:
    told = answer_partial(SIGNING, {"amount": 5})
    assert told.decided
    assert told.answer is not None
    assert told.answer["role"] == "manager"


def test_a_wrong_fact_is_an_error() -> None:
    with pytest.raises(RuleError) as caught:
        answer_partial(SIGNING, {"amount": "5"})
    assert caught.value.code == "table_fact_type"
