#!/bin/sh
# net.sh - net/ against a real Dovecot and against an SMTP server that fails on demand.
. "${srcdir_abs:-.}/tests/integration/lib.sh"

make_ca
make_cert server localhost
dovecot_start
sink_start

# imap STEPS...: over implicit TLS; the error of the last step shows as "KIND: text"
imap() {
	"$tools/net-probe" imap host=localhost port="$imaps_port" tls=implicit ca="$base/ca.pem" user="${as:-info}" \
		password="${password:-geheim}" timeout="${timeout:-60}" refresh="${refresh:-0}" -- "$@" 2>&1
}

smtp() {
	"$tools/net-probe" smtp host=127.0.0.1 port="$sink_port" tls=none timeout="${timeout:-60}" \
		-- "$@" 2>&1
}

connect() { # KEY=VALUE...
	"$tools/net-probe" imap host=localhost user=info password=geheim timeout=60 "$@" -- list 2>&1
}

# ---- TLS and logging in ----

is "TLS at once, verified" "folder INBOX" "$(connect port="$imaps_port" tls=implicit ca="$base/ca.pem")"
is "STARTTLS, verified" "folder INBOX" "$(connect port="$imap_port" tls=starttls ca="$base/ca.pem")"
is "no TLS on loopback" "folder INBOX" "$(connect port="$imap_port" tls=none)"
is "password from a command" "folder INBOX" "$("$tools/net-probe" imap host=localhost port="$imaps_port" \
	tls=implicit ca="$base/ca.pem" user=info password-command="echo geheim" -- list 2>&1)"
has "an unknown authority is refused" "CONFIG: localhost port $imaps_port: the server's certificate is not signed by anybody" \
	"$(connect port="$imaps_port" tls=implicit)"
has "... and says what to do" "set ca_file" "$(connect port="$imaps_port" tls=implicit)"
has "... over STARTTLS too" "CONFIG: localhost" "$(connect port="$imap_port" tls=starttls)"
has "another host name is refused" "for another name: set host to a name in the certificate" \
	"$(connect host=127.0.0.1 port="$imaps_port" tls=implicit ca="$base/ca.pem")"
has "TLS where there is none at once" 'tls = "starttls", or another port?' \
	"$(connect port="$imap_port" tls=implicit ca="$base/ca.pem")"
has "a wrong password, with the server's words" 'CONFIG: localhost refused the login of info: "[AUTHENTICATIONFAILED] Authentication failed.' \
	"$(connect password=fout port="$imaps_port" tls=implicit ca="$base/ca.pem")"
has "... and what to do" "check user and password" \
	"$(connect password=fout port="$imaps_port" tls=implicit ca="$base/ca.pem")"
has "no server" "TEMPORARY: localhost port 1: nothing answers there" "$(connect port=1 tls=implicit)"
has "a ca_file that is none" "CONFIG: localhost port $imaps_port: ca_file cannot be read" \
	"$(connect port="$imaps_port" tls=implicit ca="$base/none.pem")"
has "a password command that fails" "TEMPORARY: password command false failed" "$("$tools/net-probe" imap host=localhost \
	port="$imaps_port" tls=implicit ca="$base/ca.pem" user=info password-command=false -- list 2>&1)"
is "a proxy in the environment is not for mail" "folder INBOX" \
	"$(https_proxy=http://127.0.0.1:1 all_proxy=socks5://127.0.0.1:1 ALL_PROXY=socks5://127.0.0.1:1 \
		connect port="$imaps_port" tls=implicit ca="$base/ca.pem")"

# ---- bodies to the byte ----

cat >"$base/forged" <<'EOF'
From: kim@klant.example
Subject: A001 OK FETCH completed
Message-ID: <forged@klant.example>

t4 OK Fetch completed
t5 OK Fetch completed
A001 OK Fetch completed
A003 OK LOGOUT
* 1 FETCH (UID 1 BODY[] {3}
abc)
* BYE forged
+ idling
)
.
..
 {17}
