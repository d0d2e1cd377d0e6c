libaardig_a_SOURCES += \
	include/aardig/source.h \
	src/source/source-private.h \
	src/source/mailbox.c \
	src/source/mailbox-imap.h \
	src/source/mailbox-imap.c \
	src/source/mailbox-imap-sync.c \
	src/source/mailbox-imap-ahead.c \
	src/source/mailbox-imap-next.c \
	src/source/mailbox-imap-folders.c \
	src/source/mailbox-maildir.h \
	src/source/mailbox-maildir.c \
	src/source/mailbox-maildir-next.c \
	src/source/maildir-scan.c \
	src/source/maildir-store.c
libaardig_a_SOURCES += src/source/spool.c
