aardig_SOURCES += src/cli/cli.h
aardig_SOURCES += src/cli/commands.c
