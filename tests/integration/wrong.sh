#!/bin/sh
# wrong.sh - what goes wrong at a command line: arguments, files, a full disk, closed descriptors. Each
# gets the exit code of the manual and one line that says what to do; and what --state adds.
# shellcheck source=tests/integration/lib.sh
. "${srcdir_abs:-.}/tests/integration/lib.sh"

config() { # FILE STATE-FOLDER
	cat >"$1" <<-END
		timezone = "Europe/Amsterdam"; state_dir = "$2"; operator = "beheer@elders.example";
		shop: { name = "Winkel"; language = "nl"; hours: { mon = "09:00-17:00"; tue = "09:00-17:00"; }; };
		accounts: ( { name = "info"; addresses = ["info@winkel.example"]; mode = "draft";
		  maildir = "$base/box"; source: { type = "maildir"; path = "$base/box"; }; } );
		routes: ( { team = "klantenservice"; } );
	END
}

mail() { # NUMBER BODY: the third one answers the second, and so on
	printf 'From: Kim <kim@klant.example>\nTo: info@winkel.example\nSubject: Bestelling 20431\n'
	printf 'Message-ID: <a%s@klant.example>\nDate: %s\n' "$1" "$(LC_ALL=C date '+%a, %d %b %Y %H:%M:%S %z')"
	[ "$1" = 1 ] || printf 'In-Reply-To: <a%s@klant.example>\n' $(($1 - 1))
	printf '\n%s\n' "$2"
}

try() { # WHAT CODE PART COMMAND...: the exit code, and a part of what is said on one line
	try_what=$1 try_code=$2 try_part=$3
	shift 3
	"$@" >"$base/out" 2>"$base/err" </dev/null
	is "$try_what: exit code" "$try_code" $?
	has "$try_what: is said" "$try_part" "$(cat "$base/err")"
	is "$try_what: nothing half done" "" "$(cat "$base/out")"
}

config "$base/aardig.conf" "$base/state"
mail 1 "Waar blijft mijn bestelling?" >"$base/1.eml"
: >"$base/empty"
printf '\376\377\001{ no mail\n' >"$base/noise"
mkdir "$base/folder" "$base/locked"
chmod 555 "$base/locked"
printf 'x' >"$base/closed"
chmod 000 "$base/closed"

# ---- arguments ----

try "a colour" 64 "auto, always or never" "$aardig" --color=blue classify "$base/1.eml"
try "a time" 64 "write --now 20" "$aardig" -c NONE classify --now gisteren "$base/1.eml"
try "an account" 64 "no account 'nergens'" "$aardig" -c NONE classify -a nergens "$base/1.eml"
try "a field of --min" 64 "fields: type tone" "$aardig" -c NONE test --min soort=0.5 "$base/empty"
try "a number of --min" 64 "as in type=0.7" "$aardig" -c NONE test --min type=veel "$base/empty"
try "a language of the coach" 64 "write --language nl or en" "$aardig" coach --language de "$base/1.eml"
printf 'Guten Tag,\n\nvielen Dank für Ihre Nachricht. Wir melden uns morgen bei Ihnen.\n' >"$base/de.txt"
try "a draft the coach cannot read" 65 'this reads as "de"' "$aardig" coach "$base/de.txt"
try "no rules" 78 "comes with make install" env AARDIG_DATADIR="$base/nowhere" "$aardig" coach "$base/de.txt"
try "a word too many" 64 "usage: aardig demo" "$aardig" demo now
try "a rule" 64 "no rule 'nl.nergens'" "$aardig" -c NONE explain --why-not nl.nergens "$base/1.eml"
try "a date" 64 "write --since 20" "$aardig" -c "$base/aardig.conf" run --once --since gisteren

has "-h after a command is --help" "usage: aardig classify" "$("$aardig" classify -h)"

for command in deliver filter; do
	try "$command behind a wrong option" 75 "unrecognized option '--kleur'" "$aardig" --kleur "$command" -a info
	try "$command behind a wrong colour" 75 "auto, always or never" "$aardig" --color=blue "$command" -a info
done

# ---- files ----

for command in classify explain preview coach test; do
	try "$command: no file" 66 "nergens: No such file" "$aardig" -c NONE "$command" "$base/nergens"
	try "$command: a file of another user" 66 "closed: Permission denied" "$aardig" -c NONE "$command" "$base/closed"
	try "$command: a folder" 66 "folder: " "$aardig" -c NONE "$command" "$base/folder"
