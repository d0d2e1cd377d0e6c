# templates/<language>/ go to $(pkgdatadir)/templates
