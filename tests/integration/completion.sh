#!/bin/sh
# The bash completion knows the commands of --help and the options of their usage lines.
# shellcheck source=tests/integration/lib.sh
. "${srcdir_abs:-.}/tests/integration/lib.sh"

command -v bash >/dev/null 2>&1 || skip_all "no bash"

cat >"$base/complete" <<'EOF'
. "$1" || exit 1
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_aardig
echo "${COMPREPLY[*]}"
EOF
words() { # WORDS...: what is offered for the last one
	bash "$base/complete" "$top/conf/completion/aardig" "$aardig" "$@"
}

named=$("$aardig" --help | sed -n 's/^  \([a-z]*\) .*/\1/p' | tr '\n' ' ')
ok "there are commands" test -n "$named"
is "all commands are offered" "${named% }" "$(words '')"
if mkdir "$base/locale" && localedef -i tr_TR -f UTF-8 "$base/locale/tr_TR.UTF-8" 2>/dev/null; then
	is "in Turkish too, where [a-z] has no i" "${named% }" "$(LOCPATH=$base/locale LC_ALL=tr_TR.UTF-8 words '')"
fi
is "a command" "check" "$(words che)"
is "a command after -c FILE" "check" "$(words -c x.conf che)"
is "options of a command" "--connect --help" "$(words check --)"
has "options of the program" "--config" "$(words --c)"
for command in $named; do
	for option in $("$aardig" "$command" --help | head -n 1 | grep -o -- '--[a-z][a-z-]*'); do
		has "$command $option" "$option" "$(words "$command" "$option")"
	done
done

mkdir -p "$base/aardig"
cat >"$base/aardig/aardig.conf" <<'EOF'
shop: { name = "Winkel"; };
accounts: ( { name = "info"; addresses = ["info@winkel.example"]; },
  {
    name = "retour";
  } );
routes: ( { team = "x"; } );
EOF
XDG_CONFIG_HOME=$base
export XDG_CONFIG_HOME
is "accounts after -a" "info retour" "$(words deliver -a '')"
finish
