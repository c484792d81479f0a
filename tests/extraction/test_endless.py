"""No page makes the parser meet a tag of attributes without end, however it hides one; other pages stay as they are."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from pipelines.extraction import endless
from pipelines.extraction.decoding import decode
from pipelines.extraction.endless import with_short_tags
from pipelines.extraction.tags import Tags

ATTRIBUTES = ["a{}=1 ", "a{} ", "a{}/", 'a{}="1"', "a{} = '1'", '" a{} ', "a{} <b ", "a{}='>'"]


@pytest.mark.parametrize("end", [">x</p>", ""])
@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_a_tag_of_attributes_without_end_is_cut(attribute: str, end: str) -> None:
    page = f"<body><p {''.join(attribute.format(n) for n in range(50_000))}{end}"
    text = decode(page.encode()).text
    assert len(text) < len(page) / 10
    assert text.startswith(page[:500])
    assert text.endswith(end)


@pytest.mark.parametrize(
    "page",
    [
        f'<path d="{"M25 21.1 " * 20_000}">',
        f"<p>{'a b/c ' * 30_000}<p>",
        f"if (1 < {'a b/c ' * 30_000}",
        f"<img {'a1=2 ' * 300}>{'a b/c ' * 30_000}",
        f"{'<a href=x></a>' * 20_000}",
    ],
    ids=["one value", "text", "no tag", "some attributes", "many tags"],
)
def test_long_values_and_text_are_no_tag_without_end(page: str) -> None:
    assert decode(page.encode()).text == page


NAMES = "".join(f" a{n}" for n in range(50_000))
HIDDEN = {
    "in a script": f'<script>if(a<b && c=="</script><p{NAMES}>',
    "in a comment": f'<!-- <b x=" --><p{NAMES}>',
    "in a bogus comment": f'<?x <b x="><p{NAMES}>',
    "in a textarea": f'<textarea><b x="</textarea><p{NAMES}>',
    "behind a quote of an unquoted value": f'<p x=y=" a=">"{NAMES}>',
    "behind a quote after white space": f'<p a= ">"{NAMES}>',
    "behind a quote in a name": f'<p " a="><p b="{NAMES}>',
    "behind both quotes": f"""<p a='"' b="''>"{NAMES}>""",
    "shared by the root's tags": "".join(f"<HTML{NAMES[i : i + 2000]}>" for i in range(0, len(NAMES), 2000)),
    "in tags in values": f"""<p x='{"".join(f'><i b{n}=" c{n}="' for n in range(50_000))}'>""",
    "behind more than may be read": f"""{"<b x='" * 30_000}{'<b y="' * 30_000}><p{NAMES}>""",
    "behind a cut": f'<p{NAMES[:5000]} x="<b{NAMES[:20_000]} y="{NAMES}>',
}


def most_attributes(text: str) -> int:
    return max(len(node.attributes) for node in LexborHTMLParser(text).css("*"))


@pytest.mark.parametrize("page", HIDDEN.values(), ids=HIDDEN.keys())
def test_a_hidden_tag_without_end_is_cut_too(page: str) -> None:
    assert most_attributes(decode(page.encode()).text) <= endless._MOST_PARTS


SIGNS = """"|'|>|=|<p|<i b="| c='| a="| a= |<!--|-->|<script>|</script>|я""".split("|")
JUNK = st.lists(st.sampled_from(SIGNS), max_size=5).map("".join)


@given(JUNK, st.sampled_from(["<p", "<html c><html d><html e><html"]), JUNK, JUNK)
@settings(deadline=None, max_examples=1_000)
def test_the_parser_never_meets_more_attributes_than_the_most(before: str, start: str, within: str, after: str) -> None:
    text = f"{before}{start}{within} f g h i j{after}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(endless, "_MOST_PARTS", 4)
        patch.setattr(endless, "_COULD_HOLD_MANY", 0)
        short = with_short_tags(text, Tags(text.encode()))
    assert most_attributes(short) <= 4
