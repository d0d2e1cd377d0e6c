#!/bin/sh
# observe.sh - observe mode takes many mails in one commit, classified ahead by a second thread: the same decisions as
# one by one; killed at random it still gives every mail one outcome; a mail that kills is set aside after its
# third try, and its neighbours in the window are not.
. "${srcdir_abs:-.}/tests/integration/lib.sh"
. "$top/tests/integration/shop.sh"
command -v sqlite3 >/dev/null 2>&1 || skip_all "no sqlite3"

dovecot_start
sink_start
mails=100
# Every 10th is a follow-up by the customer of the one before, every 25th the same mail once more.
i=0
while [ "$i" -lt "$mails" ]; do
	i=$((i + 1))
	if [ $((i % 25)) = 0 ]; then
		deliver shop "$base/.new"
	elif [ $((i % 10)) = 0 ]; then
		sed -e "s/^Message-ID: <\(.*\)>/Message-ID: <again.\1>\nIn-Reply-To: <\1>/" -e 's/^Subject: /&Re: /' \
			-e 's/^Goedemiddag.*/Ik heb nog steeds niets gehoord! Dit is al mijn tweede mail./' "$base/.new" >"$base/.again"
		deliver shop "$base/.again"
	else
		new_mail
	fi
done

decisions() {
	ledger "select m.message_id, m.outcome = 'duplicate', d.language, d.type, d.tone, d.unsure, d.guard, d.evidence,
		d.order_number, t.ticket from mail m left join decision d on d.mail = m.id join thread t on t.id = m.thread
		order by m.message_id"
}
outcomes() {
	ledger "select outcome, count(*) from sight group by outcome order by outcome" | tr '\n' ' '
}
expected="duplicate|4 observed|96 "
mode=observe conf_write
run_once --since 2020-01-01
is "every mail has its outcome" "$expected" "$(outcomes)"
is "nothing was sent, drafted or read" "0 0 0" "$(sink_count) $(drafts_count) $(find "$base/mail/shop/cur" -name '*:2,*S*' | wc -l | tr -d ' ')"
decisions >"$base/together"
is "the watermark stands at the last one" "$mails" "$(ledger "select watermark from folder")"

new_mail
run_once
is "the next one alone" "duplicate|4 observed|97 " "$(outcomes)"

# Killed at one boundary after the other, in this thread or that.
rm "$base/mail/shop/new/$deliver_name" 2>/dev/null || rm "$base/mail/shop/cur/$deliver_name"*
rm -rf "$base/state-aardig"
AARDIG_FAULT_LOG=$base/steps "$faulty" -c "$conf" run --once --since 2020-01-01 >>"$base/run.log" 2>&1
steps=$(wc -l <"$base/steps")
ok "boundaries were met ($steps)" test "$steps" -gt "$mails"
# The supervisor starts the worker again.
n=3 bad=0 killed=0
while [ "$n" -le "$steps" ]; do
	rm -rf "$base/state-aardig" "$base/mark"
	AARDIG_FAULT_AT=$n AARDIG_FAULT_MARK=$base/mark "$faulty" -c "$conf" run --once --since 2020-01-01 >>"$base/run.log" 2>&1
	[ ! -e "$base/mark" ] || killed=$((killed + 1))
	decisions >"$base/killed"
	if [ "$(outcomes)" != "$expected" ] || ! cmp -s "$base/together" "$base/killed"; then
		bad=$((bad + 1))
		echo "# killed at $n ($(sed -n "${n}p" "$base/steps")): $(outcomes)"
	fi
	n=$((n + 17))
done
ok "the worker was killed at $killed of them" test "$killed" -gt 20
is "each time: every mail has its outcome, the same decisions" 0 "$bad"

# A mail that kills its process, in the middle of a window.
rm -rf "$base/state-aardig"
AARDIG_FAULT_STEP=:30 "$faulty" -c "$conf" run --once --since 2020-01-01 >>"$base/run.log" 2>&1
is "a mail that kills is set aside after its third try" "30|3" "$(ledger "select name, total - 1 from sight where outcome = 'set-aside'")"
ok "no other was tried more than twice" test "$(ledger "select max(total) from sight where outcome <> 'set-aside'")" -le 2
ok "all have their outcome" test "$(ledger "select count(*) from sight where outcome is not null")" = "$mails"


# One by one, as in the other modes; the mail set aside has been marked as done.
rm -rf "$base/state-aardig"
mode=draft conf_write
run_once --since 2020-01-01
decisions >"$base/alone"
killer=$(sed -n 's/^Message-ID: <\(.*\)>.*/\1/p' "$base/mail/shop"/*/*"$(awk '$1 == 30 { sub(/.*:/, ""); print }' "$base/mail/shop/dovecot-uidlist")"*)
grep -v "^$killer" "$base/together" >"$base/others"
ok "draft mode decides the same, one by one" cmp "$base/others" "$base/alone"
finish
