#!/bin/sh
# main.sh - the main job end to end: mail into a real Dovecot, acknowledgement accepted by a real SMTP
# server, the draft where a human finds it, nothing lost or sent twice.
. "${srcdir_abs:-.}/tests/integration/lib.sh"
. "$top/tests/integration/shop.sh"
shop_start
conf_write

headers_of() { # N-th mail the sink accepted
	sed '/^\r*$/q' "$(find "$sink_dir" -name '*.eml' | sort | sed -n "${1}p")"
}

body_of() {
	sed '1,/^\r*$/d' "$(find "$sink_dir" -name '*.eml' | sort | sed -n "${1}p")"
}

# ---- a first start answers no backlog ----

new_mail "Oude mail" "Deze mail lag er al voordat aardig begon. Mijn bestelling 11111 is kapot."
find "$base/mail/shop/new" -type f -exec touch -d '2 hours ago' {} +
ok "a first pass ends well" run_once
is "nothing of the backlog is answered" 0 "$(sink_count)"
is "and nothing is drafted" 0 "$(drafts_count)"

# ---- mail while run idles ----

run_start
drafts_are() {
	[ "$(drafts_count)" = "$1" ]
}
idles() {
	pgrep -P "$(cat "$base/run/master.pid")" -f "imap.*\[shop .* IDLE"
}
ok "the daemon idles" wait_for 60 idles
new_mail
ok "the acknowledgement leaves while run idles" wait_for 60 sink_has 1
ok "one draft" wait_for 60 drafts_are 1
head=$(headers_of 1)
has "auto-replied" "Auto-Submitted: auto-replied" "$head"
has "threaded to the customer's mail" "In-Reply-To: <m2." "$head"
has "to the customer" "klant2@klant2.example" "$head"
has "suppressed for Exchange" "X-Auto-Response-Suppress: All" "$head"
env1=$(cat "$sink_dir"/*.env | head -20)
has "from the null reverse-path" "mail=FROM:<>" "$env1"
is "exactly one To field" 1 "$(printf '%s\n' "$head" | grep -ci '^To:')"
is "no Cc or Bcc" 0 "$(printf '%s\n' "$head" | grep -ciE '^b?cc:')"
draft=$(cat "$base"/mail/shop/.Drafts/cur/* "$base"/mail/shop/.Drafts/new/* 2>/dev/null)
has "the draft is threaded too" "In-Reply-To: <m2." "$draft"
is "a draft carries no mark of ours" 0 "$(printf '%s\n' "$draft" | sed '/^$/q' | grep -ci 'x-loop-aardig')"
is "the mail is not marked as seen" 0 "$(find "$base/mail/shop/cur" "$base/mail/shop/new" -type f -name '*:2,*S*' | wc -l | tr -d ' ')"

# ---- the same mail again ----

duplicates_are() {
	[ "$(ledger "select count(*) from sight where outcome='duplicate'")" = "$1" ]
}
deliver shop "$base/.new"
new_mail
ok "the next customer is answered" wait_for 60 sink_has 2
ok "the second copy is a duplicate on record" wait_for 60 duplicates_are 1
is "the same mail twice gets one acknowledgement" 2 "$(sink_count)"

# ---- server gone and back ----

dovecot_stop
sleep 1
dovecot_start
new_mail
ok "after the server came back mail is answered" wait_for 120 sink_has 3

# ---- SIGTERM, restart ----

is "the daemon leaves no core dump" 0 "$(awk '/^Max core file size/ { print $5 }' "/proc/$run_pid/limits")"
ok "the daemon ends well on SIGTERM" run_stop
ok "a restart answers nothing again" run_once
is "still three" 3 "$(sink_count)"

# ---- UIDVALIDITY ----

dovecot_stop
dovecot_uidvalidity shop INBOX
dovecot_start
new_mail
ok "a pass after a new UIDVALIDITY" run_once
is "only the new mail is answered" 4 "$(sink_count)"

# ---- the ledger from an older copy ----

cp "$base/state-aardig/ledger.sqlite" "$base/old.sqlite"
rm -f "$base"/state-aardig/ledger.sqlite-*
new_mail
ok "one more" run_once
is "answered" 5 "$(sink_count)"
cp "$base/old.sqlite" "$base/state-aardig/ledger.sqlite"
rm -f "$base"/state-aardig/ledger.sqlite-*
ok "a pass with the older ledger" run_once
is "the keyword on the server forbids a second answer" 5 "$(sink_count)"

# ---- SMTP says not now, then yes; and no for good ----

sink_fault "fail=RCPT:451 4.3.0 try later"
new_mail
refused_at=$(date +%s)
ok "a pass while the relay says not now" run_once
is "nothing accepted yet" 5 "$(sink_count)"
sink_fault
ok "a pass right after" run_once
if [ $(($(date +%s) - refused_at)) -lt 60 ]; then
	is "not before the minute is over" 5 "$(sink_count)"
else
	echo "# the minute was over before that pass"
fi
ok "a pass two minutes later" run_at 120
is "then it goes out" 6 "$(sink_count)"
ok "and never again" run_at 7200
is "still six" 6 "$(sink_count)"
sink_fault "fail=RCPT:550 5.1.1 no such user"
new_mail
ok "a pass with a customer whose address does not exist" run_once
sink_fault
has "the operator is told that it was given up" "operator=given-up" "$(cat "$base/run.log")"
ok "hours later" run_at 10000
is "a 5xx is not tried again" 6 "$(sink_count)"

# ---- observe and draft ----

mode=observe conf_write
before=$(drafts_count)
new_mail
ok "a pass in mode observe" run_once
is "observe drafts nothing" "$before" "$(drafts_count)"
is "observe sends nothing" 6 "$(sink_count)"
mode=draft conf_write
new_mail
ok "a pass in mode draft" run_once
is "draft sends nothing" 6 "$(sink_count)"
is "draft makes one draft" $((before + 1)) "$(drafts_count)"

# ---- a dry run ----

conf_write
new_mail
rows=$(ledger "select count(*) from mail")
AARDIG_FAULT_CLOCK=$later "$faulty" -c "$conf" run -n --once >"$base/dry.out" 2>>"$base/run.log"
has "a dry run shows the acknowledgement in full" "Auto-Submitted: auto-replied" "$(cat "$base/dry.out")"
is "... with a ticket number such as those that leave" "" "$(grep '[^0-9A-Za-z]T0[^0-9]' "$base/dry.out")"
is "a dry run sends nothing" 6 "$(sink_count)"
is "a dry run records nothing" "$rows" "$(ledger "select count(*) from mail")"

# ---- trouble that needs the admin ----

password=falsch conf_write
not_ok "a wrong password ends --once with an error" run_once
has "and says whose password" "shop" "$(tail -n 3 "$base/run.log")"
not_ok "status says something needs attention" "$aardig" -c "$conf" status
conf_write
ok "the right password again" run_once

# ---- full disk for the ledger ----

new_mail
before=$(sink_count)
(
	ulimit -f 1
	run_once
)
is "with a full disk nothing is sent" "$before" "$(sink_count)"
ok "with room again" run_once
is "it is sent once" $((before + 1)) "$(sink_count)"

# ---- the team address is the watched mailbox ----

conf_write '' 'routes: ( { team = "klantenservice"; mail_to = "info@winkel.example"; draft = false; } );'
before=$(sink_count)
new_mail
ok "a pass with a ticket to ourselves" run_once
is "acknowledgement and ticket" $((before + 2)) "$(sink_count)"
deliver shop "$(find "$sink_dir" -name '*.eml' | sort | tail -n 1)"
ok "the ticket comes back" run_once
is "and goes round no further" $((before + 2)) "$(sink_count)"
is "it ends as ours" 1 "$(ledger "select count(*) from mail where outcome='ours'")"

# ---- the team's mailbox bounces the ticket ----

ticket_id=$(find "$sink_dir" -name '*.eml' | sort | tail -n 1)
{
	printf 'Return-Path: <>\nFrom: Mail Delivery System <MAILER-DAEMON@mx.elders.example>\nTo: info@winkel.example\n'
	printf 'Subject: Undelivered Mail Returned to Sender\nMessage-ID: <bounce.1@mx.elders.example>\nDate: %s\n' "$(date -R)"
	printf 'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="grens"\n\n'
	printf -- '--grens\nContent-Type: text/plain\n\nIt could not be delivered.\n\n'
	printf -- '--grens\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.elders.example\n\nAction: failed\nStatus: 5.1.1\n\n'
	printf -- '--grens\nContent-Type: text/rfc822-headers\n\n'
	sed '/^\r*$/q' "$ticket_id" | tr -d '\r'
	printf -- '--grens--\n'
} >"$base/dsn.eml"
before=$(sink_count)
ours=$(ledger "select count(*) from mail where outcome='ours'")
deliver shop "$base/dsn.eml"
ok "a pass with the bounce of our own ticket" run_once
is "nothing is sent" "$before" "$(sink_count)"
is "the bounce ends as ours" $((ours + 1)) "$(ledger "select count(*) from mail where outcome='ours'")"

# ---- secrets ----

password=geheim conf_write
new_mail
AARDIG_FAULT_CLOCK=$later "$faulty" -vv -c "$conf" run --once >"$base/trace.log" 2>&1
ok "the trace is not empty" test -s "$base/trace.log"
is "no password in the trace, plain or base64" 0 "$(grep -c -e geheim -e "$(printf '\0shop\0geheim' | base64)" "$base/trace.log")"
is "no body text in the log" 0 "$(grep -c 'kwam gebroken aan' "$base/trace.log" "$base/run.log" | awk -F: '{ n += $2 } END { print n }')"

# ---- nothing is lost ----

is "every mail has exactly one outcome" 0 "$(ledger "select count(*) from mail where outcome is null")"
ok "why tells a story" "$aardig" -c "$conf" why 1
finish
