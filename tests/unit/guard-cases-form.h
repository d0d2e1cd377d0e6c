/* guard-cases-form.h - contact forms and our own lists. */

#include "guard-cases.h"

#define FORM "From: Website <website@winkel.example>\nReturn-Path: <website@winkel.example>\n"
#define PROOF "Authentication-Results: mail.winkel.example; dmarc=pass header.from=winkel.example\n"
#define LIST "From: 'Jan' via Info <info@winkel.example>\nReturn-Path: <info+bncBAB@winkel.example>\n" \
	"List-Id: <info.winkel.example>\n"

static const GuardCaseRow form_cases[] = {
	ANSWERED("proven by DMARC", FORM PROOF "Reply-To: Jan <jan@klant.example>\n", .set = SET_FORM),
	ANSWERED("proven by DKIM", FORM "Reply-To: jan@klant.example\nAuthentication-Results: "
	         "mail.winkel.example; dkim=pass header.d=winkel.example\n", .set = SET_FORM),
	ANSWERED("written by a machine", FORM PROOF "Reply-To: jan@klant.example\n"
	         "Auto-Submitted: auto-generated\n", .set = SET_FORM),
	ANSWERED("sent by a mailing service", FORM PROOF "Reply-To: jan@klant.example\nFeedback-ID: 1:2:3\n"
	         "Return-Path: <bounces+12-ab@esp.example>\n", .set = SET_FORM),
	ANSWERED("addressed to nobody", FORM PROOF "Reply-To: jan@klant.example\nTo: website@winkel.example\n",
	         .set = SET_FORM),
	ANSWERED("with an address of ours", "From: klantenservice@winkel.example\n" PROOF
	         "Return-Path: <klantenservice@winkel.example>\nReply-To: jan@klant.example\n",
	         .set = SET_FORM_OURS),
	ANSWERED("in capitals", "From: WEBSITE@Winkel.Example\nReturn-Path: <website@winkel.example>\n" PROOF
	         "Reply-To: jan@klant.example\n", .set = SET_FORM),
	ANSWERED("the web server's own envelope sender", "From: website@winkel.example\n" PROOF
	         "Return-Path: <www-data@web1.hoster.example>\nReply-To: jan@klant.example\n",
	         .set = SET_FORM),
	ANSWERED("noreply@ of a service", "From: noreply@formulieren.example\n"
	         "Return-Path: <noreply@formulieren.example>\nReply-To: jan@klant.example\n"
	         "Authentication-Results: mail.winkel.example; dmarc=pass header.from=formulieren.example\n",
	         .set = SET_FORM_ELSEWHERE),
	ANSWERED("secret in the header", FORM "Reply-To: jan@klant.example\nX-Form-Key: geheim-123\n",
	         .set = SET_FORM_SECRET),
	ANSWERED("secret in the body", FORM "Reply-To: jan@klant.example\n", .set = SET_FORM_SECRET,
	         .body = "Naam: Jan\nX-Form-Key: geheim-123\nBericht: waar blijft het?\n"),
	ANSWERED("customer in the body", FORM PROOF, .set = SET_FORM_FIELD,
	         .body = "Naam: Jan\nE-mail: jan@klant.example\nBericht: waar blijft het?\n"),
	ANSWERED("customer in the body, as HTML gives it", FORM PROOF, .set = SET_FORM_FIELD,
	         .body = "E-mail : jan@klant.example <mailto:jan@klant.example>\n"),
	ANSWERED("customer in a header field", FORM PROOF "E-mail: Jan <jan@klant.example>\n",
	         .set = SET_FORM_FIELD),
	ANSWERED("Reply-To named twice alike", FORM PROOF "Reply-To: jan@klant.example\nReply-To: Jan "
	         "<jan@klant.example>\n", .set = SET_FORM),

	HELD("not proven", FORM "Reply-To: jan@klant.example\n", "no-sender", DRAFT, .to = NOBODY, .set = SET_FORM),
	HELD("a stranger's DMARC", FORM "Reply-To: jan@klant.example\n"
	     "Authentication-Results: evil.example; dmarc=pass header.from=winkel.example\n", "no-sender", DRAFT, .to = NOBODY,
	     .set = SET_FORM),
	HELD("a stranger's signature", FORM "Reply-To: jan@klant.example\nAuthentication-Results: "
	     "mail.winkel.example; dkim=pass header.d=evil.example\n", "no-sender", DRAFT, .to = NOBODY, .set = SET_FORM),
	HELD("a signature of nobody knows whom", FORM "Reply-To: jan@klant.example\nAuthentication-Results: "
	     "mail.winkel.example; dkim=pass\n", "no-sender", DRAFT, .to = NOBODY, .set = SET_FORM),
	HELD("spf proves nothing about From", FORM "Reply-To: jan@klant.example\nAuthentication-Results: "
	     "mail.winkel.example; spf=pass smtp.mailfrom=winkel.example\n", "no-sender", DRAFT, .to = NOBODY,
	     .set = SET_FORM),
	HELD("a form with an address of ours, not proven", "From: klantenservice@winkel.example\n"
	     "Return-Path: <klantenservice@winkel.example>\nReply-To: jan@klant.example\n", "own-mail", TICKET,
	     .set = SET_FORM_OURS),
	HELD("a form elsewhere, not proven", "From: noreply@formulieren.example\n"
	     "Return-Path: <noreply@formulieren.example>\nReply-To: jan@klant.example\n", "noreply", TICKET,
	     .to = NOBODY, .set = SET_FORM_ELSEWHERE),
	HELD("wrong secret", FORM "Reply-To: jan@klant.example\nX-Form-Key: geheim-124\n", "no-sender", DRAFT, .to = NOBODY,
	     .set = SET_FORM_SECRET),
	HELD("secret with something behind", FORM "Reply-To: jan@klant.example\nX-Form-Key: geheim-1234\n",
	     "no-sender", DRAFT, .to = NOBODY, .set = SET_FORM_SECRET),
	HELD("secret without its label", FORM "Reply-To: jan@klant.example\n", "no-sender", DRAFT, .to = NOBODY,
	     .set = SET_FORM_SECRET, .body = "geheim-123\n"),
	HELD("no customer", FORM PROOF, "no-sender", DRAFT, .to = NOBODY, .set = SET_FORM),
	HELD("two customers", FORM PROOF "Reply-To: jan@klant.example, doel@slachtoffer.example\n",
	     "no-sender", DRAFT, .to = NOBODY, .set = SET_FORM),
	HELD("a customer without a domain", FORM PROOF "Reply-To: jan\n", "no-sender", DRAFT, .to = NOBODY,
	     .set = SET_FORM),
	HELD("a second address written into the message", FORM PROOF, "no-sender", DRAFT, .to = NOBODY,
	     .set = SET_FORM_FIELD,
	     .body = "E-mail: jan@klant.example\nBericht: hallo\nE-mail: doel@slachtoffer.example\n"),
	HELD("the customer is us", FORM PROOF "Reply-To: info@winkel.example\n", "own-mail", TICKET,
	     .set = SET_FORM),
	HELD("the customer is a noreply address", FORM PROOF "Reply-To: noreply@klant.example\n", "noreply",
	     TICKET, .set = SET_FORM),
	HELD("the customer is a robot", FORM PROOF "Reply-To: mailer-daemon@klant.example\n", "robot-sender",
	     NONE, .set = SET_FORM),
	HELD("an automatic answer to the form", FORM PROOF "Reply-To: jan@klant.example\n"
	     "Auto-Submitted: auto-replied\n", "auto-submitted", NONE, .set = SET_FORM),
	HELD("a form's bounce", "From: website@winkel.example\nReturn-Path: <>\n" PROOF
	     "Reply-To: jan@klant.example\n", "null-sender", TICKET, .set = SET_FORM),
	HELD("a form in a loop", FORM PROOF "Reply-To: jan@klant.example\nX-Loop: x\n", "loop", NONE,
	     .set = SET_FORM),
	HELD("a form marked as spam", FORM PROOF "Reply-To: jan@klant.example\nX-Spam-Flag: YES\n", "spam",
	     NONE, .set = SET_FORM),
	HELD("an address beside the form's", "From: website2@winkel.example\n" PROOF
	     "Return-Path: <a@winkel.example>\nReply-To: jan@klant.example\nTo: x@y.example\n", "not-addressed",
	     DRAFT, .set = SET_FORM),
	HELD("the form's name only", "From: \"website@winkel.example\" <x@evil.example>\n"
	     "Return-Path: <x@evil.example>\nTo: x@y.example\n", "not-addressed", DRAFT, .set = SET_FORM),

	/* ---- own lists ---- */
	ANSWERED("X-Original-From", LIST "X-Original-From: Jan <jan@klant.example>\n", .set = SET_LIST),
	ANSWERED("Reply-To", LIST "Reply-To: jan@klant.example\n", .set = SET_LIST),
	ANSWERED("X-Original-From before Reply-To",
	         LIST "X-Original-From: jan@klant.example\nReply-To: post@klant.example\n", .set = SET_LIST),
	ANSWERED("Reply-To is the list", LIST "X-Original-From: jan@klant.example\n"
	         "Reply-To: info@winkel.example\n", .set = SET_LIST),
	ANSWERED("From was not rewritten", "Return-Path: <info+bncBAB@winkel.example>\n"
	         "List-Id: <info.winkel.example>\n", .set = SET_LIST),
	ANSWERED("with all its marks", LIST "Reply-To: jan@klant.example\nPrecedence: list\n"
	         "Mailing-List: list info@winkel.example\nList-Post: <mailto:info@winkel.example>\n"
	         "X-BeenThere: info@winkel.example\nList-Unsubscribe: <mailto:x@winkel.example>\n",
	         .set = SET_LIST),
	ANSWERED("List-Id with a name, in capitals", LIST "List-Id: Info (winkel) <INFO.Winkel.Example>\n"
	         "Reply-To: jan@klant.example\n", .set = SET_LIST),
	ANSWERED("the trusted server knows the list", LIST "Reply-To: jan@klant.example\n"
	         "Authentication-Results: mail.winkel.example; spf=pass smtp.mailfrom=winkel.example\n",
	         .set = SET_LIST),
	HELD("the trusted server does not know the list", LIST "Reply-To: doel@slachtoffer.example\n"
	     "Authentication-Results: mail.winkel.example; spf=pass smtp.mailfrom=evil.example\n",
	     "no-sender", DRAFT, .to = "doel@slachtoffer.example", .set = SET_LIST),
	HELD("... nor who rewrote From", LIST "X-Original-From: doel@slachtoffer.example\n"
	     "Authentication-Results: mail.winkel.example; dkim=pass header.d=evil.example; dmarc=none\n",
	     "no-sender", DRAFT, .set = SET_LIST),
	ANSWERED("a list on our own server: the trusted server knows the customer",
	         LIST "Reply-To: jan@klant.example\nAuthentication-Results: mail.winkel.example; spf=pass "
	         "smtp.mailfrom=jan@klant.example\n", .set = SET_LIST),
	HELD("another list", "List-Id: <panel.lijst.example>\n", "mailing-list", NONE, .set = SET_LIST),
	HELD("an id that begins like ours", "List-Id: <info.winkel.example.evil.example>\n", "mailing-list",
	     NONE, .set = SET_LIST),
	HELD("a newsletter through our list", LIST "List-Id: <nieuws.merk.example>\n"
	     "List-Id: <info.winkel.example>\nReply-To: jan@klant.example\n", "mailing-list", NONE,
	     .set = SET_LIST),
	HELD("a newsletter's second List-Unsubscribe", LIST "Reply-To: jan@klant.example\n"
	     "List-Unsubscribe: <mailto:a@winkel.example>\nList-Unsubscribe: <https://merk.example/af>\n",
	     "mailing-list", NONE, .set = SET_LIST),
	HELD("nobody behind the list", LIST, "own-mail", TICKET, .to = NOBODY, .set = SET_LIST),
	HELD("two behind the list", LIST "Reply-To: jan@klant.example, piet@elders.example\n", "own-mail", TICKET,
	     .to = NOBODY, .set = SET_LIST),
	HELD("junk through our list", LIST "Reply-To: jan@klant.example\nAuto-Submitted: auto-replied\n",
	     "auto-submitted", NONE, .set = SET_LIST),
	HELD("our list's mark, but no list configured", "List-Id: <info.winkel.example>\n", "mailing-list",
	     NONE),
};
