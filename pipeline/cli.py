"""The command `marovi`: it reads the command line, calls the stages and turns what they say into an exit code.

Exit codes: 0 all is well (plan: nothing to do); 1 something is wrong, and was said; 2 plan: there are changes;
3 plan, deploy: a page was changed by a person and is left alone; 3 status, pull: a person's change is not in the
sources; 64 the command line was not understood; 130 interrupted.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from pipeline import authoring, publishing
from pipeline.collecting import collect_seldom
from pipeline.config import Config, find_root, load
from pipeline.errors import MaroviError, Problem, SourceError

if TYPE_CHECKING:
    from pipeline.read.article import Sources

USAGE = 64
INTERRUPTED = 130
EXIT_CODES = __doc__.split("\n\n")[1] if __doc__ else ""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        print(f"error: {message}; see `{self.prog} --help`", file=sys.stderr)
        raise SystemExit(USAGE)


def main(arguments: Sequence[str] | None = None, *, is_served: bool = False) -> int:
    """Run one command and return its exit code; `is_served` where a process that waited for it does so."""
    options = parser().parse_args(arguments, argparse.Namespace(is_served=is_served))
    collect_seldom()
    try:
        start = options.root.resolve() if options.root else Path.cwd()
        if hasattr(options, "anywhere"):
            return int(options.anywhere(options))
        with _guarded(options):
            code = int(options.run(load(find_root(start)), options))
        print(end="", flush=True)  # a reader who has left is noticed here, not when Python ends
        return code
    except MaroviError as error:
        _show_error(error, options)
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        print(f"error: {error.filename or 'a file'}: {error.strerror or error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED


def _guarded(options: Any) -> AbstractContextManager[None]:
    """Words from a wiki are no commands to the machine that a workflow runs on."""
    if not hasattr(options, "target") or not _in_workflow(options):
        return nullcontext()
    from pipeline.annotations import commands_off

    return commands_off()


def _in_workflow(options: Any) -> bool:
    """Whether GitHub reads what the command prints."""
    if getattr(options, "json", False):
        return False
    form = getattr(options, "format", None)
    return form == "github" if form else os.environ.get("GITHUB_ACTIONS") == "true"


def parser() -> argparse.ArgumentParser:
    """The command line, for `main`, the documentation and the tests."""
    top = _Parser(
        prog="marovi",
        description="Wikis whose every number was computed: run the code in articles, verify, render, publish.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--root", type=Path, help="the project's folder (default: the one around this folder)")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=_Parser)

    def command(name: str, run: Callable[..., int], text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        sub.set_defaults(**{"anywhere" if run in ANYWHERE else "run": run})
        return sub

    sub = command("build", _build, "run all topics, verify, render and write build/")
    sub.add_argument("--accept", action="store_true", help="take the numbers as they came out into results.json")
    sub.add_argument("--once", action="store_true", help="do not run each topic a second time to reproduce its numbers")
    sub.add_argument("--device", choices=("cpu", "cuda"), default="cpu", help="where cells compute (default: cpu)")
    sub.add_argument(
        "--require-sandbox", action="store_true", help="run nothing where this machine lacks a protection from cells"
    )
    sub.add_argument(
        "-v", "--verbose", action="store_true", help="say which protections held the cells, and which cells were spared"
    )
    sub.add_argument(
        "--keep",
        action=argparse.BooleanOptionalAction,
        help="let processes wait for the next build, so that it runs only from the first changed cell on "
        "(default: when a person looks on; see `marovi stop`)",
    )
    sub.add_argument(
        "--executor",
        metavar="WHERE",
        default="",
        help="where topics run: local, or dask=tcp://127.0.0.1:8786 for the workers of a Dask cluster (default: local)",
    )
    _format(sub)
    _json(sub)

    command("stop", _stop, "end the processes that builds let wait, and the copies of cells' state that they keep")

    sub = command("verify", _verify, "run topics on several devices and compare every printed digit and every figure")
    sub.add_argument("slug", nargs="*", help="only these topics")
    sub.add_argument(
        "--devices",
        metavar="LIST",
        default="cpu,cuda",
        help="what to compare: cpu, cuda, and cpu:baseline, the CPU without vector instructions (default: cpu,cuda)",
    )
    sub.add_argument("--require", action="store_true", help="fail where one of the devices is not there")
    sub.add_argument("--dry-run", action="store_true", help="do not record in results.json what agrees")
    _json(sub)

    sub = command("check", _check, "look for mistakes in the sources and templates without running anything")
    sub.add_argument("slug", nargs="*", help="show what concerns these topics only")
    sub.add_argument(
        "--since", metavar="REVISION", help="also hold templates and modules against git: no change without a version"
    )
    sub.add_argument("--fix", action="store_true", help="mend what has one right answer, and show it as a diff")
    sub.add_argument("--dry-run", action="store_true", help="with --fix: show the diff and change nothing")
    _format(sub)
    _json(sub)

    sub = command("changes", _changes, "show what the sources change since a git revision: numbers, figures, pages")
    sub.add_argument("base", metavar="REVISION", help="the revision to compare with, such as main")
    sub.add_argument("--before", type=Path, metavar="DIR", help="what a build of REVISION wrote, to compare pages")
    sub.add_argument("--after", type=Path, metavar="DIR", help="what a build of the sources wrote (default: build/)")
    sub.add_argument("--out", type=Path, metavar="DIR", help="write a report with pictures into this folder")
    _json(sub)

    sub = command(
        "preview",
        _preview,
        "show the pages in a browser while they are written: what is saved is on the screen at once",
    )
    sub.add_argument(
        "--port", type=int, default=None, help="the port to listen on, 0 for any (default: 8000 or the next free one)"
    )
    sub.add_argument("--no-build", action="store_true", help="show what the last build wrote")
    sub.add_argument("--wiki", action="store_true", help="open the pages as the wiki itself renders them")
    sub.add_argument(
        "--compare",
        action="store_true",
        help="serve nothing; say where the site and the wiki show something else, and exit 1 when they do",
    )
    sub.add_argument("slug", nargs="*", help="with --compare: only these topics, terms and categories")
    _target(sub)
    _json(sub)

    for name, run, text in (
        ("plan", publishing.plan, "show what publishing build/ would change on the wiki; changes nothing"),
        ("deploy", publishing.deploy, "publish build/ to the wiki; pages that people edited are left alone"),
    ):
        sub = command(name, run, text)
        sub.epilog = (
            "The wiki and the bot's login come from MAROVI_WIKI_URL, MAROVI_WIKI_USER (Name@app) and "
            "MAROVI_WIKI_PASSWORD (a bot password); without them the local wiki of `marovi wiki up` is taken."
        )
        sub.add_argument("--interface", action="store_true", help="also publish the gadget's style and script pages")
        sub.add_argument("--prune", action="store_true", help="delete pages the bot made that nothing makes any more")
        _target(sub)
        if name == "plan":
            sub.add_argument("--diff", action="store_true", help="show what would change in each page")
            sub.add_argument("--out", type=Path, metavar="FILE", help="write the plan, for `marovi deploy FILE`")
        else:
            sub.add_argument(
                "plan", type=Path, nargs="?", metavar="FILE", help="do what this reviewed plan says, or nothing"
            )
        _json(sub)

    sub = command(
        "status",
        authoring.status,
        "show topics by languages, what is outdated and what needs review; or what people changed on the wiki",
    )
    sub.add_argument("--wiki", action="store_true", help="ask the wiki what people changed since the bot wrote it")
    sub.add_argument(
        "--review-age",
        type=int,
        default=365,
        metavar="DAYS",
        help="a review older than this is due again (default: 365)",
    )
    _target(sub)
    _json(sub)

    sub = command("pull", publishing.pull, "turn what people changed on the wiki into a patch of the sources")
    sub.add_argument("title", nargs="*", metavar="TITLE", help="only these pages")
    sub.add_argument("--write", action="store_true", help="change the sources instead of printing the patch")
    sub.add_argument("--resolved", action="store_true", help="note that you settled the edits of these pages by hand")
    _target(sub)
    _json(sub)

    sub = command(
        "rollback", publishing.rollback, "put back what stood before a deployment; what people edited since stays"
    )
    sub.add_argument("id", help="the deployment, as the summaries of its edits name it")
    _target(sub)
    _json(sub)

    wiki = command("wiki", _wiki, "a real MediaWiki on this machine, to look at what readers will see")
    wiki.add_argument("action", choices=("up", "down", "status"), help="start it, stop it, or say where it is")
    wiki.add_argument("--port", type=int, default=None, help="the port to serve it on (default: a free one)")
    _json(wiki)

    sub = command("cache", _cache, "show what the results of cells take, and take out what is damaged or old")
    sub.add_argument("--check", action="store_true", help="read every entry and take out those that are damaged")
    sub.add_argument("--evict", action="store_true", help="go down to cache_limit; what was used within an hour stays")
    sub.add_argument("--clear", action="store_true", help="take out everything: the next build runs every topic")
    _json(sub)

    sub = command("import", _import, "turn pages of a wiki into topic folders, and say what could not be carried over")
    sub.add_argument(
        "title", nargs="*", metavar="TITLE", help="only these pages, with their translations and summaries"
    )
    sub.add_argument("--wiki", metavar="URL", help="read the pages from this MediaWiki, which needs no login")
    sub.add_argument("--dump", type=Path, metavar="FILE", help="read an XML dump (Special:Export, dumpBackup.php)")
    sub.add_argument(
        "--feed", metavar="FILE", help="read the pages that an Atom feed of contributions names, from its wiki"
    )
    sub.add_argument("--into", type=Path, metavar="DIR", help="write into this folder (default: articles/)")
    sub.add_argument("--dry-run", action="store_true", help="only say what would be written")
    _json(sub)

    sub = command("new", authoring.new, "begin a topic: a folder with a source that builds at once")
    sub.add_argument("slug", help="the folder's name: lower-case letters, digits and hyphens")
    sub.add_argument("--title", default="", help="the page's title (default: that of articles/planned.yaml)")
    sub.add_argument("--kind", choices=("article", "paper"), default="article", help="(default: article)")
    sub.add_argument("--field", default="", metavar="NAME", help="a key of articles/categories.yaml")
    sub.add_argument("--topic-area", default="", metavar="NAME", help="a key of articles/categories.yaml")
    sub.add_argument("--difficulty", default="", metavar="LEVEL", help="Introductory, Intermediate or Advanced")
    sub.add_argument("--prerequisites", default="", metavar="SLUGS", help="topics to read first, separated by commas")
    _json(sub)

    sub = command("translate", authoring.translate, "begin or refresh a translation: what changed is marked")
    sub.add_argument("slug", help="the topic's folder name")
    sub.add_argument("language", help="the translation's language, such as es")
    way = sub.add_mutually_exclusive_group()
    way.add_argument("--export", type=Path, metavar="FILE", help="write the texts as PO, for translators' own tools")
    way.add_argument("--import", type=Path, metavar="FILE", dest="import_", help="take the texts from a PO file")
    _json(sub)

    sub = command(
        "stamp", authoring.stamp, "record that a translation and its summary match their source as it stands now"
    )
    sub.add_argument("slug", help="the topic's folder name")
    sub.add_argument("language", help="the translation's language, such as es")

    sub = command("explain", _explain, "explain a diagnostic by its code or rule; list all of them where none is named")
    sub.add_argument("what", nargs="?", metavar="CODE", help="such as M042 or digits")
    _json(sub)

    sub = command("doctor", _doctor, "say what this machine lacks, for which task, and how to get it")
    sub.add_argument("--network", action="store_true", help="also ask the wiki and the package index")
    _json(sub)

    sub = command("schema", _schema, "print the JSON Schema of a kind of source file, for editors")
    kinds = ("article", "translation", "summary", "concept", "template")
    sub.add_argument("name", nargs="?", choices=kinds, help="the kind of file")
    sub.add_argument("--all", type=Path, metavar="DIR", help="write the schemas of all kinds into this folder")

    sub = command("completion", _completion, "print a script with which a shell completes commands, options and slugs")
    sub.add_argument("shell", choices=("bash", "zsh", "fish"))

    sub = command("hook", _hook, "let git check the topics of a commit before it is made")
    sub.add_argument("action", choices=("install", "remove", "run"), help="run is what git calls")
    sub.add_argument("file", nargs="*", help="for run: the files to look at (default: what is staged)")
    return top


def _target(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--target", metavar="NAME", help="a wiki of [tool.marovi.targets], such as staging")


def _json(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--json", action="store_true", help="print the outcome as JSON, for scripts")


def _format(sub: argparse.ArgumentParser) -> None:
    sub.add_argument(
        "--format", choices=("text", "github"), help="how problems are printed (default: github in GitHub's workflows)"
    )


def _build(config: Config, options: Any) -> int:
    keeps = _looked_on() if options.keep is None else options.keep
    try:
        return _built(config, options, keeps)
    finally:
        if keeps and config.keep and not options.is_served:
            from pipeline.waiting.starting import let_wait

            let_wait(config)


def _built(config: Config, options: Any, keeps: bool) -> int:
    from pipeline.build import build
    from pipeline.report import RunProgress, show_outcome

    if options.device != "cpu" and (options.executor or config.executor) == "local":
        from pipeline.verifying import need

        need(options.device)
    with RunProgress(quiet=options.json) as progress:
        outcome = build(
            config,
            accept=options.accept,
            reproduce=not options.once,
            device=options.device,
            require_sandbox=options.require_sandbox,
            executor=options.executor,
            keep=keeps,
            progress=progress,
        )
    if options.json:
        from pipeline.diagnostics import to_json

        warnings = [to_json(problem) for problem in outcome.warnings]
        print(json.dumps({**asdict(outcome), "warnings": warnings}, ensure_ascii=False))
    elif _in_workflow(options):
        from pipeline.annotations import annotate, outcome_summary, summarize

        annotate(outcome.warnings)
        show_outcome(replace(outcome, warnings=()), config, options.verbose)
        summarize(os.environ, outcome_summary(outcome))
    else:
        show_outcome(outcome, config, options.verbose)
    return 0


def _looked_on() -> bool:
    """Whether a person will most likely build again soon: no process may stay behind in scripts and on servers."""
    return sys.stderr.isatty() and os.environ.get("CI", "").lower() in ("", "0", "false")


def _stop(config: Config, options: Any) -> int:
    from pipeline.run.keeper import stop_kept
    from pipeline.waiting.starting import stop_waiting

    count = stop_kept(config.state / "keep") + stop_waiting(config.root)
    print(f"Ended {count} waiting process{'es' if count != 1 else ''}." if count else "Nothing was waiting.")
    return 0


def _verify(config: Config, options: Any) -> int:
    from pipeline.verifying import verify

    return verify(config, options)


def _check(config: Config, options: Any) -> int:
    from pipeline.check import check, without
    from pipeline.check.rules import RULES, RULES_OF_WRITING
    from pipeline.diagnostics import to_json
    from pipeline.errors import suggest
    from pipeline.read import read_all
    from pipeline.terminal import show_problems

    if options.fix:
        from pipeline.fixing import fix

        print(fix(config, options.slug, options.dry_run), end="", file=sys.stderr if options.json else sys.stdout)
    elif options.dry_run:
        raise MaroviError("--dry-run belongs to --fix", "write `marovi check --fix --dry-run`")
    sources, problems = read_all(config)
    unknown = [slug for slug in options.slug if not (config.root / "articles" / slug).is_dir()]
    if unknown:
        raise MaroviError(f"there is no topic {unknown[0]!r}", suggest(unknown[0], sources.articles))
    if any(problem.severity == "error" for problem in problems):
        problems = (*problems, *check(without(sources, problems), RULES_OF_WRITING))
    else:
        problems = (*problems, *check(sources, (*RULES, *RULES_OF_WRITING)), *_check_templates(sources))
    if options.slug:
        folders = tuple(f"articles/{slug}/" for slug in options.slug)
        problems = tuple(problem for problem in problems if problem.where.file.startswith(folders))
    if options.since:
        from pipeline.changes.compare import unraised_versions

        problems = (*problems, *unraised_versions(config.root, options.since))
    errors = [problem for problem in problems if problem.severity == "error"]
    if options.json:
        print(json.dumps([to_json(problem) for problem in problems], ensure_ascii=False))
    else:
        if _in_workflow(options):
            from pipeline.annotations import annotate, problem_summary, summarize

            annotate(problems)
            summarize(os.environ, problem_summary("marovi check", problems))
        else:
            show_problems(problems, root=config.root)
        languages = sum(len(article.versions) for article in sources.articles.values())
        counts = f"{len(sources.articles)} topics, {languages} pages, {len(sources.concepts)} glossary concepts"
        print(f"{counts}: {len(errors)} errors, {len(problems) - len(errors)} warnings")
    return 1 if errors else 0


def _check_templates(sources: Sources) -> tuple[Problem, ...]:
    from pipeline.render.templates import wiki_pages

    try:
        wiki_pages(sources)
    except SourceError as error:
        return error.problems
    return ()


def _changes(config: Config, options: Any) -> int:
    from pipeline.changes.compare import changes_of
    from pipeline.changes.markdown import comment
    from pipeline.changes.report import write_report

    found = changes_of(config, options.base, options.before, options.after or config.build)
    if options.out:
        write_report(found, options.out, options.before, options.after or config.build)
    if options.json:
        print(json.dumps(found.to_json()))
    elif options.out:
        print(f"Wrote {options.out / 'index.html'}")
    else:
        print(comment(found))
    if _in_workflow(options):
        from pipeline.annotations import summarize

        summarize(os.environ, comment(found))
    return 0


def _preview(config: Config, options: Any) -> int:
    from pipeline.preview.command import command

    return command(config, options)


def _cache(config: Config, options: Any) -> int:
    from pipeline import caching

    return caching.command(config, options)


def _import(config: Config, options: Any) -> int:
    from pipeline.bring_in.command import run

    return run(config, options)


def _wiki(config: Config, options: Any) -> int:
    from pipeline import wiki

    folder = config.state / "wiki"
    if options.action == "down":
        ended = wiki.down(folder)
        print(json.dumps({"running": False}) if options.json else "The wiki is down." if ended else "No wiki was up.")
        return 0
    running = wiki.up(folder, options.port) if options.action == "up" else wiki.find(folder)
    if running is None:
        print(json.dumps({"running": False}) if options.json else "No wiki is up; `marovi wiki up` starts one.")
        return 1
    if options.json:
        print(json.dumps({"running": True, "url": running.url, "bot": running.bot_user, "notes": running.notes}))
        return 0
    print(f"The wiki is up at {running.url}")
    for note in running.notes:
        print(f"note: {note}", file=sys.stderr)
    print(f"Bot {running.bot_user} and administrator {running.admin_user}; their passwords are in {folder}/state.json.")
    print("`marovi deploy` publishes to it; `marovi wiki down` ends it and keeps its pages.")
    return 0


def _schema(options: Any) -> int:
    from pipeline.read.yaml_source import SCHEMAS

    if (options.name is None) == (options.all is None):
        raise MaroviError("name one kind of file, or give a folder for all", "such as `marovi schema --all .schemas`")
    if options.name:
        print((SCHEMAS / f"{options.name}.json").read_text(encoding="utf-8"), end="")
        return 0
    options.all.mkdir(parents=True, exist_ok=True)
    for path in sorted(SCHEMAS.glob("*.json")):
        (options.all / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
        print(options.all / path.name)
    return 0


def _explain(options: Any) -> int:
    from pipeline.diagnostics.explain import explain

    return explain(options)


def _doctor(options: Any) -> int:
    from pipeline.doctor import doctor

    return doctor(options)


def _completion(options: Any) -> int:
    from pipeline.completion import completion

    return completion(options)


def _hook(config: Config, options: Any) -> int:
    from pipeline.hook import hook

    return hook(config, options)


ANYWHERE = (_schema, _explain, _doctor, _completion)  # commands that need no project


def _show_error(error: MaroviError, options: Any) -> None:
    from pipeline.terminal import show_error

    if _in_workflow(options):
        from pipeline.annotations import annotate_error, problem_summary, summarize

        annotate_error(error)
        if isinstance(error, SourceError):
            summarize(os.environ, problem_summary(str(error), error.problems, error.changed))
    elif getattr(options, "json", False):
        from pipeline.diagnostics import to_json

        problems = [to_json(problem) for problem in error.problems] if isinstance(error, SourceError) else []
        print(json.dumps({"error": str(error), "problems": problems}, ensure_ascii=False))
    else:
        show_error(error, root=_root_of(options))


def _root_of(options: Any) -> Path | None:
    try:
        return find_root(options.root.resolve() if options.root else Path.cwd())
    except MaroviError:
        return None


if __name__ == "__main__":
    sys.exit(main())
