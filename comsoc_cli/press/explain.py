"""Why a build would render each output of a release, or would not; nothing is built."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime

from comsoc_cli.message import Message, said
from comsoc_cli.office.folder import Office
from comsoc_cli.press.build import Builder, Wanted
from comsoc_cli.press.cache import BuildCache, Made, Reading
from comsoc_cli.press.orders import CARD, Order
from comsoc_cli.rendering.edition import Presentation


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """One output at one place, or a place where a release has none."""

    place: str  #: press/becas or site/releases/becas
    output: str  #: nothing where the release does not stand there at all
    rendered: bool
    reasons: list[Message]


def explain(office: Office, slug: str, wanted: Wanted, *, now: datetime) -> list[Explanation]:
    """What the next build would do with a release, and why."""
    cache = BuildCache(office.state / "build.db")
    try:
        return list(_explained(Builder(office, wanted, cache, now, 0), slug))
    finally:
        cache.close()


def _explained(builder: Builder, slug: str) -> Iterator[Explanation]:
    before = next((one for one in builder.cache.readings() if one.slug == slug), None)
    builder.reader.survey(builder.cache)
    read = builder.reader.read(slug)
    for order in builder.orders(read):
        for output in order.keys:
            if output != CARD:
                reasons = list(_reasons(builder, order, output, before)) if output in order.outputs else []
                told = reasons or [said("content, state, settings, templates and versions are the same")]
                yield Explanation(place=order.name, output=output, rendered=bool(reasons), reasons=told)
    errors = [problem.message for problem in read.problems if problem.is_error]
    if errors:
        yield Explanation(place=f"press/{slug}", output="", rendered=False, reasons=errors)
    if builder.with_site and read.held:
        held = [objection.message for objection in read.held]
        yield Explanation(place=f"site/releases/{slug}", output="", rendered=False, reasons=held)


def _reasons(builder: Builder, order: Order, output: str, before: Reading | None) -> Iterator[Message]:
    if builder.wanted.force:
        yield said("everything is rendered anew with --force")
    made = builder.shelf.made.get(order.name, {}).get(output)
    if made is None:
        yield said("it was not made yet")
        return
    common, content, state = order.keys[output].split(" ", 2)
    old_common, old_content, old_state = made.key.split(" ", 2)
    if common != old_common:
        yield from _of_common(builder, order, output, old_common)
    if content != old_content:
        yield from _of_content(builder, order, before)
    if state != old_state:
        yield from _of_state(json.loads(old_state), json.loads(state))
    yield from (said("{path} is missing or was changed", path=name) for name in _lost(builder, order, made))


def _of_common(builder: Builder, order: Order, output: str, old: str) -> Iterator[Message]:
    """Which settings, templates and programs are not those of last time."""
    before, now = builder.cache.common(old), builder.keys.common[output].parts
    if not before:
        yield said("settings, templates or versions have changed")
    for name in sorted({*before, *now} if before else ()):
        if before.get(name) != now.get(name):
            if name.startswith("["):
                yield said("{table} in comsoc.toml has changed", table=name)
            elif name.startswith("templates/"):
                yield said("the template {name} has changed", name=name.removeprefix("templates/").rpartition(" ")[0])
            else:
                yield said("another version of {program} renders", program=name)


def _of_content(builder: Builder, order: Order, before: Reading | None) -> Iterator[Message]:
    """Which files of the release are not those of last time."""
    stamps = before and (before.desk if order.name.startswith("press/") else before.vault)
    paths = stamps.changed(str(builder.office.root)) if stamps else []
    yield from (said("{path} has changed", path=path) for path in paths)
    if not paths:
        yield said("its text, data or pictures have changed")


def _of_state(before: list[object], now: list[object]) -> Iterator[Message]:
    names = [one.name for one in fields(Presentation) if one.name != "release"]
    if not len(before) == len(now) == len(names):
        yield said("its state has changed")
        return
    for name, old, new in zip(names, before, now, strict=True):
        if old != new:
            yield said("its state “{name}” was {old} and is {new}", name=name, old=json.dumps(old), new=json.dumps(new))


def _lost(builder: Builder, order: Order, made: Made) -> list[str]:
    return [f"{order.name}/{name}" for name in builder.shelf.differing(order.name, made)]
