# fish --no-config capture.fish SCRIPT LINE...: what fish, having read SCRIPT, offers after each LINE: the offers, each on a
# line of its own, then a line "END".
source $argv[1]
for line in $argv[2..]
    complete -C $line | string replace -r '\t.*' ''
    echo END
end
