/* shop.c - the shop: opening hours, closed days, terms, order numbers. */
#include "config.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>
#include <string.h>

#include "aardig/decide.h"
#include "aardig/words.h"
#include "settings/settings-private.h"

#define HOUR 3600
#define WORKDAYS_MAX 60

Shop *
shop_new(void)
{
	Shop *shop = g_new0(Shop, 1);

	reader_defaults(shop_keys, shop);
	for (int day = 0; day < 5; day++)
		shop->hours[day] = (DayHours){ 9 * HOUR, 17 * HOUR };
	shop->answer_within[PRIORITY_NORMAL].workdays = 1;
	shop->answer_within[PRIORITY_HIGH].seconds = 4 * HOUR;
	return shop;
}

void
shop_free(Shop *shop)
{
	if (shop == NULL)
		return;
	g_free(shop->name);
	g_free(shop->language);
	g_free(shop->signature);
	if (shop->timezone != NULL)
		g_time_zone_unref(shop->timezone);
	g_strfreev(shop->holidays);
	g_strfreev(shop->closed);
	g_strfreev(shop->remedies);
	g_free(shop->policy_discount);
	g_strfreev(shop->order_patterns);
	g_free(shop->subject);
	g_free(shop->thread_policy);
	g_free(shop);
}

/* ---- opening hours and terms ---- */

static gboolean
parse_clock(const char *text, gsize length, gint32 *seconds_out)
{
	if (length != 5 || text[2] != ':' || !g_ascii_isdigit(text[0]) || !g_ascii_isdigit(text[1]) ||
	    !g_ascii_isdigit(text[3]) || !g_ascii_isdigit(text[4]))
		return FALSE;
	int hour = (text[0] - '0') * 10 + text[1] - '0', minute = (text[3] - '0') * 10 + text[4] - '0';
	if (minute > 59 || hour > 24 || (hour == 24 && minute > 0))
		return FALSE;
	*seconds_out = hour * HOUR + minute * 60;
	return TRUE;
}

void
read_day(Reader *reader, const config_setting_t *from, const Key *key, void *base)
{
	DayHours *day = (DayHours *) ((char *) base + key->offset);
	DayHours got;
	const char *text = value_text(reader, from, "opening hours");

	if (text == NULL)
		return;
	if (strcmp(text, "closed") == 0) {
		*day = (DayHours){ 0, 0 };
		return;
	}
	if (strlen(text) != 11 || text[5] != '-' || !parse_clock(text, 5, &got.open) ||
	    !parse_clock(text + 6, 5, &got.close)) {
		reader_error(reader, from,
		             "%s: \"%s\" are no opening hours (write \"09:00-17:00\" or "
		             "\"closed\")",
		             key->name, text);
		return;
	}
	if (got.close <= got.open) {
		reader_error(reader, from, "%s: \"%s\" closes before it opens (swap the times)", key->name,
		             text);
		return;
	}
	*day = got;
}

void
read_answer_within(Reader *reader, const config_setting_t *from, const Key *key, void *base)
{
	struct {
		guint workdays;
		gint64 seconds;
	} got = { 0, 0 };
	G_STATIC_ASSERT(sizeof got == sizeof((Shop *) NULL)->answer_within[0]);
	const char *text = value_text(reader, from, "a term");
	int used = 0;

	if (text == NULL)
		return;
	gboolean days = (sscanf(text, "%2u workdays%n", &got.workdays, &used) == 1 && used > 0) ||
	                (sscanf(text, "%2u workday%n", &got.workdays, &used) == 1 && used > 0);
	if (days && text[used] == '\0') {
		if (got.workdays < 1 || got.workdays > WORKDAYS_MAX) {
			reader_error(reader, from, "%s: \"%s\" is not possible (from 1 to %d workdays)",
			             key->name, text, WORKDAYS_MAX);
			return;
		}
	} else {
		got.workdays = 0;
		if (!settings_parse_duration(text, &got.seconds) || got.seconds < 900 ||
		    got.seconds > 30 * 24 * HOUR) {
			reader_error(reader, from,
			             "%s: \"%s\" is no term (write \"1 workday\", \"2 workdays\", "
			             "or opening time: \"4 hours\", at least 15 min)",
			             key->name, text);
			return;
		}
	}
	memcpy((char *) base + key->offset, &got, sizeof got);
}

/* ---- closed days ---- */

static gboolean
parse_date(const char *text, gsize length, GDate *date)
{
	unsigned year, month, day;
	int used = 0;

	if (length != 10 || strspn(text, "0123456789-") < 10 ||
	    sscanf(text, "%4u-%2u-%2u%n", &year, &month, &day, &used) != 3 || used != 10 ||
	    !g_date_valid_dmy(day, month, year))
		return FALSE;
	g_date_set_dmy(date, day, month, year);
	return TRUE;
}

void
read_closed(Reader *reader, const config_setting_t *from, const Key *key, void *base)
{
	const Shop *shop = base;

	for (int i = 0; shop->closed[i] != NULL; i++) {
		const config_setting_t *at = config_setting_is_aggregate(from)
		                                 ? config_setting_get_elem((config_setting_t *) from, i)
		                                 : from;
		const char *text = shop->closed[i], *slash = strchr(text, '/');
		gsize length = slash != NULL ? (gsize) (slash - text) : strlen(text);
		GDate first, last;

		g_date_clear(&first, 1);
		g_date_clear(&last, 1);
		if (!parse_date(text, length, &first) ||
		    (slash != NULL && !parse_date(slash + 1, strlen(slash + 1), &last)))
			reader_error(reader, at,
			             "closed: \"%s\" is no date (write \"2026-12-24\", or from/to: "
			             "\"2026-12-24/2027-01-01\")",
			             text);
		else if (slash != NULL && g_date_compare(&last, &first) < 0)
			reader_error(reader, at, "closed: \"%s\" ends before it begins (swap the dates)", text);
	}
}

