libaardig_a_SOURCES += \
	include/aardig/words.h \
	include/aardig/coach.h
libaardig_a_SOURCES += \
	src/words/words-private.h \
	src/words/template.h \
	src/words/format.h \
	src/words/variables.c \
	src/words/template-parse.c \
	src/words/template.c \
	src/words/render.c \
	src/words/layout.c \
	src/words/format.c \
	src/words/values.c \
	src/words/words.c \
	src/words/acknowledge.c \
	src/words/reply.c \
	src/words/ticket.c \
	src/words/operator.c
libaardig_a_SOURCES += src/words/coach.c