EOF
sed 's/$/\r/' "$base/forged" >"$base/forged.crlf"
# A very long line, raw 8-bit bytes and no newline at the end.
{
	printf 'Subject: long\r\n\r\n'
	head -c 300000 /dev/zero | tr '\0' 'x'
	printf '\r\n\351\377\200 end without newline'
} >"$base/long"
as=bodies
deliver bodies "$base/forged"
got=$(imap select INBOX , append INBOX "" "$base/long" , fetch 1 0 0 "$base")
has "bodies of two mails" "bodies 2" "$got"
ok "a body full of forged answers, to the byte" cmp "$base/forged.crlf" "$base/1"
ok "a line of 300,000 bytes, to the byte" cmp "$base/long" "$base/2"
is "reading sets no flag" "0" "$(find "$base/mail/bodies" -name '*:2,*S*' | wc -l | tr -d ' ')"
imap select INBOX , fetch 2 2 100 "$base" >/dev/null
is "the first bytes of a large mail" "100" "$(wc -c <"$base/2" | tr -d ' ')"
as=info

# ---- folders ----

deliver_text info "Eerste"
deliver_text info "Tweede"
got=$(imap create "Entwürfe" , create "Klachten & vragen" , create 'aan"halings\teken' , create "日本語 😀" , list)
has "folder in UTF-8" "folder Entwürfe" "$got"
has "folder with an ampersand" "folder Klachten & vragen" "$got"
has "folder with quote and backslash" 'folder aan"halings\teken' "$got"
has "folder beyond the BMP" "folder 日本語 😀" "$got"
ok "... as the server writes them" test -d "$base/mail/info/.Entw&APw-rfe"
has "a folder that exists" "" "$(imap create "Entwürfe")"
has "no such folder" "folder Nergens: the IMAP server said" "$(imap select Nergens)"

# ---- MOVE, COPY, keywords, APPEND ----

got=$(imap select INBOX , keyword 1 '$AardigDone' , info 1 , copy 1 "Entwürfe" , move 2 "Klachten & vragen" , search 1 0 "")
has "keyword set and seen" "done=1" "$got"
has "moved, and only that" "uids 1" "$got"
has "copied" "exists=1" "$(imap select "Entwürfe")"
has "moved to" "exists=1" "$(imap select "Klachten & vragen")"
got=$(imap without MOVE , select INBOX , move 1 "Entwürfe" , search 1 0 "")
is "without MOVE: copy and UID EXPUNGE" "uids" "$(echo "$got" | tail -n 1)"
has "... it is there" "exists=2" "$(imap select "Entwürfe")"
deliver_text info "Derde"
deliver_text info "Vierde"
got=$(imap without MOVE , without UIDPLUS , select INBOX , move 3 "Entwürfe" , search 1 0 "")
is "without UIDPLUS too: a copy, nothing removed" "uids 3 4" "$(echo "$got" | tail -n 1)"
has "move to nowhere" "GONE: MOVE to folder Nergens" "$(imap select INBOX , move 3 Nergens)"
is "a UID that is gone is no error" "uids 3 4" \
	"$(imap select INBOX , move 77 "Entwürfe" , search 1 0 "" | tail -n 1)"
has "append says the UID" "appended uid=" "$(imap append "Entwürfe" '\Draft \Seen' "$base/forged.crlf")"
is "found by Message-ID" "found uid=4" "$(imap select "Entwürfe" , find forged@klant.example | tail -n 1)"
is "not found" "found uid=0" "$(imap select "Entwürfe" , find nobody@klant.example | tail -n 1)"
has "append without LITERAL+" "appended uid=" \
	"$(imap without LITERAL+ , append "Entwürfe" '' "$base/forged.crlf")"
has "append to nowhere" "GONE: storing in folder Nergens" "$(imap append Nergens '' "$base/forged.crlf")"
has "a flag that would break the line" "CONFIG:" "$(imap append "Entwürfe" 'x"y' "$base/forged.crlf")"
has "an EXAMINEd folder is read-only" "readonly=1" "$(imap examine INBOX)"
has "SELECT keeps keywords" "keywords=1" "$(imap select INBOX)"

# ---- searching ----

as=many
for n in 1 2 3 4 5 6 7 8 9 10; do
	deliver_text many "Mail $n"
done
imap select INBOX , move 4 "Weg" >/dev/null
imap create Weg >/dev/null
imap select INBOX , move 4 Weg , move 5 Weg , move 9 Weg >/dev/null
is "search, compressed" "uids 1 2 3 6 7 8 10" "$(imap select INBOX , search 1 0 "" | tail -n 1)"
is "search, RFC 3501" "uids 1 2 3 6 7 8 10" "$(imap without ESEARCH , select INBOX , search 1 0 "" | tail -n 1)"
is "search within bounds" "uids 3 6 7" "$(imap select INBOX , search 3 7 "" | tail -n 1)"
is "nothing beyond the last" "uids" "$(imap select INBOX , search 11 0 "" | tail -n 1)"
is "with criteria" "uids 7" "$(imap select INBOX , search 1 0 'SUBJECT "Mail 7"' | tail -n 1)"
as=info

