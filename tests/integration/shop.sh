# shop.sh - a shop for the integration tests: its configuration, its mail, and what was done with it.
# Source it after lib.sh. shellcheck shell=sh
#
#   conf_write [ACCOUNT-LINES] [ROUTES]   $base/aardig.conf over $imap_port, $sink_port; user shop
#   conf_maildir [ACCOUNT-LINES] [ROUTES] the same over the Maildir $base/inbox, no IMAP
#   run_once [ARGS], run_at SECONDS [ARGS]   one pass (from now on with a clock SECONDS ahead), log
#                                         in $base/run.log
#   shop_start                            Dovecot, the SMTP server, and the shop's empty mailbox
#   run_start, run_stop                   the daemon
#   ledger SQL, outcome_count OUTCOME, mail_rows
#   drafts_count, folder_count FOLDER

conf=$base/aardig.conf
faulty=$tools/aardig-faults

conf_common() {
	cat <<EOF
timezone = "Europe/Amsterdam";
state_dir = "$base/state-aardig";
shop: {
  name = "De Houten Stoel"; language = "nl"; register = "u"; signature = "Sanne de Boer";
  hours: { mon = "09:00-17:00"; tue = "09:00-17:00"; wed = "09:00-17:00"; thu = "09:00-17:00"; fri = "09:00-17:00"; };
  holidays = "nl";
  answer_within: { normal = "1 workday"; high = "4 hours"; };
  policy: { remedies = ["repair", "replace", "refund"]; };
};
EOF
}

conf_routes() {
	echo "${1:-routes: ( { team = \"klantenservice\"; draft = true; \} );}" | sed 's/\\}/}/g'
}

conf_write() {
	{
		conf_common
		cat <<EOF
${operator_line:-}
accounts: ( {
  name = "shop"; addresses = ["info@winkel.example", "klantenservice@winkel.example"]; mode = "${mode:-send}";
  source: { type = "imap"; host = "127.0.0.1"; port = $imap_port; tls = "none"; user = "shop"; password = "${password:-geheim}"; };
  smtp: { host = "127.0.0.1"; port = $sink_port; tls = "none"; };
  poll = "1 s"; timeout = "${timeout:-60} s";
  ${1:-}
} ${more_accounts:-} );
EOF
		conf_routes "${2:-}"
	} >"$conf"
	chmod 600 "$conf"
}

conf_maildir() {
	mkdir -p "$base/inbox/new" "$base/inbox/cur" "$base/inbox/tmp"
	{
		conf_common
		cat <<EOF
${operator_line:-}
accounts: ( {
  name = "shop"; addresses = ["info@winkel.example"]; mode = "${mode:-send}";
  source: { type = "maildir"; path = "$base/inbox"; };
  smtp: { host = "127.0.0.1"; port = $sink_port; tls = "none"; };
  poll = "1 s"; timeout = "${timeout:-60} s";
  ${1:-}
} );
EOF
		conf_routes "${2:-}"
	} >"$conf"
	chmod 600 "$conf"
}

# The clock only goes forward: with one that is behind the ledger, answers wait.
later=0
run_once() {
	AARDIG_FAULT_CLOCK=$later "$faulty" -c "$conf" run --once "$@" >>"$base/run.log" 2>&1
}

run_at() {
	later=$1
	shift
	run_once "$@"
}

shop_start() {
	command -v sqlite3 >/dev/null 2>&1 || skip_all "no sqlite3"
	dovecot_start
	sink_start
	mkdir -p "$base/mail/shop/new" "$base/mail/shop/cur" "$base/mail/shop/tmp"
}

run_start() {
	"$aardig" -c "$conf" run >>"$base/run.log" 2>&1 &
	run_pid=$!
	add_child "$run_pid"
}

run_stop() {
	kill "$run_pid" 2>/dev/null
	wait "$run_pid"
	run_code=$?
	drop_child "$run_pid"
	return "$run_code"
}

ledger() {
	sqlite3 "$base/state-aardig/ledger.sqlite" "$1"
}

mail_number=0
# mail_file FILE [SUBJECT] [BODY] [HEADER-LINES]: a customer's mail, each from another customer
mail_file() {
	mail_number=$((mail_number + 1))
	{
		printf 'Return-Path: <klant%s@klant%s.example>\n' "$mail_number" "$mail_number"
		printf 'Received: from mx.klant.example by mx.winkel.example; %s\n' "$(date -R)"
		printf 'From: Kim Klant <klant%s@klant%s.example>\nTo: info@winkel.example\nDate: %s\n' \
			"$mail_number" "$mail_number" "$(date -R)"
		printf 'Message-ID: <m%s.%s@klant.example>\nSubject: %s\n' "$mail_number" "$$" "${2:-Bestelling 2043$mail_number is kapot}"
		[ -z "${4:-}" ] || printf '%s\n' "$4"
		printf 'MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n'
		printf '%s\n' "${3:-Goedemiddag, de vaas uit bestelling 2043$mail_number kwam gebroken aan. Erg jammer. Kunt u een nieuwe sturen? Groet, Kim Klant}"
	} >"$1"
}

# A new mail straight into the source.
new_mail() {
	mail_file "$base/.new" "$@"
	deliver shop "$base/.new"
}

new_maildir_mail() {
	mail_file "$base/.new" "$@"
	mkdir -p "$base/inbox/new" "$base/inbox/cur" "$base/inbox/tmp"
	new_name=$(date +%s).M$(printf %06d "$mail_number")P$$.test
	cp "$base/.new" "$base/inbox/tmp/$new_name" && mv "$base/inbox/tmp/$new_name" "$base/inbox/new/$new_name"
}

count_files() {
	find "$@" -type f 2>/dev/null | wc -l | tr -d ' '
}

folder_count() {
	count_files "$base/mail/shop/.$1/cur" "$base/mail/shop/.$1/new"
}

drafts_count() {
	folder_count Drafts
}

sink_has() {
	[ "$(sink_count)" -ge "$1" ]
}
