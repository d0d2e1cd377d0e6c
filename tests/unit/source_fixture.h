/* source_fixture.h - a Maildir, mails of any age in it, and a real ledger. */
#ifndef AARDIG_TESTS_SOURCE_FIXTURE_H
#define AARDIG_TESTS_SOURCE_FIXTURE_H

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

#include "aardig/clock.h"
#include "aardig/message.h"
#include "aardig/source.h"
#include "source/source-private.h"
#include "unit.h"

#define HOUR 3600
#define DAY 86400

static char *dir, *inbox;
static Account account = { .name = (char *) "shop", .source = SOURCE_MAILDIR, .timeout = 5 };
static guint counter;

static inline void
setup(void)
{
	g_autoptr(GError) error = NULL;

	dir = g_dir_make_tmp("aardig-source-XXXXXX", &error);
	ck_no_error(error);
	inbox = g_build_filename(dir, "in", NULL);
	account.source_path = inbox;
	account.drafts = NULL;
	ck_assert(maildir_prepare(inbox, &error));
}

static inline void
teardown(void)
{
	unit_remove(dir);
	g_clear_pointer(&dir, g_free);
	g_clear_pointer(&inbox, g_free);
}

static inline Ledger *
open_ledger(void)
{
	g_autofree char *path = g_build_filename(dir, "state", "ledger.sqlite", NULL);
	g_autoptr(GError) error = NULL;
	Ledger *ledger = ledger_open(path, &error);

	ck_no_error(error);
	return ledger;
}

/* A mail `age` seconds old in `subdir`; returns its base name. */
static inline char *
put(const char *subdir, const char *flags, gint64 age, const char *text)
{
	char *base = g_strdup_printf("%u.M%uP1.host", 1000000 + counter, counter);
	g_autofree char *name = g_strconcat(base, flags, NULL);
	g_autofree char *path = g_build_filename(inbox, subdir, name, NULL);
	struct utimbuf times = { clock_now() - age, clock_now() - age };

	counter++;
	ck_assert(g_file_set_contents(path, text, -1, NULL));
	ck_assert_int_eq(utime(path, &times), 0);
	return base;
}

static inline char *
ref_of(const char *base)
{
	return g_strdup_printf("maildir:%s:%s", inbox, base);
}

static inline Mailbox *
open_inbox(Ledger *ledger, gint64 since, gboolean dry_run)
{
	const MailboxOptions options = { since, dry_run, FALSE };
	g_autoptr(GError) error = NULL;
	Mailbox *mailbox = mailbox_open(&account, ledger, &options, &error);

	ck_no_error(error);
	return mailbox;
}

static inline SourceMail *
next(Mailbox *mailbox)
{
	g_autoptr(GError) error = NULL;
	SourceMail *mail = mailbox_next(mailbox, &error);

	ck_no_error(error);
	return mail;
}

static inline void
settle(Ledger *ledger, Mailbox *mailbox, const SourceMail *mail)
{
	g_autoptr(GError) error = NULL;

	ck_assert(ledger_settle(ledger, mail->ref, 0, "observed", "test", &error));
	ck_assert(mailbox_settled(mailbox, mail, &error));
}

static inline void
assert_next(Ledger *ledger, Mailbox *mailbox, const char *base)
{
	g_autoptr(SourceMail) mail = next(mailbox);

	if (base == NULL) {
		ck_assert_msg(mail == NULL, "there is %s", mail->ref);
		return;
	}
	g_autofree char *ref = ref_of(base);
	ck_assert_ptr_nonnull(mail);
	ck_assert_str_eq(mail->ref, ref);
	settle(ledger, mailbox, mail);
}

static inline void
look_again(Mailbox *mailbox)
{
	g_autoptr(GError) error = NULL;

	ck_assert(mailbox_wait(mailbox, -1, 0, &error));
}

static inline guint
count_files(const char *first, const char *second)
{
	g_autofree char *path = g_build_filename(inbox, first, second, NULL);
	g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
	guint n = 0;

	while (folder != NULL && g_dir_read_name(folder) != NULL)
		n++;
	return n;
}

#endif
