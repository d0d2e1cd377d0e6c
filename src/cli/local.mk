aardig_SOURCES += src/cli/cli.h
aardig_SOURCES += src/cli/commands.c
aardig_SOURCES += src/cli/offline.c
aardig_SOURCES += src/cli/corpus.c src/cli/corpus.h
aardig_SOURCES += src/cli/score.c
aardig_SOURCES += src/cli/classify.c
aardig_SOURCES += src/cli/explain.c
aardig_SOURCES += src/cli/test.c
