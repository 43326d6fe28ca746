"""Journeys for area × setting: each rule by a case small enough to do by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sufficiency.travel import Curve, Journeys, default_curve, journeys
from tests.effort import lines_run

NAN = math.nan

# √km × 2 + km: 4 km is 8 minutes, 9 km is 15, 25 km is 35.
SIMPLE = Curve(detour=1.5, minutes_per_root_km=2.0, minutes_per_km=1.0)


def area_table(*rows: tuple[str, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["area", "x", "y"])


def setting_table(*rows: tuple[str, str, float, float, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["setting", "type", "x", "y", "km", "minutes"])


def travel_table(*rows: tuple[str, str, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["area", "setting", "minutes", "km"])


AREAS = area_table(("A", 400_000, 100_000), ("B", 403_000, 104_000))
SCHOOL = ("S", "special_school", 400_000, 100_000, NAN, NAN)
POOL = ("P", "independent", NAN, NAN, 30.0, 50.0)


def check(result: Journeys, km: list[list[float]], minutes: list[list[float]]) -> None:
    np.testing.assert_allclose(result.km, km)
    np.testing.assert_allclose(result.minutes, minutes)


class TestStraightLine:
    def test_road_km_and_minutes_follow_the_curve(self) -> None:
        far = ("F", "resource_base", 400_000, 125_000, NAN, NAN)
        result = journeys(AREAS.iloc[:1], setting_table(SCHOOL, far), method="straight_line", curve=SIMPLE)
        assert result.areas == ("A",)
        assert result.settings == ("S", "F")
        check(result, km=[[0, 37.5]], minutes=[[0, 35]])

    def test_distance_is_the_hypotenuse_in_km(self) -> None:
        result = journeys(AREAS, setting_table(SCHOOL), method="straight_line", curve=SIMPLE)
        check(result, km=[[0], [7.5]], minutes=[[0], [2 * math.sqrt(5) + 5]])

    def test_an_area_off_the_map_has_no_journey(self) -> None:
        result = journeys(area_table(("A", NAN, NAN)), setting_table(SCHOOL), method="straight_line", curve=SIMPLE)
        check(result, km=[[NAN]], minutes=[[NAN]])

    def test_a_matrix_is_left_unread(self) -> None:
        table = travel_table(("A", "S", 99, 99))
        result = journeys(AREAS, setting_table(SCHOOL), method="straight_line", curve=SIMPLE, matrix=table)
        assert result.km[0, 0] == 0

    def test_without_a_curve_the_shipped_one_holds(self) -> None:
        with_it = journeys(AREAS, setting_table(SCHOOL), method="straight_line", curve=Curve.default())
        without = journeys(AREAS, setting_table(SCHOOL), method="straight_line")
        np.testing.assert_array_equal(with_it.minutes, without.minutes)


class TestSettingsOffTheMap:
    @pytest.mark.parametrize("kind", ["eotas", "home_education"])
    def test_no_building_is_no_journey_even_with_coordinates(self, kind: str) -> None:
        table = setting_table(("E", kind, 450_000, 150_000, NAN, NAN))
        check(journeys(AREAS, table, method="straight_line"), km=[[0], [0]], minutes=[[0], [0]])

    @pytest.mark.parametrize(("x", "y"), [(NAN, NAN), (400_000, NAN), (NAN, 100_000)])
    def test_no_coordinates_is_no_journey(self, x: float, y: float) -> None:
        table = setting_table(("P", "independent", x, y, NAN, NAN))
        check(journeys(AREAS, table, method="straight_line"), km=[[0], [0]], minutes=[[0], [0]])

    @pytest.mark.parametrize("method", ["straight_line", "matrix"])
    def test_its_own_figures_hold_for_all_areas(self, method: str) -> None:
        result = journeys(AREAS, setting_table(POOL), method=method, matrix=travel_table())
        check(result, km=[[30], [30]], minutes=[[50], [50]])

    def test_its_own_figures_hold_for_unknown_to_the_last_digit(self) -> None:
        areas = area_table(("A", 0, 0), ("B", 0, 0), ("C", 0, 0), ("unknown", NAN, NAN))
        pool = ("P", "independent", NAN, NAN, 0.1, 0.7)
        result = journeys(areas, setting_table(pool), method="straight_line")
        assert result.km[3, 0] == 0.1
        assert result.minutes[3, 0] == 0.7

    def test_a_blank_beside_a_given_figure_is_nought(self) -> None:
        pool = ("P", "independent", NAN, NAN, 30.0, NAN)
        check(journeys(AREAS, setting_table(pool), method="straight_line"), [[30], [30]], [[0], [0]])

    def test_a_pair_in_the_matrix_comes_first(self) -> None:
        table = travel_table(("A", "P", 12, 8))
        result = journeys(AREAS, setting_table(POOL), method="matrix", matrix=table)
        check(result, km=[[8], [30]], minutes=[[12], [50]])

    def test_a_setting_on_the_map_takes_no_notice_of_own_figures(self) -> None:
        table = setting_table(("S", "special_school", 400_000, 100_000, 99, 99))
        result = journeys(AREAS.iloc[:1], table, method="straight_line", curve=SIMPLE)
        check(result, km=[[0]], minutes=[[0]])


class TestMatrix:
    def test_pairs_are_found_by_code_whatever_their_order(self) -> None:
        other = ("T", "special_school", 1, 1, NAN, NAN)
        table = travel_table(
            ("B", "T", 4, 40), ("A", "S", 1, 10), ("Z", "S", 9, 9), ("A", "Z", 9, 9), ("B", "S", 3, 30)
        )
        result = journeys(AREAS, setting_table(SCHOOL, other), method="matrix", matrix=table)
        check(result, km=[[10, NAN], [30, 40]], minutes=[[1, NAN], [3, 4]])

    def test_a_pair_with_a_blank_is_not_known(self) -> None:
        table = travel_table(("A", "S", 12, NAN), ("B", "S", NAN, 7))
        result = journeys(AREAS, setting_table(SCHOOL), method="matrix", matrix=table)
        check(result, km=[[NAN], [NAN]], minutes=[[NAN], [NAN]])

    def test_a_row_without_a_code_is_nobodys(self) -> None:
        table = pd.DataFrame({"area": ["A", None], "setting": ["S", "S"], "minutes": [1.0, 9.0], "km": [10.0, 90.0]})
        result = journeys(AREAS, setting_table(SCHOOL), method="matrix", matrix=table)
        check(result, km=[[10], [NAN]], minutes=[[1], [NAN]])

    def test_a_pair_given_twice_is_named(self) -> None:
        table = travel_table(("B", "S", 1, 1), ("A", "S", 1, 1), ("A", "S", 2, 2))
        with pytest.raises(ValueError, match="area A to setting S appears twice"):
            journeys(AREAS, setting_table(SCHOOL), method="matrix", matrix=table)

    def test_inputs_are_left_as_they_were(self) -> None:
        table = travel_table(("A", "S", 12, NAN), ("B", "S", 5, 7))
        before = table.copy()
        journeys(AREAS, setting_table(SCHOOL, POOL), method="matrix", matrix=table)
        pd.testing.assert_frame_equal(table, before)


class TestUnknownArea:
    AREAS = area_table(("A", 400_000, 104_000), ("unknown", NAN, NAN), ("B", 400_000, 109_000), ("C", 400_000, 125_000))

    def straight(self, weights: pd.Series[float] | None) -> Journeys:
        return journeys(self.AREAS, setting_table(SCHOOL), method="straight_line", curve=SIMPLE, weights=weights)

    @pytest.mark.parametrize(
        "weights",
        [None, pd.Series({"A": 0.0, "B": 0.0, "C": 0.0, "unknown": 50.0}), pd.Series(dtype=float)],
        ids=["none", "nought but for itself", "empty"],
    )
    def test_plain_average(self, weights: pd.Series[float] | None) -> None:
        result = self.straight(weights)
        assert result.km[1, 0] == pytest.approx((6 + 13.5 + 37.5) / 3)
        assert result.minutes[1, 0] == pytest.approx((8 + 15 + 35) / 3)

    def test_average_over_children(self) -> None:
        # 30 children at 8 minutes, 10 at 15; C is not named and has none.
        result = self.straight(pd.Series({"B": 10.0, "A": 30.0, "unknown": 500.0, "elsewhere": 7.0}))
        assert result.minutes[1, 0] == pytest.approx((30 * 8 + 10 * 15) / 40)
        assert result.km[1, 0] == pytest.approx((30 * 6 + 10 * 13.5) / 40)

    def test_only_known_journeys_count(self) -> None:
        table = travel_table(("A", "S", 10, 5), ("C", "S", 40, 20))
        weights = pd.Series({"A": 1.0, "B": 98.0, "C": 1.0})
        result = journeys(self.AREAS, setting_table(SCHOOL), method="matrix", matrix=table, weights=weights)
        check(result, km=[[5], [12.5], [NAN], [20]], minutes=[[10], [25], [NAN], [40]])

    def test_plain_average_where_only_areas_without_children_have_a_journey(self) -> None:
        table = travel_table(("A", "S", 10, 5), ("C", "S", 40, 20))
        result = journeys(
            self.AREAS, setting_table(SCHOOL), method="matrix", matrix=table, weights=pd.Series({"B": 3.0})
        )
        assert result.minutes[1, 0] == pytest.approx(25)

    def test_no_journey_from_anywhere_is_none_from_unknown(self) -> None:
        result = journeys(self.AREAS, setting_table(SCHOOL), method="matrix", matrix=travel_table())
        assert np.isnan(result.minutes).all()

    def test_its_own_pair_in_the_matrix_wins(self) -> None:
        table = travel_table(("A", "S", 10, 5), ("unknown", "S", 33, 22))
        result = journeys(self.AREAS, setting_table(SCHOOL), method="matrix", matrix=table)
        assert (result.minutes[1, 0], result.km[1, 0]) == (33, 22)

    def test_average_over_own_figures_and_pairs_of_a_pool(self) -> None:
        table = travel_table(("A", "P", 20, 6))
        result = journeys(self.AREAS, setting_table(POOL), method="matrix", matrix=table)
        assert result.km[1, 0] == pytest.approx((6 + 30 + 30) / 3)

    def test_places_of_unknown_on_the_map_are_not_used(self) -> None:
        areas = area_table(("A", 400_000, 104_000), ("unknown", 0, 0))
        result = journeys(areas, setting_table(SCHOOL), method="straight_line", curve=SIMPLE)
        assert result.minutes[1, 0] == pytest.approx(8)


class TestRefusals:
    @pytest.mark.parametrize("method", ["bicycle", "", "Matrix"])
    def test_another_method(self, method: str) -> None:
        with pytest.raises(ValueError, match="method must be one of matrix, straight_line"):
            journeys(AREAS, setting_table(SCHOOL), method=method)

    def test_no_roads(self) -> None:
        with pytest.raises(ValueError, match="needs journeys by road"):
            journeys(AREAS, setting_table(SCHOOL), method="osrm")

    def test_no_matrix(self) -> None:
        with pytest.raises(ValueError, match="needs a travel table"):
            journeys(AREAS, setting_table(SCHOOL), method="matrix")

    def test_codes_twice(self) -> None:
        with pytest.raises(ValueError, match="area A appears twice"):
            journeys(pd.concat([AREAS, AREAS]), setting_table(SCHOOL), method="straight_line")
        with pytest.raises(ValueError, match="setting S appears twice"):
            journeys(AREAS, setting_table(SCHOOL, SCHOOL), method="straight_line")


class TestCurve:
    def test_own_detour_changes_km_only(self) -> None:
        mine, shipped, km = default_curve(detour=1.6), Curve.default(), np.array([10.0])
        assert mine.road_km(km)[0] == pytest.approx(16)
        assert mine.minutes(km)[0] == shipped.minutes(km)[0]

    def test_own_speed_factor_changes_minutes_only(self) -> None:
        mine, shipped, km = default_curve(speed_factor=0.8), Curve.default(), np.array([10.0])
        assert mine.minutes(km)[0] == pytest.approx(1.25 * shipped.minutes(km)[0])
        assert mine.road_km(km)[0] == shipped.road_km(km)[0]

    def test_nothing_given_is_the_shipped_curve(self) -> None:
        assert default_curve() == Curve.default()

    @pytest.mark.parametrize("detour", [0.99, 0, -1, NAN, math.inf])
    def test_detour_out_of_range(self, detour: float) -> None:
        with pytest.raises(ValueError, match="detour must be 1 or more"):
            default_curve(detour=detour)

    @pytest.mark.parametrize("factor", [0, -1, NAN, math.inf])
    def test_speed_factor_out_of_range(self, factor: float) -> None:
        with pytest.raises(ValueError, match="speed_factor must be above 0"):
            default_curve(speed_factor=factor)

    def test_minutes_out_of_range(self) -> None:
        with pytest.raises(ValueError, match="minutes_per_root_km must be 0 or more"):
            Curve(detour=1.3, minutes_per_root_km=-1, minutes_per_km=1)
        with pytest.raises(ValueError, match="minutes_per_km must be above 0"):
            Curve(detour=1.3, minutes_per_root_km=1, minutes_per_km=0)


metres = st.integers(min_value=0, max_value=200_000)
points = st.lists(st.tuples(metres, metres), min_size=1, max_size=6)


def on_map(places: list[tuple[int, int]], dx: int = 0, dy: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    x, y = np.array(places, dtype=float).T + np.array([[dx], [dy]])
    codes = [f"c{i}" for i in range(len(places))]
    areas = pd.DataFrame({"area": codes, "x": x, "y": y})
    schools = pd.DataFrame({"setting": codes, "type": "special_school", "x": x, "y": y, "km": NAN, "minutes": NAN})
    return areas, schools


@settings(deadline=None)
@given(places=points, dx=metres, dy=metres)
def test_moving_everything_alike_changes_nothing(places: list[tuple[int, int]], dx: int, dy: int) -> None:
    here = journeys(*on_map(places), method="straight_line")
    there = journeys(*on_map(places, dx, dy), method="straight_line")
    np.testing.assert_allclose(here.km, there.km)
    np.testing.assert_allclose(here.minutes, there.minutes)


@settings(deadline=None)
@given(places=points)
def test_farther_is_never_quicker_and_there_is_as_far_as_back(places: list[tuple[int, int]]) -> None:
    result = journeys(*on_map(places), method="straight_line")
    np.testing.assert_array_equal(result.minutes, result.minutes.T)
    nearest_first = np.argsort(result.km, axis=None)
    assert (np.diff(result.minutes.ravel()[nearest_first]) >= 0).all()


def test_no_loop_over_the_pairs_of_a_large_council() -> None:
    rng = np.random.default_rng(1)
    codes = ["unknown", *(f"a{i}" for i in range(999))]
    areas = pd.DataFrame({"area": codes, "x": rng.random(1000), "y": 0.0})
    schools = pd.DataFrame(
        {"setting": [f"s{i}" for i in range(200)], "type": "mainstream", "x": 0.0, "y": rng.random(200)}
    ).assign(km=NAN, minutes=NAN)
    pairs = areas[["area"]].merge(schools[["setting"]], how="cross").assign(minutes=1.0, km=1.0)
    assert lines_run(lambda: journeys(areas, schools, method="straight_line")) < len(pairs) / 10
    assert lines_run(lambda: journeys(areas, schools, method="matrix", matrix=pairs)) < len(pairs) / 10
