#!/bin/sh
# aardig classify, explain, test: what they print, in which order, and how they end.
# shellcheck source=tests/integration/lib.sh
. "${srcdir_abs:-.}/tests/integration/lib.sh"

unset XDG_CONFIG_HOME XDG_STATE_HOME XDG_CACHE_HOME STATE_DIRECTORY
HOME=$base
AARDIG_DATADIR=$top/conf
export HOME AARDIG_DATADIR

a() { # arguments: $code, $base/out, $base/err
	"$aardig" -c NONE "$@" >"$base/out" 2>"$base/err"
	code=$?
}

mail() { # FILE SUBJECT BODY
	printf 'From: Jan de Vries <jan@voorbeeld.nl>\nTo: winkel@winkel.example\nSubject: %s\nMessage-ID: <%s@voorbeeld.nl>\nDate: Wed, 4 Jun 2025 10:00:00 +0200\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n%b\n' \
		"$2" "$1" "$3" >"$base/$1"
}

keys() { # the keys of a line of JSON, in order
	python3 -c 'import json,sys
for line in sys.stdin: print(" ".join(json.loads(line)))'
}

field() { # NAME of the first line
	python3 -c 'import json,sys
value = json.loads(sys.stdin.readline())
for part in sys.argv[1].split("."): value = value[part]
print(json.dumps(value, ensure_ascii=False))' "$1"
}

mail late.eml "Waar blijft mijn pakje" "Hallo,\nbestelling 33017 is er nog steeds niet. Ik heb het voor zaterdag nodig.\n\nGroetjes,\nJoke\n\n> ouder bericht: bestelling 999"
mail plain.eml "Vraag" "Hoe laat zijn jullie open?\nMandy"
printf 'geen mail \000\377\376' >"$base/broken.eml"

# ---- classify ----

a classify "$base/late.eml" "$base/plain.eml"
is "classify ends well" 0 "$code"
is "one line per mail" 2 "$(wc -l <"$base/out" | tr -d ' ')"
has "a short line names the order" "order=33017" "$(cat "$base/out")"

a classify - <"$base/late.eml"
is "classify - ends well" 0 "$code"
has "classify - reads standard input" "order=33017" "$(cat "$base/out")"

if command -v python3 >/dev/null 2>&1; then
	a classify --json "$base/late.eml" "$base/broken.eml"
	is "classify --json ends well, also for what is no mail" 0 "$code"
	is "two lines of JSON" 2 "$(wc -l <"$base/out" | tr -d ' ')"
	is "every key, in this order" \
		"file message_id from subject language type types tone tones unsure complaint urgent order_number customer_name visible_text reply evidence" \
		"$(keys <"$base/out" | sort -u)"
	is "the address" '"Jan de Vries <jan@voorbeeld.nl>"' "$(field from <"$base/out")"
	is "the language" '"nl"' "$(field language <"$base/out")"
	is "the order number" '"33017"' "$(field order_number <"$base/out")"
	is "the name as signed" '"Joke"' "$(field customer_name <"$base/out")"
	is "the answer is allowed" true "$(field reply.allowed <"$base/out")"
	is "to whom" '"jan@voorbeeld.nl"' "$(field reply.to <"$base/out")"
	is "keys of the answer" '["allowed", "guard", "reason", "to", "human"]' \
		"$(field reply <"$base/out" | python3 -c 'import json,sys; print(json.dumps(list(json.load(sys.stdin))))')"
	is "what is no mail gets no answer" '"unreadable"' "$(sed -n 2p "$base/out" | field reply.guard)"
	python3 - "$base/out" >"$base/wrong" <<'END'
import json, sys
for line in open(sys.argv[1], encoding="utf-8"):
    mail = json.loads(line)
    for e in mail["evidence"]:
        assert list(e) == ["rule", "label", "points", "in", "text", "start", "end"], e
        text = {"subject": mail["subject"], "body": mail["visible_text"]}.get(e["in"])
        if text is not None and text[e["start"]:e["end"]] != e["text"]:
            print(e)
END
	is "offsets of the evidence fit its text" "" "$(cat "$base/wrong")"
fi

mkdir -p "$base/md/cur" "$base/md/new" "$base/md/tmp"
cp "$base/late.eml" "$base/md/cur/1.eml:2,S"
cp "$base/plain.eml" "$base/md/new/2.eml"
a classify "$base/md"
is "a Maildir is read" "0 2" "$code $(wc -l <"$base/out" | tr -d ' ')"

a classify "$base/nothing-here" "$base/late.eml"
is "a path that cannot be opened" 66 "$code"
has "is named" "nothing-here" "$(cat "$base/err")"
is "and the rest is read" 1 "$(wc -l <"$base/out" | tr -d ' ')"
mkdir "$base/folder"
a classify "$base/folder"
is "a folder that is no Maildir" 66 "$code"
a classify
is "no path: usage" 64 "$code"
a classify --now yesterday "$base/late.eml"
is "a time that is none" 64 "$code"
a classify -a nobody "$base/late.eml"
is "an account that is not configured" 64 "$code"
printf 'shop: { name = 1; };\n' >"$base/bad.conf"
"$aardig" -c "$base/bad.conf" classify "$base/late.eml" >"$base/out" 2>"$base/err"
is "a configuration with errors" 78 $?

