#!/bin/sh
# smtp-tls.sh - submission over TLS at once and over STARTTLS: nothing is said in the clear that is not for everybody,
# whatever the server, or somebody in between, answers; and the mail waits until the server does as it should.
. "${srcdir_abs:-.}/tests/integration/lib.sh"
. "$top/tests/integration/shop.sh"
command -v sqlite3 >/dev/null 2>&1 || skip_all "no sqlite3"

make_ca
make_cert server localhost
make_cert other smtp.elders.example
make_cert old localhost expired
printf 'Subject: x\r\n\r\nDag Kim\r\n' >"$base/letter"

server() { # [SETTING...]: what the server does from now on; the log of its commands is empty
	rm -f "$base/commands"
	sink_fault "log=$base/commands" "$@"
}
submit() { # KEY=VALUE...
	"$tools/net-probe" smtp host=localhost port="$sink_port" ca="$base/ca.pem" user=info password=geheim timeout=60 "$@" -- \
		send "" kim@klant.example "$base/letter" 2>&1
}
clear() { # what was said in the clear, without the greeting
	grep -a '^clear ' "$base/commands" 2>/dev/null | sed 's/^clear //' | grep -av '^EHLO \|^QUIT' | tr '\n' ' '
}

clear_commands() { # how many commands were said in the clear; a ClientHello's random bytes, read as lines, are none
	grep -acE '^clear +(AUTH|MAIL|RCPT|DATA|STARTTLS)\b' "$base/commands" 2>/dev/null
}

sink_start -a info:geheim -s "$base/server"
server
has "STARTTLS" "sent 250" "$(submit tls=starttls)"
is "... and login and mail inside" "tls=1 auth=PLAIN" "$(grep 'tls=\|auth=' "$sink_dir/000001.env" | tr '\n' ' ' | sed 's/ $//')"
is "... nothing else in the clear" "STARTTLS " "$(clear)"
server "tls=implicit"
has "TLS at once" "sent 250" "$(submit tls=implicit)"
is "... and login and mail inside" "tls=1 auth=PLAIN" "$(grep 'tls=\|auth=' "$sink_dir/000002.env" | tr '\n' ' ' | sed 's/ $//')"
is "... nothing in the clear" "" "$(clear)"

server "tls=none"
has "STARTTLS is not offered: an error that says so" "CONFIG: localhost port $sink_port: the server offers no STARTTLS" "$(submit tls=starttls)"
is "... and nothing was said" "" "$(clear)"
server "fail=STARTTLS:454 4.7.0 not now"
has "STARTTLS is refused" "localhost port $sink_port" "$(submit tls=starttls)"
is "... and nothing else was said" "STARTTLS " "$(clear)"
server
has "TLS at once where STARTTLS is spoken" "localhost port $sink_port" "$(submit tls=implicit)"
is "... and no command was said" 0 "$(clear_commands)"
server
has "an unknown authority" "is not signed by anybody" "$(submit tls=starttls ca="$base/other.pem")"
is "... and nothing else was said" "STARTTLS " "$(clear)"

# Somebody in between appends what looks like the server's answers to what follows (CVE-2021-38371 and its kin).
for line in "235 2.7.0 ok" "250 2.0.0 Ok: queued" "250-localhost" "220 again" "535 5.7.8 no"; do
	server "inject=$line"
	mails=$(sink_count)
	got=$(submit tls=starttls)
	is "injected behind STARTTLS: $line: nothing else in the clear" "STARTTLS " "$(clear)"
	case $got in
	*"sent 250"*) is "... sent, and the server has it" "$((mails + 1))" "$(sink_count)" ;;
	*) is "... not sent, and the server does not have it" "$mails" "$(sink_count)" ;;
	esac
done
sink_stop
for certificate in other old; do
	sink_start -a info:geheim -s "$base/$certificate"
	server
	has "certificate of $certificate" "CONFIG: localhost port $sink_port" "$(submit tls=starttls)"
	is "... nothing else in the clear" "STARTTLS " "$(clear)"
	sink_stop
done

# The whole program: the acknowledgement waits for a server that does as it should.
rm -f "$sink_dir"/*
sink_start -a info:geheim -s "$base/server"
conf_maildir
sed -i "s|smtp: {.*|smtp: { host = \"localhost\"; port = $sink_port; tls = \"starttls\"; ca_file = \"$base/ca.pem\"; user = \"info\"; password = \"geheim\"; };|" "$conf"
run_once
new_maildir_mail
server "tls=none"
run_once
is "no STARTTLS: nothing is sent" 0 "$(sink_count)"
is "... nor said" "" "$(clear)"
has "... the log says what is wrong" "offers no STARTTLS" "$(cat "$base/run.log")"
is "... the mail waits, without an outcome" 0 "$(ledger "select count(*) from sight where outcome is not null")"
is "... and its acknowledgement is to be tried again" "failed" "$(ledger "select state from action where kind = 'ack'")"
server
run_at 120
is "with STARTTLS: one acknowledgement" 1 "$(sink_count)"
is "... over TLS, logged in" "tls=1 auth=PLAIN" "$(cat "$sink_dir"/*.env | grep 'tls=\|auth=' | tr '\n' ' ' | sed 's/ $//')"
finish
