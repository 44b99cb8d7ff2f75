/**
 * What a shell reads once. Each asks the program that is completed for what may come next, so that a newer Victor needs no
 * newer script.
 */
export const shellScripts: Readonly<Record<'bash' | 'zsh' | 'fish', string>> = {
  // Also for the bash 3.2 of macOS, which has neither mapfile nor compopt; there files stand in for nothing.
  bash: `# victor completion bash: eval "$(victor completion bash)", in ~/.bashrc
_victor() {
  local index word rest=$COMP_LINE own='' value more prefix
  local -a words=()
  # Bash takes words apart at = and :, where they belong together here.
  for (( index = 0; index <= COMP_CWORD; index++ )); do
    word=\${COMP_WORDS[index]}
    if (( index > 0 )) && [[ -n $word && \${rest:0:1} != [[:space:]] ]]; then
      words[\${#words[@]}-1]+=$word
    else
      words+=("$word")
    fi
    rest=\${rest#"\${rest%%[![:space:]]*}"}
    rest=\${rest#"$word"}
  done
  prefix=\${words[\${#words[@]}-1]}
  prefix=\${prefix%"$2"}
  COMPREPLY=()
  while IFS=$'\\t' read -r value more; do
    if [[ -z $own ]]; then own=$value; else COMPREPLY+=("\${value#"$prefix"}"); fi
  done < <("$1" __complete -- "\${words[@]:1}" 2>/dev/null)
  type compopt >/dev/null 2>&1 || return 0
  case $own in
    files) ;;
    directories) compopt -o dirnames +o default ;;
    *) compopt +o default ;;
  esac
}
complete -o default -F _victor victor
`,
  zsh: `#compdef victor
# victor completion zsh: eval "$(victor completion zsh)", in ~/.zshrc behind compinit
_victor() {
  local line
  local -a lines values shown
  lines=("\${(@f)$("$words[1]" __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  case $lines[1] in
    files) compset -P '--*='; _files; return ;;
    directories) compset -P '--*='; _files -/; return ;;
  esac
  for line in "\${(@)lines[2,-1]}"; do
    values+=("\${line%%$'\\t'*}")
    shown+=("\${line/$'\\t'/  -- }")
  done
  (( $#values )) && compadd -l -d shown -a values
}
if [[ $funcstack[1] == _victor ]]; then _victor "$@"; else compdef _victor victor; fi
`,
  fish: `# victor completion fish: victor completion fish | source, in ~/.config/fish/config.fish
function __victor_complete
    set -l before (commandline -opc)
    set -l current (commandline -ct)
    test (count $current) -eq 0; and set current ''
    set -l program $before[1]
    set -l lines ($program __complete -- $before[2..-1] $current 2>/dev/null)
    switch "$lines[1]"
        case files
            __fish_complete_path "$current"
        case directories
            __fish_complete_directories "$current"
        case '*'
            test (count $lines) -gt 1; and printf '%s\\n' $lines[2..-1]
    end
end
complete -c victor -f -k -a '(__victor_complete)'
`,
};
