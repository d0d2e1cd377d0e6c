# templates/<language>/ go to $(pkgdatadir)/templates/<language>/
templatesdir = $(pkgdatadir)
nobase_dist_templates_DATA = \
	templates/en/ack.txt \
	templates/en/greeting.txt \
	templates/en/mirror.txt \
	templates/en/operator/breaker.txt \
	templates/en/operator/clock.txt \
	templates/en/operator/set-aside.txt \
	templates/en/operator/silent.txt \
	templates/en/operator/token.txt \
	templates/en/operator/unknown-outcome.txt \
	templates/en/operator/unrouted.txt \
	templates/en/question.txt \
	templates/en/reply-options.txt \
	templates/en/reply.txt \
	templates/en/signature.txt \
	templates/en/steps.txt \
	templates/en/subject.txt \
	templates/en/term.txt \
	templates/en/thanks.txt \
	templates/en/ticket-names.txt \
	templates/en/ticket.txt \
	templates/en/understanding.txt \
	templates/nl/ack.txt \
	templates/nl/greeting.txt \
	templates/nl/mirror.txt \
	templates/nl/operator/breaker.txt \
	templates/nl/operator/clock.txt \
	templates/nl/operator/set-aside.txt \
	templates/nl/operator/silent.txt \
	templates/nl/operator/token.txt \
	templates/nl/operator/unknown-outcome.txt \
	templates/nl/operator/unrouted.txt \
	templates/nl/question.txt \
	templates/nl/reply-options.txt \
	templates/nl/reply.txt \
	templates/nl/signature.txt \
	templates/nl/steps.txt \
	templates/nl/subject.txt \
	templates/nl/term.txt \
	templates/nl/thanks.txt \
	templates/nl/ticket-names.txt \
	templates/nl/ticket.txt \
	templates/nl/understanding.txt
