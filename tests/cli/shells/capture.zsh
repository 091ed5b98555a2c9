# zsh -f capture.zsh SCRIPT LINE...: what zsh, having read SCRIPT, offers after each LINE: the offers, each on a line of its
# own, then a line "END". The completion runs in a shell on a terminal of its own, as zsh has it only there.
zmodload zsh/zpty
local folder=$(mktemp -d)
zpty -b inner "env TERM=dumb FOLDER=$folder zsh -f -i"
zpty -w inner "PROMPT= RPROMPT= LISTMAX=9999; autoload -U compinit; compinit -D -u; source ${(q)1}"
# Whatever is offered is told; calls that only fill arrays offer nothing.
zpty -w inner 'compadd() {
  local -a found
  local options=${argv[(i)(-|--)]}
  if (( ${argv[1,options][(I)-(O|A|D)*]} )); then builtin compadd "$@"; return; fi
  builtin compadd -O found "$@"
  (( $#found )) && print -rl -- $found >> $FOLDER/offers
  builtin compadd "$@"
}'
zpty -w inner 'capture() { BUFFER=$(<$FOLDER/line); CURSOR=$#BUFFER; zle list-choices; print END >> $FOLDER/offers; BUFFER= }'
zpty -w inner 'zle -N capture; bindkey "^G" capture; touch $FOLDER/ready'
repeat 200; do [[ -e $folder/ready ]] && break; sleep 0.05; done
for line in "${@:2}"; do
  : > $folder/offers
  print -rn -- $line > $folder/line
  sleep 0.05
  zpty -w -n inner $'\x07'
  # The shell waits once its terminal holds more than is read of it.
  repeat 500; do
    while zpty -rt inner drained; do :; done
    grep -qx END $folder/offers && break
    sleep 0.02
  done
  cat $folder/offers
done
zpty -d inner
rm -r $folder
