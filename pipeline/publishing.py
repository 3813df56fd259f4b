"""The commands that speak to a wiki: they read options, call the stages and print what came of it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from pipeline.config import Config
from pipeline.errors import MaroviError

if TYPE_CHECKING:
    from pipeline.deploy import Target


def plan(config: Config, options: Any) -> int:
    """Show what publishing build/ would change; exit code 0 nothing, 2 changes, 3 conflicts."""
    from pipeline import deploy
    from pipeline.build import require_current
    from pipeline.render import manifest
    from pipeline.terminal import colored

    require_current(config)
    target = _target_of(config, options)
    rendered = manifest.read(config.build)
    plan = deploy.make_plan(target, rendered, interface=options.interface or target.local, prune=options.prune)
    if options.out:
        deploy.write_plan(plan, options.out)
    texts = deploy.wiki_texts(target, plan) if options.diff else None
    print(deploy.plan_json(plan) if options.json else deploy.show_plan(plan, texts, colored(sys.stdout)))
    return deploy.exit_code(plan)


def deploy(config: Config, options: Any) -> int:
    """Publish build/, or what a reviewed plan says of it."""
    from pipeline import deploy
    from pipeline.build import require_current
    from pipeline.render import manifest
    from pipeline.report import DeployProgress

    require_current(config)
    target = _target_of(config, options)
    rendered = manifest.read(config.build)
    reviewed = deploy.read_plan(options.plan) if options.plan else None
    with DeployProgress(quiet=options.json) as progress:
        done = deploy.deploy(
            target,
            rendered,
            commit=rendered.commit,
            interface=options.interface or target.local,
            prune=options.prune,
            reviewed=reviewed,
            journals=config.state / "deployments",
            progress=progress,
        )
    print(deploy.deployment_json(done) if options.json else deploy.show_deployment(done))
    return deploy.exit_code(done)


def status(config: Config, options: Any) -> int:
    """Show what people changed on the wiki since the bot wrote it; exit code 3 when something was."""
    from pipeline import deploy
    from pipeline.render import manifest
    from pipeline.terminal import colored

    drifts = deploy.find_drift(_target_of(config, options), manifest.read(config.build))
    print(deploy.drift_json(drifts) if options.json else deploy.show_drift(drifts, colored(sys.stdout)))
    return deploy.CONFLICTS if any(not drift.taken_over for drift in drifts) else 0


def pull(config: Config, options: Any) -> int:
    """Bring what people changed on the wiki into the sources; exit code 3 when something is left to the author."""
    from pipeline.pull.command import run

    return run(config, _target_of(config, options), options)


def rollback(config: Config, options: Any) -> int:
    """Put back what stood before a deployment."""
    from pipeline import deploy
    from pipeline.commits import head
    from pipeline.report import DeployProgress

    with DeployProgress(quiet=options.json) as progress:
        done = deploy.roll_back(
            _target_of(config, options),
            options.id,
            commit=head(config.root),
            journals=config.state / "deployments",
            progress=progress,
        )
    print(deploy.deployment_json(done) if options.json else deploy.show_deployment(done))
    return deploy.exit_code(done)


def _target_of(config: Config, options: Any) -> Target:
    from pipeline import deploy
    from pipeline.errors import suggest

    settings = None
    if options.target:
        settings = config.targets.get(options.target)
        if settings is None:
            remedy = suggest(options.target, config.targets) or "name it in pyproject.toml: [tool.marovi.targets.NAME]"
            raise MaroviError(f"there is no wiki {options.target!r}", remedy)
    return deploy.from_environment(os.environ, config.state / "wiki", settings)
