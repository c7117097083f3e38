"""Ranges of sirens against published figures."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qalqan.science.protection.acoustics import (
    FARTHEST_M,
    TERRAIN_DB,
    WIND_DB,
    Conditions,
    absorption,
    level,
    needed_level,
    reach,
)
from qalqan.science.protection.checks import ProtectionInputError

# ISO 9613-2:1996, table 2: dB/km in octave bands, by temperature and relative humidity.
BANDS = (125, 250, 500, 1000, 2000, 4000, 8000)
PUBLISHED = {
    (10, 70): (0.4, 1.0, 1.9, 3.7, 9.7, 32.8, 117),
    (20, 70): (0.3, 1.1, 2.8, 5.0, 9.0, 22.9, 76.6),
    (30, 70): (0.3, 1.0, 3.1, 7.4, 12.7, 23.1, 59.3),
    (15, 20): (0.6, 1.2, 2.7, 8.2, 28.2, 88.8, 202),
    (15, 50): (0.5, 1.2, 2.2, 4.2, 10.8, 36.2, 129),
    (15, 80): (0.3, 1.1, 2.4, 4.1, 8.3, 23.7, 82.8),
}


@pytest.mark.parametrize(("air", "figures"), PUBLISHED.items())
def test_absorption_is_that_of_the_standard(air, figures):
    # The table is for the exact middles of the bands, 1000 * 10^(0.3 k).
    exact = [1000 * 10 ** (0.3 * k) for k in range(-3, 4)]
    found = 1000 * absorption(exact, temperature_c=air[0], humidity_percent=air[1])
    np.testing.assert_allclose(found, figures, rtol=0.02, atol=0.06)


@pytest.mark.parametrize(("rated", "doublings"), [(80, 1), (100, 3), (110, 4), (120, 5), (130, 6)])
def test_ten_decibel_a_doubling_to_seventy(rated, doublings):
    found = reach(float(rated), "siren", Conditions())
    assert found[0] == pytest.approx(30 * 2**doublings, rel=1e-9)


def test_the_two_models_differ_by_a_factor_of_three_to_ten():
    rated = np.array([110.0, 115.0, 120.0, 125.0])
    low = reach(rated, "siren", Conditions())
    high = reach(rated, "siren", Conditions(model="free_field"))
    assert np.all((high / low > 3) & (high / low < 10))


def test_a_free_field_without_air_would_lose_six_decibel_a_doubling():
    dry = Conditions(model="free_field")
    near, far = level(120.0, [100.0, 200.0], "siren", dry)
    air = float(absorption(500.0)) * 100
    assert near - far == pytest.approx(20 * math.log10(2) + air)


@given(
    st.floats(60, 140), st.sampled_from(["cpg", "free_field"]), st.sampled_from(["day", "night"]),
    st.sampled_from(sorted(WIND_DB)), st.sampled_from(sorted(TERRAIN_DB)),
    st.sampled_from(["siren", "speech"]),
)  # fmt: skip
def test_at_its_reach_the_level_is_the_one_needed(rated, model, period, wind, terrain, kind):
    here = Conditions(model=model, period=period, wind=wind, terrain=terrain)
    far = float(reach(rated, kind, here)[0])
    need = needed_level(kind, here)
    if far == 0:
        assert level(rated, 30.0, kind, here) < need
    elif far < FARTHEST_M:
        assert float(level(rated, far, kind, here)) == pytest.approx(need, abs=1e-6)


@given(st.floats(80, 135), st.sampled_from(["cpg", "free_field"]))
def test_wind_houses_night_and_speech_never_carry_it_farther(rated, model):
    plain = reach(rated, "siren", Conditions(model=model))
    for worse in (
        Conditions(model=model, wind="strong"),
        Conditions(model=model, terrain="high_houses"),
        Conditions(model=model, period="night"),
    ):
        assert reach(rated, "siren", worse) <= plain
    assert reach(rated, "speech", Conditions(model=model)) <= plain


@pytest.mark.parametrize(
    "act",
    [
        lambda: Conditions(model="guess"),
        lambda: Conditions(period="noon"),
        lambda: Conditions(wind="hurricane"),
        lambda: reach(math.nan, "siren", Conditions()),
        lambda: reach(100.0, "whisper", Conditions()),
        lambda: absorption(0.0),
        lambda: absorption(500.0, temperature_c=90),
    ],
)
def test_what_no_model_covers_is_refused(act):
    with pytest.raises(ProtectionInputError):
        act()