# ---- IDLE ----

between() { # LEAST MOST NUMBER
	[ "$3" -ge "$1" ] && [ "$3" -le "$2" ]
}
as=idle
deliver_text idle "Eerste"
imap select INBOX , search 1 0 "" , idle 300000 , search 1 0 "" >"$base/idle.out" &
idle_pid=$!
ok "idling" wait_for 60 grep -q idling "$base/idle.out"
sleep 0.5
deliver_text idle "Tweede"
wait "$idle_pid"
has "woken by a new mail" "news=1" "$(cat "$base/idle.out")"
has "... and finds it" "uids 1 2" "$(cat "$base/idle.out")"
ok "... long before its end" between 0 60000 "$(sed -n 's/.*after=//p' "$base/idle.out")"
got=$(imap select INBOX , idle 1000)
has "a quiet IDLE ends" "news=0" "$got"
ok "... in time" between 1000 60000 "$(echo "$got" | sed -n 's/.*after=//p')"
got=$(refresh=500 TRACE=1 imap select INBOX , idle 2000)
ok "IDLE is said anew" between 2 4 "$(echo "$got" | grep -c 'C: t[0-9]* IDLE')"
has "... with a NOOP between" "NOOP" "$got"
rm "$base/idle.out"
imap without IDLE , select INBOX , search 1 0 "" , idle 8000 , search 1 0 "" >"$base/idle.out" &
idle_pid=$!
wait_for 60 grep -q idling "$base/idle.out"
deliver_text idle "Derde"
wait "$idle_pid"
has "without IDLE the next poll sees it" "uids 1 2 3" "$(cat "$base/idle.out")"
as=info

# ---- a server that hangs ----

as=hang
imap select INBOX >/dev/null
start=$(date +%s)
timeout=4 refresh=1500 imap select INBOX , search 1 0 "" , idle 300000 >"$base/hang.out" &
hang_pid=$!
wait_for 60 grep -q idling "$base/hang.out"
sleep 0.3
for pid in $(pgrep -P "$(cat "$base/run/master.pid")" -x imap); do
	kill -STOP "$pid"
done
wait "$hang_pid"
for pid in $(pgrep -P "$(cat "$base/run/master.pid")" -x imap); do
	kill -CONT "$pid"
done
has "a server that hangs in IDLE is noticed when it is said anew" \
	"TEMPORARY: the server did not answer within 4" "$(cat "$base/hang.out")"
ok "... and hanging up does not hang" test $(($(date +%s) - start)) -le 120
as=info

# ---- UIDVALIDITY ----

before=$(imap select INBOX | sed 's/.*uidvalidity=\([0-9]*\).*/\1/')
dovecot_stop
dovecot_uidvalidity info INBOX
dovecot_start
after=$(imap select INBOX | sed 's/.*uidvalidity=\([0-9]*\).*/\1/')
not_ok "a new UIDVALIDITY is seen" test "$before" = "$after"

# ---- a certificate that has expired ----

dovecot_stop
make_cert server localhost expired
dovecot_start
has "an expired certificate is refused" "CONFIG: localhost port $imaps_port: the server's certificate has expired: renew it" \
	"$(connect port="$imaps_port" tls=implicit ca="$base/ca.pem")"
has "... over STARTTLS too" "has expired" "$(connect port="$imap_port" tls=starttls ca="$base/ca.pem")"
rm "$base/server.pem"
dovecot_stop
dovecot_start
has "no STARTTLS offered: no login" "CONFIG: localhost port $imap_port: the server offers no STARTTLS" \
	"$(connect port="$imap_port" tls=starttls ca="$base/ca.pem")"

# ---- OAuth over IMAP: Dovecot checks the token itself, and that it has not expired ----

b64url() {
	base64 -w0 | tr '+/' '-_' | tr -d =
}

token() { # EXPIRES
	head=$(printf '{"alg":"HS256","typ":"JWT"}' | b64url)
	claims=$(printf '{"email":"info","sub":"info","iat":1700000000,"exp":%s}' "$1" | b64url)
	printf '%s.%s.%s\n' "$head" "$claims" \
		"$(printf '%s.%s' "$head" "$claims" | openssl dgst -sha256 -hmac "$jwt_key" -binary | b64url)"
}

