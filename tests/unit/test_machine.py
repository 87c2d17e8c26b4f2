"""What the machine lacks is told."""

from comsoc_cli.checks.machine import SUBSETTERS, machine_problems


def test_a_library_that_makes_pdfs_quick_is_missed_where_it_is_not() -> None:
    [problem] = machine_problems(["libnobody-has-this.so.0"])
    assert "libharfbuzz-subset0" in str(problem.message)
    assert not problem.is_error


def test_where_it_is_nothing_is_said() -> None:
    assert list(machine_problems([*SUBSETTERS, "libc.so.6"])) == []
