"""What Chinese cities are called on the map."""

from __future__ import annotations

import pytest

from bibliometrics.presentation.city_names import city_zh


@pytest.mark.parametrize(
    ("city", "province", "name"),
    [
        ("Harbin", "Heilongjiang", "哈尔滨"),
        ("Xi'an", "Shaanxi", "西安"),
        ("Fuzhou", "Fujian", "福州"),
        ("Fuzhou", "Jiangxi", "抚州"),
        ("Taizhou", "Zhejiang", "台州"),
        ("Taizhou", "Elsewhere", "Taizhou"),
        ("Nowhere", "Jiangsu", "Nowhere"),
    ],
)
def test_a_city_has_its_chinese_name_where_one_is_known_for_certain(
    city: str, province: str, name: str
) -> None:
    assert city_zh(city, province) == name
