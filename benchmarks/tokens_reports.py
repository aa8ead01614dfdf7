"""The fifty reports of the token benchmark: layouts, forms and scales in turn, prose of real length.

The garbler makes the tables and a few hundred characters around them. Real reports of county offices
hold more prose: in the five that the project was measured on, 823 to 2,464 characters stand outside
the tables (median 2,147) and 1,275 to 1,690 in those that print all three (2,213 to 4,154 in all). So
prose of the benchmark's own is put into sections 一 and 五 until a report has a length drawn evenly
from a stated range outside its tables. It is said with every figure which range that was.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from tests.garbler import LAYOUTS, Expected, Garbled, garble
from tests.garbler.registry import of_pool

COUNT = 50
SCALES = ("zero", "tiny", "small", "medium", "large")
VARIANTS = ("2021+2021", "2019+2019", "2021+2021", "2021+2019", "2021+2021", "2019+2021")
"""Half of the reports are of the form in force."""
SHAPES = ("standard", "two_headers", "rows", "key_value")
"""Of table 四: those whose words name its groups; without them no report passes."""
PROSE: dict[str, tuple[int, int]] = {"none": (0, 0), "office": (800, 2500), "long": (3000, 6000)}
"""Characters outside the tables, from and to; ``none`` leaves a report as the garbler made it."""

_LOSSLESS = sorted(damage.name for damage in of_pool("old") if damage.kind == "lossless")
_STRIDE = 17  # coprime to COUNT: lengths go through their range in another order than layouts


@dataclass(frozen=True, slots=True)
class Sample:
    """A report of the benchmark.

    Attributes:
        report: The report and its truth; spans are those of this text.
        prose: Characters outside the tables.
    """

    report: Garbled
    prose: int


def samples(prose: str, count: int = COUNT) -> Iterator[Sample]:
    """The reports in order.

    Args:
        prose: A key of `PROSE`.
        count: How many, from the first.
    """
    low, high = PROSE[prose]
    for index in range(count):
        wanted = low + (high - low) * (index * _STRIDE % COUNT) // (COUNT - 1)
        report = _lengthened(_report(index), wanted, _seeded(index))
        yield Sample(report, _outside(report))


def _seeded(index: int) -> Random:
    return Random(index)  # noqa: S311 - the same reports every time is what is wanted


def _report(index: int) -> Garbled:
    """Report ``index`` as the garbler makes it: half are undamaged, half have harmless damage."""
    rng = _seeded(index)
    turn = index // len(LAYOUTS)
    damages = rng.sample(_LOSSLESS, rng.randint(1, 3)) if (index + turn) % 2 else []
    return garble(
        index,
        variant=VARIANTS[(index + turn) % len(VARIANTS)],
        scale=SCALES[index % len(SCALES)],
        layout=list(LAYOUTS)[index % len(LAYOUTS)],
        damages=damages,
        shape=SHAPES[index % len(SHAPES)],
    )


def _spans(report: Garbled) -> list[tuple[int, int]]:
    return [cell.span for cell in report.expected.values() if cell.span is not None]


def _outside(report: Garbled) -> int:
    """Characters before the first and after the last figure of the tables."""
    spans = _spans(report)
    return len(report.text) - max(end for _, end in spans) + min(start for start, _ in spans)


def _lengthened(report: Garbled, wanted: int, rng: Random) -> Garbled:
    """The report with prose put in until it has ``wanted`` characters outside its tables."""
    missing = wanted - _outside(report)
    if missing <= 0:
        return report
    spans = _spans(report)
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    paragraphs = _paragraphs(rng)
    problems = _line_after(report.text, ("存在的主要",), last, len(report.text))
    share = missing if problems is None else missing * 3 // 4
    overall = _line_after(report.text, ("总体情况", "總體情況"), 0, first)
    assert overall is not None, f"report {report.seed} has no section 一 before its tables"
    inserts = [(overall, share)] + ([] if problems is None else [(problems, missing - share)])
    for at, size in sorted(inserts, reverse=True):
        report = _with(report, at, _prose(paragraphs, size))
    return report


def _line_after(text: str, words: tuple[str, ...], start: int, end: int) -> int | None:
    """Where the line begins that follows the last of the words in a part of the text."""
    found = max(text.rfind(word, start, end) for word in words)
    stop = text.find("\n", found) + 1
    return None if found < 0 or not stop else stop


def _with(report: Garbled, at: int, text: str) -> Garbled:
    """The report with a text put in, its spans moved."""

    def moved(cell: Expected) -> Expected:
        if cell.span is None or cell.span[0] < at:
            return cell
        return replace(cell, span=(cell.span[0] + len(text), cell.span[1] + len(text)))

    expected = {name: moved(cell) for name, cell in report.expected.items()}
    return replace(report, text=report.text[:at] + text + report.text[at:], expected=expected)


def _prose(paragraphs: Iterator[str], size: int) -> str:
    """Paragraphs of about ``size`` characters, cut at the end of a sentence."""
    kept: list[str] = []
    left = size
    while left > 0:
        sentences = next(paragraphs).split("。")[:-1]
        taken = ""
        for sentence in sentences:
            if len(taken) + len(sentence) // 2 < left:
                taken += sentence + "。"
        if not taken:
            break
        kept.append(taken)
        left -= len(taken) + 1
    return "".join(paragraph + "\n" for paragraph in kept)


_MATTERS = (
    "机构职能",
    "预算决算",
    "政策文件",
    "办事指南",
    "权责清单",
    "重点项目",
    "行业监管结果",
    "招标采购",
    "惠民补贴",
    "人事任免",
    "建议提案办理",
    "专项规划",
)
_WAYS = ("门户网站", "政务新媒体账号", "办事大厅公告栏", "查阅点", "新闻发布会", "村居公示栏")
_UNITS = ("办公室", "法规科", "各业务科室", "下属事业单位", "信息中心", "各镇街站所")
_OPENINGS = (
    "组织领导方面，",
    "制度建设方面，",
    "平台建设方面，",
    "主动公开方面，",
    "监督保障方面，",
    "政策解读方面，",
    "回应关切方面，",
    "队伍培训方面，",
    "基层延伸方面，",
)
_SENTENCES = (
    "由{unit}牵头制定年度任务分解表，把{matter}和{other}列为重点，逐项写明责任人和完成时限",
    "对{matter}类信息实行随产生随公开，正式印发后由{unit}在规定时限内送{way}发布",
    "信息发布前须经起草人自查、{unit}复核、分管负责人签发，涉密和敏感内容一律不得上网",
    "在{way}设置专题栏目，按主题归集{matter}、{other}等内容，方便群众一次找全",
    "会同{unit}对历年制发的文件逐份核对文号、成文日期和效力状态，已失效的及时标注",
    "全年通过{way}发布信息{a}条，其中涉及{matter}的{b}条，较上年略有增加",
    "针对群众来电来信集中反映的{matter}问题，{unit}逐条研究答复口径，并在{way}公布常见问答",
    "采用图解、短视频和现场讲解等多种形式解读政策，避免只转发原文、不作说明",
    "举办业务培训{c}期，邀请法律顾问结合案例讲解公开范围、办理程序和文书格式",
    "将公开工作纳入科室年度考核，{unit}每季度通报一次进展，对拖延和漏报的限期整改",
    "落实网络安全和个人信息保护要求，公开{matter}前对姓名、住址等内容作去标识处理",
    "主动接受社会监督，在{way}开设意见征集专栏，对收到的意见逐条登记、按月反馈",
    "从实际情况看，{matter}的更新仍不够及时，个别{unit}对公开标准的理解还不一致",
    "部分解读材料偏重文字，群众看不懂、找不到的情况依然存在，{way}的检索功能有待完善",
    "下一步将继续细化{matter}公开目录，推动{unit}把公开要求嵌入办文办事流程",
    "同时加强与上级主管部门的沟通，学习先进地区做法，稳步提高{other}公开的质量",
)


def _paragraphs(rng: Random) -> Iterator[str]:
    """Paragraphs without end, of three to five sentences, of which one in sixteen has figures."""
    while True:
        sentences = [_filled(rng, s) for s in rng.sample(_SENTENCES, rng.randint(3, 5))]
        yield rng.choice(_OPENINGS) + "。".join(sentences) + "。"


def _filled(rng: Random, sentence: str) -> str:
    matter, other = rng.sample(_MATTERS, 2)
    return sentence.format(
        matter=matter,
        other=other,
        way=rng.choice(_WAYS),
        unit=rng.choice(_UNITS),
        a=rng.randint(100, 999),
        b=rng.randint(10, 99),
        c=rng.randint(2, 9),
    )
