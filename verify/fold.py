"""Fold characters for matching: one character to one character, so that offsets survive.

Full width becomes half width, traditional simplified, every blank a space, every line end a line feed.
Nothing but matching uses folded text: what a result shows is always a slice of the source.
`verify.document.folded` folds a whole source.
"""

from __future__ import annotations

import re
import unicodedata

ORDINAL = "•"  # stands for ①, ⑴, ⒈, ㈠: a number that can only be an ordinal
ZERO = "〇"

# Traditional (and a few Japanese) forms of the characters that occur in labels and headings.
_TRADITIONAL = dict(
    zip(
        "開請數量結轉權屬國祕規範許處罰強業費總計復復議訴訟糾維審經機關務門單類內過程檔檢詢項來應無"
        "當補內確認獲資訊舉報貼區種電繳納徵採購對變動額萬貳廢現內發製張級與織團體務構協會學術個導據"
        "協歷於後從達進鎮鄉縣條見續繼辦終掃掌擾屬險產鑑屆給參選題聯類聲稱書據這為爲將員遞連運邊廣豐"
        "農備査別減額誰專債總統計實際決執斷證劃鈎稽収発証経済営業継続挙復並併際項數據圖録錄絡網產監"
        "華東長陽陝寧蘇滬灣龍濟瀋貴遼滄漢區財稅課衛療標準劑職責範優質環節約獎勵競賽號須頁"
        "訪穩護況係複態預帳歸鉤組",
        "开请数量结转权属国秘规范许处罚强业费总计复复议诉讼纠维审经机关务门单类内过程档检询项来应无"
        "当补内确认获资讯举报贴区种电缴纳征采购对变动额万贰废现内发制张级与织团体务构协会学术个导据"
        "协历于后从达进镇乡县条见续继办终扫掌扰属险产鉴届给参选题联类声称书据这为为将员递连运边广丰"
        "农备查别减额谁专债总统计实际决执断证划勾稽收发证经济营业继续举复并并际项数据图录录络网产监"
        "华东长阳陕宁苏沪湾龙济沈贵辽沧汉区财税课卫疗标准剂职责范优质环节约奖励竞赛号须页"
        "访稳护况系复态预账归勾组",
        strict=True,
    )
)

DROPPED = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
)
_DROP = re.compile(f"[{DROPPED}]")
"""Characters without a width, as a class of a regular expression."""


def _table() -> dict[int, str]:
    table = {ord(old): new for old, new in _TRADITIONAL.items()}
    for code in range(0xFF01, 0xFF5F):
        table[code] = chr(code - 0xFEE0)
    for old in "\u00a0\u1680\u3000\u202f\u205f\u3164" + "".join(map(chr, range(0x2000, 0x200B))):
        table[ord(old)] = " "
    for old in "\r\x0b\x0c\x85\u2028\u2029":
        table[ord(old)] = "\n"
    for old in "│┃║╎╏┆┇┊┋¦︱︲｜∣":
        table[ord(old)] = "|"
    for code in range(0x2500, 0x2580):  # corners and crossings of a drawn table
        table.setdefault(code, "+")
    for old in "─━┄┅┈┉═":  # a rule drawn with these is a border; a lone one is a dash
        table[ord(old)] = "—"
    for old in "−﹣‐‑˗⁻₋➖":
        table[ord(old)] = "-"
    for old in "–―﹘⸺⸻":
        table[ord(old)] = "—"
    for old in "○◯":
        table[ord(old)] = ZERO
    for old in "〔［【〖﹙[{":
        table[ord(old)] = "("
    for old in "〕］】〗﹚]}":
        table[ord(old)] = ")"
    for low, high in ((0x2460, 0x249B), (0x2776, 0x2793), (0x3220, 0x3229), (0x3280, 0x3289),
                      (0x24F5, 0x24FE)):  # fmt: skip
        for code in range(low, high + 1):
            table[code] = ORDINAL
    for old in "⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉":  # raised or lowered: a note, never a digit
        table[ord(old)] = ORDINAL
    for low, high in ((0x2E80, 0x2FD5), (0xF900, 0xFAD9)):  # radicals that PDF text is full of
        for code in range(low, high + 1):
            plain = unicodedata.normalize("NFKC", chr(code))
            if len(plain) == 1 and plain != chr(code):
                table[code] = table.get(ord(plain), plain)
    return table


_FOLD = _table()
# Most of a text stays as it is: only the runs that do not are looked up character by character.
_FOLDED = re.compile(f"[{re.escape(''.join(map(chr, _FOLD)))}]+")


def fold_characters(text: str) -> str:
    """Fold a text character for character, of the same length; nothing is dropped."""
    return _FOLDED.sub(lambda run: run[0].translate(_FOLD), text)


def fold_text(text: str) -> str:
    """Fold a short text (a label, a cell) when offsets do not matter."""
    return _DROP.sub("", text).translate(_FOLD)
