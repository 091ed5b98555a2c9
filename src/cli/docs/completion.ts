/**
 * Shell completion, generated from the declarations of flags and subcommands: scripts that need only the shell.
 *
 * @module
 */
import { type Flag, FLAGS } from "../args/flags.ts";
import { flagsOf, type SHELLS, type Subcommand, SUBCOMMANDS } from "../args/subcommands.ts";

/** The directory of the names of interfaces. */
const INTERFACES = "/sys/class/net";

/** Returns the script by which a shell completes command lines. */
export function completionText(shell: typeof SHELLS[number]): string {
  switch (shell) {
    case "bash":
      return bashText();
    case "zsh":
      return zshText();
    case "fish":
      return fishText();
  }
}

/** Returns every spelling, short ones first as in help. */
function spellings(flag: Flag): string[] {
  return [...flag.also, flag.name];
}

function takesFile({ takes }: Flag): boolean {
  return takes === "FILE" || takes === "BASE";
}

function takesInterface({ name }: Flag): boolean {
  return name === "--interface";
}

/** Quotes text with single quotes, for every shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function bashText(): string {
  const cases = FLAGS.filter(({ takes }) => takes !== undefined).map((flag) => {
    const names = spellings(flag).join("|");
    if (takesFile(flag)) {
      return `    ${names}) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;\n`;
    }
    if (takesInterface(flag)) {
      return `    ${names}) mapfile -t COMPREPLY < <(compgen -W "$(command ls ${INTERFACES} 2>/dev/null)" -- "$cur") ;;\n`;
    }
    if (flag.words === undefined) return `    ${names}) ;;\n`;
    const words = flag.words.join(" ");
    if (flag.takesList !== true) {
      return `    ${names}) mapfile -t COMPREPLY < <(compgen -W ${quoted(words)} -- "$cur") ;;\n`;
    }
    return `    ${names})
      [[ $cur == *,* ]] && before=\${cur%,*},
      compopt -o nospace
      mapfile -t COMPREPLY < <(compgen -P "$before" -W ${quoted(words)} -- "\${cur##*,}") ;;\n`;
  });
  const subcommands = SUBCOMMANDS.map((subcommand) => {
    const { name, words = [], takes } = subcommand;
    const flags = quoted(flagsOf(subcommand).flatMap(spellings).join(" "));
    const operands = takes === "FILE" ? "files=yes" : `words=${quoted(words.join(" "))}`;
    return `    ${name}) flags=${flags} ${operands} ;;\n`;
  });
  return `# Completion of synscan for bash. Put it where bash-completion looks, for example in
# ~/.local/share/bash-completion/completions/synscan, or read it from ~/.bashrc.

_synscan() {
  local cur=\${COMP_WORDS[COMP_CWORD]} flag=\${COMP_WORDS[COMP_CWORD - 1]} before= flags words= files=
  # bash breaks --name=value into three words.
  if [[ $cur == = ]]; then
    cur=
  elif [[ $flag == = ]]; then
    flag=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  COMPREPLY=()
  case $flag in
${cases.join("")}    *)
      flags=${quoted(FLAGS.flatMap(spellings).join(" "))}
      if ((COMP_CWORD == 1)); then
        words=${quoted(SUBCOMMANDS.map(({ name }) => name).join(" "))}
      else
        _synscan_subcommand
      fi
      if [[ $cur == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$flags" -- "$cur")
      elif [[ -n $words ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
      elif [[ -n $files ]]; then
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -f -- "$cur")
      fi ;;
  esac
}

_synscan_subcommand() {
  case \${COMP_WORDS[1]} in
${subcommands.join("")}  esac
}

complete -F _synscan synscan
`;
}

/** Returns the specifications for zsh's _arguments, one for each spelling. */
function zshFlag(flag: Flag): string {
  const names = spellings(flag);
  const takes = flag.takes === undefined ? "" : `:${flag.takes}:${zshAction(flag)}`;
  const help = `[${flag.help.replace(/[\\\]]/g, "\\$&")}]${takes}`;
  const others = flag.repeats === true ? "*" : names.length > 1 ? `(${names.join(" ")})` : "";
  return names.map((name) => {
    const attached = flag.takes === undefined ? "" : name.startsWith("--") ? "=" : name.length === 2 ? "+" : "";
    return `    ${quoted(`${others}${name}${attached}${help}`)} \\\n`;
  }).join("");
}

