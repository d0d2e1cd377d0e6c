#!/bin/sh
# aardig check: the shipped examples are right, what is wrong is shown with its line, ten samples come
# before a first acknowledgement, and --connect says what the servers can do.
# shellcheck source=tests/integration/lib.sh
. "${srcdir_abs:-.}/tests/integration/lib.sh"

unset XDG_CONFIG_HOME XDG_STATE_HOME STATE_DIRECTORY CREDENTIALS_DIRECTORY
HOME=$base
export HOME AARDIG_DATADIR

check() { # FILE [OPTION]: $code, $base/out, $base/err
	"$aardig" -c "$1" check ${2:+"$2"} >"$base/out" 2>"$base/err"
	code=$?
}

# ---- what is shipped ----

cat >"$base/plain.conf" <<EOF
shop: { name = "De Houten Stoel"; };
operator = "beheer@elders.example";
accounts: ( { name = "shop"; addresses = ["info@winkel.example"]; maildir = "in"; } );
EOF
check "$base/plain.conf"
is "the shipped rules and templates are right" 0 "$code"
is "no error in them" "" "$(grep ': error: ' "$base/err")"

# From here on without the packs: an example of one rule that does not hold is one failure, above.
mkdir "$base/data"
cp -R "$AARDIG_DATADIR/rules" "$base/data/"
find "$base/data/rules" -mindepth 2 \( -name '*.conf' -o -name '*.hints' \) ! -name words.conf -exec rm {} +
AARDIG_DATADIR=$base/data

# ---- the examples ----

for example in "$top"/conf/aardig.conf "$top"/conf/examples/*.conf; do
	name=${example##*/}
	check "$example"
	is "$name is right" 0 "$code"
	is "$name: no error" "" "$(grep ': error: ' "$base/err")"
	is "$name: ten acknowledgements" 10 "$(grep -c '^    Subject: ' "$base/out")"
	is "$name: none was withheld" "" "$(grep 'no acknowledgement' "$base/out")"
	has "$name: the line to change" ": mode = \"send\";" "$(tail -n 1 "$base/out")"
done
line=$(grep -n 'mode = "draft";' "$top/conf/aardig.conf" | cut -d: -f1)
check "$top/conf/aardig.conf"
is "the line to change is that of mode" "== to let them go: $top/conf/aardig.conf:$line: mode = \"send\";" \
	"$(tail -n 1 "$base/out")"
"$aardig" -q -c "$top/conf/aardig.conf" check >"$base/out" 2>/dev/null
is "-q shows no samples" "" "$(cat "$base/out")"

# ---- what is wrong ----

mkdir -p "$base/c/rules.d" "$base/c/templates/nl"
conf=$base/c/aardig.conf
write() { # MODE [ACCOUNT-LINES] [ROUTES]
	lines=${2:-}
	[ -n "$lines" ] || lines='maildir = "in";'
	cat >"$conf" <<EOF
shop: { name = "De Houten Stoel"; };
operator = "beheer@elders.example";
state_dir = "state";
accounts: ( {
  name = "shop"; addresses = ["info@winkel.example"];
  mode = "$1";
  $lines
} );
${3:-}
EOF
}

write draft 'maildir = "in"; kleur = 1; poll = 3;' 'routes: ( { when: { tone = "boos"; }; } );'
check "$conf"
is "a wrong configuration: 78" 78 "$code"
is "all errors at once" 3 "$(grep -c ': error: ' "$base/err")"
has "with line and remedy" "$conf:7: error: poll has no unit (write for example poll = \"60 s\")" \
	"$(cat "$base/err")"

write draft '' 'routes: (
  { when: { tone = "boos"; }; },
  { } );'
check "$conf"
is "a label no rule gives: 78" 78 "$code"
has "at its route" "$conf:10: error: when: no rule gives the tone \"boos\" (known: " "$(cat "$base/err")"

write draft
echo 'rules: ( { id = "eigen.een"; } ' >"$base/c/rules.d/eigen.conf"
check "$conf"
is "a wrong rule: 78" 78 "$code"
has "in its file" "$base/c/rules.d/eigen.conf:" "$(cat "$base/err")"
rm "$base/c/rules.d/eigen.conf"

