"""The three styles of a seed file, written from articles and read back: `clean`, `page`, `hugo`; touches no disk."""
