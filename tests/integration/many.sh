#!/bin/sh
# many.sh - two daemons and twenty deliver processes on one ledger with the same 200 mails: exactly 200
# acknowledgements. Then two aardigs that answer each other: one message each way, then silence.
. "${srcdir_abs:-.}/tests/integration/lib.sh"
. "$top/tests/integration/shop.sh"
command -v sqlite3 >/dev/null 2>&1 || skip_all "no sqlite3"

mails=200
sink_start
raised='budget: { address_day = 1000; address_week = 1000; domain_day = 1000; total_hour = 10000; };'
conf_maildir "maildir = \"$base/delivered\"; $raised"

# ---- the same 200 mails by four ways at once ----

mkdir -p "$base/mails" "$base/inbox/new" "$base/inbox/cur" "$base/inbox/tmp" "$base/inbox2/new" "$base/inbox2/cur" "$base/inbox2/tmp"
n=0
while [ "$n" -lt "$mails" ]; do
	n=$((n + 1))
	mail_file "$base/mails/$n.eml"
done
sed "s#$base/inbox\"#$base/inbox2\"#" "$conf" >"$base/second.conf"
chmod 600 "$base/second.conf"

"$aardig" -c "$conf" run --once >>"$base/run.log" 2>&1      # a first start, so that what comes now is new
"$aardig" -c "$base/second.conf" run --once >>"$base/run.log" 2>&1
"$aardig" -c "$conf" run >>"$base/run.log" 2>&1 &
first=$!
"$aardig" -c "$base/second.conf" run >>"$base/run.log" 2>&1 &
second=$!
add_child "$first"
add_child "$second"

hand_in() { # MAIL: where fsync is slow the ledger may be busy for longer than one waits; a mail server tries again
	for attempt in 1 2 3 4 5 6 7 8 9 10; do
		"$aardig" -c "$conf" deliver -a shop -f "klant$1@klant$1.example" <"$base/mails/$1.eml" 2>>"$base/deliver.log"
		code=$?
		[ "$code" = 75 ] && tail -n 1 "$base/deliver.log" | grep -q 'busy for' || return "$code"
	done
	return "$code"
}

worker() { # NUMBER: delivers every mail, beginning somewhere else
	i=0
	while [ "$i" -lt "$mails" ]; do
		m=$(((i + $1 * 10) % mails + 1))
		[ $((i % 20)) != "$1" ] || hand_in "$m" || echo "deliver $m: $?" >>"$base/failed"
		i=$((i + 1))
	done
}

# Each mail lies in both inboxes too, while they are delivered.
(
	n=0
	while [ "$n" -lt "$mails" ]; do
		n=$((n + 1))
		cp "$base/mails/$n.eml" "$base/inbox/tmp/$n" && mv "$base/inbox/tmp/$n" "$base/inbox/new/$n.host"
		cp "$base/mails/$n.eml" "$base/inbox2/tmp/$n" && mv "$base/inbox2/tmp/$n" "$base/inbox2/new/$n.host"
	done
) &
pids=$!
w=0
while [ "$w" -lt 20 ]; do
	worker "$w" &
	pids="$pids $!"
	w=$((w + 1))
done
for pid in $pids; do
	wait "$pid"
done
settled() {
	[ "$(ledger "select count(*) from mail where outcome is not null")" = "$mails" ] && sink_has "$mails"
}
ok "all mails have their outcome" wait_for 300 settled
sleep 1
kill "$first" "$second"
wait "$first"
wait "$second"
drop_child "$first"
drop_child "$second"
is "every delivery was taken" "" "$(cat "$base/failed" 2>/dev/null)"
is "exactly $mails acknowledgements" "$mails" "$(sink_count)"
is "to $mails customers" "$mails" "$(cat "$sink_dir"/*.env | grep '^rcpt=' | sort -u | wc -l | tr -d ' ')"
is "$mails rows" "$mails" "$(ledger "select count(*) from mail")"
is "nothing is left in the spool" 0 "$(count_files "$base/delivered/aardig-spool")"
is "everything delivered is stored" "$mails" "$(count_files "$base/delivered/new" "$base/delivered/cur")"
is "one draft a mail" "$mails" "$(find "$base" -type f -path '*/.Drafts/*' ! -name maildirfolder | wc -l | tr -d ' ')"

# ---- two aardigs that answer each other ----

rm -rf "$base/state-aardig" "$base/inbox" "$sink_dir"/*
conf_maildir "$raised"
sed -e "s#$base/inbox\"#$base/other\"#; s#state-aardig#state-other#; s#info@winkel.example#info@andere.example#" "$conf" >"$base/second.conf"
chmod 600 "$base/second.conf"
mkdir -p "$base/other/new" "$base/other/cur" "$base/other/tmp"
pass() {
	"$aardig" -c "$conf" run --once --since 2020-01-01 >>"$base/run.log" 2>&1
	"$aardig" -c "$base/second.conf" run --once --since 2020-01-01 >>"$base/run.log" 2>&1
}
# The other shop's mail program writes to us as a person would; its aardig then reads our answer.
mail_file "$base/hello" "Vraag over een bestelling" "Goedemiddag, waar blijft bestelling 20431? Groet, Kim"
sed 's/^From: .*/From: Kim <info@andere.example>/; s/^Return-Path: .*/Return-Path: <info@andere.example>/' "$base/hello" >"$base/inbox/new/1.host"
pass
is "the first is answered" 1 "$(sink_count)"
hand_over() { # puts what was sent and not handed over yet into the other's inbox
	for env in "$sink_dir"/*.env; do
		[ -e "$env" ] && [ ! -e "$env.done" ] || continue
		: >"$env.done"
		to=inbox
		! grep -q 'rcpt=.*andere.example' "$env" || to=other
		{
			echo "Return-Path: <>"
			cat "${env%.env}.eml"
		} >"$base/$to/new/$(basename "$env").host"
	done
}
round=0
while [ "$round" -lt 4 ]; do
	round=$((round + 1))
	hand_over
	pass
done
is "and then there is silence" 1 "$(sink_count)"
finish
