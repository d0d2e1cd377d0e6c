#!/bin/sh
# imap.sh - a mailbox on a local Dovecot over TLS: catching up in observe mode beside mbsync fetching the same mails
# with fsync; fetching over a long line beside libcurl; sending, bare and with the ledger; and how soon a mail that
# comes while `run` idles is acknowledged. What is compared takes turns, and medians are shown: the disk and the other
# programs of a machine have moods. BENCH_MAILS (10000) sets how many mails, BENCH_ROUNDS (3) how many turns of the
# long ones, BENCH_PARTS which parts ("catch-up line smtp idle"); mbsync (Debian: isync) is used where installed.
. "${srcdir_abs:-.}/tests/integration/lib.sh"
. "$top/tests/integration/shop.sh"
mails=${BENCH_MAILS:-10000}
rounds=${BENCH_ROUNDS:-3}
parts=" ${BENCH_PARTS:-catch-up line smtp idle} "
bench=$build/tests/bench/bench_net

part() {
	case $parts in *" $1 "*) return 0 ;; esac
	return 1
}
note() { # NAME COMMAND...: what it prints is one more figure of that name
	note_name=$1
	shift
	"$@" >>"$base/figures.$note_name"
}
median() { # NAME
	sort -n "$base/figures.$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}
ratio() { # NAME A B WANTED: A / B
	awk -v name="$1" -v a="$2" -v b="$3" -v wanted="$4" 'BEGIN { printf "  %-45s %8.2f     (wanted: %s)\n", name, a / b, wanted }'
}

make_ca
make_cert server 127.0.0.1
dovecot_start >/dev/null
sink_port=1
mode=observe conf_write
sed -i "s/port = $imap_port; tls = \"none\"; user/port = $imaps_port; tls = \"implicit\"; ca_file = \"$(echo "$base" | sed 's#/#\\/#g')\/ca.pem\"; user/" "$conf"
mkdir -p "$base/mail/shop/cur" "$base/mail/shop/new" "$base/mail/shop/tmp"
awk -v n="$mails" -v dir="$base/mail/shop/cur" 'BEGIN {
	for (i = 0; i < 120; i++) filler = filler "Regel " i ": we hebben er nog eens goed naar gekeken met zijn allen.\n"
	for (i = 1; i <= n; i++) {
		file = dir "/" 1700000000 + i ".M" i "P1.bench:2,"
		printf "From: Kim <k%d@k%d.example>\nTo: info@winkel.example\nMessage-ID: <b%d@k.example>\nSubject: Bestelling %d kapot\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\nDe vaas uit bestelling %d kwam gebroken aan.\n\n%s", i, i, i, i, i, filler >file
		close(file)
	}
}'
seconds() { # COMMAND...: wall-clock seconds
	start=$(date +%s.%N)
	"$@" >"$base/bench.out" 2>&1 || { tail -n 3 "$base/bench.out" >&2; return; }
	awk -v a="$start" -v b="$(date +%s.%N)" 'BEGIN { printf "%.2f\n", b - a }'
}
cat >"$base/mbsyncrc" <<EOF
FSync yes

IMAPAccount a
Host 127.0.0.1
Port $imaps_port
User shop
Pass geheim
SSLType IMAPS
CertificateFile $base/ca.pem

IMAPStore far
Account a

MaildirStore near
Path $base/copy/
Inbox $base/copy/INBOX

Channel c
Far :far:
Near :near:
Patterns INBOX
Create Near
SyncState *
EOF
observe_once() {
	rm -rf "$base/state-aardig"
	seconds "$aardig" -c "$conf" run --once --since 2020-01-01
}
mbsync_once() {
	rm -rf "$base/copy"
	mkdir "$base/copy"
	seconds mbsync -c "$base/mbsyncrc" c
}
doveadm -c "$doveconf" -o mail=maildir:"$base/mail/shop" index -u shop INBOX >/dev/null 2>&1

if part catch-up; then
	echo "catching up with $mails mails of about 8 KB over TLS, medians of $rounds"
	command -v mbsync >/dev/null 2>&1 || echo "  mbsync is not installed (Debian: apt-get install isync): no comparison"
	for round in $(seq "$rounds"); do
		note observe observe_once
		! command -v mbsync >/dev/null 2>&1 || note mbsync mbsync_once
	done
	printf '  %-45s %8.2f s   (%s handled)\n' "aardig run --once, observe" "$(median observe)" "$(ledger 'select count(*) from mail')"
	if [ -f "$base/figures.mbsync" ]; then
		printf '  %-45s %8.2f s   (%s fetched)\n' "mbsync, fsync" "$(median mbsync)" "$(count_files "$base/copy/INBOX/cur" "$base/copy/INBOX/new")"
		ratio "ratio" "$(median observe)" "$(median mbsync)" "at most 1"
	fi
fi

# ---- a long line: every byte 10 ms later, each way ----

