#!/bin/sh
# imap.sh - a mailbox on a local Dovecot over TLS: catching up in observe mode beside mbsync fetching the same mails
# with fsync; fetching over a long line beside libcurl; sending, bare and with the ledger; and how soon a mail that
# comes while `run` idles is acknowledged. BENCH_MAILS (10000) sets how many; mbsync (Debian: isync) is used where
# installed.
. "${srcdir_abs:-.}/tests/integration/lib.sh"
. "$top/tests/integration/shop.sh"
mails=${BENCH_MAILS:-10000}

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
	"$@" >"$base/bench.out" 2>&1 || { tail -n 3 "$base/bench.out" >&2; echo -; return; }
	awk -v a="$start" -v b="$(date +%s.%N)" 'BEGIN { printf "%.2f", b - a }'
}
warm() { doveadm -c "$doveconf" -o mail=maildir:"$base/mail/shop" index -u shop INBOX >/dev/null 2>&1; }
warm
echo "catching up with $mails mails of about 8 KB over TLS"
ours=$(seconds "$aardig" -c "$conf" run --once --since 2020-01-01)
printf '  aardig run --once, observe        %8s s   (%s handled)\n' "$ours" "$(ledger 'select count(*) from mail')"
if command -v mbsync >/dev/null 2>&1; then
	mkdir "$base/copy"
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
EOF
	theirs=$(seconds mbsync -c "$base/mbsyncrc" c)
	printf '  mbsync, fsync                     %8s s   (%s fetched)\n' "$theirs" "$(count_files "$base/copy/INBOX/cur" "$base/copy/INBOX/new")"
	case "$ours$theirs" in *-*) ;; *) awk -v a="$ours" -v b="$theirs" 'BEGIN { printf "  ratio                             %8.2f     (wanted: at most 1)\n", a / b }' ;; esac
else
	echo "  mbsync is not installed (Debian: apt-get install isync): no comparison"
fi

# ---- a long line: every byte 10 ms later, each way ----

bench=$build/tests/bench/bench_net
relay_start() { # MILLISECONDS
	: >"$base/relay.port"
	"$tools/relay" "$imaps_port" "$1" >"$base/relay.port" &
	add_child $!
	wait_for 5 test -s "$base/relay.port" || bail "no relay"
	cat "$base/relay.port"
}
ratio() { # NAME A B WANTED: A / B
	awk -v name="$1" -v a="$2" -v b="$3" -v wanted="$4" 'BEGIN { printf "  %-45s %8.2f     (wanted: %s)\n", name, a / b, wanted }'
}
relay_start 0 >"$base/near.port"
relay_start 10 >"$base/far.port"
near=$(cat "$base/near.port") far=$(cat "$base/far.port")
urls=100
"$bench" fetch own "$near" "$base/ca.pem" "$mails" >/dev/null
here=$("$bench" fetch own "$near" "$base/ca.pem" "$mails")
there=$("$bench" fetch own "$far" "$base/ca.pem" "$mails")
by_url=$("$bench" fetch url "$far" "$base/ca.pem" "$urls")
echo "fetching over 20 ms there and back"
printf '  %-45s %8.2f s   (%s mails; without the delay %s s)\n' "aardig's IMAP" "$there" "$mails" "$here"
printf '  %-45s %8.2f s   (%s mails)\n' "libcurl, one URL a mail" "$by_url" "$urls"
ratio "libcurl's time for a mail / ours" "$(awk -v t="$by_url" -v n="$urls" 'BEGIN { print t / n }')" \
	"$(awk -v t="$there" -v n="$mails" 'BEGIN { print t / n }')" "at least 50"
ratio "20 ms / no delay" "$there" "$here" "at most 1.5"

# ---- SMTP ----

letters=3000
sink_port=
sink_start "discard=1"
"$bench" smtp own "$sink_port" "$letters" >/dev/null
own=$("$bench" smtp own "$sink_port" "$letters")
by_url=$("$bench" smtp url "$sink_port" "$letters")
mkdir "$base/disk"
commits=$("$bench" commits 1000 "$base/disk")
recorded=$("$bench" ledger "$sink_port" 1000 "$base/disk")
echo "sending over one connection on loopback"
printf '  %-45s %8.2f s   (%s messages)\n' "aardig's SMTP" "$own" "$letters" "libcurl's SMTP" "$by_url" "$letters"
ratio "libcurl / ours" "$by_url" "$own" "at least 1.5"
printf '  %-45s %8.2f s   (1000 times)\n' "two durable commits" "$commits" "a message with all steps in the ledger" "$recorded"
ratio "rate with the ledger / of two commits" "$commits" "$recorded" "at least 0.6"
sink_stop

# ---- APPEND while `run` idles ----

rounds=21
rm -rf "$base/state-aardig" "$base/mail/shop"
mkdir -p "$base/mail/shop/cur" "$base/mail/shop/new" "$base/mail/shop/tmp"
sink_port=
sink_start
conf_write
sed -i 's/poll = "1 s"/poll = "60 s"/' "$conf"
run_start
wait_for 10 grep -q . "$base/state-aardig/ledger.sqlite"
sleep 2
n=0
: >"$base/latency"
while [ "$n" -lt "$rounds" ]; do
	n=$((n + 1))
	mail_file "$base/.new"
	before=$(date +%s.%N)
	"$tools/net-probe" imap host=127.0.0.1 port="$imap_port" tls=none user=shop password=geheim -- append INBOX "" "$base/.new" >/dev/null
	wait_for 20 sink_has "$n" || { echo "  no acknowledgement within 20 s"; break; }
	after=$(stat -c %.Y "$(ls -t "$sink_dir"/*.env | head -n 1)")
	awk -v a="$before" -v b="$after" 'BEGIN { print (b - a) * 1000 }' >>"$base/latency"
	sleep 0.3
done
run_stop
echo "from APPEND to the acknowledgement taken by SMTP, while run idles"
sort -n "$base/latency" | awk '{ v[NR] = $1 } END { printf "  median of %d: %.0f ms, fastest %.0f, slowest %.0f\n", NR, v[int((NR + 1) / 2)], v[1], v[NR] }'
