"""Exchanges into WARC files and back: writer, reader, recovery and structural check; the archive's truth."""
