# lib.sh - what the integration tests share; source it first: . "${srcdir_abs:-.}/tests/integration/lib.sh"
# shellcheck shell=sh
#
# A test runs as an ordinary user in a fresh short folder ($base; Unix sockets have short names) and leaves
# nothing behind. Run as root, it starts itself again as an unprivileged user. Set then:
#   $top source, $build build folder, $aardig the program, $tools the test programs, $base to write in.
#
#   ok NAME COMMAND...        not_ok NAME COMMAND...     is NAME WANTED GOT     has NAME PART TEXT
#   skip_all REASON           bail REASON                finish (last line of every test)
#   wait_for SECONDS COMMAND...
#   make_ca                   $base/ca.pem
#   make_cert FILE NAME [expired]      $base/FILE.pem and FILE.key, signed by that
#   dovecot_start [EXTRA-CONFIGURATION]    $imap_port (plain, STARTTLS), $imaps_port, $lmtp_port, $doveconf;
#                             any user, password geheim; mail in $base/mail/USER (Maildir++)
#   dovecot_stop, dovecot_uidvalidity USER FOLDER   (a new UIDVALIDITY; server stopped)
#   deliver USER FILE         as a delivery agent would; deliver_text USER SUBJECT [BODY]
#   sink_start [smtp-sink's arguments]     $sink_port, $sink_dir, $sink_control, sink_fault KEY=VALUE...
#   sink_stop, sink_count     accepted and recorded mails

set -u

top=${srcdir_abs:-$(cd "$(dirname "$0")/../.." && pwd)}
build=${builddir_abs:-$top/build}
# shellcheck source=tests/integration/ports.sh
. "$top/tests/integration/ports.sh"
PATH=$PATH:/usr/sbin:/sbin
# [a-z] and what sort does are ASCII's, whatever the language of who runs this (in Turkish there is no i in [a-z]); all
# else of it stays, for aardig is to work in it.
[ -z "${LC_ALL:-}" ] || LANG=$LC_ALL
unset LC_ALL 2>/dev/null || :
LC_COLLATE=C
export LANG LC_COLLATE
unset AARDIG_CONFIG CREDENTIALS_DIRECTORY http_proxy https_proxy all_proxy ALL_PROXY 2>/dev/null || :

# ---- an ordinary user ----

# Root's own folders may be closed to others: then what the test needs is copied.
run_as_nobody() {
	command -v setpriv >/dev/null 2>&1 || { echo "1..0 # SKIP no setpriv, and tests do not run as root"; exit 0; }
	group=$(id -gn nobody)
	base=$(mktemp -d /tmp/aa.XXXXXX)
	trap 'rm -rf "$base"' EXIT
	trap 'exit 1' HUP INT TERM
	as="setpriv --reuid=nobody --regid=$group --clear-groups"
	if ! $as test -r "$top/tests/integration/lib.sh" || ! $as test -x "$build/tests/tools/smtp-sink"; then
		mkdir -p "$base/src/tests" "$base/build/tests"
		cp -R "$top/conf" "$top/templates" "$top/doc" "$base/src/"
		cp -R "$top/tests/integration" "$top/tests/data" "$top/tests/bench" "$base/src/tests/"
		cp -R "$build/tests/tools" "$base/build/tests/"
		[ ! -d "$build/tests/bench" ] || cp -R "$build/tests/bench" "$base/build/tests/"
		for program in aardig tests/aardig-faults; do
			[ ! -x "$build/$program" ] || cp "$build/$program" "$base/build/$program"
		done
		top=$base/src build=$base/build
	fi
	if [ -n "${AARDIG_TEST_SERVERS:-}" ] && ! $as test -x "$AARDIG_TEST_SERVERS/usr/bin/procmail"; then
		mkdir -p "$base/servers/usr/bin"
		cp "$AARDIG_TEST_SERVERS/usr/bin/procmail" "$base/servers/usr/bin/"
		AARDIG_TEST_SERVERS=$base/servers
		export AARDIG_TEST_SERVERS
	fi
	chown -R "nobody:$group" "$base"
	HOME=$base; export HOME
	# Not exec: the folder is root's to remove in /tmp.
	AARDIG_TEST_BASE=$base srcdir_abs=$top builddir_abs=$build \
		$as sh "$top/tests/$(basename "$(dirname "$0")")/$(basename "$0")" "$@"
	exit $?
}

