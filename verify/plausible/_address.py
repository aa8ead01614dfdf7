"""Text addressed to a language model: instructions, roles, tags of a chat.

A report that speaks about models (引入大语言模型辅助答复) is no such text: what counts is the second
person, the order to forget earlier instructions, or the marks of a chat format.
"""

from __future__ import annotations

import re
from itertools import islice

from verify.plausible._joined import Joined
from verify.rules.check import rule

_EARLIER = "(?:以上|之前|上述|前面|此前|先前|上面|前文|上文|所有|全部|一切|任何|系统)"
_CLAUSE = "[^,，。;；:：\\n]"
_NOT = "".join(
    f"(?<!{word}..)" for word in ("不要", "不能", "不得", "不可", "没有", "从未", "切勿")
)
_S = r"\s{1,4}"

_CHINESE: tuple[tuple[tuple[str, ...], str], ...] = (
    (  # forget what you were told
        ("忽略", "无视", "忘记", "忘掉", "理会", "抛开"),
        (
            rf"(?:忽略|无视|忘记|忘掉|理会|抛开){_NOT}(?:[你您]的?)?{_EARLIER}{{1,4}}的?{_EARLIER}{{0,3}}的?"
            r"(?:指令|提示词?|指示|命令|系统消息|\s?(?:[Pp]rompt|[Ii]nstruction))"
        ),
    ),
    (
        ("忽略", "无视", "理会"),
        (
            rf"(?:请(?:你|直接|完全)?(?:忽略|无视)|(?:不要|不必|无需|不用)理会){_EARLIER}{{1,4}}的?"
            r"(?:要求|规则|约束)(?=[,，。;；!！:：\n])"
        ),
    ),
    (  # you are an assistant
        ("你",),
        (
            rf"你(?:现在)?(?:是|将扮演|要扮演|扮演)(?:一?[个名位])?{_CLAUSE}{{0,12}}"
            r"(?:助手|模型|机器人|AI|人工智能)"
        ),
    ),
    (("你现在是",), rf"你现在是一?[个名位]{_CLAUSE}{{0,12}}(?:专家|程序|工具|系统|引擎)"),
    (  # as a model, do
        ("作为",),
        (
            r"作为(?:一?[个名位])?(?:AI|人工智能|大?语言)(?:大?语言)?(?:大?模型|助手)?[,，]?\s?"
            r"(?:请(?:你|输出|将|把|直接|忽略|务必|回答)|你(?!们)|您)"
        ),
    ),
    (
        ("大模型", "语言模型", "AI", "助手"),
        rf"致{_CLAUSE}{{0,12}}(?:大模型|语言模型|AI助手|智能助手|AI)[:：]",
    ),
    (
        ("大模型", "语言模型", "AI", "人工智能", "助手", "机器人"),
        (
            r"(?:大模型|语言模型|AI|人工智能|助手|机器人)(?:须知|请注意(?=[,，。:：!！])|请务必)"
            r"|(?:大模型|语言模型|AI助手)[,，]?请(?:你|直接|输出|忽略|务必)"
        ),
    ),
    # orders that only a reader by machine could follow
    (
        ("判定为", "标记为", "判断为"),
        (
            rf"(?:将|把)(?:本|该|此|这份)(?:报告|文件|表格){_CLAUSE}{{0,6}}(?:判定|标记|判断)为{_CLAUSE}{{0,4}}"
            "(?:合格|通过|正确|无误|完整|相符|一致|accepted|completed)"
        ),
    ),
    (
        ("单元格", "数值", "数字"),
        rf"(?:所有|全部|每个|各)的?(?:单元格|数值|数字){_CLAUSE}{{0,8}}(?:填写?|改写?|写|置|设|视)[为成作](?!文本|常规|公式|整数)",
    ),
    (
        ("accepted", "verdict", "inconsistent", "rejected"),
        rf"(?:判定|宣布|判断|标记)为?{_CLAUSE}{{0,6}}(?:accepted|verdict|inconsistent|rejected)",
    ),
    (
        ("不要报告", "不要指出", "不要提示", "不要输出"),
        r"不要(?:报告|指出|提示|输出)(?:任何|所有)(?:错误|问题|不符|异常)",
    ),
)
_ENGLISH: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        ("ignore", "disregard", "forget", "override"),
        (
            rf"(?:ignore|disregard|forget|override){_S}(?:(?:all|any|the|your|of|these|those|previous"
            rf"|prior|earlier|above|preceding|system){_S}){{1,5}}"
            r"(?:instructions?|prompts?|rules|directions|guidelines|messages?)\b"
        ),
    ),
    (
        ("everything",),
        rf"(?:ignore|disregard|forget){_S}everything{_S}(?:you{_S}|before\b|said\b|above(?!\s(?:the|an?)\b))",
    ),
    (
        ("to", "for", "attention"),
        (
            rf"(?:note|notice|message|instructions?|attention|hint){_S}?[:,]?\s?(?:to|for){_S}"
            rf"(?:(?:the|any|all|every){_S})?(?:llms?\b|ais?\b|(?:large{_S})?language{_S}models?\b"
            r"|(?:models?|assistants?|agents?)\s?[:,])"
        ),
    ),
    (
        ("treat", "read", "count"),
        (
            rf"(?:treat|read|count){_S}(?:(?:all|any|every|each|the|these){_S})?"
            rf"(?:blanks?|(?:blank|empty|missing){_S}(?:cells?|values?|rows?|figures?)){_S}as{_S}(?:zeros?|0|nil)\b"
        ),
    ),
    (
        ("you",),
        (
            rf"you(?<![a-z]you){_S}are{_S}(?:now{_S})?(?:an?|the){_S}[a-z -]{{0,40}}\b"
            r"(?:assistant|model(?!\s[a-z])|model\s(?:that|which|to|for|trained)|ai|chatbot|agent)\b"
        ),
    ),
    (
        ("model", "assistant"),
        (
            rf"as(?<![a-z]as){_S}an?{_S}(?:ai|large{_S}language|language){_S}(?:language{_S})?"
            r"(?:model|assistant)\b"
        ),
    ),
    (
        ("prompt",),
        rf"(?:new|your|the|reveal|print|this){_S}system{_S}prompt\b|system{_S}prompt\s?:",
    ),
    (("system", "assistant"), r"\n[ \t#*]{0,8}(?:system|assistant)\s?:\s?\S"),
    (
        ("<", "inst)"),
        (
            r"<\|(?:im_start|im_end|system|user|assistant|endoftext)\|>|\(/?inst\)|<<\s?sys\s?>>"
            r"|</?(?:system|assistant|instructions?|prompt)\s?>"
        ),
    ),
    (
        ("report", "mention", "flag"),
        rf"(?:do{_S}not|don't|never){_S}(?:report|mention|flag){_S}(?:any|the|these|this)\b",
    ),
    (
        ("set", "fill", "change"),
        (
            rf"(?:set(?<![a-z]set)|fill|change){_S}(?:all|every|each){_S}(?:the{_S})?"
            r"(?:cells?|values?|rows?|figures?)\b"
        ),
    ),
    (("verdict",), r"verdict\b[^\n]{0,20}\b(?:accepted|rejected|inconsistent|completed)\b"),
)
_PATTERNS = (
    tuple((marks, re.compile(pattern)) for marks, pattern in _CHINESE),
    tuple((marks, re.compile(pattern)) for marks, pattern in _ENGLISH),
)
# One pass for all marks: most reports have none, and then no pattern is looked at.
_ANY_MARK = tuple(
    re.compile("|".join(re.escape(mark) for marks, _ in patterns for mark in marks))
    for patterns in _PATTERNS
)
_STOP = re.compile("[。！!？?;；\n]")
_SHOWN = 80
_MOST = 200


