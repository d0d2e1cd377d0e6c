/* test_ledger_store.c - opening a ledger, refusing one, migrating. */
#include "config.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "ledger_fixture.h"
#include "record/record-private.h"

#define REF "imap:info:INBOX:7:1"

static void
make_state_folder(void)
{
	g_autofree char *state = g_path_get_dirname(path);

	ck_assert_int_eq(g_mkdir_with_parents(state, 0700), 0);
}

static mode_t
mode_of(const char *name)
{
	struct stat st;

	ck_assert_int_eq(stat(name, &st), 0);
	return st.st_mode & 0777;
}

/* ---- open ---- */

START_TEST(test_modes)
{
	static const mode_t masks[] = { 0022, 0000, 0077, 0277 };
	mode_t before = umask(masks[_i]);
	g_autoptr(Ledger) ledger = open_ledger();
	g_autofree char *state = g_path_get_dirname(path);
	g_autofree char *wal = g_strconcat(path, "-wal", NULL), *shm = g_strconcat(path, "-shm", NULL);

	ck_assert_int_eq(umask(before), masks[_i]);
	new_mail(ledger, 1, "k@x");
	ck_assert_int_eq(mode_of(path), 0600);
	ck_assert_int_eq(mode_of(state), 0700);
	ck_assert_int_eq(mode_of(wal), 0600);
	ck_assert_int_eq(mode_of(shm), 0600);
}
END_TEST

START_TEST(test_loose_mode_is_tightened)
{
	ledger_close(open_ledger());
	chmod(path, 0644);
	ledger_close(open_ledger());
	ck_assert_int_eq(mode_of(path), 0600);
}
END_TEST

START_TEST(test_secret_stays)
{
	guint8 first[LEDGER_SECRET_LENGTH], zero[LEDGER_SECRET_LENGTH] = { 0 };
	Ledger *ledger = open_ledger();

	memcpy(first, ledger_secret(ledger), sizeof first);
	ledger_close(ledger);
	ledger = open_ledger();
	ck_assert_mem_eq(first, ledger_secret(ledger), sizeof first);
	ck_assert_mem_ne(first, zero, sizeof first);
	ledger_close(ledger);
	g_autoptr(GError) error = NULL;
	ledger = ledger_open_readonly(path, &error);
	ck_no_error(error);
	ck_assert_mem_eq(first, ledger_secret(ledger), sizeof first);
	ledger_close(ledger);
}
END_TEST

START_TEST(test_settings_of_the_database)
{
	g_autoptr(Ledger) ledger = ledger_open(path, NULL);
	gint64 value = 0;

	ck_assert_ptr_nonnull(ledger);
	ok(db_value(ledger, &value, &error, "PRAGMA synchronous", "") == 1);
	ck_assert_int_eq(value, 2);
	ok(db_value(ledger, &value, &error, "PRAGMA foreign_keys", "") == 1);
	ck_assert_int_eq(value, 1);
	g_autofree char *mode = ask_sql("PRAGMA journal_mode");
	ck_assert_str_eq(mode, "wal");
	ck_assert_int_eq(ledger->busy_ms, 10000);
}
END_TEST

static void
not_a_database(void)
{
	ck_assert(g_file_set_contents(path, "Dit is geen databank, maar een brief aan de bakker. ", -1, NULL));
}

static void
cut_off(void)
{
	g_autofree char *wal = g_strconcat(path, "-wal", NULL);

	for (guint i = 0; i < 1; i++)
		ledger_close(open_ledger());
	ck_assert_int_eq(truncate(path, 5000), 0);
	unlink(wal);
}

static void
overwritten(void)
{
	ledger_close(open_ledger());
	int fd = open(path, O_WRONLY);
	g_autofree char *junk = g_strnfill(40000, 'x');
	ck_assert_int_eq(pwrite(fd, junk, 40000, 100), 40000);
	close(fd);
}

static void
other_program(void)
{
	run_sql("CREATE TABLE places (id)");
}

static void
other_application(void)
{
	run_sql("PRAGMA application_id = 77; PRAGMA user_version = 3");
}

static void
newer(void)
{
	ledger_close(open_ledger());
	run_sql("PRAGMA user_version = 99");
}

static void
no_secret(void)
{
	ledger_close(open_ledger());
	run_sql("DELETE FROM meta WHERE key = 'secret'");
}

static void
a_folder(void)
{
	ck_assert_int_eq(mkdir(path, 0700), 0);
}

