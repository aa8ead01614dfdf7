"""Whether a sentence speaks of the report itself, its tables or its data: then it must be known, or it is a remark.

The pattern below has the words that point to the report: this, the above, the table, the unit of the figures, or data
and figures with a verb that follows them. What may be said of it without changing a figure stands in `harmless.toml`.
"""

from __future__ import annotations

import re

from verify.harmless import Grammar

_NUMBER = "一二三四五1-5"
_TABLE = r"表(?:格)?(?![示明现达态彰扬决率演述面])"
_UNIT = "[十百千万亿件元个条项]"
_SPEAKS = re.compile(
    rf"""
    # this report, the above data, the following tables
      (?:本|该|(?<!特)此|这|上述|以[上下]|下[列述面]|上[列面]|前述|所列|所附|文中|{_TABLE}[中内])
        (?:份|年度?|次|期|张|各|项|类|的|几|[{_NUMBER}]|政府信息公开|工作|统计)*
        (?:报告|年报|{_TABLE}|数据|数字|数值|统计(?!局)|指标|栏(?!目)|版(?!权|图|面)|文[件稿本]?(?![化明章字])|稿|内容为)
    | (?:以[上下]|下[列面])(?:为|是|系)[^,，。]{{0,20}}(?:{_TABLE}|数据|报告|年报|统计)
    | (?:报)?{_TABLE}[中内里](?!华|小)
    # a table or a column by its number
    | (?:第[{_NUMBER}]部分|(?<![代发外图仪手])表[{_NUMBER}](?![0-9])|[各两三四几张]{{1,2}}(?:统计)?{_TABLE}|[一两各该]栏(?!目))
    | (?<![\u4e00-\u9fff、])表格(?![、等化])|(?:^|[,，:：])统计表|(?<!线)[上下附]{_TABLE}
    | 所列
    | (?:费用?|金额|数量|规章|文件|许可|处罚|强制|申请|复议|诉讼|总计)(?:一?栏(?=[为是应填误多少与])|一[行列](?=[是应填误多少与]))
    | (?:申请|决定|制发|废止|收费|许可|处罚|强制|结转|复议|诉讼)(?:件|总)?(?:数量?|金额)(?:未|不|仅|只|系|应|有误|为(?![0-9]))
    | 第?[一二三四1-4]项?(?:部分)?的?统计表
    | (?:["”」』]|第[一二三四五六七八九十0-9]{{1,2}}|[一两三四五六七各该本此])[列行](?=[中内为是系均都全应误填数的与和、])
    | (?:本|该|此)页面?(?:所列|中的?)?(?:内容|数据|表|为|系)
    # a line in brackets, or behind a sign of notes
    | ^[(【\[〔][^()【】\[\]〔〕]{{2,40}}[)】\]〕][。.]?$ | ^※
    # a line of foreign words
    | ^(?=[^\u3400-\u9fff{{}}<>=_/@\\|\#$]*$)(?:[^A-Za-z]*[A-Za-z]){{10}} | ^[A-Za-z][A-Za-z,'’()-]{{5,}}[.。]?$
    # who made the tables, of what; an office with something in brackets
    | ^(?:制表|填表|填报|统计|审核|编制|数据来源)(?:人|单位|部门|科室)?:
    | ^[\u4e00-\u9fff]{{2,24}}[局委府办院会所站队]\([^()]{{2,20}}\)[。.]?$
    # the data, the figures, the scope, the unit as what a clause is about
    | (?:^|[,，:：;；。]|的|各项|所有|全部|月份?|年度?|年报|报告)(?:数据|数字|数值|表格?|报告|年报)
        (?:全部|均|都|自|从|采集|经|起始|缺失|合并|系|为|是|未|由|来自|来源|截[至止]|已|尚|仅|不[是含]|包[含括]|含|以|按|采用|取自|摘自|乘|除|须|应|有误)
    | 数据统计(?:截[至止]|期|时)|数据采集|统计(?:截[至止]|自(?!然)|从|时限)
    | 统计(?:口径|期限|范围|时段|区间|时间|期间|对象|标准)(?=[为是:：自从以按含包与限截])|(?:^|[,，;；])口径[为是与含不包:：]
    | 计量单位|单位(?:均|都)?[为是以:：]{_UNIT}|[以按]{_UNIT}[^,，]{{0,2}}为?单位
    # a note on something
    | ^[^,，。:：、0-9]{{0,4}}(?:说明|声明|更正|注|提示|勘误|备注)[:：]|^附[:：]
    """,
    re.VERBOSE,
)
_PINYIN = re.compile("[(][a-zāáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜü]{1,6}[)]")
_YEAR = re.compile("(20[0-9]{2})年")
_CLAUSE = re.compile(r"[^,，]+")
_NOTED = re.compile(r"\(?(?:注|说明|备注):(.*?)[。.]?\)?")
_ASIDE = re.compile(
    r"[(\[※].*[)\]]$|※"
)  # a line in brackets, or behind a sign of notes, is known as a whole
POINTS = "points to a table"
_ENDS = "。；;!！"


def speaks_of_report(sentence: str) -> bool:
    """Whether a folded sentence says something of the report, its tables or its data."""
    return _SPEAKS.search(sentence) is not None


def is_known(sentence: str, grammar: Grammar) -> bool:
    """Whether all that a sentence says of the report is known to change no figure."""
    bare = _PINYIN.sub("", sentence.rstrip(_ENDS).strip())
    if noted := _NOTED.fullmatch(bare):
        bare = noted[1]
    other = any(int(year) != grammar.year for year in _YEAR.findall(bare))
    whole = grammar.explains(bare, "sentence") or grammar.explains(bare, "line")
    if whole:
        return whole != POINTS or not other
    if noted and not speaks_of_report(bare):
        return False  # a note of which no word is known
    clauses = [clause[0].strip() for clause in _CLAUSE.finditer(bare)]
    known = [
        grammar.explains(clause, "sentence") if speaks_of_report(clause) else ""
        for clause in clauses
    ]
    if _ASIDE.match(bare):
        return False
    if POINTS in known and other:
        return False
    # what follows a clause that points to a table speaks of it as well
    return None not in known and POINTS not in known[:-1]