done
try "an empty corpus" 65 "no mails in it" "$aardig" -c NONE test "$base/empty"
try "a corpus that is none" 65 "noise:1: no JSON object" "$aardig" -c NONE test "$base/noise"
try "explain finds no mail" 65 "no mails in it" "$aardig" -c NONE explain --id x --corpus "$base/empty"
try "no configuration there" 78 "nergens: error: cannot be read (No such file" "$aardig" -c "$base/nergens" check
try "a folder as configuration" 78 "folder: error: this is not a file" "$aardig" -c "$base/folder" status
try "no ledger yet" 78 "'aardig run' makes it" "$aardig" -c "$base/aardig.conf" status
TMPDIR=$base/locked try "no room for the demo" 73 "TMPDIR" "$aardig" demo

config "$base/locked.conf" "$base/locked/state"
"$aardig" -q -c "$base/locked.conf" check >/dev/null 2>"$base/err"
has "check warns of a state_dir that cannot be made" "set another state_dir" "$(cat "$base/err")"
"$aardig" -q -c "$base/aardig.conf" check >/dev/null 2>"$base/err"
is "and of none that can" "" "$(grep state_dir "$base/err")"
has "a source that is not there is no promise" "run reads none before" "$(cat "$base/err")"
mkdir -p "$base/box"
"$aardig" -c "$base/aardig.conf" run --once 2>"$base/err"
has "run says why there is no Maildir" "box/cur: No such file" "$(cat "$base/err")"
rmdir "$base/box"

# ---- standard descriptors ----

if [ -w /dev/full ]; then
	for command in "--help" "-c NONE classify $base/1.eml" "-c NONE preview $base/1.eml" "classify --help"; do
		# shellcheck disable=SC2086
		"$aardig" $command >/dev/full 2>"$base/err"
		is "a full disk is an error: ${command%%"$base"*}" 74 $?
		is "... in one line" "aardig: standard output could not be written: No space left on device" "$(cat "$base/err")"
	done
	"$aardig" -c NONE filter <"$base/1.eml" >/dev/full 2>/dev/null
	is "filter on a full disk" 75 $?
fi
{ "$aardig" -c NONE classify --json "$base/1.eml" 2>"$base/err"; echo $? >"$base/code"; } | :
wait_for 5 test -s "$base/code"
case $(cat "$base/code") in
0) ok "the reader was still there" true ;;
*) has "a reader that went away" "Broken pipe" "$(cat "$base/err")" ;;
esac
"$aardig" -c NONE explain "$base/1.eml" 2>/dev/null >&-
is "standard output closed" 74 $?
"$aardig" -c NONE filter <&- >"$base/out" 2>/dev/null
is "filter without a mail to read" 75 $?
"$aardig" -c NONE filter <"$base/folder" >"$base/out" 2>/dev/null
is "filter that cannot read on" 75 $?
"$aardig" -c "$base/aardig.conf" deliver -a info <&- 2>/dev/null
is "deliver without a mail to read" 75 $?
is "... stores none" 0 "$(find "$base/box" -type f 2>/dev/null | wc -l | tr -d ' ')"

# ---- --state ----

mail 2 "Ik heb nog niets gehoord." >"$base/2.eml"
mail 3 "Graag alsnog een reactie." >"$base/3.eml"
for i in 1 2; do
	"$aardig" -c "$base/aardig.conf" deliver -a info -f kim@klant.example <"$base/$i.eml" 2>/dev/null
	is "mail $i of a thread is delivered" 0 $?
done
explain() {
	"$aardig" -c "$base/aardig.conf" explain -f kim@klant.example "$@" "$base/3.eml" 2>&1
}
is "without --state a third mail looks like a first" "" "$(explain | grep 'mail number\|thread-mails')"
has "with it explain counts as run does" "mail number 3 in this conversation" "$(explain --state)"
is "... with times as the shop's clock shows them" 1 "$(explain | grep -c 'answer by 20..-..-.. 17:00:00')"
has "... and the rules see it" "thread-mails   2" "$(explain --state)"
has "filter too" "X-Aardig-Priority: high" \
	"$("$aardig" -c "$base/aardig.conf" filter --state -f kim@klant.example <"$base/3.eml" 2>/dev/null)"
chmod 755 "$base/locked"

finish
