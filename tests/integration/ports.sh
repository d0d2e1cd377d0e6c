# ports.sh - ports of the loopback interface that are nobody else's: not the kernel's to hand out (32768 and up), and
# no other test's, neither of this run nor of another at the same time. shellcheck shell=sh
#
#   next_port        $port, from now on ours
#   release_ports    when the test ends

port_try=0
ports=
next_port() {
	while :; do
		port_try=$((port_try + 1))
		port=$((20000 + ($$ * 17 + port_try * 7919) % 12000))
		# Ours too while the server on it is down for a moment: a link is made whole or not at all.
		ln -s "$$" "/tmp/aardig-port.$port" 2>/dev/null && break
		[ "$port_try" -lt 12000 ] || { echo "Bail out! all ports are taken: rm /tmp/aardig-port.*"; exit 1; }
	done
	ports="$ports $port"
}

release_ports() {
	for port in $ports; do
		rm -f "/tmp/aardig-port.$port"
	done
	ports=
}
