"""The columns of the owner register (QR-0336SD) and the heads they go by in offices' own sheets (field
practice).
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import product
from typing import Any

from app.declare.kinds import AmountKind, QuantityKind, RateKind
from app.ground.language import gettext as _
from app.lists.columns import ENGINE
from app.workbook.sheet_cells import (
    Parsed,
    Parser,
    choice_parser,
    parse_day,
    parse_name,
    parse_positive,
    parse_text,
)
from app.workbook.sheet_numbers import parse_id_numbers, parse_phones
from app.workbook.sheet_reader import Cell, Sheet
from app.workbook.sheet_tables import Column
from models.estate.owner_register import OwnerRegister
from models.estate.register_place import parse_building, parse_entrance, parse_unit

OWNER_WORDS = ("业主", "户主", "产权人", "房主", "房东", "客户")
TENANT_WORDS = ("租户", "租客", "承租人", "承租方", "租赁人", "承租户", "租住人")
FAMILY_WORDS = ("家属", "家庭成员", "家人", "同住人", "同住人员", "共同居住人", "配偶")
URGENT_WORDS = ("紧急联系人", "应急联系人", "紧急联络人")
APART = TENANT_WORDS + FAMILY_WORDS + URGENT_WORDS + ("租赁", "紧急联系", "紧急", "应急")

_PHONE = (
    "电话",
    "手机",
    "手机号",
    "手机号码",
    "联系方式",
    "联系电话",
    "电话号码",
    "联络电话",
    "移动电话",
    "联系手机",
    "联系号码",
    "手机1",
    "手机号1",
    "手机号码1",
    "电话1",
    "联系电话1",
    "联系方式1",
    "tel",
    "phone",
    "mobile",
    "telephone",
    "phone1",
)
_PHONE2 = (
    "手机号码2",
    "手机2",
    "手机号2",
    "电话2",
    "联系电话2",
    "联系方式2",
    "第二电话",
    "备用电话",
    "备用手机",
    "其他电话",
    "其他联系方式",
    "固定电话",
    "座机",
    "住宅电话",
    "家庭电话",
    "第二联系电话",
    "备用联系电话",
    "备用联系方式",
    "secondphone",
    "phone2",
)
_ID = (
    "身份证",
    "身份证号",
    "身份证号码",
    "证件号码",
    "证件号",
    "证件",
    "身份证件号码",
    "身份证件号",
    "有效证件号码",
    "统一社会信用代码",
    "营业执照号",
    "idnumber",
    "idno",
    "idcard",
)
_NAME = ("姓名", "名称", "名字", "name", "fullname")
_NUMBERED = ("", "号", "号码", "名", "名称", "编号", "代码")
_SECOND = ("备用", "第二", "其他", "其它", "另一")
_LEASE = ("合同", "租赁合同", "租赁", "租约", "租期")
_BEGINS, _ENDS = ("开始", "起始", "起", "起租"), ("结束", "终止", "到期", "截止", "届满", "止")
_DAY = ("日期", "时间", "日", "")


def _of(words: tuple[str, ...], heads: tuple[str, ...], *, alone: bool = False) -> tuple[str, ...]:
    """Each head with each word before it (租户 + 电话), and the words alone where they are heads
    themselves.
    """
    return (
        (words if alone else ())
        + tuple(word + head for word in words for head in heads)
        + tuple(word + "的" + head for word in words for head in heads[:3])
    )


def _each(*parts: tuple[str, ...]) -> tuple[str, ...]:
    """Each way of putting one of each part after the other (楼栋 + 编号)."""
    return tuple("".join(words) for words in product(*parts))


PENDING = frozenset(
    [
        "待定",
        "待补",
        "待补充",
        "待核实",
        "待核",
        "待确认",
        "待查",
        "待登记",
        "待录入",
        "待完善",
        "未登记",
        "未提供",
        "未填",
        "未知",
        "不详",
        "保密",
    ]
)


def _or_pending(parse: Parser) -> Parser:
    """A parser for which 待补 and its like say that there is nothing yet."""

    def read(cell: Cell) -> Parsed:
        if isinstance(cell.value, str) and cell.value.strip() in PENDING:
            return Parsed()
        return parse(cell)

    return read


def _rounded(parse: Parser, places: int) -> Parser:
    """A parser of numbers with as many places as are kept; what a formula made beyond them is rounded, and
    that is told where it shows.
    """

    def read(cell: Cell) -> Parsed:
        value, problems, notices = parse(cell)
        if value is None or value == round(value, places):
            return Parsed(value, problems, notices)
        kept = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        return Parsed(kept, problems, (*notices, _("Rounded to %(places)s decimal places.", places=places)))

    return read


_phones, _ids, _day = _or_pending(parse_phones), _or_pending(parse_id_numbers), _or_pending(parse_day)
_area, _rate, _rent = (
    _rounded(_or_pending(parse_positive), places)
    for places in (QuantityKind.places, RateKind.places, AmountKind.places)
)

SEX_WORDS = {
    "男": "male",
    "女": "female",
    "男性": "male",
    "女性": "female",
    "男士": "male",
    "女士": "female",
    "先生": "male",
    "m": "male",
    "f": "female",
    "male": "male",
    "female": "female",
}
ID_KIND_WORDS = {
    "身份证": "identity",
    "居民身份证": "identity",
    "二代身份证": "identity",
    "护照": "passport",
    "港澳通行证": "permit",
    "港澳居民来往内地通行证": "permit",
    "台胞证": "permit",
    "台湾居民来往大陆通行证": "permit",
    "回乡证": "permit",
    "通行证": "permit",
    "营业执照": "credit_code",
    "统一社会信用代码": "credit_code",
    "信用代码": "credit_code",
    "其他": "other",
    "其它": "other",
    "军官证": "other",
    "户口本": "other",
    "士兵证": "other",
    "居住证": "other",
    "identity card": "identity",
    "passport": "passport",
    "travel permit": "permit",
    "unified credit code": "credit_code",
    "other": "other",
}
UNIT_KIND_WORDS = {
    "住宅": "flat",
    "公寓": "flat",
    "普通住宅": "flat",
    "别墅": "flat",
    "洋房": "flat",
    "商铺": "shop",
    "店铺": "shop",
    "商业": "shop",
    "门面": "shop",
    "底商": "shop",
    "写字楼": "office",
    "办公": "office",
    "办公室": "office",
    "办公用房": "office",
    "车位": "parking",
    "车库": "parking",
    "其他": "other",
    "其它": "other",
    "储藏室": "other",
    "flat": "flat",
    "shop": "shop",
    "office unit": "office",
    "office": "office",
    "parking space": "parking",
    "other": "other",
}
USE_WORDS = {
    "自住": "lived_in",
    "已入住": "lived_in",
    "入住": "lived_in",
    "业主自住": "lived_in",
    "常住": "lived_in",
    "出租": "let",
    "已出租": "let",
    "租住": "let",
    "空置": "vacant",
    "空关": "vacant",
    "未入住": "vacant",
    "已交房": "vacant",
    "已收楼未入住": "vacant",
    "空闲": "vacant",
    "未售": "unsold",
    "未销售": "unsold",
    "装修": "fitting_out",
    "装修中": "fitting_out",
    "在装修": "fitting_out",
    "lived in by the owner": "lived_in",
    "let": "let",
    "vacant": "vacant",
    "unsold": "unsold",
    "being fitted out": "fitting_out",
}
YES_WORDS = {
    "是": "yes",
    "有": "yes",
    "常住": "yes",
    "√": "yes",
    "y": "yes",
    "yes": "yes",
    "true": "yes",
    "1": "yes",
    "在住": "yes",
    "长住": "yes",
    "否": "no",
    "不是": "no",
    "不常住": "no",
    "非常住": "no",
    "×": "no",
    "x": "no",
    "n": "no",
    "no": "no",
    "false": "no",
    "0": "no",
    "不在住": "no",
}


def _both(label: Any) -> tuple[str, ...]:
    """A label as it reads here, and as the declarations write it."""
    return tuple(dict.fromkeys(label.ways))


COLUMNS: tuple[Column, ...] = (
    Column(
        "serial", ("序号", "编号", "序", "行号", "no", "number", "serial", "seq"), parse_text, ignored=True
    ),
    Column("floor", ("楼层", "层", "所在楼层", "层数", "floor"), parse_text, ignored=True),
    Column(
        "unit",
        (
            "房号",
            "房间号",
            "房间",
            "房屋",
            "房产",
            "房屋编号",
            "房间编号",
            "房屋编码",
            "单元房号",
            "楼栋房号",
            "楼号房号",
            "专有部分座落",
            "专有部分坐落",
            "房屋坐落",
            "房屋座落",
            "坐落",
            "座落",
            "房屋地址",
            "所属房屋",
            "资产编号",
            "户号",
            "门牌",
            "门牌号",
            "室号",
            "室",
            "房室号",
            "详细房号",
            "楼栋单元房号",
            "楼房号",
            "住址",
            "房屋信息",
            "物业地址",
            *_each(("房屋", "房间", "房产", "铺位", "商铺", "铺", "铺面", "店铺"), _NUMBERED),
            "unit",
            "room",
            "roomno",
            "unitcode",
        ),
        parse_unit,
        key=True,
    ),
    Column(
        "building",
        (
            *_each(
                ("", "所在", "所属"),
                ("楼", "楼栋", "栋", "幢", "楼幢", "座", "楼宇", "楼座", "栋座"),
                _NUMBERED,
            ),
            "building",
        ),
        parse_building,
    ),
    Column(
        "entrance",
        (*_each(("", "所在", "所属"), ("单元", "门栋", "梯"), _NUMBERED), "entrance"),
        parse_entrance,
    ),
    Column(
        "area",
        (
            "面积",
            "建筑面积",
            "产权面积",
            "房屋面积",
            "面积总和",
            "建面",
            "计费面积",
            "收费面积",
            "房产面积",
            "房间面积",
            "专有面积",
            "area",
            "aream2",
        ),
        _area,
    ),
    Column(
        "kind",
        (
            "房屋类型",
            "房产类型",
            "物业类型",
            "房屋性质",
            "房屋用途",
            "用途",
            "类型",
            "物业性质",
            "房间类型",
            "业态",
            "kind",
        ),
        choice_parser(UNIT_KIND_WORDS, strict=False),
    ),
    Column("layout", ("户型", "房型", "格局", "户型结构", "layout"), parse_text),
    Column(
        "use",
        (
            "房屋状态",
            "状态",
            "入住状态",
            "使用状态",
            "居住状态",
            "房态",
            "入住情况",
            "居住情况",
            "房间状态",
            "use",
        ),
        choice_parser(USE_WORDS, strict=False),
    ),
    Column(
        "fee_rate",
        (
            "收费标准",
            "物业费单价",
            "物业费标准",
            "单价",
            "物业费收费标准",
            "物业服务费标准",
            "管理费单价",
            "管理费标准",
            "费率",
            "物业收费标准",
            "月物业费标准",
            "月物业费单价",
            "feerate",
            "feerateyuanm2amonth",
        ),
        _rate,
    ),
    Column(
        "move_in",
        (
            "入住日期",
            "入住时间",
            "入伙时间",
            "入伙日期",
            "交房日期",
            "交房时间",
            "收房日期",
            "收房时间",
            "收楼日期",
            "收楼时间",
            "接房日期",
            "接房时间",
            "入住年月",
            "movedin",
            "movein",
        ),
        _day,
    ),
    Column(
        "paid_until",
        (
            "已交至",
            "缴费截止",
            "缴费截止日期",
            "交费截止",
            "已缴至",
            "缴费至",
            "交费至",
            "物业费已交至",
            "物业费缴至",
            "物业费交至",
            "物业费截止日期",
            "费用已交至",
            "费用截止",
            "缴费到期",
            "缴费到期日",
            "paiduntil",
            "缴费截止日",
            "费用截止日期",
            "费用截止日",
            "费用截止时间",
            "物业费到期",
            "物业费到期日",
            "物业费到期日期",
        ),
        _day,
    ),
    Column("pets", ("宠物", "饲养宠物", "宠物情况", "养宠情况", "养犬情况", "犬只", "pets"), parse_text),
    Column(
        "special_care",
        (
            "特别关照",
            "特殊关怀",
            "特殊照顾",
            "重点关注",
            "特别关注",
            "特殊情况",
            "特殊人群",
            "关爱对象",
            "特殊业主",
            "需关注",
            "specialcare",
        ),
        parse_text,
        personal=True,
    ),
    Column(
        "emergency_contact",
        (*_of(URGENT_WORDS, _NAME, alone=True), "紧急联系姓名", "contactinanemergency", "emergencycontact"),
        parse_name,
        personal=True,
    ),
    Column(
        "emergency_phone",
        (
            *_of(URGENT_WORDS, _PHONE),
            "紧急电话",
            "紧急联系电话",
            "紧急联系方式",
            "应急电话",
            "应急联系电话",
            "紧急联系手机",
            "telephoneinanemergency",
            "emergencyphone",
        ),
        _phones,
        personal=True,
    ),
    Column(
        "remark",
        ("备注", "说明", "其他说明", "备注说明", "附注", "remark", "remarks", "note", "notes"),
        parse_text,
    ),
    Column(
        "owner_name",
        (
            *_of(OWNER_WORDS, _NAME, alone=True),
            "所属业主",
            "产权人姓名",
            "权利人",
            "所有权人",
            "产权单位",
            "购房人",
            "owner",
            "owners",
            "ownername",
        ),
        parse_text,
        personal=True,
    ),
    Column(
        "name",
        (
            *_NAME,
            "住户",
            "住户姓名",
            "人员姓名",
            "成员姓名",
            "住户名称",
            "居住人",
            "居住人姓名",
            "联系人",
            "入住人",
            "入住人姓名",
        ),
        parse_text,
        personal=True,
    ),
    Column(
        "person_kind",
        (
            "身份",
            "类别",
            "人员类别",
            "客户类型",
            "人员类型",
            "住户类型",
            "住户类别",
            "客户类别",
            "住户身份",
            "人员身份",
            "业主类型",
            "身份类型",
            "居住身份",
            "入住人身份",
            "角色",
            "as",
        ),
        parse_text,
    ),
    Column(
        "relation",
        (
            "与业主关系",
            "与户主关系",
            "关系",
            "与业主的关系",
            "与户主的关系",
            "家庭关系",
            "与产权人关系",
            "与房主关系",
            "relation",
            "relationtotheowner",
        ),
        parse_text,
    ),
    Column("sex", ("性别", "业主性别", "sex", "gender"), parse_text),
    Column(
        "id_kind",
        ("证件类型", "证件种类", "证件类别", "证件名称", "kindofdocument", "业主证件类型"),
        choice_parser(ID_KIND_WORDS, strict=False),
    ),
    Column("id_number", _ID + _of(OWNER_WORDS, _ID), _ids, personal=True),
    Column("phone", _PHONE + _of(OWNER_WORDS, _PHONE), _phones, personal=True),
    Column("phone2", _PHONE2 + _of(OWNER_WORDS, _PHONE2) + _each(_SECOND, _PHONE), _phones, personal=True),
    Column(
        "lives_here",
        ("是否常住", "常住", "是否居住", "是否在住", "是否入住", "是否长住", "liveshere"),
        choice_parser(YES_WORDS),
    ),
    Column("is_company", ("单位客户", "是否单位", "是否单位客户", "company"), choice_parser(YES_WORDS)),
    Column(
        "employer",
        ("工作单位", "单位", "单位名称", "就业单位", "业主单位", "业主工作单位", "employer"),
        parse_text,
        personal=True,
    ),
    Column(
        "mailing_address",
        (
            "通讯地址",
            "通信地址",
            "联系地址",
            "邮寄地址",
            "详细地址",
            "家庭地址",
            "家庭住址",
            "居住地址",
            "现住址",
            "邮递地址",
            "户籍地址",
            "mailingaddress",
        ),
        parse_text,
        personal=True,
    ),
    Column(
        "since",
        (
            "租期开始",
            "租赁开始",
            "起租日期",
            "起租日",
            "租赁起始",
            "租赁起始日",
            "租赁起始日期",
            "租期起",
            "租赁开始日期",
            "起",
            *_each(_LEASE, _BEGINS, _DAY),
            "from",
        ),
        _day,
    ),
    Column(
        "until",
        (
            "租期结束",
            "租赁结束",
            "租赁到期",
            "租赁到期日",
            "租赁截止日期",
            "租期止",
            "租期至",
            "租赁结束日期",
            "止",
            *_each(_LEASE, _ENDS, _DAY),
            "to",
        ),
        _day,
    ),
    Column("rent", ("月租金", "租金", "每月租金", "租金元月", "monthlyrent"), _rent),
    Column(
        "tenant_name",
        (*_of(TENANT_WORDS, _NAME, alone=True), "租赁姓名", "租赁户", "租住户", "tenant", "tenants"),
        parse_text,
        personal=True,
    ),
    Column("tenant_phone", _of((*TENANT_WORDS, "租赁"), _PHONE), _phones, personal=True),
    Column("tenant_id", _of((*TENANT_WORDS, "租赁"), _ID), _ids, personal=True),
    Column(
        "family_name",
        (*_of(FAMILY_WORDS, _NAME, alone=True), "家属名单", "family"),
        parse_text,
        personal=True,
    ),
    Column("family_phone", _of(FAMILY_WORDS, _PHONE), _phones, personal=True),
    Column("family_id", _of(FAMILY_WORDS, _ID), _ids, personal=True),
    Column(
        "plate",
        (
            "车牌",
            "车牌号",
            "车牌号码",
            "车辆",
            "车号",
            "车辆牌号",
            "车辆车牌",
            "车辆车牌号",
            "车辆信息",
            "plate",
        ),
        parse_text,
        personal=True,
    ),
    Column(
        "brand",
        (
            "车型",
            "品牌",
            "车辆品牌",
            "车辆型号",
            "车辆颜色",
            "品牌颜色",
            "品牌型号",
            "brandandcolour",
            "brand",
        ),
        parse_text,
    ),
    Column(
        "space",
        (
            "车位",
            "车位号",
            "车位编号",
            "停车位",
            "停车位号",
            "泊位",
            "泊位号",
            "车库号",
            "车位号码",
            "车辆车位",
            "parkingspace",
            "space",
        ),
        parse_text,
    ),
)

_WORKED_OUT = ("owner_name", "tenant_name", "phone")
_MARK = OwnerRegister.fields["to_put_right"].label  # the head that only a workbook of ours has
_LEFT_ALONE = (_MARK, OwnerRegister.fields["void_reason"].label, ENGINE["created_at"], ENGINE["created_by"])


def columns_for(sheet: Sheet) -> Sequence[Column]:
    """What to look for in a sheet. In a workbook of ours the first sheet's names and telephone are worked out
    from the sheet of people.
    """
    top = {sheet.value(sheet.first_row, at) for at in range(sheet.first_column, sheet.first_column + 40)}
    if not top & set(_both(_MARK)):
        return COLUMNS
    heads = [text for label in _LEFT_ALONE for text in _both(label)] + [
        text for one in COLUMNS if one.field in _WORKED_OUT for text in one.synonyms
    ]
    return [
        Column("left_alone", tuple(heads), parse_text, ignored=True),
        *(one for one in COLUMNS if one.field not in _WORKED_OUT),
    ]


FOLLOWS = {
    ("emergency_contact", "phone"): "emergency_phone",
    ("tenant_name", "phone"): "tenant_phone",
    ("tenant_name", "id_number"): "tenant_id",
    ("tenant_phone", "id_number"): "tenant_id",
    ("tenant_id", "phone"): "tenant_phone",
    ("family_name", "phone"): "family_phone",
    ("family_name", "id_number"): "family_id",
    ("family_phone", "id_number"): "family_id",
    ("family_id", "phone"): "family_phone",
}

EXPECTED = (
    "房号（或 楼号、单元、房号）",
    "业主姓名",
    "联系电话",
    "身份证号码",
    "建筑面积",
    "身份",
    "与业主关系",
    "入住日期",
    "已交至",
    "车牌号",
    "车位号",
)
