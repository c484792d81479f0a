"""The Scrapy item pipelines: thin shells over the library."""
