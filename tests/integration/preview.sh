#!/bin/sh
# aardig preview shows what would be sent, and says why where nothing would be.
# shellcheck source=tests/integration/lib.sh
. "${srcdir_abs:-.}/tests/integration/lib.sh"

demo=$AARDIG_DATADIR/demo
preview() { # ARGUMENTS...: $code, $base/out, $base/err
	"$aardig" -c NONE preview "$@" >"$base/out" 2>"$base/err"
	code=$?
}

preview "$demo/01-boos-te-laat.eml"
is "an acknowledgement" 0 "$code"
has "to the customer" "To: r.kuiper@klant.example" "$(cat "$base/out")"
has "marked as automatic" "Auto-Submitted: auto-replied" "$(cat "$base/out")"
has "in their thread" "In-Reply-To: <demo.01.boos-te-laat@klant.example>" "$(cat "$base/out")"
has "with the order number" "bestelling 20431" "$(cat "$base/out")"
is "nothing of theirs" "" "$(grep -i 'schandalig\|waar blijft' "$base/out")"
is "lines end as in a mail" "$(grep -c '' "$base/out")" "$(grep -c "$(printf '\r')$" "$base/out")"

"$aardig" -c NONE preview --own klantenservice@winkel.example --now 2026-11-27T16:55:00+01:00 - \
	<"$demo/01-boos-te-laat.eml" >"$base/out" 2>"$base/err"
has "a Friday at closing time promises Monday" "maandag 30 november voor 17.00 uur" "$(cat "$base/out")"

preview --reply "$demo/01-boos-te-laat.eml"
is "a suggested reply" 0 "$code"
has "with slots to fill" "[[" "$(cat "$base/out")"
is "that is no automatic mail" "" "$(grep '^Auto-Submitted' "$base/out")"
preview --reply=no "$demo/01-boos-te-laat.eml"
has "another reply" "helaas" "$(cat "$base/out")"
preview --reply=never "$demo/01-boos-te-laat.eml"
is "an unknown reply" 64 "$code"
has "is named, with those there are" "there is no reply 'never' (there are options, " "$(cat "$base/err")"

preview --ticket "$demo/01-boos-te-laat.eml"
is "a ticket" 0 "$code"
has "with the mail itself" "Content-Type: message/rfc822" "$(cat "$base/out")"

preview "$demo/03-autoresponder-lus.eml"
is "no answer to a machine" 1 "$code"
is "nothing on standard output" "" "$(cat "$base/out")"
has "but the guard" "no acknowledgement: guard " "$(cat "$base/err")"

preview "$base/nowhere.eml"
is "a file that is not there" 66 "$code"
preview
is "no file" 64 "$code"

finish
