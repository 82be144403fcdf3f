"""The package starts light: whole columns bring Polars along, single values do not."""

import subprocess
import sys

import pytest

from tenshu.engines import japanese

LIGHT = (
    "import sys, tenshu.engines.japanese as japanese; japanese.parse_date('R5.4.1'); "
    "print(sorted({'polars', 'numpy'} & sys.modules.keys()))"
)


def test_reading_single_values_imports_no_column_library():
    done = subprocess.run([sys.executable, "-c", LIGHT], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", japanese.__all__)
def test_every_name_is_there(name):
    assert getattr(japanese, name) is not None


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'colums'"):
        _ = japanese.colums
