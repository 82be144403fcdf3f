"""新旧対照表: parse two versions of a regulation, pair them, check references, print the comparison table."""

from .alignment import Alignment, Pair, align
from .amendment import write_amendments
from .amendment_apply import apply_amendments
from .comparison import Comparison, compare_documents
from .draft import Amendment
from .house_style import HouseStyle, built_in_styles, load_style, style_from
from .law_xml import from_law_xml, to_law_xml
from .model import Document, Node, RegulationError
from .output import rendered, write_file
from .parser import parse_lines, parse_text
from .proof import verify
from .reading import read_bytes, read_regulation
from .reference_check import (
    Finding,
    check_document,
    check_references,
    map_citation,
    number_map,
    reference_list,
)
from .table import ComparisonTable, build_table

__all__ = [
    "Alignment",
    "Amendment",
    "Comparison",
    "ComparisonTable",
    "Document",
    "Finding",
    "HouseStyle",
    "Node",
    "Pair",
    "RegulationError",
    "align",
    "apply_amendments",
    "build_table",
    "built_in_styles",
    "check_document",
    "check_references",
    "compare_documents",
    "from_law_xml",
    "load_style",
    "map_citation",
    "number_map",
    "parse_lines",
    "parse_text",
    "read_bytes",
    "read_regulation",
    "reference_list",
    "rendered",
    "style_from",
    "to_law_xml",
    "verify",
    "write_amendments",
    "write_file",
]
