/* guard-cases-machine.h - marks in the header that machines put there, and their look-alikes. */

#include "guard-cases.h"

static const GuardCaseRow machine_cases[] = {
	ANSWERED("an ordinary complaint", ""),

	/* ---- Auto-Submitted (RFC 3834 s.5) ---- */
	HELD("auto-replied", "Auto-Submitted: auto-replied\n", "auto-submitted", NONE),
	HELD("auto-generated", "Auto-Submitted: auto-generated\n", "auto-submitted", NONE),
	HELD("auto-notified", "Auto-Submitted: auto-notified\n", "auto-submitted", NONE),
	HELD("upper case", "AUTO-SUBMITTED: AUTO-REPLIED\n", "auto-submitted", NONE),
	HELD("with parameters", "Auto-Submitted: auto-replied; owner-email=\"a@b.example\"\n",
	     "auto-submitted", NONE),
	HELD("comment in front", "Auto-Submitted: (vacation (1.2)) auto-replied\n", "auto-submitted", NONE),
	HELD("comment that says no", "Auto-Submitted: (no) auto-replied\n", "auto-submitted", NONE),
	HELD("folded", "Auto-Submitted:\n auto-replied\n", "auto-submitted", NONE),
	HELD("folded with a tab", "Auto-Submitted:\n\tauto-generated\n", "auto-submitted", NONE),
	HELD("second of two", "Auto-Submitted: no\nAuto-Submitted: auto-replied\n", "auto-submitted", NONE),
	HELD("first of two", "Auto-Submitted: auto-replied\nAuto-Submitted: no\n", "auto-submitted", NONE),
	HELD("unknown keyword", "Auto-Submitted: yes\n", "auto-submitted", NONE),
	HELD("a keyword that begins with no", "Auto-Submitted: notified\n", "auto-submitted", NONE),
	HELD("empty", "Auto-Submitted:\n", "auto-submitted", NONE),
	HELD("unclosed comment", "Auto-Submitted: (no\n", "auto-submitted", NONE),
	HELD("a name with a blank before the colon", "Auto-Submitted : auto-replied\n", "auto-submitted", NONE),
	ANSWERED("explicitly human", "Auto-Submitted: no\n"),
	ANSWERED("explicitly human, upper case", "Auto-Submitted: NO\n"),
	ANSWERED("explicitly human, comment behind", "Auto-Submitted: no (a person wrote this)\n"),
	ANSWERED("explicitly human, comment in front", "Auto-Submitted: (auto-replied) no\n"),
	ANSWERED("explicitly human, parameter", "Auto-Submitted: no; x=y\n"),
	ANSWERED("explicitly human, twice", "Auto-Submitted: no\nAuto-Submitted: no\n"),
	ANSWERED("another field that begins so", "Auto-Submitted-By: Outlook\n"),

	/* ---- reports ---- */
	HELD("delivery status notification",
	     "Content-Type: multipart/report; report-type=delivery-status; boundary=x\n", "report", NONE),
	HELD("read receipt",
	     "Content-Type: multipart/report; report-type=disposition-notification; boundary=x\n", "report",
	     NONE),
	HELD("abuse report", "Content-Type: multipart/report; report-type=feedback-report; boundary=x\n",
	     "report", NONE),
	HELD("DMARC report", "Content-Type: multipart/report; boundary=x\n", "report", NONE),
	HELD("upper case type", "Content-Type: Multipart/REPORT; boundary=x\n", "report", NONE),
	HELD("folded type", "Content-Type:\n multipart/report;\n boundary=x\n", "report", NONE),
	HELD("bare delivery status", "Content-Type: message/delivery-status\n", "report", NONE),
	HELD("bare disposition notification", "Content-Type: message/disposition-notification\n", "report",
	     NONE),
	HELD("failed recipients", "X-Failed-Recipients: weg@klant.example\n", "report", NONE),
	HELD("Exchange's mark", "X-MS-Exchange-Message-Is-Ndr:\n", "report", NONE),
	ANSWERED("multipart/mixed", "Content-Type: multipart/mixed; boundary=x\n",
	         .body = "--x\n\nReport-type: ik wil een rapport.\n--x--\n"),
	ANSWERED("a parameter that says report", "Content-Type: text/plain; name=\"multipart/report\"\n"),

	/* ---- mailing lists (RFC 2369, 2919, 8058) ---- */
	HELD("List-Id", "List-Id: Panel <panel.lijst.example>\n", "mailing-list", NONE),
	HELD("List-Id empty", "List-Id:\n", "mailing-list", NONE),
	HELD("list-id lower case", "list-id: <panel.lijst.example>\n", "mailing-list", NONE),
	HELD("List-Help", "List-Help: <mailto:help@lijst.example>\n", "mailing-list", NONE),
	HELD("List-Subscribe", "List-Subscribe: <https://lijst.example/aan>\n", "mailing-list", NONE),
	HELD("List-Unsubscribe", "List-Unsubscribe: <mailto:af@lijst.example>\n", "mailing-list", NONE),
	HELD("List-Unsubscribe folded",
	     "List-Unsubscribe:\n <mailto:af@lijst.example>,\n <https://lijst.example/af>\n", "mailing-list",
	     NONE),
	HELD("List-Post", "List-Post: NO\n", "mailing-list", NONE),
	HELD("List-Owner", "List-Owner: <mailto:o@lijst.example>\n", "mailing-list", NONE),
	HELD("List-Archive", "List-Archive: <https://lijst.example/>\n", "mailing-list", NONE),
	HELD("one-click", "List-Unsubscribe-Post: List-Unsubscribe=One-Click\n", "mailing-list", NONE),
	HELD("Mailing-List", "Mailing-List: contact panel-help@lijst.example; run by ezmlm\n", "mailing-list",
	     NONE),
	HELD("X-Mailing-List", "X-Mailing-List: <panel@lijst.example>\n", "mailing-list", NONE),
	HELD("X-BeenThere", "X-BeenThere: panel@lijst.example\n", "mailing-list", NONE),
	HELD("X-Mailman-Version", "X-Mailman-Version: 2.1.39\n", "mailing-list", NONE),
	ANSWERED("a wish list", "X-List: verlanglijst\n"),
	ANSWERED("list words in the body", "",
	         .body = "List-Unsubscribe: haal mij van de lijst!\nPrecedence: bulk\n"),

	/* ---- Precedence ---- */
	HELD("bulk", "Precedence: bulk\n", "precedence", NONE),
	HELD("junk", "Precedence: junk\n", "precedence", NONE),
	HELD("list", "Precedence: list\n", "precedence", NONE),
	HELD("auto_reply", "Precedence: auto_reply\n", "precedence", NONE),
	HELD("upper case bulk", "PRECEDENCE: BULK\n", "precedence", NONE),
	HELD("bulk with a comment", "Precedence: bulk (newsletter)\n", "precedence", NONE),
	HELD("X-Precedence", "X-Precedence: list\n", "precedence", NONE),
	HELD("Preference", "Preference: auto_reply\n", "precedence", NONE),
	HELD("bulk below normal", "Precedence: normal\nPrecedence: bulk\n", "precedence", NONE),
	ANSWERED("normal", "Precedence: normal\n"),
	ANSWERED("first-class", "Precedence: first-class\n"),
	ANSWERED("special-delivery", "Precedence: special-delivery\n"),
	ANSWERED("bulky goods", "Precedence: bulky\n"),
	ANSWERED("urgent marks", "X-Priority: 1 (Highest)\nImportance: high\nPriority: urgent\n"),

	/* ---- X-Auto-Response-Suppress (MS-OXCMAIL) ---- */
	HELD("All", "X-Auto-Response-Suppress: All\n", "suppressed", DRAFT, .to = JAN),
	HELD("AutoReply", "X-Auto-Response-Suppress: AutoReply\n", "suppressed", DRAFT),
	HELD("AutoReply last", "X-Auto-Response-Suppress: DR, OOF, AutoReply\n", "suppressed", DRAFT),
	HELD("no blanks", "X-Auto-Response-Suppress: OOF,AutoReply,DR\n", "suppressed", DRAFT),
	HELD("lower case", "x-auto-response-suppress: all\n", "suppressed", DRAFT),
	HELD("folded list", "X-Auto-Response-Suppress: DR,\n RN,\n AutoReply\n", "suppressed", DRAFT),
	HELD("second field", "X-Auto-Response-Suppress: OOF\nX-Auto-Response-Suppress: All\n", "suppressed",
	     DRAFT),
	ANSWERED("OOF alone", "X-Auto-Response-Suppress: OOF\n"),
	ANSWERED("receipts", "X-Auto-Response-Suppress: DR, RN, NRN\n"),
	ANSWERED("NDR", "X-Auto-Response-Suppress: NDR\n"),
	ANSWERED("None", "X-Auto-Response-Suppress: None\n"),
	ANSWERED("all of them but the two", "X-Auto-Response-Suppress: DR, NDR, RN, NRN, OOF\n"),
	ANSWERED("a word with all in it", "X-Auto-Response-Suppress: Allow\n"),

	/* ---- marks of automatic answers ---- */
	HELD("X-Autoreply", "X-Autoreply: yes\n", "auto-header", NONE),
	HELD("X-Autoreply empty", "X-Autoreply:\n", "auto-header", NONE),
	HELD("X-Autorespond", "X-Autorespond: Re: uw vraag\n", "auto-header", NONE),
	HELD("X-Autoresponse", "X-Autoresponse: 1\n", "auto-header", NONE),
	HELD("X-AutoReply-From", "X-AutoReply-From: jan@klant.example\n", "auto-header", NONE),
	HELD("X-Mail-Autoreply", "X-Mail-Autoreply: weg\n", "auto-header", NONE),
	HELD("X-Autogenerated", "X-Autogenerated: Reply\n", "auto-header", NONE),
	HELD("FirstClass", "X-FC-MachineGenerated: true\n", "auto-header", NONE),
	HELD("POST.Office", "X-POST-MessageClass: 9; Autoresponder\n", "auto-header", NONE),
	HELD("Exchange rules", "X-MS-Exchange-Inbox-Rules-Loop: jan@klant.example\n", "auto-header", NONE),
	HELD("cron", "X-Cron-Env: <SHELL=/bin/sh>\n", "auto-header", NONE),
	ANSWERED("X-Autoreply: no", "X-Autoreply: no\n"),
	ANSWERED("X-AutoReply: NO", "X-AutoReply: NO\n"),
	ANSWERED("POST.Office, ordinary", "X-POST-MessageClass: 1; Normal\n"),

	/* ---- loops ---- */
	HELD("X-Loop", "X-Loop: klantenservice@winkel.example\n", "loop", NONE),
	HELD("X-Loop of a stranger", "X-Loop: iemand@elders.example\n", "loop", NONE),
	HELD("X-Loop-Detect", "X-Loop-Detect: 1\n", "loop", NONE),
	HELD("X-No-Loop", "X-No-Loop: yes\n", "loop", NONE),
	HELD("Request Tracker", "RT-Loop-Prevention: winkel.example\n", "loop", NONE),
	HELD("OTRS", "X-OTRS-Loop: yes\n", "loop", NONE),
	HELD("our mark, unverified", "X-Loop-Aardig: 00000000000000000000000000000000\n", "loop", NONE),
	HELD("our mark, nonsense", "X-Loop-Aardig: <script>\n", "loop", NONE),
	ANSWERED("OTRS says no", "X-OTRS-Loop: no\n"),
	ANSWERED("a bicycle", "X-Looper: racefiets\n"),

	/* ---- bulk senders (soft) ---- */
	HELD("Feedback-ID", "Feedback-ID: 1:campaign:esp\n", "bulk-sender", TICKET),
	HELD("feedback-id folded", "feedback-id:\n 1:campaign:esp\n", "bulk-sender", TICKET),
	HELD("X-CSA-Complaints", "X-CSA-Complaints: csa@esp.example\n", "bulk-sender", TICKET),
	HELD("SendGrid", "X-SG-EID: abc\n", "bulk-sender", TICKET),
	ANSWERED("a hoster's outgoing filter", "X-Report-Abuse-To: spam@quarantine.hoster.example\n"),
	ANSWERED("bulk sender, switched off", "Feedback-ID: 1:c:e\n", .set = SET_SOFT_OFF),

	/* ---- calendar ---- */
	HELD("calendar object", "Content-Type: text/calendar; method=REPLY; charset=utf-8\n", "calendar", NONE,
	     .body = "BEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR\n"),
	HELD("calendar invitation as the whole mail", "Content-Type: TEXT/Calendar; method=REQUEST\n",
	     "calendar", NONE, .body = "BEGIN:VCALENDAR\nMETHOD:REQUEST\nEND:VCALENDAR\n"),
	HELD("Outlook's acceptance", "Content-Type: multipart/alternative; boundary=x\n", "calendar", NONE,
	     .body = "--x\nContent-Type: text/plain\n\nGeaccepteerd\n--x\n"
	             "Content-Type: text/calendar; charset=\"utf-8\"; method=REPLY\n\n"
	             "BEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR\n--x--\n"),
	HELD("Google's cancellation, method in the text only", "Content-Type: multipart/mixed; boundary=x\n",
	     "calendar", NONE,
	     .body = "--x\nContent-Type: multipart/alternative; boundary=y\n\n"
	             "--y\nContent-Type: text/plain\n\nGeannuleerd\n"
	             "--y\nContent-Type: text/calendar\nContent-Transfer-Encoding: base64\n\n"
	             "QkVHSU46VkNBTEVOREFSDQpNRVRIT0Q6Q0FOQ0VMDQpFTkQ6VkNBTEVOREFSDQo=\n"
	             "--y--\n--x--\n"),
	ANSWERED("an invitation with words", "Content-Type: multipart/alternative; boundary=x\n",
	         .body = "--x\nContent-Type: text/plain\n\nKunnen we morgen bellen?\n--x\n"
	                 "Content-Type: text/calendar; method=REQUEST\n\n"
	                 "BEGIN:VCALENDAR\nMETHOD:REQUEST\nEND:VCALENDAR\n--x--\n"),
	HELD("another time is proposed", "Content-Type: multipart/alternative; boundary=x\n", "calendar", NONE,
	     .body = "--x\n\nKan het om drie uur?\n--x\n"
	             "Content-Type: text/calendar; method=COUNTER\n\n"
	             "BEGIN:VCALENDAR\nMETHOD:COUNTER\nEND:VCALENDAR\n--x--\n"),
	HELD("and declined", "Content-Type: multipart/alternative; boundary=x\n", "calendar", NONE,
	     .body = "--x\n\nDat gaat niet.\n--x\n"
	             "Content-Type: text/calendar; method=DeclineCounter\n\n"
	             "BEGIN:VCALENDAR\nMETHOD:DeclineCounter\nEND:VCALENDAR\n--x--\n"),
	HELD("an acceptance behind other calendars", "Content-Type: multipart/alternative; boundary=x\n", "calendar",
	     NONE,
	     .body = "--x\n\nGeaccepteerd\n--x\n"
	             "Content-Type: text/calendar; method=PUBLISH\n\n"
	             "BEGIN:VCALENDAR\nMETHOD:PUBLISH\nEND:VCALENDAR\n--x\n"
	             "Content-Type: text/calendar; method=REQUEST\n\n"
	             "BEGIN:VCALENDAR\nMETHOD:REQUEST\nEND:VCALENDAR\n--x\n"
	             "Content-Type: text/calendar; method=REPLY\n\n"
	             "BEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR\n--x--\n"),
	ANSWERED("another calendar's words", "Content-Type: multipart/alternative; boundary=x\n",
	         .body = "--x\n\nHallo\n--x\n"
	             "Content-Type: text/calendar; method=PUBLISH\n\n"
	             "BEGIN:VCALENDAR\nMETHOD:PUBLISH\nEND:VCALENDAR\n--x\n"
	             "Content-Type: text/calendar; method=ADD\n\n"
	             "BEGIN:VCALENDAR\nMETHOD:ADD\nEND:VCALENDAR\n--x--\n"),
	ANSWERED("a calendar file attached", "Content-Type: multipart/mixed; boundary=x\n",
	         .body = "--x\nContent-Type: text/plain\n\nZie bijlage.\n--x\n"
	                 "Content-Type: text/calendar; method=REPLY; name=a.ics\n"
	                 "Content-Disposition: attachment; filename=a.ics\n\n"
	                 "BEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR\n--x--\n"),
	ANSWERED("a calendar inside a forwarded mail", "Content-Type: multipart/mixed; boundary=x\n",
	         .body = "--x\nContent-Type: text/plain\n\nZie bijlage.\n--x\n"
	                 "Content-Type: message/rfc822\n\nContent-Type: text/calendar; method=REPLY\n\n"
	                 "BEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR\n--x--\n"),
	ANSWERED("an empty calendar beside the words", "Content-Type: multipart/alternative; boundary=x\n",
	         .body = "--x\n\nHallo\n--x\nContent-Type: text/calendar\n\n--x--\n"),
	ANSWERED("calendar words in the body", "", .body = "Ik kreeg een text/calendar; method=REPLY van u\n"),
	ANSWERED("calendar, switched off", "Content-Type: text/calendar\n", .set = SET_SOFT_OFF),

	/* ---- marks below the top-level header do not count ---- */
	ANSWERED("a bounce forwarded whole", "Content-Type: multipart/mixed; boundary=x\n",
	         .body = "--x\n\nMijn mail kwam terug!\n--x\nContent-Type: message/rfc822\n\n"
	                 "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nAuto-Submitted: auto-replied\n"
	                 "List-Id: <x.example>\nX-Spam-Flag: YES\nX-Loop: x\n\nfailed\n--x--\n"),
	ANSWERED("marks in a part's header", "Content-Type: multipart/mixed; boundary=x\n",
	         .body = "--x\nAuto-Submitted: auto-replied\nPrecedence: bulk\n\nHallo\n--x--\n"),
	ANSWERED("wants a read receipt", "Disposition-Notification-To: jan@klant.example\n"
	         "Return-Receipt-To: jan@klant.example\n"),
	ANSWERED("no Message-ID", "-Message-ID\n"),
	ANSWERED("no Date", "-Date\n"),
	ANSWERED("no Subject", "-Subject\n"),
	ANSWERED("raw 8-bit subject", "Subject: Klacht: ongelo\xc3\xb3""flijk \xf0\x9f\x98\xa1\n"),
	ANSWERED("raw latin-1 subject", "Subject: Klacht: caf\xe9\n"),
	ANSWERED("signed", "Content-Type: multipart/signed; boundary=x\n",
	         .body = "--x\n\nWaar blijft het?\n--x\nContent-Type: application/pgp-signature\n\nabc\n--x--\n"),
};
