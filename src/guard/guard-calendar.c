/* guard-calendar.c - calendar objects: nobody thanks a meeting room for its acceptance.
 *
 * The whole mail is text/calendar, or one of its alternatives is an iTIP REPLY, CANCEL or
 * COUNTER (RFC 5546; Outlook and Google send them so). A calendar file that a person
 * attached is an attachment. */
#include "config.h"

#include <string.h>

#include "guard/guard-private.h"

static const char *const machine_methods[] = { "reply", "cancel", "counter", "declinecounter",
	                                       NULL };

GuardVerdict
check_calendar(const GuardCase *c, Finding *finding)
{
	const char *const *methods = message_calendar_methods(c->message);

	if (strcmp(message_content_type(c->message), "text/calendar") == 0)
		return hold(finding, "the mail is a calendar object");
	for (guint i = 0; methods[i] != NULL; i++)
		if (g_strv_contains(machine_methods, methods[i]))
			return hold(finding, "a calendar program sent it: a reply, cancellation or "
			                     "counter-proposal");
	return GUARD_PASS;
}
