/* test_source_imap.c - bodies from a server of memory: what comes is handed out, what is missing has gone, and what the
 * server does not give, or gives with nothing in it, is asked for once more by itself. */
#include "config.h"

#include "aardig/source.h"
#include "net_fixture.h"
#include "source/mailbox-imap.h"

#define FOUR "* 1 FETCH (UID 4 BODY[] {3}\r\nvie)\r\n"
#define FIVE "* 2 FETCH (UID 5 BODY[] {3}\r\nvij)\r\n"
#define SIX "* 3 FETCH (UID 6 BODY[] {3}\r\nzes)\r\n"

/* Mails 4, 5 and 6, each of three bytes by what the server has said of them. */
static const struct {
	const char *label, *answer, *ready, *doubtful;
} rows[] = {
	{ "all", FOUR FIVE SIX "t3 OK\r\n", "4 5 6", "" },
	{ "one has gone", FOUR SIX "t3 OK\r\n", "4 5gone 6", "" },
	{ "one is NIL", FOUR "* 2 FETCH (UID 5 BODY[] NIL)\r\n" SIX "t3 OK\r\n", "4 6", "5" },
	{ "one is empty", FOUR "* 2 FETCH (UID 5 BODY[] \"\")\r\n" SIX "t3 OK\r\n", "4 6", "5" },
	{ "refused", "t3 NO [SERVERBUG] cannot\r\n", "", "4 5 6" },
	{ "refused after one", FOUR "t3 NO [SERVERBUG] cannot\r\n", "", "4 5 6" },
	{ "hung up", FOUR FIVE, "", "4 5 6" },
	{ "hung up in a body", FOUR "* 2 FETCH (UID 5 BODY[] {3}\r\nv", "", "4 5 6" },
};

static void
put_info(gpointer infos, guint32 uid)
{
	ImapMessage *info = g_new0(ImapMessage, 1);

	*info = (ImapMessage) { .uid = uid, .size = 3 };
	g_ptr_array_add(infos, info);
}

static char *
ready_text(const ImapMailbox *self)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (const GList *at = self->ready->head; at != NULL; at = at->next) {
		const SourceMail *mail = at->data;

		ck_assert(mail->gone || g_bytes_get_size(mail->raw) == 3);
		g_string_append_printf(text, "%s%u%s", text->len > 0 ? " " : "",
		                       imap_mailbox_ref_uid(self, mail->ref), mail->gone ? "gone" : "");
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static char *
doubtful_text(const ImapMailbox *self)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < self->doubtful->len; i++)
		g_string_append_printf(text, "%s%u", i > 0 ? " " : "", g_array_index(self->doubtful, guint32, i));
	return g_string_free(g_steal_pointer(&text), FALSE);
}

START_TEST(bodies)
{
	g_autofree char *answers = g_strconcat(OPENING, rows[_i].answer, NULL);
	g_autoptr(ImapSession) session = imap_server(answers, NULL);
	const Account account = { .name = (char *) "shop" };
	ImapMailbox self = { .base.account = &account, .imap = session, .key = "INBOX",
		             .info.uidvalidity = 77 };

	self.infos = g_ptr_array_new_with_free_func(g_free);
	self.pending = g_array_new(FALSE, FALSE, sizeof(guint32));
	self.doubtful = g_array_new(FALSE, FALSE, sizeof(guint32));
	self.ready = g_queue_new();
	g_queue_init(&self.asked);
	g_queue_init(&self.batches);
	for (guint32 uid = 4; uid <= 6; uid++)
		put_info(self.infos, uid);

	ck_assert(imap_mailbox_fetch_ahead(&self));
	g_autofree char *ready = ready_text(&self), *doubtful = doubtful_text(&self);
	ck_assert_msg(strcmp(ready, rows[_i].ready) == 0, "%s: ready %s", rows[_i].label, ready);
	ck_assert_msg(strcmp(doubtful, rows[_i].doubtful) == 0, "%s: doubtful %s", rows[_i].label, doubtful);

	imap_mailbox_forget_ahead(&self);
	g_queue_free_full(self.ready, (GDestroyNotify) source_mail_free);
	g_array_unref(self.doubtful);
	g_array_unref(self.pending);
	g_ptr_array_unref(self.infos);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("source-imap");
	TCase *tcase = tcase_create("ahead");

	tcase_add_loop_test(tcase, bodies, 0, G_N_ELEMENTS(rows));
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
