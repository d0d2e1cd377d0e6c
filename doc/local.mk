# manual pages and the guides
