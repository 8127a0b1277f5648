"""Scripts that complete the command line in each shell. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

PROGRAM = "tray-status"
ASK = f"{PROGRAM} completion-pages"


@dataclass(frozen=True, slots=True)
class Command:
    """One command as the command line has it; the first one, without a name, is the program itself."""

    name: str
    words: str
    options: tuple[tuple[tuple[str, ...], str, str], ...]
    """The ways to write each option, what it takes (empty: nothing), and what it is for."""
    choices: tuple[str, ...]
    """Words that may stand behind it."""
    takes_page: bool
    usage: str = ""
    epilog: str = ""
    takes_known: bool = False
    """Whether those pages are all that are known by name, and not those that are watched."""

    @property
    def asks(self) -> str:
        """What tells the pages; empty where it takes none."""
        return (f"{ASK} --known" if self.takes_known else ASK) if self.takes_page else ""


def completion(shell: str, commands: Sequence[Command]) -> str:
    """The script for one of SHELLS."""
    return _SCRIPTS[shell](commands)


def _long(command: Command) -> list[str]:
    return [way for ways, _, _ in command.options for way in ways if way.startswith("--")]


def _bash(commands: Sequence[Command]) -> str:
    names = " ".join(each.name for each in commands[1:])
    cases = "\n".join(
        f"        {each.name}) words='{' '.join((*_long(each), *each.choices))}'; pages='{each.asks}';;"
        for each in commands[1:]
    )
    return f"""\
# Completes {PROGRAM} in bash: source <({PROGRAM} completion bash)
_tray_status() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} command= words= pages= each
    for each in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        case $each in -*) ;; *) command=$each; break;; esac
    done
    [[ $before = --page ]] && command=--page
    case $command in
        --page) pages='{ASK}';;
{cases}
        *) words='{names} {" ".join(_long(commands[0]))}';;
    esac
    local IFS=$'\\n'
    COMPREPLY=($(compgen -W "$(printf '%s\\n' ${{words// /$IFS}})" -- "$word"))
    if [[ -n $pages && $word != -* ]]; then
        while read -r each; do
            [[ ${{each,,}} = "${{word,,}}"* ]] && COMPREPLY+=("$(printf %q "$each")")
        done < <(IFS=' '; $pages 2>/dev/null)
    fi
}}
complete -F _tray_status {PROGRAM}
"""


def _zsh(commands: Sequence[Command]) -> str:
    listed = "\n".join(f"        '{each.name}:{_quiet(each.words)}'" for each in commands[1:])
    cases = "\n".join(
        f"        {each.name}) _arguments -S {' '.join(_zsh_options(each))} '*:what:_tray_status_words"
        f" {each.asks.replace(' ', '+') or '-'} {' '.join(each.choices)}';;"
        for each in commands[1:]
    )
    return f"""\
#compdef {PROGRAM}
# Completes {PROGRAM} in zsh: source <({PROGRAM} completion zsh), after compinit
_tray_status_words() {{
    local -a pages
    [[ $1 = - ]] || pages=(${{(f)"$(${{(s:+:)1}} 2>/dev/null)"}})
    shift
    compadd -M 'm:{{a-zA-Z}}={{A-Za-z}}' -- "$@" $pages
}}
_tray_status() {{
    local -a commands
    commands=(
{listed}
    )
    local line state
    _arguments -C {" ".join(_zsh_options(commands[0]))} '1: :->command' '*:: :->rest'
    case $state in
    command) _describe command commands;;
    rest) case $line[1] in
{cases}
    esac;;
    esac
}}
compdef _tray_status {PROGRAM}
"""


def _zsh_options(command: Command) -> list[str]:
    found = []
    for ways, argument, words in command.options:
        for way in ways:
            if way.startswith("--"):
                takes = f":{_quiet(argument).lower()}:" if argument else ""
                found.append(f"'{way}[{_quiet(words)}]{takes}'")
    return found


def _fish(commands: Sequence[Command]) -> str:
    lines = [f"# Completes {PROGRAM} in fish", f"complete -c {PROGRAM} -f"]
    for ways, argument, words in commands[0].options:
        lines.append(_fish_option("__fish_use_subcommand", ways, argument, words))
    for each in commands[1:]:
        seen = f"__fish_seen_subcommand_from {each.name}"
        lines.append(f"complete -c {PROGRAM} -n __fish_use_subcommand -a {each.name} -d '{_quiet(each.words)}'")
        lines += [_fish_option(seen, *option) for option in each.options]
        if each.choices:
            lines.append(f"complete -c {PROGRAM} -n '{seen}' -a '{' '.join(each.choices)}'")
        if each.takes_page:
            lines.append(f"complete -c {PROGRAM} -n '{seen}' -a '({each.asks} 2>/dev/null)'")
    return "\n".join(lines) + "\n"


def _fish_option(condition: str, ways: Sequence[str], argument: str, words: str) -> str:
    told = " ".join(f"-l {way[2:]}" if way.startswith("--") else f"-s {way[1:]}" for way in ways)
    takes = " -r" if argument else ""
    return f"complete -c {PROGRAM} -n '{condition}' {told}{takes} -d '{_quiet(words)}'"


def _powershell(commands: Sequence[Command]) -> str:
    rows = "\n".join(
        f"        '{each.name}' = @({', '.join(repr(word) for word in (*_long(each), *each.choices))})"
        for each in commands[1:]
    )
    options = ", ".join(repr(each) for each in _long(commands[0]))
    watched, known = (
        ", ".join(repr(each.name) for each in commands[1:] if each.takes_page and each.takes_known is any_page)
        for any_page in (False, True)
    )
    return f"""\
# Completes {PROGRAM} in PowerShell: {PROGRAM} completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName {PROGRAM} -ScriptBlock {{
    param($word, $ast, $at)
    $known = @{{
{rows}
    }}
    $given = $ast.CommandElements | Select-Object -Skip 1 | ForEach-Object {{ "$_" }}
    $named = $given | Where-Object {{ $_ -and $known.ContainsKey($_) }}
    $command = $named | Select-Object -First 1
    $words = if ($command) {{ $known[$command] }} else {{ $known.Keys + @({options}) }}
    if ($command -in @({watched})) {{ $words += @({ASK}) }}
    if ($command -in @({known})) {{ $words += @({ASK} --known) }}
    $words | Where-Object {{ $_ -like "$word*" }} | Sort-Object | ForEach-Object {{
        $text = if ($_ -match '\\s') {{ "'" + ($_ -replace "'", "''") + "'" }} else {{ $_ }}
        [System.Management.Automation.CompletionResult]::new($text, $_, 'ParameterValue', $_)
    }}
}}
"""


def _quiet(text: str) -> str:
    """Words without what means something to a shell."""
    return "".join(" " if char in "'\"[]:\\$`\n" else char for char in text).strip()


_SCRIPTS: dict[str, Callable[[Sequence[Command]], str]] = {
    "bash": _bash,
    "zsh": _zsh,
    "fish": _fish,
    "powershell": _powershell,
}
SHELLS = tuple(_SCRIPTS)
