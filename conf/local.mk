# what make install puts below $(pkgdatadir) and $(docdir)/examples
