"""Whom words such as 我局 and 我市 name: the agency of the title, or the district around an office."""

from __future__ import annotations

from collections.abc import Sequence

_GOVERNMENT = ("政府",)
_KINDS_OF_AGENCY: dict[str, tuple[str, ...]] = {
    **dict.fromkeys("省市县区州镇乡", _GOVERNMENT),
    "街道": ("街道办事处", "街道"), "局": ("局",), "委": ("委", "委员会"),
    "办": ("办", "办公室", "办事处"), "厅": ("厅", "办公厅"), "院": ("院",), "中心": ("中心",),
}  # fmt: skip
_DISTRICTS = ("国", "省", "市", "县", "区", "州", "旗", "镇", "乡")


def is_the_agency(text: str, own: frozenset[str]) -> bool:
    """Whether 我局, 我市 is whom the title names, and not the district around an office.

    Args:
        text: As printed.
        own: Names by which the agency calls itself.
    """
    whole = max(own, key=len, default="")
    kinds = _KINDS_OF_AGENCY.get(text[1:])
    if text in own or kinds is None:
        return True
    return whole.endswith(kinds) if whole else kinds != _GOVERNMENT


def is_one_of(around: Sequence[str], name: str) -> bool:
    """Whether 其中我局 is out of a whole district, and not out of the bodies it answers for.

    Args:
        around: Words of scope and unknown words before it.
        name: The agency as the sentence names it.
    """
    wider = any(w[0] == "全" and w[1:2] in _DISTRICTS for w in around)
    own = any(body in w for w in around for body in ("系统", "局", "所属", "下属", "直属"))
    return wider and not own and not name.endswith("政府") and name[1:] not in _DISTRICTS
