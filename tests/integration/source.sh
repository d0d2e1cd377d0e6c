#!/bin/sh
# source.sh - an IMAP folder as a source, against a real Dovecot: where to begin, what comes next, what is
# done to a mail, and what happens when the server changes under it.
. "${srcdir_abs:-.}/tests/integration/lib.sh"

dovecot_start
as=shop
ledger=$base/ledger.sqlite

probe() { # STEPS...
	"$tools/source-probe" "$ledger" port="$imap_port" user="$as" password=geheim ${keys:-} -- "$@" 2>&1
}

dry() {
	"$tools/source-probe" - port="$imap_port" user="$as" password=geheim ${keys:-} -- "$@" 2>&1
}

imap() {
	"$tools/net-probe" imap host=127.0.0.1 port="$imap_port" tls=none user="$as" password=geheim -- "$@" 2>&1
}

subjects() { # FOLDER: subjects of its mails, sorted, on one line
	find "$base/mail/$as/$1/cur" "$base/mail/$as/$1/new" -type f -exec sed -n 's/^Subject: //p' {} + 2>/dev/null |
		tr -d '\r' | sort | tr '\n' ' ' | sed 's/ $//'
}

put_old() { # SUBJECT DAYS-AGO, by APPEND with that date
	deliver_text "$as.$$" "$1" >/dev/null
	sed 's/$/\r/' "$base/.deliver" >"$base/.crlf"
	doveadm -c "$doveconf" save -u "$as" -m INBOX -r "$(date -d "-$2 days" '+%Y-%m-%d')" "$base/.crlf" 2>/dev/null ||
		{ deliver "$as" "$base/.deliver" && touch -d "-$2 days" "$base/mail/$as/new/$deliver_name"; }
}

# ---- the first start ----

deliver_text shop "Oud"
is "a first start answers nothing that is there" "end" "$(probe all)"
deliver_text shop "Een"
deliver_text shop "Twee"
is "what came since" "mail Een
mail Twee
end" "$(probe all)"
is "once" "end" "$(probe all)"
is "reading changes no flag" 0 "$(find "$base/mail/shop/cur" -name '*:2,?*' | wc -l | tr -d ' ')"

# ---- crash and restart ----

deliver_text shop "Drie"
deliver_text shop "Vier"
is "handed out and not settled" "mail Drie" "$(probe take)"
is "comes again" "mail Drie
mail Vier
end" "$(probe all)"
deliver_text shop "Vijf"
deliver_text shop "Zes"
is "the later one is settled, the earlier one not" "mail Vijf
mail Zes" "$(probe take , take , settle)"
is "the watermark does not pass the earlier one" "mail Vijf
end" "$(probe all)"

# ---- waiting for the next try ----

deliver_text shop "Later"
is "a mail that waits is not handed out" "mail Later
waiting
end" "$(probe take , later 600 , wait 10 , all | grep -v waited)"
is "nor after a restart" "end" "$(probe all)"
is "but when it is due" "mail Later
end" "$(probe clock 700 , all)"
deliver_text shop "Verplaatst"
probe take , later 600 >/dev/null
imap create Elders >/dev/null
imap select INBOX , move 9 Elders >/dev/null
is "a waiting mail that was moved away ends" "end" "$(probe all)"
is "... in the ledger" "gone" \
	"$(sqlite3 "$ledger" "SELECT outcome FROM sight JOIN place ON place.id = sight.place WHERE sight.name = 9" 2>&1)"

# ---- --since ----

as=since
put_old "Vorig jaar" 400
put_old "Vorige week" 6
put_old "Gisteren" 1
deliver_text since "Vandaag"
keys="since=864000"
is "--since opts in" "mail Vorige week
mail Gisteren
mail Vandaag
end" "$(probe all)"
is "... at the first start only" "end" "$(probe all)"
is "a dry run shows it again" "mail Vorige week
mail Gisteren
mail Vandaag
end" "$(dry all)"
is "... and again: it has left no trace" "mail Vorige week
mail Gisteren
mail Vandaag
end" "$(dry all)"
keys=
is "a dry run without --since begins at the end" "end" "$(dry all)"