echo '{{geen.variabele}}' >"$base/c/templates/nl/greeting.txt"
check "$conf"
is "a wrong template: 78" 78 "$code"
has "in its file" "$base/c/templates/nl/greeting.txt:" "$(cat "$base/err")"
rm "$base/c/templates/nl/greeting.txt"

check "$base/nowhere.conf"
is "no such file: 78" 78 "$code"
"$aardig" check --kleur >"$base/out" 2>"$base/err"
is "an unknown option: 64" 64 "$?"

write send 'maildir = "in"; sendmail = "/usr/sbin/aardig-has-no-such";'
check "$conf"
is "warnings alone: 0" 0 "$code"
has "sending without authserv_id" "trusts no Authentication-Results" "$(cat "$base/err")"
has "a program that is not there" "there is no program /usr/sbin/aardig-has-no-such here" "$(cat "$base/err")"
has "samples before the first" "has sent nothing yet" "$(cat "$base/out")"
has "and the way back" ":6: mode = \"draft\";" "$(tail -n 1 "$base/out")"

# ---- --connect ----

command -v dovecot >/dev/null 2>&1 || { echo "# no dovecot: --connect is not tested"; finish; }
# shellcheck disable=SC2119
dovecot_start
# shellcheck disable=SC2119
sink_start
mkdir -p "$base/mail"
deliver_text shop "Waar blijft mijn pakje?"
umask 077
source_lines() { # PASSWORD [SMTP-LINES] [SOURCE-LINES]
	echo "source: { type = \"imap\"; host = \"127.0.0.1\"; port = $imap_port; tls = \"none\";
    user = \"shop\"; password = \"$1\"; ${3:-} };
  smtp: { host = \"127.0.0.1\"; port = $sink_port; tls = \"none\"; ${2:-} }; timeout = \"10 s\";"
}
rm -f "$conf"
write draft "$(source_lines geheim)"
check "$conf" --connect
is "both servers answer: 0" 0 "$code"
connected=$(cat "$base/out")
has "logged in" "logged in as shop" "$connected"
has "the folder" 'folder "INBOX": 1 mail' "$connected"
has "IDLE" "IDLE: mail is seen within a second" "$connected"
has "MOVE" "ok    MOVE" "$connected"
has "keywords" "the server keeps keywords" "$connected"
has "drafts" 'drafts go to "Drafts", which is made with the first one' "$connected"
has "the null sender" "envelope sender <> is taken" "$connected"
is "no mail was sent" 0 "$(sink_count)"
ok "the mail is unread still" test "$(find "$base/mail/shop/new" "$base/mail/shop/cur" -name '*.test*' ! -name '*:2,*S*' | wc -l)" = 1

write draft "$(source_lines geheim '' 'folder = "Nee";')"
check "$conf" --connect
is "no such folder: 78" 78 "$code"
is "one word on it" 1 "$(grep -c '^  error' "$base/out")"
has "which there are" 'there is no folder "Nee" on the server; set folder to one of: "INBOX"' "$(cat "$base/out")"

write draft "$(source_lines geheim)"
sink_fault refuse-null=1
check "$conf" --connect
is "the null sender refused: 78" 78 "$code"
has "what to write instead, and where" \
	"write envelope_from = \"info@winkel.example\" in smtp of account \"shop\" ($conf:4)" "$(cat "$base/out")"
write draft "$(source_lines geheim 'envelope_from = "info@winkel.example";')"
check "$conf" --connect
is "with that: 0" 0 "$code"
sink_fault 'fail=RCPT:550 relaying denied'
check "$conf" --connect
is "nothing is taken: 78" 78 "$code"
has "the server's own words" "relaying denied" "$(cat "$base/out")"
sink_fault

# ---- after the first acknowledgement ----

write send "$(source_lines geheim) authserv_id = \"mx.winkel.example\";"
ok "a mail is acknowledged" "$aardig" -c "$conf" run --once --since 2020-01-01
is "it was sent" 1 "$(sink_count)"
check "$conf"
is "no samples any more" "" "$(grep -e 'sent nothing yet' -e Subject: "$base/out")"

write draft "$(source_lines mis)"
check "$conf" --connect
is "a wrong password: 78" 78 "$code"
has "it says so" "error IMAP: " "$(cat "$base/out")"
has "and SMTP was looked at all the same" "envelope sender <> is taken" "$(cat "$base/out")"

finish
