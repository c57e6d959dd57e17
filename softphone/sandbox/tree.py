"""An XML document as a tree, read without trusting it: no DTD, no entities, no surprises before the first tag."""

from dataclasses import dataclass, field
from xml.parsers import expat

MAX_BYTES = 100_000
"""Plivo takes documents of at most 100 KB (`wire.md` 3.1)."""

MAX_DEPTH = 30


class XmlInvalid(Exception):
    """A document that Plivo would refuse (the 8011 family). The text is one sentence that says what is wrong."""


@dataclass(slots=True)
class Node:
    """An element: its attributes, and its children in order; text is among the children."""

    name: str
    attributes: dict[str, str]
    line: int
    children: list["Node | str"] = field(default_factory=list)

    def elements(self) -> list["Node"]:
        """The child elements. Raises: XmlInvalid when there is text between them."""
        for child in self.children:
            if isinstance(child, str) and child.strip():
                raise XmlInvalid(f"<{self.name}> contains text that is in no element: “{child.strip()[:40]}”.")
        return [child for child in self.children if isinstance(child, Node)]

    def text(self) -> str:
        """The text of this element and everything in it, white space made single."""
        return " ".join("".join(_text(self)).split())


def _text(node: Node) -> list[str]:
    parts: list[str] = []
    for child in node.children:
        parts.extend([child] if isinstance(child, str) else [" ", *_text(child), " "])
    return parts


class _Builder:
    def __init__(self, parser: expat.XMLParserType) -> None:
        self._parser = parser
        self._open: list[Node] = []
        self.root: Node | None = None
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.buffer_text = True

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        node = Node(name, attributes, self._parser.CurrentLineNumber)
        if len(self._open) >= MAX_DEPTH:
            raise XmlInvalid(f"elements are nested more than {MAX_DEPTH} deep.")
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node
        self._open.append(node)

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _characters(self, data: str) -> None:
        self._open[-1].children.append(data)

    def _refuse_doctype(self, *_arguments: object) -> None:
        # A DTD could define entities that grow without end, or fetch files; Plivo XML has none.
        raise XmlInvalid("a document type declaration (<!DOCTYPE …>) is not allowed.")


def read_tree(document: bytes) -> Node:
    """The root element. Raises: XmlInvalid."""
    if len(document) > MAX_BYTES:
        raise XmlInvalid(f"the document has {len(document)} bytes; at most {MAX_BYTES} are allowed.")
    if not document.strip():
        raise XmlInvalid("the document is empty.")
    if not document.startswith(b"<"):
        raise XmlInvalid("the document does not begin with “<”: nothing may stand before it, not even white space.")
    parser = expat.ParserCreate(encoding="UTF-8")
    builder = _Builder(parser)
    try:
        parser.Parse(document, True)
    except expat.ExpatError as error:
        raise XmlInvalid(f"this is not well-formed XML: {error}.") from error
    if builder.root is None:
        raise XmlInvalid("the document has no element.")
    return builder.root