as=mixed
put_old "Nieuw een" 1
put_old "Heel oud" 300
put_old "Nieuw twee" 1
keys="since=864000"
is "old mails between newer ones are backlog" "mail Nieuw een" "$(probe take)"
keys=
is "... after a crash in the middle too" "mail Nieuw een
mail Nieuw twee
end" "$(probe all)"

# ---- a new UIDVALIDITY ----

as=shop
probe all >/dev/null
deliver_text shop "Voor de wissel"
put_old "Oud teruggezet" 30
dovecot_stop
dovecot_uidvalidity shop INBOX
dovecot_start
got=$(probe all)
has "after a new UIDVALIDITY what is newer comes again" "mail Voor de wissel" "$got"
has "... what had its outcome too, its content decides" "mail Vijf" "$got"
not_ok "... what is older does not" sh -c 'case "$1" in *teruggezet*) exit 0 ;; esac; exit 1' - "$got"
is "... and then all is as before" "end" "$(probe all)"
deliver_text shop "Na de wissel"
is "what comes next comes" "mail Na de wissel
end" "$(probe all)"

# ---- waiting for news ----

probe all , wait 300000 , all >"$base/wait.out" &
wait_pid=$!
wait_for 60 grep -q waiting "$base/wait.out"
sleep 0.3
deliver_text shop "Nieuws"
wait "$wait_pid"
has "a new mail ends the wait" "mail Nieuws" "$(cat "$base/wait.out")"
ok "... long before its end" test "$(sed -n 's/^waited //p' "$base/wait.out")" -le 60000

# ---- drafts, filing, keywords ----

printf 'Message-ID: <d1@winkel.example>\r\nSubject: Concept\r\n\r\nx\r\n' >"$base/draft"
has "no Drafts folder yet" "drafts Drafts" "$(probe drafts)"
is "a draft makes it" "" "$(probe append - "$base/draft" d1@winkel.example 0)"
is "... and is there" "Concept" "$(subjects .Drafts)"
ok "... marked as draft and read" sh -c "ls '$base/mail/shop/.Drafts/cur' | grep -q ':2,DS'"
is "looked up, it is not made twice" "" "$(probe append - "$base/draft" d1@winkel.example 1)"
is "... indeed" "Concept" "$(subjects .Drafts)"
printf 'Message-ID: <d2@winkel.example>\r\nSubject: Tweede\r\n\r\nx\r\n' >"$base/draft2"
probe append - "$base/draft2" d2@winkel.example 1
is "another one is" "Concept Tweede" "$(subjects .Drafts)"
deliver_text shop "Tijdens opzoeken"
is "a mail that comes while drafts are looked up is seen" "waiting
mail Tijdens opzoeken" "$(probe append - "$base/draft" d1@winkel.example 1 , wait 60000 , take | grep -v waited)"
probe all >/dev/null

deliver_text shop "Klacht"
is "moved to a folder that is made" "mail Klacht" "$(probe take , flag '$AardigDone' , file "Klachten/Warm" , file "Klachten/Warm" , settle)"
is "... once" "Klacht" "$(subjects .Klachten.Warm)"
has "... with its keyword" "done=1" "$(imap select Klachten.Warm , info 1)"
deliver_text shop "Kopie"
is "copied" "mail Kopie" "$(probe take , copy Kopieën , settle)"
is "... there" "Kopie" "$(subjects '.Kopie&AOs-n')"
has "... and here" "Kopie" "$(subjects .)"
deliver_text shop "Elders gedaan"
last=$(imap select INBOX , search 1 0 "" | tail -n 1 | sed 's/.* //')
imap select INBOX , keyword "$last" '$AardigDone' >/dev/null
is "a mail that another ledger has done says so" "mail Elders gedaan done
end" "$(probe all)"
rm -rf "$base/mail/shop/.Drafts"
is "a Drafts folder that was removed is made again" "" "$(probe append - "$base/draft" d1@winkel.example 0)"
is "... and holds the draft" "Concept" "$(subjects .Drafts)"

as=concepten
imap create Concepten >/dev/null
has "Drafts by its usual name" "drafts Concepten" "$(probe drafts)"
keys="drafts=Eigen/Concepten"
has "Drafts by configuration" "drafts Eigen/Concepten" "$(probe drafts)"
probe append - "$base/draft" d1@winkel.example 0
is "... where the server's delimiter is another" "Concept" "$(subjects .Eigen.Concepten)"
keys=

