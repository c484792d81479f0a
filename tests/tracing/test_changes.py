"""What a copy did to its source, sentence by sentence."""

from pipelines.tracing.changes import changes

SOURCE = (
    "The council met on Monday in the old hall. Nobody had expected a vote before spring.\n\n"
    "“We are ready to sign,” the mayor said. The opposition left the room in protest.\n\n"
    "A second reading is due in two weeks, officials confirmed."
)


def test_a_verbatim_copy_changed_nothing() -> None:
    found = changes(SOURCE, SOURCE)
    assert (found.kept, found.reprinted, found.moved) == (5, 0, 0)
    assert (found.cut, found.added, found.changed) == ((), (), ())


def test_other_marks_and_spelling_are_reprints() -> None:
    found = changes(SOURCE, SOURCE.replace("“", "‘").replace("”", "’"))
    assert (found.kept, found.reprinted) == (5, 1)


def test_cut_added_changed_and_moved_sentences_are_told_apart() -> None:
    copy = (
        "A second reading is due in two weeks, officials confirmed. The council met on Tuesday in the old hall.\n\n"
        "“We are ready to sign,” the mayor said. Read more about it in our weekly letter."
    )
    found = changes(SOURCE, copy)
    assert found.cut == ("Nobody had expected a vote before spring.", "The opposition left the room in protest.")
    assert found.added == ("Read more about it in our weekly letter.",)
    assert found.changed == (
        ("The council met on Monday in the old hall.", "The council met on Tuesday in the old hall."),
    )
    assert (found.kept, found.moved) == (2, 1)


def test_a_sentence_of_a_further_source_is_not_added() -> None:
    other = "Farmers in the south have begun the harvest."
    assert changes(SOURCE, f"{SOURCE} {other}", [other]).added == ()
    assert changes(SOURCE, f"{SOURCE} {other}").added == (other,)
