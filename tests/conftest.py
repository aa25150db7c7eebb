"""Makes every run the same: Hypothesis draws the same examples each time, keeps no files."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st

from gateway.domain.content import Content, InMemory

# Inherited contracts tell what was wrong as plainly as tests do.
pytest.register_assert_rewrite("gateway.testing")

settings.register_profile("house", derandomize=True, database=None, deadline=None)
settings.load_profile("house")

# What comes in has come whole.
st.register_type_strategy(Content, st.builds(InMemory, st.binary()))
