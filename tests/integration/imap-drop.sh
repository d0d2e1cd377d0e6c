#!/bin/sh
# imap-drop.sh - the connection to the IMAP server is cut after the first line aardig sends, after the second, and so
# on to the last; after the next pass there is one acknowledgement, one draft and one outcome, every time.
. "${srcdir_abs:-.}/tests/integration/lib.sh"
. "$top/tests/integration/shop.sh"
shop_start
server=$imap_port

# A proxy on loopback that hangs up after N lines of the client; perl-base is on every Debian.
cat >"$base/proxy.pl" <<'EOF'
use IO::Socket::INET; use IO::Select;
my ($server, $limit, $portfile, $seen) = @ARGV;
my $listen = IO::Socket::INET->new(Listen => 5, LocalAddr => "127.0.0.1", ReuseAddr => 1) or die;
open my $f, ">", "$portfile.new"; print $f $listen->sockport, "\n"; close $f; rename "$portfile.new", $portfile;
my $lines = 0;
while (my $client = $listen->accept) {
	my $far = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$server") or die;
	my $select = IO::Select->new($client, $far);
	TALK: while (my @ready = $select->can_read(30)) {
		for my $from (@ready) {
			my $n = sysread $from, my $data, 65536;
			last TALK unless $n;
			if ($from == $client) {
				$lines += $data =~ tr/\n//;
				open my $s, ">", $seen; print $s $lines; close $s;
				last TALK if $limit && $lines >= $limit;
			}
			syswrite $from == $client ? $far : $client, $data;
		}
	}
	close $client; close $far;
}
EOF
proxy_start() { # LIMIT
	rm -f "$base/proxy.port"
	perl "$base/proxy.pl" "$server" "$1" "$base/proxy.port" "$base/proxy.lines" &
	proxy_pid=$!
	add_child "$proxy_pid"
	wait_for 60 test -s "$base/proxy.port" || bail "no proxy"
	imap_port=$(cat "$base/proxy.port")
	conf_write
}
proxy_stop() {
	kill "$proxy_pid" 2>/dev/null
	wait "$proxy_pid" 2>/dev/null
	drop_child "$proxy_pid"
	imap_port=$server
	conf_write
}

conf_write
run_once
proxy_start 0
new_mail
run_once
lines=$(cat "$base/proxy.lines")
proxy_stop
is "undisturbed: one acknowledgement" 1 "$(sink_count)"
ok "and some commands were seen ($lines)" test "$lines" -ge 8

n=0 mails=1
while [ "$n" -lt "$lines" ]; do
	n=$((n + 1))
	mails=$((mails + 1))
	new_mail
	proxy_start "$n"
	run_once
	proxy_stop
	run_once
	# What waited for its next try gets it.
	[ "$(drafts_count)" = "$mails" ] && [ "$(sink_count)" = "$mails" ] || run_at $((later + 120))
	is "cut after line $n: one acknowledgement and one draft each" "$mails $mails" "$(sink_count) $(drafts_count)"
done
run_at $((later + 120))
is "every mail has its outcome" 0 "$(ledger "select count(*) from mail where outcome is null")"
is "none was marked as read" 0 "$(find "$base/mail/shop/cur" "$base/mail/shop/new" -type f -name '*:2,*S*' | wc -l | tr -d ' ')"
finish
