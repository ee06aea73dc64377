"""What placeholders are filled with where a template is looked at while it is written: an invented engagement."""

from collections.abc import Mapping

from reports.letter import DEFAULTS, of_chapters

SAMPLES: Mapping[str, str] = {
    **DEFAULTS,
    **of_chapters(),
    "受查者": "○○證券股份有限公司",
    "事務所名稱": "○○聯合會計師事務所",
    "事務所地址": "臺北市○○區○○路一號",
    "報告編號": "115-001",
    "報告日期": "中華民國一一五年三月二十日",
    "期間": "中華民國一一四年一月一日至一一四年十二月三十一日",
    "基準日": "一一五年三月三十一日",
    "基準版本": "公布文字",
    "目的": "設置營業處所",
    "會計師姓名": "王○○",
    "會計師證書": "金管會證字第○○○○號",
    "核准文號": "金管證審字第○○○○號",
    "控制重點數": "69",
    "程序數": "230",
    "例外數": "4",
    "缺失數": "3",
    "不適用程序數": "12",
    "未發生程序數": "5",
    "尚未運作程序數": "2",
    "範圍受限制程序數": "1",
}
