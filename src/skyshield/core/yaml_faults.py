"""What is wrong with a YAML file that cannot be read, in plain words, and what to do about it.

The reader speaks of tokens and blocks. Here the kinds of mistake that people make are known by a part of its message,
the first that is met; of others its words are kept. Both readers, in C and in Python, word them alike or nearly so.
"""

TAB = "tab character"
_QUOTE = "put the text in quotes"
_KNOWN = (  # part of the message, what is wrong, what to do; {opened} is the line in which it began
    ("mapping values are not allowed", "holds a second colon, mapping values are not allowed in this context",
     "put text with a colon in quotes, and check that the line above is complete"),
    (TAB, "is indented with a tab", "indent with spaces"),
    ("flow sequence", "is inside a list whose [ in line {opened} is not closed",
     "close it with ] and put a comma between its entries"),
    ("flow mapping", "is inside a mapping whose {{ in line {opened} is not closed",
     "close it with }} and put a comma between its fields"),
    ("quoted scalar", "is inside a text whose quote in line {opened} is not closed", "close the quote"),
    ("block mapping", "starts in another column than the fields from line {opened} on, or lacks its colon",
     "let fields that belong together start in the same column"),
    ("block collection", "starts in another column than the list from line {opened} on",
     "let the entries of a list start in the same column, each with a dash"),
    ("simple key", "is read as part of line {opened}, which lacks a colon with a space after its key",
     "write key: value"),
    ("cannot start any token", "begins with a character that has a meaning of its own", _QUOTE),
    ("undefined alias", "begins with * and is taken for an alias", _QUOTE),
    ("alias, which", None, "put text that begins with * in quotes, and write all else out where it is used"),
    ("tag", None, "write a plain value, only plain values, lists and mappings are read"),
    ("merge", None, "write it out, only plain values, lists and mappings are read"),
    ("twice", None, "keep one of them"),
    ("which is not text", None, "put the key in quotes, or check the lines around it"),
    ("impossible value", None, "write a date or number that there is"),
    ("nested deeper", None, "write it with fewer levels"),
    ("single document", None, "remove the line --- and what follows it"),
    ("sequence entries are not allowed", "has a dash where no list can begin",
     "put each dash on a line of its own, below the key of its list"),
)


def yaml_fault(problem: str, opened: int | None) -> tuple[str, str]:
    """Return what is wrong and what to do, for a message of the YAML reader.

    Parameters
    ----------
    problem
        Its message.
    opened
        The line in which what is at fault began, if it is told.

    Examples
    --------
    >>> yaml_fault("while parsing a flow sequence, did not find expected ',' or ']'", 3)[0]
    'is inside a list whose [ in line 3 is not closed'
    """
    for part, what, remedy in _KNOWN:
        if part in problem:
            began = "?" if opened is None else opened
            return (problem if what is None else what.format(opened=began)), remedy.replace("}}", "}")
    return problem, "compare the line with the file that 'skyshield scenario new FILE' writes"