# A delivery must not pay for libraries that most mails do not need: they are loaded when one does.
if command -v ldd >/dev/null 2>&1; then
	not_ok "neither GMime nor libcurl nor libxml2 is linked" \
		sh -c 'ldd "$1" | grep -E "libgmime|libcurl|libxml2"' ldd "$aardig"
fi

# ---- explain ----

a explain "$base/late.eml"
is "explain ends well" 0 "$code"
has "explain shows the facts" "order number   33017" "$(cat "$base/out")"
has "explain shows the deadline in time" "zaterdag (2025-06-07 00:00:00)" "$(cat "$base/out")"
has "explain shows the guards" "an automatic answer is allowed" "$(cat "$base/out")"
not_ok "without colour there are no escapes" grep -q "$(printf '\033')" "$base/out"
"$aardig" -c NONE --color=always explain "$base/late.eml" >"$base/out" 2>&1
ok "with colour there are" grep -q "$(printf '\033')" "$base/out"
a explain --why-not no.such.rule "$base/late.eml"
is "a rule that does not exist" 64 "$code"
printf 'From: a@b.nl\nSubject: \033[31mrood\nMessage-ID: <e@b.nl>\n\ntekst \033]0;titel\007 kapot\n' >"$base/escape.eml"
a explain "$base/escape.eml"
not_ok "the mail's own escapes do not reach the terminal" grep -q "$(printf '\033')" "$base/out"

# ---- test ----

cat >"$base/c.jsonl" <<'END'
{"id": "nl-1", "lang": "nl", "subject": "", "body": "Hoe laat zijn jullie open? Bestelling 33017\nJoke", "type": "other", "tone": "neutral", "complaint": false, "urgent": false, "order_number": "33017", "customer_name": "Joke"}
{"id": "nl-2", "lang": "nl", "subject": "", "body": "xqzt", "type": "praise", "tone": "neutral", "complaint": false, "urgent": false, "order_number": null, "customer_name": null}

{"id": "de-3", "lang": "de", "text": "Wo bleibt mein Paket?"}
END
a test "$base/c.jsonl"
is "test ends well" 0 "$code"
has "test counts the mails" "3 mails" "$(cat "$base/out")"
has "test scores order numbers" "right on 1 of 1" "$(cat "$base/out")"
has "test lists what was missed" "nl-2 type: gold praise, got" "$(cat "$base/out")"
a test --totals "$base/c.jsonl"
not_ok "--totals shows no miss" grep -q 'nl-2' "$base/out"
a test --min language=0.5 --min order_number=1 --min no_order_number=1 --min language@nl+de=0.6 "$base/c.jsonl"
is "above the least" 0 "$code"
a test --min type=0.99 "$base/c.jsonl"
is "below the least" 1 "$code"
has "says which" "type=0.99" "$(cat "$base/err")"
a test --min nonsense=0.5 "$base/c.jsonl"
is "a field that does not exist" 64 "$code"
a test --min type "$base/c.jsonl"
is "no figure" 64 "$code"
printf '{"id": 1\n' >"$base/bad.jsonl"
a test "$base/bad.jsonl"
is "a line that is no JSON" 65 "$code"
has "is named" "bad.jsonl:1" "$(cat "$base/err")"
a test "$base/none.jsonl"
is "a corpus that is not there" 66 "$code"
a explain --id nl-1 --corpus "$base/c.jsonl"
is "explain finds a mail of a corpus" 0 "$code"
has "and shows its labels" "gold" "$(cat "$base/out")"
a explain --id nl-9 --corpus "$base/c.jsonl"
is "a mail that is not in it" 66 "$code"
if command -v python3 >/dev/null 2>&1; then
	a test --json "$base/c.jsonl"
	is "test --json" 3 "$(field mails <"$base/out")"
	has "misses as JSON" nl-2 "$(field misses <"$base/out" | python3 -c 'import json,sys; print([m["id"] for m in json.load(sys.stdin)])')"
fi

# Two configurations: the other has a rule of its own.
mkdir -p "$base/other/rules.d/nl"
printf 'shop: { name = "Winkel"; };\n' >"$base/other/aardig.conf"
cat >"$base/other/rules.d/nl/own.conf" <<'END'
rules: ( { id = "nl.own.word"; says = ["xqzt"]; points = { type = { pre-sales = 9.0; }; }; examples = { yes = ["xqzt"]; }; } );
END
"$aardig" -q -c "$base/other/aardig.conf" test --diff NONE "$base/c.jsonl" >"$base/out" 2>"$base/err"
is "--diff ends well" 0 $?
has "--diff shows the mail that reads differently" "nl-2: type other -> pre-sales (both wrong)" "$(cat "$base/out")"
has "--diff counts" "1 mails read differently" "$(cat "$base/out")"

finish
