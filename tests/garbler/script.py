"""Characters: simplified to traditional, and those that OCR and typists confuse."""

from __future__ import annotations

_PAIRS = (
    "务務 开開 规規 范範 许許 处處 罚罰 强強 业業 费費 对對 项項 采採 购購 条條 内內 发發 废廢 现現 "
    "数數 决決 额額 单單 万萬 总總 减減 机機 构構 会會 组組 织織 计計 结結 转轉 请請 办辦 区區 这這 "
    "属屬 于於 国國 稳穩 护護 权權 类類 过過 程程 执執 询詢 关關 没沒 补補 后後 确確 访訪 举舉 报報 "
    "诉訴 复復 无無 当當 认認 获獲 缴繳 纳納 级級 维維 纠糾 审審 经經 讼訟 系係 为為 数數 动動 况況 "
    "问問 题題 进進 体體 标標 与與 个個 时時 门門 网網 设設 众眾 应應 实實 导導 员員 学學 习習 来來 "
    "较較 号號 东東 卫衛 资資 议議 质質 种種 书書 条條 领領 导導 间間 统統 据據 将將 图圖 责責 任任 "
    "续續 继繼 营營 稿稿 专專 栏欄 论論 见見 检檢 查查 讲講 贯貫 实實 训訓 额額 备備 注註 变變 满滿 "
    "须須 变變 从從 产產 亲親 优優 节節 两兩 严嚴 临臨 举舉 兴興 写寫 农農 况況 热熱 联聯 声聲 义義"
)
_TRADITIONAL = str.maketrans({pair[0]: pair[1] for pair in _PAIRS.split()})

_CONFUSED = (
    "属厲 数敉 申甲 请清 结给 转传 案桉 卷券 访仿 举誉 板版 版板 重垂 复夏 规现 范苑 危厄 掌拿 握屋 补朴 正止 部陪 过边 确硧 认人 "
    "保堡 密蜜 缴激 逾愈 期斯 维唯 许汗 罚罸 强弶 询洵 获荻 另叧 收収"
)
CONFUSED = {pair[0]: pair[1] for pair in _CONFUSED.split()}


def traditional(text: str) -> str:
    """The text in traditional characters, character by character."""
    return text.translate(_TRADITIONAL)
