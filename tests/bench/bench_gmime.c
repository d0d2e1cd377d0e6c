/* bench_gmime.c - the yardstick for filter: a bare process that loads GMime and parses one mail from stdin,
 * decoding its text. */
#include "config.h"

#include <gmime/gmime.h>
#include <stdio.h>
#include <unistd.h>

static void
decode(GMimeObject *parent, GMimeObject *part, gpointer data)
{
	gsize *total = data;

	if (!GMIME_IS_TEXT_PART(part))
		return;
	char *text = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
	*total += text != NULL ? strlen(text) : 0;
	g_free(text);
}

int
main(void)
{
	gsize total = 0;

	g_mime_init();
	GMimeStream *stream = g_mime_stream_fs_new(dup(STDIN_FILENO));
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
	if (message == NULL)
		return 1;
	g_mime_message_foreach(message, decode, &total);
	printf("%" G_GSIZE_FORMAT "\n", total);
	g_object_unref(message);
	g_object_unref(parser);
	g_object_unref(stream);
	return 0;
}
