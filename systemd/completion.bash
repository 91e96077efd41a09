# Completion of posthorn, posthornd and posthorn-sim. The program itself is asked: what stands in
# its --help can be typed.                                                     -*- shell-script -*-

# The names in a list of a --help text: HELP HEADING...
_posthorn_listed() {
    local help=$1 heading
    shift
    for heading in "$@"; do
        sed -n "/^$heading:\$/,/^\$/s/^  \([^ ]*\).*/\1/p" <<<"$help"
    done
}

_posthorn() {
    local program=$1 word=$2 before=$3 help spec at
    local -a command=()
    COMPREPLY=()
    help=$("$program" --help 2>/dev/null) || return
    for at in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        if _posthorn_listed "$help" Subcommands Protocols | grep -qxF -e "$at"; then
            command+=("$at")
            help=$("$program" "${command[@]}" --help 2>/dev/null) || return
        fi
    done
    # The value of an option: one of its choices, a type, or else (by `-o default`) a file.
    if [[ $before == -* ]]; then
        spec=$(sed -n "s/^  $before \([^ ]\{1,\}\).*/\1/p" <<<"$help")
        if [[ $spec == *{* ]]; then
            spec=${spec#*\{}
            mapfile -t COMPREPLY < <(compgen -W "$(tr ',' ' ' <<<"${spec%\}*}")" -- "$word")
            return
        elif [[ $before == --type ]]; then
            mapfile -t COMPREPLY < <(compgen -W "$("$program" types 2>/dev/null | tail -n +2 | cut -d ' ' -f 1)" -- "$word")
            return
        elif [[ -n $spec ]]; then
            return
        fi
    fi
    spec=$(_posthorn_listed "$help" Subcommands Protocols)
    if [[ $word == -* ]]; then
        spec=$(_posthorn_listed "$help" Options | sed 's/^-h,//; s/{false}$//')
    fi
    mapfile -t COMPREPLY < <(compgen -W "$spec" -- "$word")
}

complete -o default -F _posthorn posthorn posthornd posthorn-sim
