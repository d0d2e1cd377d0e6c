libaardig_a_SOURCES += \
	include/aardig/error.h \
	include/aardig/log.h \
	include/aardig/clock.h \
	include/aardig/secret.h \
	include/aardig/diagnostics.h \
	include/aardig/fault.h \
	include/aardig/bytes.h \
	src/base/bytes.c \
	src/base/error.c \
	src/base/log.c \
	src/base/clock.c \
	src/base/secret.c \
	src/base/diagnostics.c \
	src/base/fault.c
