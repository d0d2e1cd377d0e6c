# manual pages and the guides
dist_man1_MANS += doc/aardig.1
dist_man5_MANS += doc/aardig.conf.5
dist_man5_MANS += doc/aardig-rules.5
dist_man5_MANS += doc/aardig-templates.5
dist_doc_DATA = doc/guard.md
dist_doc_DATA += doc/guarantees.md
dist_doc_DATA += doc/delivery.md
dist_doc_DATA += doc/voorbeelden.md
