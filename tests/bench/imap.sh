#!/bin/sh
# imap.sh - catching up with a mailbox over TLS from a local Dovecot, in observe mode, beside mbsync fetching the
# same mails with fsync. BENCH_MAILS (10000) sets how many; mbsync (Debian: isync) is used where installed.
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
