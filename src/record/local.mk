libaardig_a_SOURCES += \
	include/aardig/ledger.h \
	src/record/record-private.h \
	src/record/read-private.h \
	src/record/db.c \
	src/record/hash.c \
	src/record/ledger.c \
	src/record/ledger-action.c \
	src/record/ledger-budget.c \
	src/record/ledger-folder.c \
	src/record/ledger-mail.c \
	src/record/ledger-read.c \
	src/record/ledger-sight.c \
	src/record/ledger-why.c \
	src/record/owner.c \
	src/record/schema.c