if [ "$(id -u)" = 0 ]; then
	run_as_nobody "$@"
fi

base=${AARDIG_TEST_BASE:-$(mktemp -d /tmp/aa.XXXXXX)}
tools=$build/tests/tools
# shellcheck disable=SC2034 # for the tests
aardig=$build/aardig
AARDIG_DATADIR=${AARDIG_DATADIR:-$top/conf}
AARDIG_TEMPLATEDIR=${AARDIG_TEMPLATEDIR:-$top/templates}
[ -r "$AARDIG_DATADIR" ] || AARDIG_DATADIR=$top/conf
[ -r "$AARDIG_TEMPLATEDIR" ] || AARDIG_TEMPLATEDIR=$top/templates
export AARDIG_DATADIR AARDIG_TEMPLATEDIR
user=$(id -un)
group=$(id -gn)
children=
doveconf=

add_child() {
	children="$children $1"
}

# It has ended: its number may be another's by the time of cleanup.
drop_child() {
	remaining=
	for child in $children; do
		[ "$child" = "$1" ] || remaining="$remaining $child"
	done
	children=$remaining
}

cleanup() {
	[ -z "$doveconf" ] || dovecot_stop
	for child in $children; do
		kill "$child" 2>/dev/null || :
	done
	for child in $children; do
		wait "$child" 2>/dev/null || :
	done
	release_ports
	cd /
	# In /tmp the folder itself is root's to remove where root made it.
	[ -n "${KEEP:-}" ] || rm -rf "${base:?}" 2>/dev/null || :
}
trap cleanup EXIT
trap 'exit 1' HUP INT TERM
cd "$base" || exit 1

# ---- TAP ----

test_number=0
failed=0

result() { # 0|1 NAME
	test_number=$((test_number + 1))
	if [ "$1" = 0 ]; then
		echo "ok $test_number - $2"
	else
		failed=$((failed + 1))
		echo "not ok $test_number - $2"
	fi
}

ok() {
	ok_name=$1
	shift
	if "$@" >"$base/.out" 2>&1; then
		result 0 "$ok_name"
	else
		result 1 "$ok_name"
		echo "# command: $*"
		sed 's/^/#   /' "$base/.out" | head -n 20
	fi
}

not_ok() {
	ok_name=$1
	shift
	if "$@" >"$base/.out" 2>&1; then
		result 1 "$ok_name"
		echo "# should have failed: $*"
	else
		result 0 "$ok_name"
	fi
}

is() {
	if [ "$2" = "$3" ]; then
		result 0 "$1"
	else
		result 1 "$1"
		printf '%s\n' "wanted: $2" "got:    $3" | sed 's/^/#   /'
	fi
}

has() {
	case $3 in
	*"$2"*)
		result 0 "$1"
		;;
	*)
		result 1 "$1"
		printf '%s\n' "wanted in it: $2" "got: $3" | sed 's/^/#   /'
		;;
	esac
}

skip_all() {
	echo "1..0 # SKIP $*"
	exit 0
}

bail() {
	echo "Bail out! $*"
	exit 1
}

finish() {
	echo "1..$test_number"
	[ "$failed" = 0 ]
	exit
}

wait_for() {
	wait_left=$(($1 * 20))
	shift
	until "$@" >/dev/null 2>&1; do
		wait_left=$((wait_left - 1))
		[ "$wait_left" -gt 0 ] || return 1
		sleep 0.05
	done
}

