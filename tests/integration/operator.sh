#!/bin/sh
# operator.sh - each matter the operator is told of, from what goes wrong to the mail: once, by operator_smtp, with our
# mark, and with nothing of a template left in it.
. "${srcdir_abs:-.}/tests/integration/lib.sh"
. "$top/tests/integration/shop.sh"
command -v sqlite3 >/dev/null 2>&1 || skip_all "no sqlite3"

dovecot_start
mkdir "$base/told"
"$tools/smtp-sink" -d "$base/told" >"$base/told.port" &
add_child $!
wait_for 60 test -s "$base/told.port" || bail "no sink for the operator"
sink_start
operator_line="operator = \"beheer@elders.example\"; operator_smtp: { host = \"127.0.0.1\"; port = $(cat "$base/told.port"); tls = \"none\"; };"

start_again() {
	later=0
	rm -rf "$base/state-aardig" "$base/inbox" "$base/told"/* "$sink_dir"/*
	: >"$base/run.log"
	sink_fault
}
told() { # NAME: the operator was told of it once, and of nothing else
	is "$1: told once" "$1" "$(sed -n 's/.* operator=//p' "$base/run.log" | tr '\n' ' ' | sed 's/ $//')"
	is "... by one mail" 1 "$(count_files "$base/told" | awk '{ print $1 / 2 }')"
	has "... to the operator, from nobody" "mail=FROM:<>" "$(cat "$base/told"/*.env)"
	has "..." "rcpt=TO:<beheer@elders.example>" "$(cat "$base/told"/*.env)"
	is "... with our mark, as a machine's" 2 "$(grep -c '^Auto-Submitted: auto-generated\|^X-Loop-Aardig: ' "$base/told"/*.eml)"
	is "... and no piece of a template" 0 "$(grep -c '{{\|}}' "$base/told"/*.eml)"
}

start_again
conf_maildir
run_once
sink_fault "drop=DOT"
new_maildir_mail
run_once
run_at 7200
told unknown-outcome

start_again
conf_maildir 'budget: { total_hour = 2; };'
run_once
for i in 1 2 3 4 5; do new_maildir_mail; done
run_once
run_once
is "two of five were acknowledged" 2 "$(sink_count)"
told breaker

start_again
conf_maildir
run_once
new_maildir_mail
run_at 20000
is "acknowledged" 1 "$(sink_count)"
new_maildir_mail
run_at 0
new_maildir_mail
run_at 60
is "the clock went back: answers wait" 1 "$(sink_count)"
told clock
has "... with what it says" "De klok staat op 20" "$(cat "$base/told"/*.eml)"
run_at 20060
is "... until it is right again" 3 "$(sink_count)"

start_again
conf_maildir '' 'routes: ( { team = "klantenservice"; draft = false; ack = false; mail_to = "team@elders.example"; \} );'
run_once
sink_fault "fail=RCPT:550 5.1.1 no such user"
new_maildir_mail
run_once
run_at 7200
told unrouted
is "... and it has that outcome" unrouted "$(ledger "select outcome from mail")"

start_again
password=fout conf_write
run_once
run_once
told token

# The server is away, and time goes by.
start_again
real=$imap_port
imap_port=1
conf_write
imap_port=$real
echo 0 >"$base/time"
AARDIG_FAULT_TIME=$base/time "$faulty" -c "$conf" run >>"$base/run.log" 2>&1 &
run_pid=$!
add_child "$run_pid"
wait_for 60 grep -q "nothing answers there" "$base/run.log"
sleep 1
is "a server that is away for a moment is no matter" 0 "$(grep -c operator= "$base/run.log")"
echo 1900 >"$base/time"
told_once() {
	[ "$(count_files "$base/told")" = 2 ]
}
wait_for 120 told_once
# It tries on, and does not tell again.
sleep 3
run_stop
told silent

# The same from a timer, whose passes are short.
start_again
conf_write
run_once
imap_port=1
conf_write
imap_port=$real
run_at 600
is "ten minutes without a good pass are no matter" 0 "$(grep -c operator= "$base/run.log")"
run_at 2400
run_at 3000
told silent
finish
