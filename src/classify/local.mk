libaardig_a_SOURCES += \
	include/aardig/rules.h \
	include/aardig/classify.h \
	src/classify/tokens.h \
	src/classify/engine.h \
	src/classify/tokens-private.h \
	src/classify/tokens.c \
	src/classify/forms.c
