# manual pages and the guides
dist_man5_MANS += doc/aardig.conf.5
