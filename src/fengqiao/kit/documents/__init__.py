"""Papers for print: one content, two renderings (PDF by Typst, DOCX for the office's own word processor)."""

from fengqiao.kit.documents.as_docx import docx
from fengqiao.kit.documents.as_pdf import pdf
from fengqiao.kit.documents.content import (
    Bar,
    Block,
    Code,
    Document,
    Field,
    Fields,
    Grid,
    Head,
    Jpeg,
    Para,
    Picture,
    Pictures,
    Signatures,
    kept,
    restored,
    told,
)

__all__ = [
    "Bar",
    "Block",
    "Code",
    "Document",
    "Field",
    "Fields",
    "Grid",
    "Head",
    "Jpeg",
    "Para",
    "Picture",
    "Pictures",
    "Signatures",
    "docx",
    "kept",
    "pdf",
    "restored",
    "told",
]