@rule("plausible.addressed", severity="warning", codes=("addressed_to_model",))
def find_address(joined: Joined) -> tuple[int, int, int] | None:
    """The first sentence of a text that addresses a model, and how many there are.

    Returns:
        Folded start and end of the first, from the telling words on, and the number of
        sentences (200 of a kind at most are counted), or None.
    """
    text = joined.folded
    starts: list[int] = []
    for marks, pattern in _PATTERNS[0] if _ANY_MARK[0].search(joined.text) else ():
        if any(mark in joined.text for mark in marks):
            found = islice(pattern.finditer(joined.text), _MOST)
            starts += [joined.back(match.start()) for match in found]
    latin = text.encode("ascii", "ignore").decode().lower()  # little of a report; only for marks
    lower = ""
    for marks, pattern in _PATTERNS[1] if _ANY_MARK[1].search(latin) else ():
        if any(mark in latin for mark in marks):
            lower = (
                lower or "\n" + text.replace("İ", "I").lower()
            )  # as long as the text, but for one
            for match in islice(pattern.finditer(lower), _MOST):
                starts.append(match.end() - len(match[0].lstrip()) - 1)
    if not starts:
        return None
    count = 0
    first = (0, 0)
    after = -1
    for start in sorted(starts):
        if start < after:
            continue
        stop = _STOP.search(text, start, start + _SHOWN)
        after = stop.start() if stop else min(start + _SHOWN, len(text))
        count += 1
        if count == 1:
            first = (start, after)
    return (*first, count)