static const struct {
	const char *label;
	void (*make)(void);
	AardigError code;
	const char *says; /* the remedy */
} refusals[] = {
	{ "not a database", not_a_database, AARDIG_ERROR_CONFIG, "move it away" },
	{ "cut off", cut_off, AARDIG_ERROR_CONFIG, "restore a backup" },
	{ "overwritten", overwritten, AARDIG_ERROR_CONFIG, "restore a backup" },
	{ "another program's", other_program, AARDIG_ERROR_CONFIG, "another program" },
	{ "another application id", other_application, AARDIG_ERROR_CONFIG, "another program" },
	{ "made by a newer aardig", newer, AARDIG_ERROR_CONFIG, "install that version" },
	{ "its secret is gone", no_secret, AARDIG_ERROR_CONFIG, "restore a backup" },
	{ "a folder", a_folder, AARDIG_ERROR_CONFIG, "must belong to the user" },
};

START_TEST(test_refusal)
{
	g_autoptr(GError) error = NULL, readonly = NULL;

	make_state_folder();
	refusals[_i].make();
	ck_assert_msg(ledger_open(path, &error) == NULL, "%s: opened", refusals[_i].label);
	ck_assert_msg(g_error_matches(error, AARDIG_ERROR, (int) refusals[_i].code), "%s: %s",
	              refusals[_i].label, error->message);
	ck_assert_msg(strstr(error->message, refusals[_i].says) != NULL, "%s: %s", refusals[_i].label,
	              error->message);
	ck_assert_ptr_nonnull(strstr(error->message, path));
	ck_assert_ptr_null(ledger_open_readonly(path, &readonly));
	ck_assert_msg(g_error_matches(readonly, AARDIG_ERROR, (int) refusals[_i].code), "%s: %s",
	              refusals[_i].label, readonly->message);
}
END_TEST

/* As nobody, for root may write everything. In a container without a nobody, or with TMPDIR where nobody else comes,
 * there is nothing to see. */
enum { REFUSED_RIGHTLY, REFUSED_OTHERWISE, NO_NOBODY };

static void
as_nobody(mode_t file, mode_t dir, const char *says)
{
	g_autofree char *state = g_path_get_dirname(path);

	ledger_close(open_ledger());
	chmod(path, file);
	chmod(state, dir);
	chmod(folder, 0755);
	pid_t pid = fork();
	if (pid == 0) {
		g_autoptr(GError) error = NULL;
		if (setuid(65534) != 0 || access(folder, R_OK | X_OK) != 0)
			_exit(NO_NOBODY);
		Ledger *ledger = ledger_open(path, &error);
		_exit(ledger == NULL && g_error_matches(error, AARDIG_ERROR, AARDIG_ERROR_CONFIG) &&
		      strstr(error->message, says) != NULL ? REFUSED_RIGHTLY : REFUSED_OTHERWISE);
	}
	int status = 0;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	chmod(state, 0700);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) != REFUSED_OTHERWISE, "%d", status);
}

START_TEST(test_other_user)
{
	if (geteuid() != 0)
		return;
	as_nobody(0600, 0755, "user who runs aardig");
	as_nobody(0600, 0700, "user who runs aardig");
	as_nobody(0644, 0755, "chown");
}
END_TEST

START_TEST(test_readonly)
{
	g_autoptr(GError) none = NULL, refused = NULL, old = NULL;
	guint tries = 0;
	RefState state;

	ck_assert_ptr_null(ledger_open_readonly(path, &none));
	ck_assert_ptr_nonnull(strstr(none->message, "'aardig run' makes it"));
	ck_assert(!g_file_test(path, G_FILE_TEST_EXISTS));
	ledger_close(open_ledger());
	{
		g_autoptr(GError) trouble = NULL;
		g_autoptr(Ledger) ledger = ledger_open_readonly(path, &trouble);
		ck_no_error(trouble);
		ok(ledger_ref_state(ledger, REF, &state, NULL, &error));
		ck_assert(!ledger_attempt(ledger, REF, &tries, &refused));
		ck_assert_ptr_nonnull(refused);
	}
	run_sql("PRAGMA user_version = 1");
	ck_assert_ptr_null(ledger_open_readonly(path, &old));
	ck_assert_ptr_nonnull(strstr(old->message, "older aardig"));
}
END_TEST

START_TEST(test_first_start_of_many)
{
	for (int i = 0; i < 12; i++) {
		if (fork() == 0) {
			Ledger *ledger = open_ledger();
			_exit(ledger_secret(ledger)[0] & 0x7f);
		}
	}
	int first = -1;
	for (int i = 0; i < 12; i++) {
		int status = 0;
		wait(&status);
		ck_assert(WIFEXITED(status));
		ck_assert_int_ne(WEXITSTATUS(status), 255);
		ck_assert(first == -1 || first == WEXITSTATUS(status));
		first = WEXITSTATUS(status);
	}
}
END_TEST

