"""The failures that have names; every one says what, where and what to do."""


class PressmarkError(Exception):
    """The root of what Pressmark raises on purpose: the message is for the operator."""


class BadRules(PressmarkError):
    """A rules file that does not hold together; names file and key."""


class BadArchive(PressmarkError):
    """A WARC file, text file or catalogue that cannot be read as what it claims to be."""


class NoArchive(BadArchive):
    """An archive that no crawl has made yet."""


class BadSource(PressmarkError):
    """A feed, sitemap, listing or API answer that cannot be read; what could be read is not lost."""


class UnreadableDate(PressmarkError):
    """A printed time that names no day."""
