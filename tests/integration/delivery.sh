#!/bin/sh
# delivery.sh - deliver and filter behind the real procmail and Dovecot, with the recipes as doc/delivery.md prints
# them; full disk, broken configuration, locked ledger; and 2,000 deliveries with random kills.
. "${srcdir_abs:-.}/tests/integration/lib.sh"
. "$top/tests/integration/shop.sh"
command -v sqlite3 >/dev/null 2>&1 || skip_all "no sqlite3"
procmail=$(command -v procmail || echo "${AARDIG_TEST_SERVERS:-/nonexistent}/usr/bin/procmail")
[ -x "$procmail" ] || skip_all "no procmail"
[ -x /usr/lib/dovecot/dovecot-lda ] || skip_all "no dovecot-lda"

recipe() { # NAME: the block of doc/delivery.md below its mark
	awk -v mark="<!-- recipe: $1 -->" '$0 == mark { on = 1; next } on == 1 && /^```/ { on = 2; next }
		on == 2 && /^```/ { exit } on == 2' "$top/doc/delivery.md"
}

sink_start
raised='budget: { address_day = 100000; address_week = 100000; domain_day = 100000; total_hour = 100000; };'
conf_maildir "maildir = \"$base/md\"; $raised"
sed -i 's/name = "shop"/name = "klantenservice"/; s/  source: .*//' "$conf"
mkdir "$base/bin"
# procmail and Dovecot hand no environment on.
printf '#!/bin/sh\nAARDIG_DATADIR=%s AARDIG_TEMPLATEDIR=%s\nexport AARDIG_DATADIR AARDIG_TEMPLATEDIR\nexec "%s" -c "%s" "$@"\n' \
	"$AARDIG_DATADIR" "$AARDIG_TEMPLATEDIR" "$aardig" "$conf" >"$base/bin/aardig"
chmod 755 "$base/bin/aardig"
PATH=$base/bin:$PATH
export PATH

same_bytes() { # the one mail in folder $1 is file $2, but for procmail's From line and blank line, and our fields
	sed -e '1{/^From /d;}' -e '/^X-Aardig-/d' "$(find "$1" -type f | head -n 1)" | head -c "$(wc -c <"$2")" | cmp -s - "$2"
}

# ---- deliver by hand ----

mail_file "$base/one.eml"
printf 'bytes: \200\377\001 and a last line without end' >>"$base/one.eml"
ok "deliver takes a mail" sh -c "aardig deliver -a klantenservice -f klant1@klant1.example <'$base/one.eml'"
is "stored byte for byte" 0 "$(cmp -s "$(find "$base/md/new" -type f)" "$base/one.eml"; echo $?)"
is "acknowledged in the same process" 1 "$(sink_count)"
is "nothing left in the spool" 0 "$(count_files "$base/md/aardig-spool")"
ok "the same again" sh -c "aardig deliver -a klantenservice -f klant1@klant1.example <'$base/one.eml'"
is "stored twice, answered once" "2 1" "$(count_files "$base/md/new") $(sink_count)"
mail_file "$base/bounce.eml"
ok "a bounce by -f ''" sh -c "aardig deliver -a klantenservice -f '' <'$base/bounce.eml'"
is "is not answered" 1 "$(sink_count)"

# ---- the relay is away: stored, answered later, once ----

sink_fault "fail=CONNECT:421 4.3.2 come back later"
mail_file "$base/two.eml"
ok "deliver while the relay is away" sh -c "aardig deliver -a klantenservice <'$base/two.eml'"
is "not answered yet" 1 "$(sink_count)"
sink_fault
AARDIG_FAULT_CLOCK=120 "$faulty" -c "$conf" run --once >>"$base/run.log" 2>&1
is "answered by the next run" 2 "$(sink_count)"
is "and its spool entry is gone" 0 "$(count_files "$base/md/aardig-spool")"

# ---- 75 before the link, nothing left behind ----

before=$(count_files "$base/md/new")
code() {
	"$@" >/dev/null 2>&1
	echo $?
}
is "unknown account" 75 "$(code sh -c "aardig deliver -a nobody <'$base/one.eml'")"
cp "$conf" "$conf.good"
echo 'nonsense = true;' >>"$conf"
is "configuration with an error" 75 "$(code sh -c "aardig deliver -a klantenservice <'$base/one.eml'")"
cp "$conf.good" "$conf"
is "usage" 75 "$(code sh -c "aardig deliver --nonsense <'$base/one.eml'")"
head -c 300000 /dev/zero | tr '\0' 'x' >"$base/big.body"
cat "$base/one.eml" "$base/big.body" >"$base/big.eml"
is "disk full" 75 "$(code sh -c "ulimit -f 100; aardig deliver -a klantenservice <'$base/big.eml'")"
mv "$base/state-aardig" "$base/state-good"
mkdir "$base/state-aardig"
head -c 20000 /dev/urandom >"$base/state-aardig/ledger.sqlite"
is "ledger that is none" 75 "$(code sh -c "aardig deliver -a klantenservice <'$base/one.eml'")"
rm -rf "$base/state-aardig"
mv "$base/state-good" "$base/state-aardig"
is "none of them stored anything" "$before" "$(count_files "$base/md/new")"
is "and tmp is clean" 0 "$(count_files "$base/md/tmp" "$base/md/aardig-spool")"

# ---- filter ----

mail_file "$base/plain.eml" "Waar blijft mijn bestelling" "Schandalig!! Dit is nu de derde keer dat ik mail. Bestelling 20431 is er nog steeds niet. Ik eis mijn geld terug."
sed 's/^From: /X-Aardig-Priority: low\nX-AARDIG-type : forged\n folded\nFrom: /' "$base/plain.eml" >"$base/forged.eml"
aardig filter -a klantenservice <"$base/forged.eml" >"$base/out.eml"
is "eight fields on top" 8 "$(head -n 8 "$base/out.eml" | grep -c '^X-Aardig-[A-Z][a-z]*: ')"
is "forged ones are gone, the rest is untouched" 0 "$(tail -n +9 "$base/out.eml" | cmp -s - "$base/plain.eml"; echo $?)"
has "a hot mail is of high priority" "X-Aardig-Priority: high" "$(head -n 8 "$base/out.eml")"
{
	echo "From klant@klant.example Mon Jun  2 10:00:00 2025"
	cat "$base/plain.eml"
} >"$base/mbox.eml"
is "a From line stays first" "From klant@klant.example Mon Jun  2 10:00:00 2025" "$(aardig filter -a klantenservice <"$base/mbox.eml" | head -n 1)"
head -c 200000 /dev/urandom >"$base/noise"
aardig filter -a klantenservice <"$base/noise" >"$base/noise.out"
is "noise loses no byte" 0 "$(tail -c 200000 "$base/noise.out" | cmp -s - "$base/noise"; echo $?)"
is "an empty mail stays empty, exit 0" "0 0" "$(aardig filter -a klantenservice </dev/null | wc -c | tr -d ' ') $(code sh -c 'aardig filter -a klantenservice </dev/null')"
echo 'nonsense = true;' >>"$conf"
aardig filter -a klantenservice <"$base/plain.eml" >"$base/out.eml" 2>/dev/null
is "a broken configuration lets the mail pass, exit 0" "0 0" "$(cmp -s "$base/out.eml" "$base/plain.eml"; echo $?) $(code sh -c "aardig filter <'$base/plain.eml'")"
cp "$conf.good" "$conf"
AARDIG_FAULT_AT=1 AARDIG_FAULT_HANG=1 timeout 120 "$faulty" -c "$conf" filter -a klantenservice <"$base/plain.eml" >"$base/out.eml" 2>/dev/null
is "a judge that comes to no end lets the mail pass, exit 0" "0 0" "$? $(cmp -s "$base/out.eml" "$base/plain.eml"; echo $?)"
# SIGABRT, SIGSEGV and the clock that ends a judge in a loop
for signal in 6 11 14; do
	AARDIG_FAULT_AT=1 AARDIG_FAULT_SIGNAL=$signal "$faulty" -c "$conf" filter -a klantenservice \
		<"$base/plain.eml" >"$base/out.eml" 2>/dev/null
	is "a judge that ends by signal $signal lets the mail pass, exit 0" "0 0" "$? $(cmp -s "$base/out.eml" "$base/plain.eml"; echo $?)"
done

# ---- procmail ----

rm -rf "$base/md" "$base/home"
mkdir "$base/home"
HOME=$base/home
export HOME
procmailrc() {
	{
		echo "PATH=$PATH"
		echo "MAILDIR=$base/home"
		echo "DEFAULT=$base/home/default/"
		recipe "$1"
	} >"$base/procmailrc"
	[ -s "$base/procmailrc" ] && chmod 600 "$base/procmailrc"
}
procmailrc procmail-deliver
mail_file "$base/three.eml"
ok "procmail hands over" sh -c "'$procmail' -f klant3@klant3.example '$base/procmailrc' <'$base/three.eml'"
ok "stored by deliver" test "$(count_files "$base/md/new")" = 1
ok "the customer's bytes are all there" same_bytes "$base/md/new" "$base/three.eml"
echo 'nonsense = true;' >>"$conf"
is "not stored: procmail ends with 75" 75 "$(code sh -c "'$procmail' '$base/procmailrc' <'$base/three.eml'")"
is "and has put it nowhere else" 0 "$(count_files "$base/home/default")"
cp "$conf.good" "$conf"

procmailrc procmail-filter
ok "procmail filters" sh -c "'$procmail' '$base/procmailrc' <'$base/plain.eml'"
is "a hot mail goes to its folder" 1 "$(count_files "$base/home/spoed/new")"
mail_file "$base/calm.eml" "Vraag" "Goedemiddag, hebben jullie de kast ook in het wit? Groet, Kim"
ok "procmail filters a calm one" sh -c "'$procmail' '$base/procmailrc' <'$base/calm.eml'"
is "it goes to the inbox" 1 "$(count_files "$base/home/inbox/new")"
ok "whole" same_bytes "$base/home/inbox/new" "$base/calm.eml"

# ---- Dovecot LDA with Sieve ----

mkdir -p "$base/filters" "$base/mail"
recipe dovecot-script >"$base/filters/aardig-filter"
sed -i "2i PATH=$PATH" "$base/filters/aardig-filter"
chmod 755 "$base/filters/aardig-filter"
recipe dovecot-sieve >"$base/rules.sieve"
dovecot_start "$(recipe dovecot-conf | sed "s#/etc/dovecot/sieve-filter#$base/filters#; s#sieve_plugins =#sieve = $base/rules.sieve\n  sieve_plugins =#")
import_environment = PATH=$PATH AARDIG_DATADIR=$AARDIG_DATADIR AARDIG_TEMPLATEDIR=$AARDIG_TEMPLATEDIR"
lda() {
	/usr/lib/dovecot/dovecot-lda -c "$doveconf" -e -d shop -f klant@klant.example -p "$1"
}
ok "LDA delivers a hot mail" lda "$base/plain.eml"
ok "LDA delivers a calm mail" lda "$base/calm.eml"
wait_for 60 test -d "$base/mail/shop/.Spoed"
is "Sieve has filed the hot one" 1 "$(folder_count Spoed)"
is "and left the calm one" 1 "$(count_files "$base/mail/shop/new" "$base/mail/shop/cur")"
has "with the fields to act on" "X-Aardig-Type:" "$(cat "$base"/mail/shop/new/* "$base"/mail/shop/cur/* 2>/dev/null)"

# ---- 2,000 deliveries, killed at random, tried again as a mail server would ----

rm -rf "$base/md" "$base/state-aardig" "$sink_dir"/*
mails=${AARDIG_TEST_DELIVERIES:-2000}
one_way() { # FIRST: every eighth mail from there, again and again until it is taken
	i=$1
	while [ "$i" -le "$mails" ]; do
		{
			printf 'From: Kim <k%s@k%s.example>\nTo: info@winkel.example\nMessage-ID: <kill%s@k.example>\n' "$i" "$i" "$i"
			printf 'Subject: Bestelling %s kapot\n\nDe vaas uit bestelling %s kwam gebroken aan.\n' "$i" "$i"
		} >"$base/kill.$1"
		until AARDIG_FAULT_RANDOM=4 "$faulty" -c "$conf" deliver -a klantenservice -f "k$i@k$i.example" <"$base/kill.$1" 2>/dev/null; do
			echo again >>"$base/again.$1"
		done
		i=$((i + 8))
	done
}
ways=
for way in 1 2 3 4 5 6 7 8; do
	one_way "$way" 2>/dev/null &
	ways="$ways $!"
done
for way in $ways; do
	wait "$way"
done
AARDIG_FAULT_CLOCK=120 "$faulty" -c "$conf" run --once >>"$base/run.log" 2>&1
AARDIG_FAULT_CLOCK=4000 "$faulty" -c "$conf" run --once >>"$base/run.log" 2>&1
again=$(cat "$base"/again.* 2>/dev/null | wc -l | tr -d ' ')
stored=$(cat "$base"/md/new/* "$base"/md/cur/* 2>/dev/null | grep -h '^Message-ID: <kill' | sort -u | wc -l | tr -d ' ')
copies=$(count_files "$base/md/new" "$base/md/cur")
is "no mail is lost ($again kills)" "$mails" "$stored"
ok "some were killed" test "$again" -gt $((mails / 100))
ok "doubled only where a kill came between link and exit ($copies files)" test "$copies" -le $((mails + again))
is "never two acknowledgements" "$(sink_count)" "$(cat "$sink_dir"/*.env | grep '^rcpt=' | sort -u | wc -l | tr -d ' ')"
unknown=$(ledger "select count(*) from action where kind='ack' and state in ('unknown', 'committing')")
# One that was killed three times under one name goes to a human unparsed: it might be the mail's doing.
aside=$(ledger "select count(distinct mail) from sight where outcome='set-aside'")
ok "all acknowledged but those cut off at the dot or set aside ($(sink_count), $unknown, $aside)" \
	test $(($(sink_count) + unknown + aside)) -ge "$mails"
drafts=$(count_files "$base/md/.Drafts/new" "$base/md/.Drafts/cur")
ok "never two drafts ($drafts)" test "$drafts" -le "$mails" -a $((drafts + aside)) -ge "$mails"
is "one row, one outcome each" "$mails $mails" "$(ledger "select count(*) from mail") $(ledger "select count(*) from mail where outcome is not null")"
is "the spool and tmp are empty" 0 "$(count_files "$base/md/aardig-spool" "$base/md/tmp")"
finish