function zshAction(flag: Flag): string {
  if (takesFile(flag)) return "_files";
  if (takesInterface(flag)) return "_net_interfaces";
  if (flag.words === undefined) return " ";
  const words = flag.words.join(" ");
  return flag.takesList === true ? `_values -s , ${flag.takes} ${words}` : `(${words})`;
}

function zshText(): string {
  const names = SUBCOMMANDS.map(({ name }) => name);
  const functions = SUBCOMMANDS.map((subcommand) => {
    const operand = zshOperand(subcommand);
    return `_synscan_${subcommand.name}() {
  _arguments -S \\
${operand === "" ? "" : `    ${quoted(operand)} \\\n`}${
      flagsOf(subcommand).map(zshFlag).join("").replace(/ \\\n$/, "\n")
    }}\n`;
  });
  const described = SUBCOMMANDS.map(({ name, help }) => `    ${quoted(`${name}:${help.replaceAll(":", "\\:")}`)}\n`);
  return `#compdef synscan
# Completion of synscan for zsh. Put it as _synscan into a directory of $fpath, or read it after compinit.

_synscan() {
  if ((CURRENT > 2)); then
    case $words[2] in
      (${names.join("|")})
        shift words
        ((CURRENT--))
        _synscan_$words[1]
        return ;;
    esac
  fi
  _arguments -S \\
${FLAGS.map(zshFlag).join("")}    '1:target:_synscan_first' \\
    '*:target:_hosts'
}

_synscan_first() {
  local -a subcommands=(
${described.join("")}  )
  _describe -t subcommands subcommand subcommands
  _hosts
}

${functions.join("\n")}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _synscan "$@"
else
  compdef _synscan synscan
fi
`;
}

function zshOperand({ takes, words, operands }: Subcommand): string {
  if (operands.most === 0) return "";
  const action = words !== undefined ? `(${words.join(" ")})` : takes === "FILE" ? "_files" : " ";
  return `*:${takes.replaceAll(":", "\\:")}:${action}`;
}

/** Returns the flag's part of a line for fish's complete. */
function fishFlag(flag: Flag): string {
  const names = spellings(flag).map((name) =>
    name.startsWith("--") ? `-l ${name.slice(2)}` : name.length === 2 ? `-s ${name.slice(1)}` : `-o ${name.slice(1)}`
  );
  return `${names.join(" ")}${fishValue(flag)} -d ${fishQuoted(flag.help)}`;
}

function fishValue(flag: Flag): string {
  if (flag.takes === undefined) return "";
  if (takesFile(flag)) return " -r -F";
  if (takesInterface(flag)) return ` -x -a '(command ls ${INTERFACES} 2>/dev/null)'`;
  if (flag.words === undefined) return " -x";
  const words = flag.words.join(" ");
  return flag.takesList === true ? ` -x -a '(__fish_append , ${words})'` : ` -x -a ${fishQuoted(words)}`;
}

/** Quotes text with single quotes, in which fish has two escapes. */
function fishQuoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}

function fishText(): string {
  const ofSubcommands = SUBCOMMANDS.flatMap((subcommand) => {
    const { name, help, words, takes } = subcommand;
    const when = `-n '__synscan_does ${name}'`;
    return [
      `complete -c synscan -n '__synscan_does nothing' -a ${name} -d ${fishQuoted(help)}`,
      ...(words === undefined ? [] : [`complete -c synscan ${when} -a ${fishQuoted(words.join(" "))}`]),
      ...(takes === "FILE" ? [`complete -c synscan ${when} -F`] : []),
      ...flagsOf(subcommand).map((flag) => `complete -c synscan ${when} ${fishFlag(flag)}`),
    ];
  });
  const ofScans = FLAGS.map((flag) => `complete -c synscan -n '__synscan_does scan' ${fishFlag(flag)}`);
  return `# Completion of synscan for fish. Put it where fish looks, for example in ~/.config/fish/completions/synscan.fish

# Succeeds if the command line so far is a subcommand's, is empty (nothing), or is a scan (an empty one is too).
function __synscan_does
    set -l words (commandline -opc)
    if contains -- "$words[2]" ${SUBCOMMANDS.map(({ name }) => name).join(" ")}
        test "$words[2]" = $argv[1]
    else
        test $argv[1] = scan; or test $argv[1] = nothing -a (count $words) -eq 1
    end
end

complete -c synscan -f
complete -c synscan -n '__synscan_does scan' -a '(__fish_print_hostnames)'
${[...ofSubcommands, ...ofScans].join("\n")}
`;
}
