#!/bin/sh
# crash.sh - the process is killed at every boundary between steps, one after the other; after the restart there
# is at most one acknowledgement, at least one ticket, exactly one row in the ledger, and the mail is still there.
. "${srcdir_abs:-.}/tests/integration/lib.sh"
. "$top/tests/integration/shop.sh"
command -v sqlite3 >/dev/null 2>&1 || skip_all "no sqlite3"

sink_start
conf_maildir '' "routes: ( { team = \"klantenservice\"; draft = true; mail_to = \"team@elders.example\"; maildir = \"$base/tickets\"; } );"

fresh() {
	rm -rf "$base/state-aardig" "$base/inbox" "$base/tickets" "$base/mark" "$sink_dir"/*
	mkdir -p "$base/tickets/new" "$base/tickets/cur" "$base/tickets/tmp"
	new_maildir_mail
}

sent_with() { # VALUE of Auto-Submitted
	grep -l "^Auto-Submitted: $1" "$sink_dir"/*.eml 2>/dev/null | wc -l | tr -d ' '
}

check_after() { # NAME
	acks=$(sent_with auto-replied)
	tickets=$(sent_with auto-generated)
	drafts=$(count_files "$base/inbox/.Drafts/cur" "$base/inbox/.Drafts/new")
	stored=$(count_files "$base/tickets/new" "$base/tickets/cur")
	rows=$(ledger "select count(*) from mail where outcome is not null")
	mails=$(count_files "$base/inbox/new" "$base/inbox/cur")
	if [ "$acks" -le 1 ] && [ "$tickets" -ge 1 ] && [ "$drafts" = 1 ] && [ "$stored" = 1 ] &&
		[ "$rows" = 1 ] && [ "$mails" = 1 ]; then
		result 0 "$1"
	else
		result 1 "$1"
		echo "# acknowledgements $acks, ticket mails $tickets, drafts $drafts, tickets stored $stored, rows $rows, mails $mails"
		tail -n 5 "$base/run.log" | sed 's/^/#   /'
	fi
	case $acks in 1) acknowledged=$((acknowledged + 1)) ;; esac
}

# How many boundaries there are: counted on a run that is left alone.
acknowledged=0
fresh
: >"$base/steps"
AARDIG_FAULT_LOG=$base/steps "$faulty" -c "$conf" run --once --since 2020-01-01 >>"$base/run.log" 2>&1
steps=$(wc -l <"$base/steps")
check_after "undisturbed ($steps boundaries)"
is "undisturbed, the acknowledgement is sent" 1 "$acknowledged"
is "undisturbed, each action is done on record" "ack done,draft done,maildir done,ticket done" \
	"$(ledger "select kind || ' ' || state from action order by kind" | paste -sd , -)"
[ "$steps" -gt 10 ] || bail "only $steps boundaries were met"

acknowledged=0
n=0
while [ "$n" -lt "$steps" ]; do
	n=$((n + 1))
	name=$(sed -n "${n}p" "$base/steps")
	fresh
	AARDIG_FAULT_AT=$n AARDIG_FAULT_MARK=$base/mark \
		"$faulty" -c "$conf" run --once --since 2020-01-01 >>"$base/run.log" 2>&1
	# What waits for its next try gets it.
	AARDIG_FAULT_CLOCK=120 "$faulty" -c "$conf" run --once >>"$base/run.log" 2>&1
	check_after "killed at $n: $name"
done
ok "all but the moments around the final dot were acknowledged ($acknowledged of $steps)" \
	test "$acknowledged" -ge $((steps - 4))
finish
