# bash capture.bash SCRIPT LINE...: what bash, having read SCRIPT, offers after each LINE: the offers, each on a line of its
# own, then a line "END".
source "$1"
shift
# Tells readline how to show what is offered; there is no readline here.
compopt() { :; }
for line; do
  # As readline breaks a line: at white space, and around "=".
  read -ra COMP_WORDS <<< "${line//=/ = }"
  [[ $line == *[\ =] && $line != *= ]] && COMP_WORDS+=("")
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  "$(complete -p synscan | sed 's/.* -F \([^ ]*\) .*/\1/')"
  ((${#COMPREPLY[@]})) && printf '%s\n' "${COMPREPLY[@]}"
  echo END
done