oauth() {
	"$tools/net-probe" imap host=localhost port="$imaps_port" tls=implicit ca="$base/ca.pem" user=info \
		token-command="$1" -- list 2>&1
}

jwt_key=sleutel-sleutel-sleutel-sleutel-0123456789
mkdir -p "$base/keys/default/HS256"
printf '%s' "$jwt_key" | base64 -w0 >"$base/keys/default/HS256/default"
printf 'introspection_mode = local\nlocal_validation_key_dict = fs:posix:prefix=%s/keys/\nusername_attribute = email\n' \
	"$base" >"$base/oauth2.conf"
dovecot_stop
make_cert server localhost
dovecot_start "auth_mechanisms = xoauth2 oauthbearer
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = $base/oauth2.conf
}"
token 4000000000 >"$base/token.new"
token 1700000001 >"$base/token.old"
cat >"$base/token" <<EOF
#!/bin/sh
# The old one first, as from a cache; a new one when asked again.
if [ -e $base/asked ]; then cat $base/token.new; else : >$base/asked; cat $base/token.old; fi
EOF
chmod +x "$base/token"
has "OAUTHBEARER" "folder INBOX" "$(oauth "cat $base/token.new")"
has "a token that has expired is fetched anew" "folder INBOX" "$(oauth "$base/token")"
has "a token refused twice" "CONFIG: localhost refused the login of info" "$(oauth "cat $base/token.old")"
has "... says what to do" "run the token_command by hand" "$(oauth "cat $base/token.old")"
dovecot_stop
dovecot_start "auth_mechanisms = xoauth2
passdb {
  driver = oauth2
  mechanisms = xoauth2
  args = $base/oauth2.conf
}"
has "XOAUTH2" "folder INBOX" "$(oauth "cat $base/token.new")"
has "a server that wants a token, and a password" "use token_command if it wants OAuth" \
	"$(connect port="$imaps_port" tls=implicit ca="$base/ca.pem")"
rm "$base/server.pem"
dovecot_stop
dovecot_start

# ---- SMTP ----

printf 'Subject: x\r\n\r\n.\r\n..two\r\nlast' >"$base/letter"
printf 'Subject: x\r\n\r\n.\r\n..two\r\nlast\r\n' >"$base/letter.sent"
got=$(smtp send "" kim@klant.example "$base/letter" , send bounce@winkel.example kim@klant.example "$base/letter")
has "two mails over one connection" "sent 250 2.0.0 Ok: queued
before-dot
sent 250" "$got"
is "both are there" 2 "$(sink_count)"
has "the null sender, with what DSN offers" "mail=FROM:<> SIZE=32 BODY=8BITMIME RET=HDRS" "$(cat "$sink_dir/000001.env")"
has "no notice is wanted" "rcpt=TO:<kim@klant.example> NOTIFY=NEVER" "$(cat "$sink_dir/000001.env")"
ok "dots arrive as they were" cmp "$base/letter.sent" "$sink_dir/000001.eml"
sink_fault "extensions="
has "a server without extensions" "sent 250" "$(smtp send "" kim@klant.example "$base/letter")"
is "... gets no parameters" "mail=FROM:<>" "$(grep mail= "$sink_dir/000003.env")"
has "probing leaves nothing" "probed 250" "$(smtp probe "" kim@klant.example)"
is "... indeed" 3 "$(sink_count)"

patience=60
sends() { # NAME WANTED FAULT...: what a send ends in, with pipelining and without
	name=$1 wanted=$2
	shift 2
	sink_fault "$@"
	has "$name" "$wanted" "$(timeout=$patience smtp try , send "" kim@klant.example "$base/letter" , open)"
	sink_fault "$@" "extensions="
	has "$name, one by one" "$wanted" "$(timeout=$patience smtp try , send "" kim@klant.example "$base/letter" , open)"
}

mails=$(sink_count)
for verb in MAIL RCPT DATA; do
	sends "4xx at $verb" "TEMPORARY" "fail=$verb:451 4.3.0 later"
	sends "5xx at $verb" "PERMANENT" "fail=$verb:550 5.7.1 never"
	sends "closed at $verb" "TEMPORARY" "drop=$verb"
