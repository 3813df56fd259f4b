"""`marovi completion bash`: what a shell needs to complete commands, options and slugs, made from the parser.

The script stands alone: a Tab starts no Python.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

SHELLS = ("bash", "zsh", "fish")
SLUGS = "<slugs>"  # in the place of words: the topics of the project around the folder


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its options with what they take, and what stands beside them."""

    name: str
    says: str
    options: tuple[tuple[tuple[str, ...], str, tuple[str, ...] | None], ...]  # names, help, words (None: takes nothing)
    words: tuple[str, ...]  # for the places without an option; none: files


def completion(options: Any) -> int:
    from pipeline.cli import parser

    script = {"bash": _bash, "zsh": _zsh, "fish": _fish}[options.shell]
    print("\n".join(script(tuple(commands_of(parser())))))
    return 0


def commands_of(parser: argparse.ArgumentParser) -> Iterator[Command]:
    """The commands of a parser, in its order."""
    (subparsers,) = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
    says = {one.dest: one.help or "" for one in subparsers._choices_actions}
    for name, sub in subparsers.choices.items():
        options = []
        words: tuple[str, ...] = ()
        for action in sub._actions:
            if action.option_strings:
                takes = None if action.nargs == 0 else _words(name, action)
                options.append((tuple(action.option_strings), _plain(action.help), takes))
            else:
                words += _words(name, action)
        yield Command(name, _plain(says.get(name)), tuple(options), words)


def _words(command: str, action: argparse.Action) -> tuple[str, ...]:
    if action.choices:
        return tuple(map(str, action.choices))
    if action.dest == "slug":
        return (SLUGS,)
    if (command, action.dest) == ("explain", "what"):
        from pipeline.diagnostics import codes

        return tuple(sorted((*codes(), *codes().values())))
    return ()


def _plain(text: str | None) -> str:
    """A help text that no shell takes for more than words."""
    return "".join(sign for sign in (text or "") if sign not in "'\"`$\\[]:!").replace("\n", " ")


def _bash(commands: Sequence[Command]) -> Iterator[str]:
    yield '# Completion of marovi for bash: eval "$(marovi completion bash)"'
    yield from _slugs()
    yield from (
        "_marovi() {",
        '  local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" command="" words="" i',
        "  for ((i = 1; i < COMP_CWORD; i++)); do",
        '    case "${COMP_WORDS[i]}" in',
        "      --root) ((i++)) ;;",
        "      -*) ;;",
        '      *) command="${COMP_WORDS[i]}"; break ;;',
        "    esac",
        "  done",
        "  COMPREPLY=()",
        '  case "$command $previous" in',
        '    *" --root") COMPREPLY=($(compgen -d -- "$current")); return ;;',
    )
    for command in commands:
        for names, _, words in command.options:
            if words is not None:
                pattern = "|".join(f'"{command.name} {name}"' for name in names)
                yield f"    {pattern}) {_bash_reply(words)}; return ;;"
    yield from (
        "  esac",
        '  case "$command" in',
        f'    "") words="--root --help {" ".join(c.name for c in commands)}" ;;',
    )
    for command in commands:
        options = " ".join(name for names, _, _ in command.options for name in names)
        yield f'    {command.name}) if [[ "$current" == -* ]]; then words="{options}"; else'
        yield f"      {_bash_reply(command.words)}; return; fi ;;"
    yield from (
        "  esac",
        '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
        "}",
        "complete -F _marovi marovi",
    )


def _bash_reply(words: tuple[str, ...]) -> str:
    if not words:
        return 'COMPREPLY=($(compgen -f -- "$current"))'
    given = " ".join("$(_marovi_slugs)" if word == SLUGS else word for word in words)
    return f'COMPREPLY=($(compgen -W "{given}" -- "$current"))'


def _slugs() -> tuple[str, ...]:
    """A function of bash and zsh that prints the slugs of the project around the folder."""
    return (
        "_marovi_slugs() {",
        '  local folder="$PWD" file',
        '  while [ -n "$folder" ] && [ ! -d "$folder/articles" ]; do folder="${folder%/*}"; done',
        '  [ -d "$folder/articles" ] || return 0',
        '  find "$folder/articles" -mindepth 2 -maxdepth 3 -name en.md ! -path "*/summary/*" 2>/dev/null |',
        '    while read -r file; do file="${file%/en.md}"; echo "${file##*/}"; done',
        "}",
    )


def _zsh(commands: Sequence[Command]) -> Iterator[str]:
    yield "#compdef marovi"
    yield '# Completion of marovi for zsh: eval "$(marovi completion zsh)", after compinit'
    yield from _slugs()
    yield from ("_marovi() {", "  local -a commands", "  commands=(")
    yield from (f"    '{command.name}:{command.says}'" for command in commands)
    yield from (
        "  )",
        "  if (( CURRENT == 2 )); then _describe command commands; return; fi",
        "  local command=$words[2]",
        "  shift words; (( CURRENT-- ))",
        "  case $command in",
    )
    for command in commands:
        yield f"    {command.name}) _arguments \\"
        for names, says, words in command.options:
            for name in names:
                takes = "" if words is None else f":value:{_zsh_words(words)}"
                yield f"      '{name}[{says}]{takes}' \\"
        yield f"      '*:word:{_zsh_words(command.words)}' ;;"
    yield from ("  esac", "}", "compdef _marovi marovi")


def _zsh_words(words: tuple[str, ...]) -> str:
    if not words:
        return "_files"
    return "(" + " ".join("${(f)$(_marovi_slugs)}" if word == SLUGS else word for word in words) + ")"


def _fish(commands: Sequence[Command]) -> Iterator[str]:
    yield "# Completion of marovi for fish: marovi completion fish | source"
    yield from (
        "function __marovi_slugs",
        "  set -l folder $PWD",
        '  while test -n "$folder"; and not test -d $folder/articles',
        "    set folder (string replace -r '/[^/]*$' '' $folder)",
        "  end",
        "  for file in $folder/articles/*/en.md $folder/articles/*/*/en.md",
        "    string match -rq '/summary/en.md$' $file; or basename (dirname $file)",
        "  end",
        "end",
        "complete -c marovi -n __fish_use_subcommand -l root -r -d 'the folder of the project'",
    )
    for command in commands:
        yield f"complete -c marovi -f -n __fish_use_subcommand -a {command.name} -d '{command.says}'"
        inside = f"complete -c marovi -n '__fish_seen_subcommand_from {command.name}'"
        for names, says, words in command.options:
            given = " ".join(f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in names)
            takes = "" if words is None else f" -x -a '{_fish_words(words)}'" if words else " -r"
            yield f"{inside} {given}{takes} -d '{says}'"
        if command.words:
            yield f"{inside} -f -a '{_fish_words(command.words)}'"


def _fish_words(words: tuple[str, ...]) -> str:
    return " ".join("(__marovi_slugs)" if word == SLUGS else word for word in words)