relay_start() { # MILLISECONDS
	: >"$base/relay.port"
	"$tools/relay" "$imaps_port" "$1" >"$base/relay.port" &
	add_child $!
	wait_for 5 test -s "$base/relay.port" || bail "no relay"
	cat "$base/relay.port"
}
fetch() { # own|url PORT MAILS
	rm -rf "$base/fetch"
	"$bench" fetch "$1" "$2" "$base/ca.pem" "$3" "$base/fetch"
}
if part line; then
	relay_start 0 >"$base/near.port"
	relay_start 10 >"$base/far.port"
	near=$(cat "$base/near.port") far=$(cat "$base/far.port")
	urls=100
	fetch own "$near" "$mails" >/dev/null
	for round in $(seq "$rounds"); do
		note here fetch own "$near" "$mails"
		note there fetch own "$far" "$mails"
	done
	note url fetch url "$far" "$urls"
	echo "fetching over 20 ms there and back, medians of $rounds"
	printf '  %-45s %8.2f s   (%s mails; without the delay %s s)\n' "aardig's IMAP" "$(median there)" "$mails" "$(median here)"
	printf '  %-45s %8.2f s   (%s mails)\n' "libcurl, one URL a mail" "$(median url)" "$urls"
	ratio "libcurl's time for a mail / ours" "$(awk -v t="$(median url)" -v n="$urls" 'BEGIN { print t / n }')" \
		"$(awk -v t="$(median there)" -v n="$mails" 'BEGIN { print t / n }')" "at least 50"
	ratio "20 ms / no delay" "$(median there)" "$(median here)" "at most 1.5"
fi

# ---- SMTP ----

letters=3000
on_disk() { # commits 1000 | ledger PORT 1000: each in a folder of its own
	rm -rf "$base/disk"
	mkdir "$base/disk"
	"$bench" "$@" "$base/disk"
}
if part smtp; then
	sink_port=
	sink_start "discard=1"
	"$bench" smtp own "$sink_port" "$letters" >/dev/null
	for round in 1 2 3 4 5; do
		note own "$bench" smtp own "$sink_port" "$letters"
		note letter "$bench" smtp url "$sink_port" "$letters"
		note commits on_disk commits 1000
		note recorded on_disk ledger "$sink_port" 1000
	done
	echo "sending over one connection on loopback, medians of 5"
	printf '  %-45s %8.2f s   (%s messages)\n' "aardig's SMTP" "$(median own)" "$letters" "libcurl's SMTP" "$(median letter)" "$letters"
	ratio "libcurl / ours" "$(median letter)" "$(median own)" "at least 1.5"
	printf '  %-45s %8.2f s   (1000 times)\n' "two durable commits" "$(median commits)" "a message with all steps in the ledger" "$(median recorded)"
	ratio "rate with the ledger / of two commits" "$(median commits)" "$(median recorded)" "at least 0.6"
	sink_stop
fi

# ---- APPEND while `run` idles ----

# When Dovecot tells of a mail: what inotify says of a folder it gathers for half a second before it looks.
idle_watch() {
	mkfifo "$base/trace"
	grep --line-buffered 'S: \* [0-9]* EXISTS' <"$base/trace" | while read -r line; do date +%s.%N; done >"$base/told" &
	add_child $!
	"$aardig" -vv -c "$conf" run >"$base/trace" 2>&1 &
	run_pid=$!
	add_child "$run_pid"
}
told_lines() {
	wc -l <"$base/told"
}
has_told() { # LINES
	[ "$(told_lines)" -gt "$1" ]
}
milliseconds() { # FROM TO
	awk -v a="$1" -v b="$2" 'BEGIN { print (b - a) * 1000 }'
}
spread() { # NAME TEXT
	sort -n "$base/figures.$1" | awk -v text="$2" '{ v[NR] = $1 } END { printf "  %-45s %8.0f ms  (fastest %.0f, slowest %.0f, of %d)\n", text, v[int((NR + 1) / 2)], v[1], v[NR], NR }'
}
part idle || exit 0
mails_in=21
rm -rf "$base/state-aardig" "$base/mail/shop"
mkdir -p "$base/mail/shop/cur" "$base/mail/shop/new" "$base/mail/shop/tmp"
sink_port=
sink_start
conf_write
sed -i 's/poll = "1 s"/poll = "60 s"/' "$conf"
idle_watch
wait_for 10 grep -q . "$base/state-aardig/ledger.sqlite"
sleep 2
n=0
while [ "$n" -lt "$mails_in" ]; do
	n=$((n + 1))
	mail_file "$base/.new"
	lines=$(told_lines)
	before=$(date +%s.%N)
	"$tools/net-probe" imap host=127.0.0.1 port="$imap_port" tls=none user=shop password=geheim -- append INBOX "" "$base/.new" >/dev/null
	wait_for 20 sink_has "$n" || { echo "  no acknowledgement within 20 s"; break; }
	after=$(stat -c %.Y "$(ls -t "$sink_dir"/*.env | head -n 1)")
	wait_for 5 has_told "$lines"
	told=$(sed -n "$((lines + 1))p" "$base/told")
	note all milliseconds "$before" "$after"
	note server milliseconds "$before" "$told"
	note ours milliseconds "$told" "$after"
	sleep 0.3
done
run_stop
echo "from APPEND to the acknowledgement taken by SMTP, while run idles, medians"
spread all "all of it"
spread server "until Dovecot says that there is a mail"
spread ours "from there on: fetched, decided, sent"
