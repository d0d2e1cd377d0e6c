/* act-private.h - shared by the files of src/act/ alone. */
#ifndef AARDIG_ACT_PRIVATE_H
#define AARDIG_ACT_PRIVATE_H

#include "aardig/act.h"

/* Runs argv without a shell, with `environment` (NULL: ours) and `input` on stdin, output thrown
 * away, for at most 30 seconds. Its exit status (128 + signal), or -1 with error set: it could not
 * be started (CONFIG), or took too long and was killed (UNKNOWN_OUTCOME). */
int act_spawn(char *const *argv, char *const *environment, GBytes *input, GError **error);

/* Limits of the acknowledgement; the strings they point to are handed over. */
void act_ack_limits(const Acting *acting, AckLimits *limits, char **recipient_out,
                    char **domain_out);
/* NULL-terminated; at most the six of aardig and the route's. */
void act_keywords(const Acting *acting, const ActResult *result, const char *keywords[8]);
/* Ours plus AARDIG_*; free with g_strfreev(). */
char **act_command_environment(const Acting *acting);

/* X-Loop-Aardig for a Message-ID of ours. Caller frees. */
char *act_mark(const Acting *acting, const char *message_id);

/* A mail of aardig's own, to a human of the shop; to, subject and body are still missing. The texts are
 * borrowed. */
OutgoingMail act_own_mail(const char *from, const char *our_id, const char *mark, gint64 now,
                          GTimeZone *zone);

#endif
