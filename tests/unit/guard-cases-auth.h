/* guard-cases-auth.h - Authentication-Results (RFC 8601): trusted and not, well-formed and not. */

#include "guard-cases.h"

#define AR "Authentication-Results: mail.winkel.example; "

static const GuardCaseRow auth_cases[] = {
	HELD("dmarc=fail", AR "dmarc=fail header.from=klant.example\n", "unauthenticated", DRAFT, .to = JAN),
	HELD("dmarc=fail with a comment", AR "dmarc=fail (p=reject dis=none) header.from=klant.example\n",
	     "unauthenticated", DRAFT),
	HELD("spf=fail alone", AR "spf=fail smtp.mailfrom=klant.example\n", "unauthenticated", DRAFT),
	HELD("spf=hardfail (RFC 5451)", AR "spf=hardfail smtp.mailfrom=klant.example\n", "unauthenticated",
	     DRAFT),
	HELD("spf=fail, dkim=fail", AR "dkim=fail header.d=klant.example; spf=fail\n", "unauthenticated", DRAFT),
	HELD("spf=fail, dkim=none", AR "dkim=none; spf=fail smtp.mailfrom=jan@klant.example\n",
	     "unauthenticated", DRAFT),
	HELD("spf=fail, signature of a stranger", AR "dkim=pass header.d=spammer.example; spf=fail\n",
	     "unauthenticated", DRAFT),
	HELD("capitals", "AUTHENTICATION-RESULTS: MAIL.WINKEL.EXAMPLE; DMARC=FAIL\n", "unauthenticated",
	     DRAFT),
	HELD("folded", "Authentication-Results: mail.winkel.example;\n\tspf=none;\n\tdmarc=fail (p=none)\n",
	     "unauthenticated", DRAFT),
	HELD("comments everywhere", "Authentication-Results: (a) mail.winkel.example (b) 1 (c); (d) dmarc (e) "
	     "= (f) fail (g)\n", "unauthenticated", DRAFT),
	HELD("nested comment with an escape", AR "(a (b \\) c) d) dmarc=fail\n", "unauthenticated", DRAFT),
	HELD("quoted id", "Authentication-Results: \"mail.winkel.example\"; dmarc=fail\n", "unauthenticated",
	     DRAFT),
	HELD("version", "Authentication-Results: mail.winkel.example 1; dmarc=fail\n", "unauthenticated",
	     DRAFT),
	HELD("method version", AR "dmarc/1=fail\n", "unauthenticated", DRAFT),
	HELD("reason in quotes", AR "dmarc=fail reason=\"no; alignment\" header.from=klant.example\n",
	     "unauthenticated", DRAFT),
	HELD("second trusted field", AR "spf=pass smtp.mailfrom=klant.example\n" AR "dmarc=fail\n",
	     "unauthenticated", DRAFT),
	HELD("below a stranger's field", "Authentication-Results: elders.example; dmarc=pass\n" AR "dmarc=fail\n",
	     "unauthenticated", DRAFT),
	HELD("a signature that only a lower field saw", AR "spf=fail; dkim=none\n"
	     AR "dkim=pass header.d=klant.example\n", "unauthenticated", DRAFT),
	HELD("no blank behind the semicolon", "Authentication-Results: mail.winkel.example;dmarc=fail\n",
	     "unauthenticated", DRAFT),
	HELD("dmarc=fail beats an earlier pass", AR "dmarc=pass; dmarc=fail\n", "unauthenticated", DRAFT),
	HELD("unclosed comment behind a failure", AR "dmarc=fail (p=reject\n", "unauthenticated", DRAFT),

	ANSWERED("all pass", AR "dkim=pass header.d=klant.example; spf=pass; dmarc=pass\n"),
	ANSWERED("none", AR "none\n"),
	ANSWERED("nothing found", AR "dkim=none; spf=none; dmarc=none\n"),
	ANSWERED("spf=softfail", AR "spf=softfail smtp.mailfrom=klant.example\n"),
	ANSWERED("spf=neutral, dkim=fail", AR "spf=neutral; dkim=fail\n"),
	ANSWERED("spf=fail but signed", AR "dkim=pass header.d=klant.example; spf=fail\n"),
	ANSWERED("spf=fail but signed, header.i", AR "dkim=pass header.i=@mail.klant.example; spf=fail\n"),
	ANSWERED("spf=fail but one of two signatures",
	         AR "dkim=fail header.d=x.example; dkim=pass header.d=klant.example; spf=fail\n"),
	ANSWERED("spf=fail but dmarc=pass", AR "spf=fail; dmarc=pass header.from=klant.example\n"),
	ANSWERED("signature in the next field", AR "spf=fail\n" AR "dkim=pass header.d=klant.example\n"),
	ANSWERED("temporary error", AR "dmarc=temperror; spf=temperror\n"),
	ANSWERED("permanent error", AR "dmarc=permerror\n"),
	ANSWERED("a method that ends in dmarc", AR "x-dmarc=fail\n"),
	ANSWERED("dmarc=fail inside a comment", AR "spf=pass (dmarc=fail) smtp.mailfrom=klant.example\n"),
	ANSWERED("dmarc=fail inside quotes", AR "spf=pass reason=\"; dmarc=fail\"\n"),
	ANSWERED("a property that looks so", AR "spf=pass policy.dmarc=fail\n"),
	ANSWERED("a stranger's failure", "Authentication-Results: elders.example; dmarc=fail\n"),
	ANSWERED("an id that begins like ours",
	         "Authentication-Results: mail.winkel.example.evil.example; dmarc=fail\n"),
	ANSWERED("our id in a comment", "Authentication-Results: (mail.winkel.example) elders.example; dmarc=fail\n"),
	ANSWERED("a version of the future", "Authentication-Results: mail.winkel.example 2; dmarc=fail\n"),
	ANSWERED("no id configured", AR "dmarc=fail\n", .set = SET_NO_AUTH),
	ANSWERED("switched off", AR "dmarc=fail\n", .set = SET_SOFT_OFF),
	ANSWERED("the original results of a list", "X-Original-Authentication-Results: mail.winkel.example; "
	         "dmarc=fail\n"),
	ANSWERED("ARC is not asked", "ARC-Authentication-Results: i=1; mail.winkel.example; dmarc=fail\n"),
	ANSWERED("Received-SPF is not asked", "Received-SPF: fail (mail.winkel.example: domain of x)\n"),

	/* ---- topmost: Microsoft 365 writes no id ---- */
	HELD("topmost without an id",
	     "Authentication-Results: spf=fail (sender IP is 192.0.2.1)\n smtp.mailfrom=klant.example; dkim=none"
	     " (message not signed)\n header.d=none;dmarc=fail action=oreject\n header.from=klant.example;"
	     "compauth=fail reason=000\n", "unauthenticated", DRAFT, .set = SET_TOPMOST),
	HELD("topmost with an id", "Authentication-Results: wat.dan.ook; dmarc=fail\n", "unauthenticated",
	     DRAFT, .set = SET_TOPMOST),
	HELD("topmost fails, the next passes",
	     "Authentication-Results: spf=fail\nAuthentication-Results: dkim=pass; dmarc=pass\n",
	     "unauthenticated", DRAFT, .set = SET_TOPMOST),
	ANSWERED("topmost passes, the next fails",
	         "Authentication-Results: spf=pass; dmarc=pass\nAuthentication-Results: dmarc=fail\n",
	         .set = SET_TOPMOST),
	ANSWERED("topmost vouches for From", "Return-Path: <piet@elders.example>\n"
	         "Authentication-Results: spf=pass smtp.mailfrom=elders.example; dkim=pass (ok)\n"
	         " header.d=klant.example;dmarc=pass action=none header.from=klant.example;compauth=pass\n",
	         .set = SET_TOPMOST),
	ANSWERED("no field at all", "", .set = SET_TOPMOST),

	/* ---- what must not count as a pass: From is not vouched for, the envelope is answered ---- */
	ANSWERED("unclosed comment", "Return-Path: <a@b.example>\n" AR "dmarc=pass (header.from=klant.example\n",
	         .to = "a@b.example"),
	ANSWERED("unclosed quotes", "Return-Path: <a@b.example>\n" AR "dmarc=pass reason=\"x\n",
	         .to = "a@b.example"),
	ANSWERED("pass in a comment", "Return-Path: <a@b.example>\n" AR "spf=pass (; dmarc=pass)\n",
	         .to = "a@b.example"),
	ANSWERED("pass in quotes", "Return-Path: <a@b.example>\n" AR "spf=pass reason=\"; dmarc=pass ;\"\n",
	         .to = "a@b.example"),
	ANSWERED("passport", "Return-Path: <a@b.example>\n" AR "dmarc=passport\n", .to = "a@b.example"),
	ANSWERED("bestguesspass", "Return-Path: <a@b.example>\n" AR "dmarc=bestguesspass\n",
	         .to = "a@b.example"),
	ANSWERED("a pass below ours that said none", "Return-Path: <a@b.example>\n" AR "dmarc=none\n"
	         AR "dmarc=pass header.from=klant.example\n", .to = "a@b.example"),
	ANSWERED("no id configured, nothing is believed", "Return-Path: <a@b.example>\n"
	         AR "dmarc=pass header.from=klant.example\n", .to = "a@b.example", .set = SET_NO_AUTH),
};
