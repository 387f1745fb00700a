"""A believable Oregon Internet provider to try the portal with: its customers and their domains.

Everything is invented. Names end in .example or .test (RFC 2606, RFC 6761), telephone numbers lie in the
range that is kept for fiction (555-0100 to 555-0199), so nobody real is named or rung up. The lists of
words are short and kept by hand: a library for it would be installed on every production machine.
"""