# ---- folders that are no source ----

imap create Klachten >/dev/null
imap create Sent >/dev/null
for folder in Concepten Sent; do
	keys="folder=$folder"
	has "$folder is refused as a source" "mail in it must not be answered" "$(probe all)"
done
keys="folder=Nergens"
has "a folder that is not there, and which are" 'CONFIG: there is no folder "Nergens" on the server; set folder to one of:' "$(probe all)"
keys="folder=Klachten"
is "another folder is a source" "end" "$(probe all)"
deliver_folder=$base/mail/concepten/.Klachten/new
cp "$base/.deliver" "$deliver_folder/1.2.x"
is "... of its own" "mail Elders gedaan
end" "$(probe all)"
keys=

# ---- much, and large ----

as=veel
imap select INBOX >/dev/null
probe all >/dev/null
n=0
while [ $n -lt 1200 ]; do
	n=$((n + 1))
	deliver_text veel "Mail $n"
done
probe take , until "$base/moved" , all >"$base/veel.out" &
probe_pid=$!
wait_for 60 grep -q "mail Mail" "$base/veel.out"
imap create Weg , select INBOX , move 1200 Weg >/dev/null
: >"$base/moved"
wait "$probe_pid"
is "1200 mails" 1201 "$(wc -l <"$base/veel.out" | tr -d ' ')"
is "... of which one vanished between search and fetch" 1 "$(grep -c '^gone' "$base/veel.out")"
is "... the first was not settled" 1 "$(probe all | grep -c '^mail')"
is "... once" "end" "$(probe all)"
{
	printf 'Subject: Groot\n\n'
	head -c 27000000 /dev/zero | tr '\0' 'x' | fold -w 76
} >"$base/groot"
deliver veel "$base/groot"
deliver_text veel "Klein"
is "a mail over the limit comes with its header alone" "large Groot
mail Klein
end" "$(probe all)"

# ---- a mail that its server cannot read: Dovecot hangs up on it ----

as=gif
probe all >/dev/null
deliver_text gif "Voor"
deliver_text gif "Kapot"
broken=$deliver_name
deliver_text gif "Na"
chmod 000 "$base/mail/gif/new/$broken"
probe all >"$base/gif.out"
is "the others come all the same" "mail Na mail Voor" "$(grep '^mail' "$base/gif.out" | sort | tr '\n' ' ' | sed 's/ $//')"
has "... and it is said what is wrong" "TEMPORARY: the IMAP server hung up" "$(cat "$base/gif.out")"
has "a second time" "TEMPORARY" "$(probe all)"
is "at the third it is handed out empty, for a human" "mail  undated
end" "$(probe all)"
is "... and that is all" "end" "$(probe all)"

# Among many, which are under way when it hangs up.
for how in once=1 slow=1; do
	as=gif-${how%=1} keys=$how
	probe all >/dev/null
	n=0
	while [ $n -lt 180 ]; do
		n=$((n + 1))
		deliver_text "$as" "Mail $n"
		[ $n != 90 ] || broken=$deliver_name
	done
	chmod 000 "$base/mail/$as/new/$broken"
	probe all >"$base/gif.out"
	is "$how: those before it and behind it come, once each" 179 "$(grep '^mail' "$base/gif.out" | sort -u | wc -l | tr -d ' ')"
	is "... and nothing else" 180 "$(wc -l <"$base/gif.out" | tr -d ' ')"
	has "... and the one is tried again" "TEMPORARY" "$(probe all)"
	is "... until a human gets it" "mail  undated
end" "$(probe all)"
done
keys=

# ---- the server goes ----

as=veel
probe all , wait 300000 , all >"$base/gone.out" &
wait_pid=$!
wait_for 60 grep -q waiting "$base/gone.out"
sleep 0.3
dovecot_stop
wait "$wait_pid"
has "a server that goes away is trouble, not the end" "TEMPORARY" "$(cat "$base/gone.out")"
has "... and while it is away" "TEMPORARY: 127.0.0.1 port $imap_port: nothing answers there" "$(probe all)"
dovecot_start
deliver_text veel "Terug"
is "... and when it is back" "mail Terug
end" "$(probe all)"

finish