# ---- certificates ----

make_ca() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 \
		-subj "/CN=aardig test authority" -keyout "$base/ca.key" -out "$base/ca.pem" 2>/dev/null ||
		bail "openssl cannot make a certificate"
}

make_cert() {
	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$2" \
		-keyout "$base/$1.key" -out "$base/$1.csr" 2>/dev/null || bail "openssl req"
	case $2 in
	*[!0-9.]*) name=DNS:$2 ;;
	*) name=IP:$2 ;;
	esac
	printf 'subjectAltName=%s\n' "$name" >"$base/$1.ext"
	if [ "${3-}" = expired ]; then
		: >"$base/$1.index"
		printf '[ca]\ndefault_ca=c\n[c]\ndatabase=%s\nnew_certs_dir=%s\nrand_serial=yes\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n' \
			"$base/$1.index" "$base" >"$base/$1.cnf"
		openssl ca -batch -notext -config "$base/$1.cnf" -cert "$base/ca.pem" -keyfile "$base/ca.key" \
			-startdate 20200101000000Z -enddate 20200201000000Z -extfile "$base/$1.ext" \
			-in "$base/$1.csr" -out "$base/$1.pem" 2>/dev/null || bail "openssl ca"
	else
		openssl x509 -req -days 30 -in "$base/$1.csr" -CA "$base/ca.pem" -CAkey "$base/ca.key" \
			-CAcreateserial -extfile "$base/$1.ext" -out "$base/$1.pem" 2>/dev/null || bail "openssl x509"
	fi
}

# ---- Dovecot ----

write_doveconf() {
	doveconf=$base/dovecot.conf
	if [ -r "$base/server.pem" ]; then
		ssl=$(printf 'ssl = yes\nssl_cert = <%s\nssl_key = <%s' "$base/server.pem" "$base/server.key")
	else
		ssl='ssl = no'
	fi
	cat >"$doveconf" <<EOF
base_dir = $base/run
state_dir = $base/state
log_path = $base/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
$ssl
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
default_internal_user = $user
default_internal_group = $group
default_login_user = $user
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:$base/mail/%u
mail_uid = $user
mail_gid = $group
maildir_copy_with_hardlinks = no
# Where the user's share of inotify is used up, too.
mailbox_idle_check_interval = 2 secs
# So that a test can see who is in IDLE.
verbose_proctitle = yes
namespace inbox {
  inbox = yes
}
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  chroot =
}
service imap-login {
  chroot =
  inet_listener imap {
    port = $imap_port
  }
  inet_listener imaps {
    port = $imaps_port
  }
}
service lmtp {
  inet_listener lmtp {
    port = $lmtp_port
  }
}
passdb {
  driver = static
  args = password=geheim
}
userdb {
  driver = static
  args = uid=$user gid=$group home=$base/mail/%u allow_all_users=yes
}
$1
EOF
}

dovecot_listens() {
	grep -q "starting up" "$base/dovecot.log" && [ -S "$base/run/login/imap" ]
}

# Ports once taken stay the same over a restart.
dovecot_start() {
	command -v dovecot >/dev/null 2>&1 || skip_all "no dovecot"
	mkdir -p "$base/mail" "$base/state"
	dovecot_fixed=${imap_port:-}
	for dovecot_attempt in 1 2 3 4 5 6 7 8; do
		if [ -z "$dovecot_fixed" ]; then
			next_port; imap_port=$port
			next_port; imaps_port=$port
			next_port; lmtp_port=$port
		fi
		write_doveconf "${1-}"
		: >"$base/dovecot.log"
		# It ends at once, with an error, where a port is taken.
		if dovecot -c "$doveconf" >"$base/dovecot.out" 2>&1 && wait_for 60 dovecot_listens; then
			return 0
		fi
		dovecot_stop
		sleep 0.2
	done
	cat "$base/dovecot.out" "$base/dovecot.log" >&2
	bail "dovecot does not start (attempt $dovecot_attempt)"
}

