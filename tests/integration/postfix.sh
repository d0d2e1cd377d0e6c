#!/bin/sh
# postfix.sh - the Postfix recipes of doc/delivery.md against a private Postfix: its own queue, configuration and
# port on the loopback interface, nothing can leave. It makes users, so it runs as root, and only where
# AARDIG_TEST_THROWAWAY=1 says that the system may be thrown away afterwards.
set -u
top=${srcdir_abs:-$(cd "$(dirname "$0")/../.." && pwd)}
build=${builddir_abs:-$top/build}
if [ "$(id -u)" != 0 ] || [ "${AARDIG_TEST_THROWAWAY:-}" != 1 ]; then
	echo "1..0 # SKIP needs root in a throw-away system (AARDIG_TEST_THROWAWAY=1)"
	exit 0
fi
root=${AARDIG_TEST_SERVERS:-/nonexistent}
if [ -x /usr/sbin/postfix ]; then root=; fi
[ -x "$root/usr/sbin/postfix" ] || { echo "1..0 # SKIP no postfix"; exit 0; }

# shellcheck source=tests/integration/ports.sh
. "$top/tests/integration/ports.sh"

LC_ALL=C
export LC_ALL
number=0 failed=0
is() { # NAME WANTED GOT
	number=$((number + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $number - $1"
	else
		failed=$((failed + 1))
		echo "not ok $number - $1"
		printf '# wanted: %s\n# got:    %s\n' "$2" "$3"
		tail -n 8 "$base/mail.log" 2>/dev/null | sed 's/^/# /'
	fi
}
wait_for() {
	left=$(($1 * 10))
	shift
	until "$@" >/dev/null 2>&1; do
		left=$((left - 1))
		[ "$left" -gt 0 ] || return 1
		sleep 0.1
	done
}

umask 022
base=$(mktemp -d /tmp/pf.XXXXXX)
chmod 755 "$base"
stop() {
	[ ! -d "$base/conf" ] || "$root/usr/sbin/postfix" -c "$base/conf" stop >/dev/null 2>&1
	[ -z "${sink_pid:-}" ] || kill "$sink_pid" 2>/dev/null
	release_ports
	rm -rf "$base"
}
trap stop EXIT
trap 'exit 1' HUP INT TERM

getent group postdrop >/dev/null || groupadd --system postdrop
getent passwd postfix >/dev/null || useradd --system --no-create-home --shell /usr/sbin/nologin postfix
getent passwd aardig >/dev/null || useradd --system --no-create-home --shell /usr/sbin/nologin aardig

# What the user aardig needs, where it can read it.
mkdir "$base/home" "$base/share" "$base/sent"
cp -R "$top/conf" "$top/templates" "$base/share/"
cp "$build/aardig" "$base/aardig.bin"
cat >"$base/aardig" <<EOF
#!/bin/sh
AARDIG_DATADIR=$base/share/conf AARDIG_TEMPLATEDIR=$base/share/templates
export AARDIG_DATADIR AARDIG_TEMPLATEDIR
exec $base/aardig.bin -c $base/home/aardig.conf "\$@"
EOF
chmod 755 "$base/aardig" "$base/aardig.bin"
: >"$base/sink.control"
"$build/tests/tools/smtp-sink" -d "$base/sent" -c "$base/sink.control" >"$base/sink.port" &
sink_pid=$!
wait_for 60 test -s "$base/sink.port"
cat >"$base/home/aardig.conf" <<EOF
timezone = "Europe/Amsterdam"; state_dir = "$base/home/state";
shop: { name = "De Houten Stoel"; language = "nl"; register = "u"; signature = "Sanne"; hours: { mon = "09:00-17:00"; tue = "09:00-17:00"; wed = "09:00-17:00"; thu = "09:00-17:00"; fri = "09:00-17:00"; };
  answer_within: { normal = "1 workday"; high = "4 hours"; }; };
accounts: ( { name = "klantenservice"; addresses = ["klantenservice@shop.example", "aardig@local.example"]; mode = "send"; maildir = "$base/home/Maildir";
  smtp: { host = "127.0.0.1"; port = $(cat "$base/sink.port"); tls = "none"; }; } );
routes: ( { team = "klantenservice"; draft = true; } );
EOF
chmod 600 "$base/home/aardig.conf"
chown -R aardig "$base/home"

recipe() {
	awk -v mark="<!-- recipe: $1 -->" '$0 == mark { on = 1; next } on == 1 && /^```/ { on = 2; next }
		on == 2 && /^```/ { exit } on == 2' "$top/doc/delivery.md" | sed "s#/usr/bin/aardig#$base/aardig#"
}

# ---- a private instance ----

mkdir -p "$base/conf" "$base/q" "$base/data"
chown postfix "$base/data"
[ -z "$root" ] || chmod g-s "$root/usr/sbin/postdrop" "$root/usr/sbin/postqueue" 2>/dev/null
LD_LIBRARY_PATH=$root/usr/lib/postfix
export LD_LIBRARY_PATH
stock=$root/usr/share/postfix/master.cf.dist
[ -r "$stock" ] || stock=$root/etc/postfix/master.cf
{
	sed -n 's/^\([a-z0-9][a-z0-9-]*[[:space:]].*\)/\1/p' "$stock" |
		awk '$1 == "smtp" && $2 == "inet" { next } $8 == "pipe" { next } NF >= 8 { $5 = "n"; print }'
	echo "127.0.0.1:SMTPD inet n - n - - smtpd"
	echo "postlog unix-dgram n - n - 1 postlogd"
	recipe postfix-master
} | awk '!($1 == "postlog" && seen++)' >"$base/master.cf"
cat >"$base/conf/main.cf" <<EOF
compatibility_level = 3.6
queue_directory = $base/q
data_directory = $base/data
command_directory = $root/usr/sbin
daemon_directory = $root/usr/lib/postfix/sbin
shlib_directory = $root/usr/lib/postfix
meta_directory = $base/conf
sendmail_path = $root/usr/sbin/sendmail
mailq_path = $root/usr/bin/mailq
newaliases_path = $root/usr/bin/newaliases
maillog_file = $base/mail.log
maillog_file_prefixes = $base
import_environment = MAIL_CONFIG MAIL_LOGTAG TZ LANG=C LD_LIBRARY_PATH=$LD_LIBRARY_PATH
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.shop.example
mydestination = local.example
alias_maps =
alias_database =
default_transport = discard:
mynetworks = 127.0.0.0/8
smtpd_recipient_restrictions = permit_mynetworks, reject
minimal_backoff_time = 300s
EOF
recipe postfix-main >>"$base/conf/main.cf"
recipe postfix-mailbox-command >>"$base/conf/main.cf"
for file in postfix-files postfix-script post-install postfix-tls-script postfix-wrapper postmulti-script dynamicmaps.cf; do
	for dir in "$root/etc/postfix" "$root/usr/lib/postfix" "$root/usr/lib/postfix/sbin" "$root/usr/share/postfix"; do
		[ ! -r "$dir/$file" ] || [ -e "$base/conf/$file" ] || cp "$dir/$file" "$base/conf/"
	done
done
MAIL_CONFIG=$base/conf
export MAIL_CONFIG
# On a port that somebody else has, the master process ends at once.
started() { [ -S "$base/q/public/qmgr" ] || grep -q fatal: "$base/mail.log"; }
for attempt in 1 2 3 4 5 6; do
	next_port
	sed "s/SMTPD/$port/" "$base/master.cf" >"$base/conf/master.cf"
	: >"$base/mail.log"
	"$root/usr/sbin/postfix" -c "$base/conf" start >"$base/start.log" 2>&1
	wait_for 60 started
	! [ -S "$base/q/public/qmgr" ] || break
	echo "# attempt $attempt: no postfix"
done
if ! [ -S "$base/q/public/qmgr" ]; then
	sed 's/^/# /' "$base/start.log"
	[ ! -r "$base/mail.log" ] || sed 's/^/# /' "$base/mail.log"
	echo "Bail out! postfix does not start"
	exit 1
fi

# By SMTP: the sendmail command of an unpacked Postfix cannot find its libraries. perl-base is always there.
submit() { # SENDER RECIPIENT ID BODY
	perl -MIO::Socket::INET -e '
		my ($port, $from, $to, $id, $body) = @ARGV;
		my $s = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port", Timeout => 60) or die "no smtpd: $!";
		sub answer { my $line; do { $line = <$s> // die "hung up" } while $line =~ /^\d+-/; $line =~ /^[23]/ or die $line }
		answer();
		for ("HELO test", "MAIL FROM:<$from>", "RCPT TO:<$to>", "DATA",
		     "From: Kim <kim\@klant.example>\r\nTo: $to\r\nSubject: Bestelling 20431 kapot\r\n" .
		     "Message-ID: <$id\@klant.example>\r\n\r\n$body\r\n.", "QUIT") {
			print $s "$_\r\n"; answer();
		}' -- "$port" "$@"
}
stored() { find "$base/home/Maildir/new" "$base/home/Maildir/cur" -type f 2>/dev/null | wc -l | tr -d ' '; }
stored_is() { [ "$(stored)" = "$1" ]; }
sent() { cat "$base"/sent/*.env 2>/dev/null | grep -c '^status=accepted'; }
queued() { find "$base/q/active" "$base/q/deferred" "$base/q/incoming" -type f 2>/dev/null | wc -l | tr -d ' '; }
deferred() { find "$base/q/deferred" -type f 2>/dev/null | grep -q .; }
# It is stored before its customer is thanked; when it has left the queue, both are done.
delivered_are() { stored_is "$1" && [ "$(queued)" = 0 ]; }

body="Goedemiddag, de vaas uit bestelling 20431 kwam gebroken aan. Kunt u een nieuwe sturen? Groet, Kim"
submit kim@klant.example klantenservice@shop.example one "$body"
wait_for 60 delivered_are 1
is "the pipe transport stores the mail" 1 "$(stored)"
is "as the user aardig" aardig "$(stat -c %U "$(find "$base/home/Maildir/new" -type f | head -n 1)" 2>/dev/null)"
is "and the customer is thanked" 1 "$(sent)"
is "the queue is empty" 0 "$(queued)"

echo 'nonsense = true;' >>"$base/home/aardig.conf"
submit kim@klant.example klantenservice@shop.example two "$body Nog een."
wait_for 60 deferred
is "with a broken configuration the mail stays in the queue" 1 "$(queued)"
is "and nothing is stored" 1 "$(stored)"
sed -i '/nonsense/d' "$base/home/aardig.conf"
"$root/usr/sbin/postqueue" -c "$base/conf" -f
wait_for 60 delivered_are 2
is "mended, the real retry delivers it" 2 "$(stored)"

before=$(sent)
submit '' klantenservice@shop.example three "$body En een bounce."
wait_for 60 delivered_are 3
is "a mail from the null sender is stored" 3 "$(stored)"
is "and not answered" "$before" "$(sent)"

submit kim2@klant2.example aardig@local.example four "Waar blijft bestelling 20999? Groet, Kim"
wait_for 60 delivered_are 4
is "mailbox_command stores the mail of a local user" 4 "$(stored)"
is "and the queue is empty again" 0 "$(queued)"
echo "1..$number"
[ "$failed" = 0 ]
