#!/bin/sh
# status and why on a ledger that `run` has written: what they say, and their exit codes.
# shellcheck source=tests/integration/lib.sh
. "${srcdir_abs:-.}/tests/integration/lib.sh"
# shellcheck source=tests/integration/shop.sh
. "$top/tests/integration/shop.sh"

status() {
	"$aardig" -c "$conf" status "$@" 2>&1
}
why() {
	"$aardig" -c "$conf" why "$@" 2>&1
}

sink_port=1 mode=observe
conf_maildir
says=$(status)
is "no ledger yet is said with its remedy" 78 "$?"
has "and names the command that makes it" "'aardig run' makes it" "$says"
not_ok "status makes no ledger" test -e "$base/state-aardig/ledger.sqlite"

new_maildir_mail "Kapotte vaas" "De vaas uit bestelling 20431 kwam gebroken aan. Erg jammer."
new_maildir_mail "$(printf 'Te laat \033[31mrood')" "Waar blijft mijn pakket?"
ok "a pass" run_once --since 2020-01-01

says=$(status)
is "all is well" 0 "$?"
has "last good poll" "account shop" "$says"
has "counts of the day" "observed" "$says"
has "nothing to do" "nothing needs attention" "$says"
json=$(status --json)
is "the same for programs" 0 "$?"
has "attention is false" '"attention": false' "$json"

story=$(why 1)
is "a mail by its number" 0 "$?"
has "its outcome" "mail 1" "$story"
has "its decision" "damaged" "$story"
has "what was seen and when" "seen " "$story"
has "by its Message-ID" "mail 1" "$(why "<m1.$$@klant.example>")"
has "as JSON" '"message_id"' "$(why --json "m1.$$@klant.example")"
is "foreign control characters do not reach the terminal" 0 "$(why 2 | grep -c "$(printf '\033')")"
says=$(why q@q)
is "an unknown mail" 1 "$?"
has "says what to ask for" "Message-ID" "$says"
why >/dev/null
is "no id is a usage error" 64 "$?"
status extra >/dev/null
is "status takes no argument" 64 "$?"

# An account that is no longer configured asks for nobody's attention; a new one does.
sed 's/name = "shop"/name = "nieuw"/' "$conf" >"$base/new.conf"
chmod 600 "$base/new.conf"
conf=$base/new.conf
says=$(status)
is "an account that nobody watches" 1 "$?"
has "is named" "account nieuw: not watched yet" "$says"
is "the old one is not" 0 "$(printf '%s\n' "$says" | grep -c 'account shop')"
finish
