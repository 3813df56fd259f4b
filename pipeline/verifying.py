"""The command `marovi verify`: run topics on several devices, show what differs, record what agrees."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pipeline.config import Config
from pipeline.errors import MaroviError, suggest
from pipeline.run.instructions import DEVICES

if TYPE_CHECKING:
    from pipeline.verify.devices import TopicOnDevices


def verify(config: Config, options: Any) -> int:
    """Return 0 when every device that is there agrees, 1 when one does not or, with `--require`, is not there."""
    from pipeline.read import read
    from pipeline.report import RunProgress
    from pipeline.verify.devices import compare_devices, missing

    devices = _devices(options.devices)
    articles = read(config).articles
    unknown = [slug for slug in options.slug if slug not in articles]
    if unknown:
        raise MaroviError(f"there is no topic {unknown[0]!r}", suggest(unknown[0], articles))
    chosen = [article for slug, article in articles.items() if article.cells and slug in (options.slug or articles)]
    lacking = {device: sentence for device in devices if (sentence := missing(device))}
    if lacking and options.require:
        raise MaroviError("; ".join(lacking.values()), "leave out --require to go on without")
    present = [device for device in devices if device not in lacking]
    topics: tuple[TopicOnDevices, ...] = ()
    if len(present) > 1 and chosen:
        with RunProgress(quiet=options.json) as progress:
            topics = compare_devices(config, chosen, present, progress, record=not options.dry_run)
    if options.json:
        told = {"devices": present, "missing": lacking, "topics": [asdict(topic) for topic in topics]}
        print(json.dumps(told, ensure_ascii=False))
    else:
        _show(devices, present, list(lacking.values()), topics)
    return 1 if any(topic.verdict != "agrees" for topic in topics) else 0


def need(device: str) -> None:
    """Raise MaroviError, saying why, when this machine cannot compute on a device."""
    from pipeline.verify.devices import missing

    if sentence := missing(device):
        raise MaroviError(sentence, "leave out --device to compute on the CPU")


def _devices(text: str) -> list[str]:
    """Read the list that was given. Raises MaroviError for an unknown device, one given twice, and less than two."""
    devices = [name.strip() for name in text.split(",") if name.strip()]
    for name in devices:
        if name not in DEVICES:
            raise MaroviError(f"there is no device {name!r}", suggest(name, DEVICES))
    if len(set(devices)) != len(devices) or len(devices) < 2:
        raise MaroviError(f"{text!r} are not two devices or more", "give different ones, such as --devices cpu,cuda")
    return devices


def _show(devices: list[str], present: list[str], lacking: list[str], topics: tuple[TopicOnDevices, ...]) -> None:
    from pipeline.terminal import paint, show_problems, table

    for sentence in lacking:
        print(f"note: {sentence}", file=sys.stderr)
    if not topics:
        print("Nothing was compared.")
        return
    show_problems(problem for topic in topics for problem in topic.problems)
    rows = [["topic", "device", "verdict", "declared", "seconds"]]
    rows += [[one.slug, one.device, one.verdict, str(one.declared), f"{one.seconds:.1f}"] for one in topics]
    print(table(rows, right=frozenset({3, 4})))
    for device in present[1:]:
        differing = [item for one in topics if one.device == device for item in one.disagreements]
        if differing:
            rows = [["where", "what", present[0], device]]
            rows += [[str(item.where), item.what, item.one, item.other] for item in differing]
            print(f"\n{table(rows)}")
    wrong = sum(topic.verdict != "agrees" for topic in topics)
    if any(topic.verdict == "not accepted" for topic in topics):
        print("\nnot accepted: the first device gives other results than results.json; see `marovi build`")
    said = f"{len(topics) - wrong} of {len(topics)} agree with {present[0]}"
    print(paint(said, "red" if wrong else "green", sys.stdout))
