libaardig_a_SOURCES += \
	include/aardig/message.h \
	include/aardig/gmime-autoptr.h \
	include/aardig/gmime-late.h \
	src/message/gmime-late.c \
	src/message/plain.c \
	src/message/plain.h \
	src/message/message-private.h \
	src/message/charset-private.h \
	src/message/lines-private.h \
	src/message/message.c \
	src/message/header.c \
	src/message/address.c \
	src/message/media.c \
	src/message/charset.c \
	src/message/mojibake.c \
	src/message/words2047.c \
	src/message/body.c \
	src/message/html.c \
	src/message/html-filter.c \
	src/message/lines.c \
	src/message/attribution.c \
	src/message/phrases.c \
	src/message/footers.c \
	src/message/contact.c \
	src/message/signature.c
libaardig_a_SOURCES += src/message/xml.c src/message/xml.h
