"""The rows themselves: work orders with 20 values each, the same on every run. Needs nothing but Python."""

import datetime
import itertools

STATES = {
    "reported": "已报",
    "dispatched": "已派",
    "in_progress": "处理中",
    "finished": "已完成",
    "followed_up": "已回访",
    "filed": "已归档",
    "void": "作废",
}
SHARES = {
    "reported": 2,
    "dispatched": 3,
    "in_progress": 5,
    "finished": 10,
    "followed_up": 10,
    "filed": 65,
    "void": 5,
}  # per cent
RARE = "龙凤"  # in exactly three descriptions; its characters are also in many others (水龙头)
LISTED = [
    "number",
    "state",
    "unit",
    "reporter",
    "phone",
    "category",
    "urgency",
    "description",
    "assignee",
    "department",
    "created_at",
    "fee",
]
EXPORTED = [*LISTED, "source", "nature", "location"]
START, STEP, UNITS, PAGE = datetime.datetime(2022, 1, 1, 8), datetime.timedelta(seconds=97), 20_000, 20

NAMES = [
    a + b
    for a in "王李张刘陈杨赵黄周吴徐孙"
    for b in ["伟", "秀英", "建国", "丽", "敏", "志强", "小军", "洋", "桂兰", "子涵"]
]
SOURCES, NATURES, URGENCIES = (
    ["电话", "前台", "上门", "网上", "巡查"],
    ["公共", "保修", "有偿"],
    ["一般", "一般", "一般", "紧急", "特急"],
)
WORKS = [
    ("水", "水龙头", "滴水不止"),
    ("水", "下水管", "堵塞返味"),
    ("电", "客厅插座", "没有电"),
    ("电", "楼道灯", "不亮"),
    ("燃气", "燃气表", "读数异常"),
    ("土建", "外墙", "渗水起皮"),
    ("门窗", "入户门", "关不严"),
    ("门窗", "阳台推拉窗", "滑轮脱落"),
    ("电梯", "3号电梯", "运行时有异响"),
    ("公共设施", "健身器材", "螺丝松动"),
    ("智能化", "可视对讲", "没有声音"),
    ("保洁绿化", "绿化带", "有枯枝需清理"),
]
PLACES, WISHES = (
    ["厨房", "主卧", "卫生间", "阳台", "客厅", "电梯厅", "地下车库", "单元门口"],
    ["请尽快上门处理", "业主下午在家", "上门前请先电话联系", "已第二次报修", "请带配件"],
)
PARTS = ["工程部", "保洁部", "秩序部", "客服部"]
BANDS = list(itertools.chain.from_iterable([state] * share for state, share in SHARES.items()))


def number(i):
    return f"PG-{START.year + i // 400_000}-{i:07d}"


def unit_code(i):
    return f"{i // 400 + 1}栋{i % 400 // 100 + 1}单元{i % 100 // 4 + 1:02d}{i % 4 + 1:02d}"


def rare_ids(rows):
    return {rows * 3 // 10, rows // 2 + 7, rows * 9 // 10}


def orders(rows):
    rare = rare_ids(rows)
    for i in range(1, rows + 1):
        h = (i * 2654435761 ^ i >> 7) & 0xFFFFFFFF
        category, thing, fault = WORKS[h % 12]
        state, place, made = BANDS[i * 37 % 100], PLACES[(h >> 4) % 8], START + STEP * i
        done = state in ("finished", "followed_up", "filed")
        text = (
            f"{place}{thing}{fault}，{WISHES[(h >> 7) % 5]}。"
            if i not in rare
            else f"{RARE}阁会所门前地砖松动，有老人绊倒，请尽快处理。"
        )
        yield (
            i,
            number(i),
            state,
            h % UNITS + 1,
            NAMES[(h >> 8) % 120],
            f"13{(h >> 3) % 10**9:09d}",
            SOURCES[(h >> 9) % 5],
            category,
            NATURES[(h >> 10) % 3],
            URGENCIES[(h >> 11) % 5],
            f"{unit_code(h % UNITS)}{place}",
            text,
            None if state == "reported" else NAMES[(h >> 13) % 120],
            None if state == "reported" else PARTS[(h >> 14) % 4],
            made,
            made + datetime.timedelta(hours=h % 48) if h & 1 else None,
            made + datetime.timedelta(minutes=30 + h % 4000) if done else None,
            (h >> 5) % 50000 / 100 if h & 2 else 0,
            3 + h % 3 if state in ("followed_up", "filed") else None,
            "客户要求开具收据" if h % 16 == 0 else None,
        )
