#!/bin/sh
# delivery.sh - what one delivery costs, medians side by side in one run: a mail of 8 KB, fsync on.
. "${srcdir_abs:-.}/tests/integration/lib.sh"
. "$top/tests/integration/shop.sh"
runs=${BENCH_RUNS:-150}
spawn=$build/tests/bench/bench_spawn
procmail=$(command -v procmail || echo "${AARDIG_TEST_SERVERS:-/nonexistent}/usr/bin/procmail")

mode=observe
sink_port=1
conf_maildir "maildir = \"$base/md\";"
sed -i 's/  source: .*//' "$conf"
mail_file "$base/mail.eml"
i=0
while [ "$i" -lt 75 ]; do
	i=$((i + 1))
	echo "Regel $i: de bestelling kwam vorige week binnen en we hebben er nog eens goed naar gekeken met zijn allen."
done >>"$base/mail.eml"

mkdir -p "$base/home" "$base/mail"
HOME=$base/home
export HOME
printf 'MAILDIR=%s\nDEFAULT=%s/plain/\nLOCKFILE=\n' "$base/home" "$base/home" >"$base/rc0"
cp "$base/rc0" "$base/rc20"
: >"$base/rules.sieve.body"
i=0
while [ "$i" -lt 20 ]; do
	i=$((i + 1))
	printf ':0 B\n* woord%s[a-z]*dat niet voorkomt\n/dev/null\n' "$i" >>"$base/rc20"
	printf 'if body :text :contains "woord%s dat niet voorkomt" { discard; stop; }\n' "$i" >>"$base/rules.sieve.body"
done
chmod 600 "$base/rc0" "$base/rc20"
{ echo 'require ["body"];'; cat "$base/rules.sieve.body"; } >"$base/rules.sieve"

median() {
	"$spawn" "$runs" "$base/mail.eml" "$@" 2>/dev/null || echo -
}
row() { # NAME MILLISECONDS
	printf '%-52s %8s ms\n' "$1" "$2"
}
ratio() { # NAME A B LIMIT
	case "$2$3" in *-*) printf '%-52s not measured\n' "$1"; return ;; esac
	awk -v n="$1" -v a="$2" -v b="$3" -v l="$4" 'BEGIN { printf "%-52s %8.2f x   (wanted: at most %s)\n", n, a / b, l }'
}

echo "one delivery of $(wc -c <"$base/mail.eml" | tr -d ' ') bytes, median of $runs"
"$aardig" -c "$conf" deliver -a shop <"$base/mail.eml" >/dev/null 2>&1 # makes ledger and cache
"$aardig" -c "$conf" filter -a shop <"$base/mail.eml" >/dev/null 2>&1
true_ms=$(median /bin/true)
gmime=$(median "$build/tests/bench/bench_gmime")
filter=$(median "$aardig" -c "$conf" filter -a shop)
deliver=$(median "$aardig" -c "$conf" deliver -a shop)
row "an empty process" "$true_ms"
row "a bare process that parses the mail with GMime" "$gmime"
if [ -x "$procmail" ]; then
	row "procmail, no rules" "$(median "$procmail" "$base/rc0")"
	row "procmail, 20 body rules (on raw bytes)" "$(median "$procmail" "$base/rc20")"
fi
lda=-
if [ -x /usr/lib/dovecot/dovecot-lda ]; then
	dovecot_start "protocol lda {
  mail_plugins = \$mail_plugins sieve
}
plugin {
  sieve = $base/rules.sieve
}" >/dev/null
	lda=$(median /usr/lib/dovecot/dovecot-lda -c "$doveconf" -e -d shop -f klant@klant.example)
	row "Dovecot's LDA, 20 decoded body rules in Sieve" "$lda"
fi
row "aardig filter, all shipped packs" "$filter"
row "aardig deliver, all packs: store, read, ledger" "$deliver"
ratio "filter / bare GMime process" "$filter" "$gmime" 2.0
ratio "deliver / Dovecot's LDA with 20 rules" "$deliver" "$lda" 0.8
