"""Takes texts and facts of articles, gives origins, clusters of copies, quotations and stories; touches no disk."""
