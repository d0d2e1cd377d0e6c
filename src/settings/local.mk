libaardig_a_SOURCES += \
	include/aardig/settings.h \
	src/settings/settings-private.h \
	src/settings/text.h \
	src/settings/text-private.h \
	src/settings/text.c \
	src/settings/tokens.c \
	src/settings/keys.c \
	src/settings/reader.c \
	src/settings/values.c \
	src/settings/shop.c \
	src/settings/account.c \
	src/settings/endpoint.c \
	src/settings/routes.c \
	src/settings/check.c \
	src/settings/settings.c \
	src/settings/secrets.c \
	src/settings/duration.c \
	src/settings/own-address.c
