libaardig_a_SOURCES += \
	include/aardig/net.h \
	src/net/net-private.h \
	src/net/imap-private.h \
	src/net/curl.c \
	src/net/connect-error.c \
	src/net/stream.c \
	src/net/line.c \
	src/net/smtp.c \
	src/net/smtp-reply.c \
	src/net/imap.c \
	src/net/imap-command.c \
	src/net/imap-response.c \
	src/net/imap-parse.c \
	src/net/imap-folder.c \
	src/net/imap-fetch.c \
	src/net/imap-store.c \
	src/net/imap-utf7.c
