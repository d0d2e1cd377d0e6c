libaardig_a_SOURCES += \
	include/aardig/guard.h \
	src/guard/guard-private.h \
	src/guard/guard.c \
	src/guard/guard-auth.c \
	src/guard/guard-calendar.c \
	src/guard/guard-envelope.c \
	src/guard/guard-form.c \
	src/guard/guard-headers.c \
	src/guard/guard-history.c \
	src/guard/guard-mark.c \
	src/guard/guard-own.c \
	src/guard/guard-provider.c \
	src/guard/guard-recipient.c \
	src/guard/guard-sender.c \
	src/guard/guard-spam.c \
	src/guard/guard-subject.c \
	src/guard/guard-words.c
