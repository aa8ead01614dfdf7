"""Where a stored result differs from what its source and spans give: kinds of difference, in words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from verify.reading import Span

_LONGEST = 80
_LONGEST_STORED = 1000


@dataclass(frozen=True, slots=True)
class Numeral:
    """A JSON number that is no plain integer of a sensible length, as it is written."""

    text: str


KINDS: dict[str, tuple[str, str]] = {
    # the shape of the JSON
    "duplicate_key": ("键出现不止一次，各程序取值不一", "the key stands more than once; programs differ in which they take"),
    "missing_key": ("缺少这一键", "the key is missing"),
    "extra_key": ("契约中没有这一键，未予核对", "the contract has no such key; it was not checked"),
    "wrong_type": ("应为{derived}，而写作{stored}", "should be {derived}, and is {stored}"),
    "schema_version": ("结果格式版本{stored}不是“2”，也不是可读的“1”",
                       "the schema version is {stored} and neither '2' nor '1', which can be read as well"),
    # the source
    "source_hash": ("原文的校验值不符：结果所据为{stored}，现有文件为{derived}",
                    "another file: the result was made from sha256 {stored}, this one has {derived}"),
    "source_chars": ("原文字数写作{stored}，实为{derived}", "the source is said to have {stored} characters and has {derived}"),
    "source_kind": ("{path}写作{stored}，实为{derived}", "{path} is {stored} and should be {derived}"),
    "source_encoding": ("原文编码写作{stored}，实为{derived}", "the encoding is said to be {stored} and is {derived}"),
    # cells
    "form": ("表式写作{stored}，由单元格推得{derived}", "the form is said to be {stored}; the cells are those of {derived}"),
    "missing_cell": ("表中应有的单元格没有列出", "the form has this cell and the result leaves it out"),
    "unknown_cell": ("表中没有这一单元格", "the form has no such cell"),
    "span_outside": ("位置{stored}不在原文之内", "the span {stored} is no range of the source"),
    "text": ("所指位置的原文是{derived}，不是{stored}", "under the span stands {derived} and not {stored}"),
    "span": ("位置写作{stored}，应为{derived}", "the span is {stored} and should be {derived}"),
    "value": ("数值写作{stored}，由原文得{derived}", "the value is {stored}; the source gives {derived}"),
    "state": ("状态写作{stored}，核验得{derived}", "the state is {stored}; it follows that it is {derived}"),
    "was": ("推导前的状态写作{stored}，应为{derived}", "the state before is {stored} and should be {derived}"),
    "proof": ("所列关系式不能推出此值（{stored}），应为{derived}", "the proof {stored} does not give the value; {derived} does"),
    "tentative": ("试读之值写作{stored}，应为{derived}", "what was tried is given as {stored} and is {derived}"),
    "remark": ("附注写作{stored}，应为{derived}", "the remark is {stored} and should be {derived}"),
    "place": ("在原件中的位置写作{stored}，应为{derived}", "the place in the original is {stored} and should be {derived}"),
    "derived": ("推得之值写作{stored}，应为{derived}", "the value that follows is given as {stored} and is {derived}"),
    # what is said of the whole
    "agency": ("机关名称写作{stored}，标题作{derived}", "the agency is {stored}; the title has {derived}"),
    "year": ("年度写作{stored}，标题作{derived}", "the year is {stored}; the title has {derived}"),
    "identities": ("{path}写作{stored}，实为{derived}", "{path} is {stored} and should be {derived}"),
    "verdict": ("结论写作{stored}，核验得{derived}", "the verdict is {stored}; {derived} follows"),
    "reason_missing": ("漏列一条：{detail_zh}", "a reason is left out: {detail_en}"),
    "reason_unfounded": ("所列{stored}无从得出：{detail_zh}", "the reason {stored} does not follow: {detail_en}"),
    "reason_differs": ("{stored}一条的内容不符，应为：{detail_zh}", "the reason {stored} differs from what follows: {detail_en}"),
    "message": ("{stored}一条的说明文字与其内容不符", "the message of the reason {stored} is not what its fields say"),
    "suspects": ("可疑单元格组写作{stored}，核验得{derived}", "the suspects are {stored}; {derived} follows"),
    "claims": ("正文所称写作{stored}，核验得{derived}", "a claim of the prose is {stored}; {derived} follows"),
    # only noted
    "older_schema": ("结果格式为第1版，按第1版读取", "the result is of schema_version 1, and was read as such"),
    "other_version": ("由另一版本或另一程序（{stored}）所作，本版本为{derived}", "made by another version or maker ({stored}); this is {derived}"),
    "same_amount": ("金额写作{stored}，与{derived}相等", "the amount is written {stored}, which equals {derived}"),
    "other_proof": ("所列关系式{stored}也能推出此值，本程序列出{derived}", "the proof {stored} holds as well as {derived}"),
    "other_name": ("写作{stored}，原文中另有此称，标题作{derived}", "it is {stored}, which stands in the source; the title has {derived}"),
    "not_said": ("本程序另有一条说明，所核结果没有：{detail_zh}", "this program says more than the result: {detail_en}"),
    "said_besides": ("所核结果另有一条说明，本程序没有：{detail_zh}", "the result says more than this program: {detail_en}"),
    "told_otherwise": ("同一条说明分列方式或细节不同：{detail_zh}", "the same reason is told in another way: {detail_en}"),
    "not_kept": ("写法与本程序不同，未予照录：{stored}", "written in another way than here, and not kept: {stored}"),
    "reader_reads_otherwise": ("同一版本的内置识读器对{stored}格的读法不同，所核结果仍可由其位置得出",
                               "this version's own reader places {stored} cells otherwise; the result still follows from its spans"),
}  # fmt: skip
"""Every kind with its Chinese and English sentence."""


_WANTED_ZH = {
    "an object": "对象", "an object with a code": "带code的对象", "a string or null": "字符串或null",
    "a list of strings or null": "字符串的列表或null", "an integer": "整数",
    "a string with a decimal": "写作字符串的小数", "a list of two offsets or null": "两个位置的列表或null",
    "a list of objects": "对象的列表", "as the contract has it": "契约所定的写法",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which a stored result and what follows from its source differ.

    Attributes:
        kind: Key of `KINDS`.
        path: Where in the result, as a JSON path.
        cell: The cell concerned, or None.
        stored: What the result says.
        derived: What follows.
        span: Where in the source, or None.
        detail_zh: Inserted in the Chinese sentence.
        detail_en: Inserted in the English sentence.
    """

    kind: str
    path: str
    cell: str | None = None
    stored: Any = None
    derived: Any = None
    span: Span | None = None
    detail_zh: str = ""
    detail_en: str = ""

    def message(self, lang: str) -> str:
        """The sentence in ``zh`` or ``en``, one line."""
        zh, en = KINDS[self.kind]
        fields = {
            "path": self.path,
            "stored": shown(self.stored),
            "derived": self._wanted(lang) if self.kind == "wrong_type" else shown(self.derived),
            "detail_zh": self.detail_zh,
            "detail_en": self.detail_en,
        }
        return (zh if lang == "zh" else en).format(**fields)

    def _wanted(self, lang: str) -> str:
        text = str(self.derived)
        return _WANTED_ZH.get(text, text) if lang == "zh" else text

    def as_dict(self) -> dict[str, Any]:
        """As it stands in the output."""
        return {
            "kind": self.kind,
            "path": self.path,
            "cell": self.cell,
            "stored": plain(self.stored),
            "derived": plain(self.derived),
            "span": list(self.span) if self.span else None,
            "message_zh": self.message("zh"),
            "message_en": self.message("en"),
        }


def plain(value: Any) -> Any:
    """A JSON value without `Numeral`: such a number is given as it is written, as a string."""
    if isinstance(value, Numeral):
        return _clipped(value.text, _LONGEST)
    if isinstance(value, str):
        return _clipped(value, _LONGEST_STORED)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def shown(value: Any) -> str:
    """A JSON value in one short line."""
    text = json.dumps(plain(value), ensure_ascii=False, default=str)
    return _clipped(text, _LONGEST)


def _clipped(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def step(path: str, key: str | int) -> str:
    """A JSON path, one step further."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    if key.isascii() and key.isidentifier():
        return f"{path}.{key}"
    return f"{path}[{json.dumps(key, ensure_ascii=False)}]"