START_TEST(test_migration)
{
	g_autofree char *file = unit_path("tests/data/ledger/v1.sql");
	g_autofree char *sql = NULL, *text = NULL;

	make_state_folder();
	ck_assert(g_file_get_contents(file, &sql, NULL, NULL));
	run_sql(sql);
	g_autofree char *before = ask_sql("PRAGMA user_version");
	ck_assert_str_eq(before, "1");

	g_autoptr(Ledger) ledger = open_ledger();
	g_autofree char *after = ask_sql("PRAGMA user_version");
	ck_assert_int_eq(atoi(after), schema_latest());
	ck_assert_int_eq(ledger_secret(ledger)[31], 31);
	ok((text = ledger_why_json(ledger, "#7", &error)) != NULL);
	ck_assert_ptr_nonnull(strstr(text, "\"corrected_tone\": null"));
	ck_assert_ptr_nonnull(strstr(text, "\"outcome\": \"acknowledged\""));
	new_mail(ledger, 1, "k@x");
}
END_TEST

/* A table that is made anew takes all its rows with it, its check too, and leaves no page behind in which they
 * can be read when retention has wiped them. */
START_TEST(test_migration_of_actions)
{
	static const char all[] = "SELECT group_concat(mail || kind || target || state || our_id || tries || first ||"
		" coalesce(began, '') || touched || coalesce(due, '') || coalesce(owner, '') || coalesce(detail, ''))"
		" FROM (SELECT * FROM action ORDER BY mail, kind, target)";
	g_autofree char *file = unit_path("tests/data/ledger/v1.sql"), *sql = NULL, *bytes = NULL;
	gsize size;

	make_state_folder();
	ck_assert(g_file_get_contents(file, &sql, NULL, NULL));
	run_sql(sql);
	run_sql("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 99) INSERT INTO action"
	        " SELECT 1, 'command', i, iif(i = 1, 'unknown', 'done'), 'x', 1, 2, i, 3, i, 'o', 'TELLTALE' FROM n");
	g_autofree char *before = ask_sql(all);
	ledger_close(open_ledger());
	g_autofree char *after = ask_sql(all);
	ck_assert_str_eq(before, after);
	ck_assert_ptr_nonnull(strstr(after, "TELLTALE"));

	sqlite3 *db;
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, "UPDATE action SET state = 'other'", NULL, NULL, NULL), SQLITE_CONSTRAINT);
	ck_assert_int_eq(sqlite3_exec(db, "PRAGMA secure_delete = ON; DELETE FROM action", NULL, NULL, NULL),
	                 SQLITE_OK);
	sqlite3_close(db);
	ck_assert(g_file_get_contents(path, &bytes, &size, NULL));
	ck_assert(memmem(bytes, size, "TELLTALE", 8) == NULL);
}
END_TEST

/* A migrated ledger has the same tables as a new one. */
START_TEST(test_migration_ends_like_a_new_one)
{
	static const char shape[] = "SELECT group_concat(sql, char(10)) FROM (SELECT sql FROM sqlite_schema"
		" WHERE sql IS NOT NULL ORDER BY name)";
	g_autofree char *file = unit_path("tests/data/ledger/v1.sql"), *sql = NULL;

	ledger_close(open_ledger());
	g_autofree char *fresh = ask_sql(shape);
	unlink(path);
	ck_assert(g_file_get_contents(file, &sql, NULL, NULL));
	run_sql(sql);
	ledger_close(open_ledger());
	g_autofree char *migrated = ask_sql(shape);
	ck_assert_str_eq(fresh, migrated);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("ledger-store");
	TCase *store = tcase_create("open");

	tcase_add_checked_fixture(store, fixture_set_up, fixture_tear_down);
	suite_add_tcase(suite, store);
	tcase_add_loop_test(store, test_modes, 0, 4);
	tcase_add_test(store, test_loose_mode_is_tightened);
	tcase_add_test(store, test_secret_stays);
	tcase_add_test(store, test_settings_of_the_database);
	tcase_add_loop_test(store, test_refusal, 0, G_N_ELEMENTS(refusals));
	tcase_add_test(store, test_other_user);
	tcase_add_test(store, test_readonly);
	tcase_add_test(store, test_first_start_of_many);
	tcase_add_test(store, test_migration);
	tcase_add_test(store, test_migration_ends_like_a_new_one);
	tcase_add_test(store, test_migration_of_actions);
	return unit_run(suite);
}
