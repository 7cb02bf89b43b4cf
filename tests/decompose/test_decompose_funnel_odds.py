"""How sure so many leads are: binomial where the rate is known, beta-binomial where it was counted."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from kpinb.decompose.funnel.odds import REACH, chance, likely_range, most_trials, trials_for
from kpinb.decompose.funnel.rates import Counted, Known, Rate, mixture

PLANNED = (Known(Decimal("0.16")),)
"""8 signed of 50 leads, the method's own numbers."""
LEVELS = (0.8, 0.9, 0.95)
counts = st.integers(1, 400).flatmap(lambda n: st.builds(Counted, st.integers(0, n), st.just(n)))


def chain(successes: int, trials: int, first: Counted, second: Counted) -> float:
    """Give the exact probability for two counted steps: every number that may come through the first."""
    between = np.arange(successes, trials + 1)
    reached = stats.betabinom.pmf(between, trials, first.successes + 0.5, first.trials - first.successes + 0.5)
    beyond = [
        stats.betabinom.sf(successes - 1, int(n), second.successes + 0.5, second.trials - second.successes + 0.5)
        for n in between
    ]
    return float(reached @ np.array(beyond))


def test_fifty_leads_give_eight_signed_in_56_percent_of_weeks() -> None:
    # ANALYTICS.md of the project's reference: 56 %; 63, 72 and 79 leads; 55.8 a week over 13 weeks.
    assert round(chance(8, 50, PLANNED), 2) == 0.56
    assert [trials_for(8, level, PLANNED) for level in LEVELS] == [63, 72, 79]
    pooled = trials_for(104, 0.9, PLANNED)
    assert pooled is not None
    assert round(pooled / 13, 1) == 55.8


@given(
    st.integers(1, 60), st.decimals("0.01", "1", places=3), st.sampled_from(LEVELS), st.lists(counts, max_size=2)
)
def test_the_number_found_is_the_smallest_that_is_sure_enough(
    successes: int, rate: Decimal, level: float, counted: list[Counted]
) -> None:
    steps = (Known(rate), *counted)
    found = trials_for(successes, level, steps)
    if found is None:
        assert chance(successes, most_trials(steps), steps) < level
    else:
        assert chance(successes, found, steps) >= level
        assert chance(successes, found - 1, steps) < level


@pytest.mark.parametrize(("successes", "trials", "reach"), [(8, 63, 8), (8, 50, 1), (104, 740, 104), (3, 3, 3)])
def test_a_known_rate_is_binomial(successes: int, trials: int, reach: int) -> None:
    rate = Known(Decimal(successes) / trials)
    expected = stats.binom.sf(reach - 1, trials, successes / trials)
    assert chance(reach, trials, (rate,)) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("rate", [Counted(8, 50), Counted(0, 4), Counted(4, 4), Counted(317, 2500)])
def test_a_counted_rate_is_beta_binomial(rate: Counted) -> None:
    for trials in (5, 63, rate.trials, 10 * rate.trials):
        reach = max(1, round(trials * float(rate.mean)))
        expected = stats.betabinom.sf(reach - 1, trials, rate.successes + 0.5, rate.trials - rate.successes + 0.5)
        assert chance(reach, trials, (rate,)) == pytest.approx(expected, abs=1e-6)


def test_eight_of_fifty_counted_once_need_more_than_a_rate_known_to_be_16_percent() -> None:
    # By scipy.stats.betabinom(n, 8.5, 42.5), searched one by one.
    counted = (Counted(8, 50),)
    assert [trials_for(8, level, counted) for level in LEVELS] == [70, 87, 103]
    assert [trials_for(104, level, counted) for level in LEVELS] == [858, 1016, 1176]


def test_the_more_is_counted_the_nearer_to_a_known_rate() -> None:
    apart = [abs(chance(104, 728, (Counted(8 * n, 50 * n),)) - chance(104, 728, PLANNED)) for n in (1, 10, 1000)]
    assert apart == sorted(apart, reverse=True)
    much = (Counted(16 * 10**6, 10**8),)
    assert [trials_for(8, level, much) for level in LEVELS] == [63, 72, 79]
    assert trials_for(104, 0.9, much) == trials_for(104, 0.9, PLANNED)


@pytest.mark.parametrize(("successes", "trials"), [(8, 63), (8, 150), (40, 300), (1, 4)])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Counted(30, 50), Counted(8, 30)),
        (Counted(0, 3), Counted(1, 2)),
        (Counted(5, 5), Counted(1, 10)),
        (Counted(1472, 2665), Counted(337, 1472)),
    ],
)
def test_two_counted_steps_agree_with_the_chain_of_beta_binomials(
    first: Counted, second: Counted, successes: int, trials: int
) -> None:
    found = chance(successes, trials, (first, second))
    assert found == pytest.approx(chain(successes, trials, first, second), abs=0.0005)


@pytest.mark.parametrize("rate", [Counted(0, 3), Counted(8, 50), Counted(5, 10), Counted(200, 1000)])
def test_the_accuracy_that_is_promised_holds_as_far_as_is_concluded(rate: Counted) -> None:
    trials = REACH * rate.trials
    for part in (0.02, 0.1, 0.16, 0.3, 0.5):
        reach = max(1, int(trials * part))
        expected = stats.betabinom.sf(reach - 1, trials, rate.successes + 0.5, rate.trials - rate.successes + 0.5)
        assert chance(reach, trials, (rate,)) == pytest.approx(expected, abs=0.0005)


@given(st.lists(st.one_of(counts, st.builds(Known, st.decimals(0, 1, places=3))), max_size=6))
def test_a_mixture_has_the_mean_of_its_steps_and_stays_a_share(steps: list[Rate]) -> None:
    found = mixture(tuple(steps))
    expected = float(np.prod([float(step.mean) for step in steps]))
    assert found.weights.sum() == pytest.approx(1)
    assert found.weights @ found.rates == pytest.approx(expected, abs=1e-9)
    assert found.rates.min() >= 0
    assert found.rates.max() <= 1
    assert len(found.rates) <= 64


@given(st.integers(1, 30), st.integers(0, 200), st.lists(counts, max_size=2))
def test_more_leads_are_never_less_sure(successes: int, trials: int, counted: list[Counted]) -> None:
    steps = (*PLANNED, *counted)
    assert chance(successes, trials + 1, steps) >= chance(successes, trials, steps) - 1e-9


def test_the_range_of_results_covers_eight_of_ten_weeks() -> None:
    low, high = likely_range(50, PLANNED, 0.8)
    assert (low, high) == (5, 11)
    assert (low, high) == tuple(stats.binom.ppf([0.1, 0.9], 50, 0.16))
    assert likely_range(0, PLANNED, 0.8) == (0, 0)
    assert likely_range(4, (Known(Decimal(1)),), 0.8) == (4, 4)


def test_nothing_is_concluded_from_few_counts_for_many_leads() -> None:
    few = (Counted(0, 3),)
    assert trials_for(104, 0.9, few) is None
    assert most_trials(few) == 180
    assert trials_for(8, 0.9, (Known(Decimal(0)),)) is None


def test_asking_for_nothing_is_certain_and_for_more_than_went_in_impossible() -> None:
    assert chance(0, 0, PLANNED) == 1
    assert chance(8, 7, PLANNED) == 0
    assert chance(3, 3, ()) == 1