# One that nobody has waited for yet (zombie) is gone as well.
dovecot_gone() {
	! pgrep -g "$dovecot_pid" -r D,R,S,T,t
}

# Its own "stop" waits three seconds for processes that have nothing left to do.
dovecot_stop() {
	dovecot_pid=$(cat "$base/run/master.pid" 2>/dev/null) || return 0
	kill -TERM "$dovecot_pid" 2>/dev/null
	sleep 0.3
	kill -KILL -- "-$dovecot_pid" 2>/dev/null
	wait_for 30 dovecot_gone
	rm -f "$base/run/master.pid"
}

dovecot_uidvalidity() {
	if [ "$2" = INBOX ]; then
		uid_folder=$base/mail/$1
	else
		uid_folder=$base/mail/$1/.$2
	fi
	rm -f "$uid_folder"/dovecot-uidlist "$uid_folder"/dovecot.index* "$base/mail/$1"/dovecot-uidvalidity*
	# The new one is the time in seconds.
	sleep 1.1
}

# Dovecot numbers what came in one second by the rest of the name, so that has as many digits every time.
deliver_number=0
deliver() {
	deliver_number=$((deliver_number + 1))
	mkdir -p "$base/mail/$1/new" "$base/mail/$1/cur" "$base/mail/$1/tmp"
	deliver_name=$(date +%s).M$(printf %06d "$deliver_number")P$$.test
	cp "$2" "$base/mail/$1/tmp/$deliver_name" &&
		mv "$base/mail/$1/tmp/$deliver_name" "$base/mail/$1/new/$deliver_name"
}

deliver_text() {
	deliver_number=$((deliver_number + 1))
	{
		printf 'Return-Path: <klant@klant.example>\nReceived: from mx.klant.example by mx.winkel.example; %s\n' \
			"$(date -R)"
		printf 'From: Kim Klant <klant@klant.example>\nTo: info@winkel.example\nDate: %s\n' "$(date -R)"
		printf 'Message-ID: <m%s.%s@klant.example>\nSubject: %s\n' "$deliver_number" "$$" "$2"
		printf 'MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n%s\n' "${3:-$2}"
	} >"$base/.deliver"
	deliver "$1" "$base/.deliver"
}

# ---- smtp-sink ----

sink_listens() {
	[ -s "$base/sink.port" ] || [ -s "$base/sink.err" ]
}

# The port once taken stays the same over a restart.
sink_start() {
	sink_dir=$base/sent
	sink_control=$base/sink.control
	mkdir -p "$sink_dir"
	: >"$sink_control"
	sink_fixed=${sink_port:-}
	for sink_attempt in 1 2 3 4 5 6 7 8; do
		[ -n "$sink_fixed" ] || { next_port; sink_port=$port; }
		: >"$base/sink.port"
		"$tools/smtp-sink" -d "$sink_dir" -c "$sink_control" -p "$sink_port" "$@" >"$base/sink.port" 2>"$base/sink.err" &
		sink_pid=$!
		wait_for 60 sink_listens
		if [ -s "$base/sink.port" ]; then
			add_child "$sink_pid"
			return 0
		fi
		sink_stop
		sleep 0.2
	done
	bail "smtp-sink does not start (attempt $sink_attempt): $(cat "$base/sink.err")"
}

# The faults from now on; none: all is well.
sink_fault() {
	: >"$sink_control.new"
	for fault in "$@"; do
		printf '%s\n' "$fault" >>"$sink_control.new"
	done
	mv "$sink_control.new" "$sink_control"
}

sink_stop() {
	kill "$sink_pid" 2>/dev/null
	wait "$sink_pid" 2>/dev/null
	drop_child "$sink_pid"
}

sink_count() {
	cat "$sink_dir"/*.env 2>/dev/null | grep -c '^status=accepted'
}
