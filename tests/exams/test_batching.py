"""Batches: A and B even in every department, an A/B角 pair never together, the same each time."""

import random

import pytest

from app.exams.batching import assign


def differences(people, found):
    """Give by how many A and B differ, by department."""
    totals = {}
    for person, home in people.items():
        totals[home] = totals.get(home, 0) + (1 if found[person] == "A" else -1)
    return {home: abs(total) for home, total in totals.items()}


@pytest.mark.parametrize("count", range(9))
def test_every_department_is_divided_evenly(count):
    people = {each: each % 2 for each in range(count)}
    assert max([0, *differences(people, assign(people, [])).values()]) <= 1


def test_a_pair_never_has_the_same_batch():
    people = dict.fromkeys(range(10), 1)
    pairs = [(0, 1), (1, 0), (2, 9), (4, 5), (5, 6)]
    found = assign(people, pairs)
    assert all(found[one] != found[other] for one, other in pairs)
    assert differences(people, found) == {1: 0}


def test_groups_that_lean_are_turned_against_each_other():
    """Two of three with one B角 each: 1 against 3, twice, comes out even."""
    people = dict.fromkeys(range(8), 1)
    pairs = [(0, 1), (0, 2), (0, 3), (4, 5), (4, 6), (4, 7)]
    found = assign(people, pairs)
    assert all(found[one] != found[other] for one, other in pairs)
    assert differences(people, found) == {1: 0}


def test_a_pair_of_two_departments_is_kept_apart():
    people = {1: 1, 2: 1, 3: 1, 11: 2, 12: 2}
    found = assign(people, [(1, 11), (2, 11)])
    assert found[1] != found[11] != found[2]
    assert differences(people, found) == {1: 1, 2: 0}


def test_who_is_not_on_the_roll_has_no_batch_and_binds_nobody():
    assert set(assign({1: 1, 2: 1}, [(1, 99)])) == {1, 2}


def test_a_ring_of_three_gets_batches_all_the_same():
    found = assign({1: 1, 2: 1, 3: 1}, [(1, 2), (2, 3), (3, 1)])
    assert set(found.values()) == {"A", "B"}


def test_random_halls_are_even_apart_and_the_same_again(rounds):
    seed = random.SystemRandom().randrange(10**9)
    chance = random.Random(seed)
    for _ in range(rounds):
        people = {each: chance.randrange(4) for each in range(chance.randrange(2, 60))}
        pairs = draw_pairs(people, chance)
        found = assign(people, pairs)
        assert found == assign(dict(reversed(people.items())), pairs[::-1]), seed
        assert all(found[one] != found[other] for one, other in pairs), seed
        assert max(differences(people, found).values()) <= 1, seed


def draw_pairs(people, chance):
    """Draw pairs within a department, each of two who stand in no other."""
    pairs, free = [], list(people)
    chance.shuffle(free)
    for one, other in zip(free[::2], free[1::2], strict=False):
        if people[one] == people[other]:
            pairs.append((one, other))
    return pairs