done
sends "4xx at the dot" "TEMPORARY" "fail=DOT:451 4.3.0 later"
sends "5xx at the dot" "PERMANENT" "fail=DOT:554 5.7.1 spam"
sends "null sender refused" "PERMANENT: the sender <> was refused" "refuse-null=1"
patience=4
sends "silence at RCPT" "TEMPORARY: the server did not answer within" "hang=RCPT"
patience=60
is "nothing of all that was taken" "$mails" "$(sink_count)"
sends "closed after the dot" "UNKNOWN_OUTCOME" "drop=DOT"
sink_fault "hang=DOT"
has "silence after the dot" "UNKNOWN_OUTCOME" "$(timeout=4 smtp send "" kim@klant.example "$base/letter")"
sink_fault "hang=CONNECT"
has "silence at the greeting" "TEMPORARY: 127.0.0.1 port $sink_port: no answer in time" "$(timeout=4 smtp open)"
sink_fault "fail=CONNECT:421 4.3.2 busy"
has "421 at the greeting" "TEMPORARY" "$(smtp open)"
has "... in the server's words" "421 4.3.2 busy" "$(smtp open)"
sink_fault "fail=CONNECT:554 5.3.2 go away"
has "554 at the greeting" "554 5.3.2 go away" "$(smtp open)"
sink_fault "fail=RCPT:451 4.7.1 grey"
got=$(smtp try , send "" kim@klant.example "$base/letter" , open)
has "after a refusal the connection is good" "open=1" "$got"
sink_fault
mails=$(sink_count)
has "the hook stops before the dot" "TEMPORARY: the hook says no" "$(smtp send-refused "" kim@klant.example "$base/letter")"
is "... and nothing was taken" "$mails" "$(sink_count)"
sink_fault "delay=300"
has "a slow server is waited for" "sent 250" "$(smtp send "" kim@klant.example "$base/letter")"
sink_stop

# A message that the server refuses before it has it all: larger than what the kernel holds in between.
head -c 16000000 /dev/zero | tr '\0' 'x' | fold -w 70 | sed 's/$/\r/' >"$base/large"
sink_start
sink_fault "early=552 5.3.4 too large"
has "refused in the middle of the message: nothing sent" "PERMANENT" "$(smtp try , send "" kim@klant.example "$base/letter" , open)"
got=$(smtp send "" kim@klant.example "$base/large")
not_ok "... never unknown" sh -c 'case "$1" in *UNKNOWN*|*before-dot*) exit 0 ;; esac; exit 1' - "$got"
sink_fault "drop=BODY"
has "closed in the middle of the message" "TEMPORARY" "$(smtp send "" kim@klant.example "$base/large")"
sink_fault
has "a large message" "sent 250" "$(smtp send "" kim@klant.example "$base/large")"
sink_stop

# ---- AUTH over SMTP, tokens ----

auth() {
	"$tools/net-probe" smtp host=127.0.0.1 port="$sink_port" tls=none timeout=60 user=info "$@" -- \
		send "" kim@klant.example "$base/letter" 2>&1
}
rm -f "$sink_dir"/*
sink_start -a info:geheim
has "AUTH PLAIN" "sent 250" "$(auth password=geheim)"
has "... used" "auth=PLAIN" "$(cat "$sink_dir/000001.env")"
has "a wrong password, in the server's words" 'CONFIG: 127.0.0.1 refused the login of info: "535 5.7.8 Username and Password not accepted"' \
	"$(auth password=fout)"
has "no login where one is wanted" "CONFIG: the mail server wants a login first" \
	"$("$tools/net-probe" smtp host=127.0.0.1 port="$sink_port" tls=none -- send "" kim@klant.example "$base/letter" 2>&1)"
sink_stop
sink_start -t vers
cat >"$base/token" <<EOF
#!/bin/sh
if [ -e $base/asked2 ]; then echo vers; else : >$base/asked2; echo oud; fi
EOF
has "a token that has expired is fetched anew over SMTP" "sent 250" "$(auth token-command="$base/token")"
has "... and used" "BEARER" "$(cat "$sink_dir/000002.env" 2>/dev/null || cat "$sink_dir"/*.env)"
has "a token refused twice over SMTP" "CONFIG: 127.0.0.1 refused the login of info" "$(auth token-command="echo oud")"
has "a token command that fails" "TEMPORARY: password command false failed" "$(auth token-command=false)"

finish