/* A name of a calendar that is built in, or a file with dates; those go with the closed days once
 * the whole shop was read. */
void
read_holidays(Reader *reader, const config_setting_t *from, const Key *key, void *base)
{
	Shop *shop = base;

	for (int i = 0; shop->holidays[i] != NULL; i++) {
		const char *name = shop->holidays[i];

		if (g_strv_contains(calendar_names(), name))
			continue;
		char *path = value_path(reader, name);
		if (!g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
			g_autofree char *known = g_strjoinv(", ", (char **) calendar_names());

			reader_error(reader, from,
			             "holidays: \"%s\" is neither a calendar nor a file with dates "
			             "(calendars: %s)",
			             name, known);
		}
		g_free(shop->holidays[i]);
		shop->holidays[i] = path;
	}
}

static void
merge_holiday_files(Reader *reader, Shop *shop)
{
	g_autoptr(GPtrArray) closed = g_ptr_array_new();
	g_autoptr(GStrvBuilder) calendars = g_strv_builder_new();

	for (char **day = shop->closed; day != NULL && *day != NULL; day++)
		g_ptr_array_add(closed, *day);
	for (char **name = shop->holidays; name != NULL && *name != NULL; name++) {
		if (**name == '/')
			calendar_read_dates(*name, closed, reader->diag);
		else
			g_strv_builder_add(calendars, *name);
	}
	g_ptr_array_add(closed, NULL);
	g_free(shop->closed); /* its texts moved */
	shop->closed = (char **) g_ptr_array_steal(closed, NULL);
	g_strfreev(shop->holidays);
	shop->holidays = g_strv_builder_end(calendars);
}

void
read_subject(Reader *reader, const config_setting_t *from, const Key *key, void *base)
{
	const Shop *shop = base;
	const char *file;
	guint line;

	reader_place(reader, from, &file, &line);
	words_check_subject(shop->subject, file, line, reader->diag);
}

void
read_order_patterns(Reader *reader, const config_setting_t *from, const Key *key, void *base)
{
	const Shop *shop = base;

	for (int i = 0; shop->order_patterns[i] != NULL; i++) {
		const config_setting_t *at = config_setting_is_aggregate(from)
		                                 ? config_setting_get_elem((config_setting_t *) from, i)
		                                 : from;
		int code;
		PCRE2_SIZE offset;
		pcre2_code *pattern =
			pcre2_compile((PCRE2_SPTR) shop->order_patterns[i], PCRE2_ZERO_TERMINATED,
		                  PCRE2_UTF | PCRE2_UCP, &code, &offset, NULL);

		if (pattern == NULL) {
			char why[120];

			pcre2_get_error_message(code, (PCRE2_UCHAR *) why, sizeof why);
			reader_error(reader, at,
			             "order_patterns: \"%s\": %s at character %zu (correct the "
			             "regular expression)",
			             shop->order_patterns[i], why, offset + 1);
		}
		pcre2_code_free(pattern);
	}
}

/* ---- one shop, several shops ---- */

static void
add_shop(Reader *reader, const config_setting_t *group)
{
	Shop *shop = shop_new();

	if (reader_member(group, "hours") != NULL)
		memset(shop->hours, 0, sizeof shop->hours); /* days that are not named are closed */
	guint errors = diagnostics_errors(reader->diag);
	reader_group(reader, group, shop_keys, shop);

	if (diagnostics_errors(reader->diag) == errors)
		merge_holiday_files(reader, shop);

	gint32 open = 0;
	for (int day = 0; day < 7; day++)
		open += shop->hours[day].close;
	if (open == 0 && diagnostics_errors(reader->diag) == errors)
		reader_error(reader, reader_member(group, "hours"),
		             "the shop is never open (give hours for "
		             "at least one day: mon = \"09:00-17:00\";)");
	if (shop->name == NULL && reader_member(group, "name") == NULL)
		reader_error(reader, group,
		             "a shop without a name (add name = \"...\", as customers know it)");
	for (guint i = 0; i < reader->settings->shops->len && shop->name != NULL; i++) {
		const Shop *other = g_ptr_array_index(reader->settings->shops, i);

		if (g_strcmp0(other->name, shop->name) == 0)
			reader_error(reader, group, "two shops named \"%s\" (rename one)", shop->name);
	}
	g_ptr_array_add(reader->settings->shops, shop);
}

void
read_shop(Reader *reader, const config_setting_t *from, const Key *key, void *base)
{
	if (!config_setting_is_group(from))
		reader_error(reader, from, "shop is %s (write a group: shop: { name = \"...\"; };)",
		             value_type_name(from));
	else
		add_shop(reader, from);
}

void
read_shops(Reader *reader, const config_setting_t *from, const Key *key, void *base)
{
	const config_setting_t *root = config_setting_parent(from);

	if (reader_member(root, "shop") != NULL)
		reader_error(reader, from, "both shop and shops (move the one into the list of the other)");
	reader_list(reader, from, key, add_shop);
}
