"""The catalogue's pages."""

import re

import pytest
from django.utils.html import escape

from controls.imports import load
from controls.models import CatalogueVersion, ControlPoint
from controls.queries import point_with_everything

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(sign_in, partner):
    """Fetch a page as an auditor; in Chinese unless told."""
    client = sign_in(partner)

    def fetch(path, language="zh-hant", status=200, **headers):
        response = client.get(path, headers={"Accept-Language": language, **headers})
        assert response.status_code == status
        return response.content.decode()

    return fetch


def text_of(html):
    """What a reader sees, white space folded."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


# Who ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/catalogue/", "/catalogue/3.8.2/"])
def test_nobody_reads_it_without_signing_in(client, path):
    response = client.get(path)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/login/?next=/catalogue/")


@pytest.mark.parametrize("path", ["/catalogue/", "/catalogue/3.8.2/"])
def test_a_broker_may_not_read_it(sign_in, broker, path):
    assert sign_in(broker).get(path).status_code == 403


@pytest.mark.parametrize("path", ["/catalogue/", "/catalogue/3.8.2/"])
def test_the_exchange_reads_it(sign_in, exchange, path):
    assert sign_in(exchange).get(path).status_code == 200


@pytest.mark.parametrize("path", ["/catalogue/", "/catalogue/3.8.2/"])
def test_it_is_only_read(sign_in, partner, path):
    assert sign_in(partner).post(path).status_code == 405


# The tree -------------------------------------------------------------------------------------


def test_the_tree_links_every_control_point(page, version):
    links = re.findall(r'href="/catalogue/([\w.]+)/"', page("/catalogue/"))
    assert links == list(version.points.order_by("position").values_list("code", flat=True))


def test_the_tree_is_numbered_as_printed(page):
    headings = [text_of(heading) for heading in re.findall(r"<h[23]>.*?</h[23]>", page("/catalogue/"))]
    assert headings[:4] == [
        "一、組織與人員管理",
        "二、客戶註冊程序、契約簽訂及身分驗證",
        "三、資通安全作業",
        "（一）法規盤點",
    ]
    assert headings[-1] == "（二十）區塊鏈平台底層"


def test_the_page_says_how_much_there_is(page):
    assert (
        "69 項控制重點 230 項執行程序 155 行相關規定，其中 39 行引用已廢止法規 351 項應備資料（本系統整理）"
        in text_of(page("/catalogue/"))
    )


def test_the_tree_speaks_english(page):
    seen = text_of(page("/catalogue/", "en"))
    assert "69 control points 230 procedures" in seen
    assert "3.8.2 Vulnerability" in seen


def test_before_anything_is_loaded_the_page_says_what_to_do(page, monkeypatch):
    monkeypatch.setattr(CatalogueVersion.objects.__class__, "published", lambda _self: CatalogueVersion.objects.none())
    assert "manage.py load_catalogue" in page("/catalogue/")


# Search ---------------------------------------------------------------------------------------


def test_a_two_character_chinese_word_is_found(page):
    html = page("/catalogue/?q=弱點")
    assert "3 項控制重點有「弱點」" in text_of(html)
    assert re.findall(r'<a href="/catalogue/([\w.]+)/">', html) == ["3.8.1", "3.8.2", "3.14.5"]
    assert "<mark>弱點</mark>" in html


def test_the_words_stay_in_the_field(page):
    assert 'name="q" value="弱點 半年"' in page("/catalogue/?q=弱點+半年")


def test_nothing_found_says_what_to_try(page):
    assert "Nothing found Try a shorter word" in text_of(page("/catalogue/?q=xyzzy", "en"))


def test_htmx_gets_the_results_alone(page):
    html = page("/catalogue/?q=弱點", **{"HX-Request": "true"})
    assert "<html" not in html
    assert "<form" not in html
    assert html.count('<a href="/catalogue/') == 3


def test_an_emptied_search_brings_the_tree_back(page):
    html = page("/catalogue/?q=", **{"HX-Request": "true"})
    assert html.count('<a href="/catalogue/') == 69


def test_markup_in_the_search_is_inert(page):
    html = page("/catalogue/?q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_searching_takes_the_same_number_of_queries_for_few_and_many_hits(page, django_assert_num_queries):
    # Session, person, organization; version; five of the search; five figures.
    for query in ("弱點", "公司", "xyzzy"):
        with django_assert_num_queries(13):
            page(f"/catalogue/?q={query}")


# One control point ------------------------------------------------------------------------------


def test_every_control_point_is_shown_word_for_word(page, version):
    for point in version.points.all():
        html = page(f"/catalogue/{point.code}/")
        whole = point_with_everything(version, point.code)
        assert escape(point.control_text) in html
        printed = [line.printed for line in whole.references.all()]
        printed += [line for each in whole.procedures.all() for line in (each.text, *each.steps)]
        assert [line for line in printed if escape(line) not in html] == []


def test_every_control_point_takes_the_same_number_of_queries(page, version, django_assert_num_queries):
    for code in version.points.values_list("code", flat=True):
        with django_assert_num_queries(18):
            page(f"/catalogue/{code}/")


def test_a_repealed_rule_says_so_beside_its_printed_line(page):
    seen = text_of(page("/catalogue/3.8.2/"))
    assert "參酌「電子支付機構資訊系統標準及安全控管作業基準辦法」第17條 112/04/25 廢止" in seen
    assert "參酌「建立證券商資通安全檢查機制」9 114/04/11 修正" in seen
    assert "標準規範八、(八)、2 效力未查證" in seen


def test_an_english_page_says_repealed_on(page):
    assert "repealed on 112/04/25" in text_of(page("/catalogue/3.8.2/", "en"))


def test_a_date_known_to_the_month_is_shown_to_the_month(page):
    assert "112/08 修正" in text_of(page("/catalogue/3.14.3/"))


def test_a_rule_in_force_under_another_authority_says_so(page):
    assert "有效，主管機關已變更 111/08/27" in text_of(page("/catalogue/1.2/"))


@pytest.mark.parametrize(
    ("code", "seen"),
    [
        ("3.8.2", "弱點掃描，每半年 全年應執行 2 次"),
        ("3.8.2", "資訊資產清冊 清單 母體 併為一項索取：「資訊資產（設備）清冊」"),
        ("3.8.2", "與其他程序共用的資料 資訊資產（設備）清冊 3.8.4/P2、3.8.4/P4"),
        ("3.8.2", "方法 檢查、確認（查明） （另可：調節核對） 佐證為母體"),
        ("3.19", "運用新興科技 業務事實 整項適用，程序 1 除外"),
        ("3.19", "使用物聯網設備 業務事實 適用於程序 6、7、8、9"),
        ("3.19", "前段一律須查；後段僅適用於：使用行動裝置（內部）"),
        ("3.12.1", "本期發生資安事件 本期事件 適用於程序 2、3"),
        ("3.18.1.4", "委託獨立第三人查核雲端 條文得選擇者 整項適用"),
        ("3.9.1", "採磁帶／外接硬碟備份 業務事實 僅關於程序 4 的後段；前段一律須查"),
        ("3.18.1.8", "雲端終止或移轉 本期事件 僅關於程序 3 的應備資料"),
        ("3.8.1", "使用已停止支援軟體 業務事實 註記控制重點第 1.(1) 項"),
        ("3.8.5", "至少 6 字元 僅供參考"),
        ("3.8.5", "以「宜／建議／得」規定者：(4) 後段、(6) 前段、(7) 前段。"),
        ("2.1.2", "未有程序對應的控制重點 控制重點(8)A"),
        ("2.1.2", "原文疑義 層級跳號"),
        ("3.7.4.5", "依所引規定應為 3.7.5"),
        ("3.8.5", "僅適用於：有共用帳號"),
    ],
)
def test_what_is_ours_is_shown(page, code, seen):
    assert seen in text_of(page(f"/catalogue/{code}/"))


def test_what_is_ours_is_marked_as_ours(page):
    html = page("/catalogue/3.8.2/")
    assert html.count('<p class="ours-label">本系統整理</p>') == 3
    assert "以下為本系統整理，非櫃買中心原文" in html
    words = re.sub(r'<div class="ours">.*?</dl>\s*</div>|<aside.*?</aside>', "", html, flags=re.DOTALL)
    assert "弱點掃描報告" not in words
    assert "弱點掃描報告" in html


def test_the_neighbours_are_linked(page):
    html = page("/catalogue/1.2/")
    assert re.search(r'rel="prev" href="/catalogue/1\.1/"', html)
    assert re.search(r'rel="next" href="/catalogue/2\.1\.1/"', html)


def test_the_ends_have_one_neighbour(page):
    assert 'rel="prev"' not in page("/catalogue/1.1/")
    assert 'rel="next"' not in page("/catalogue/3.20/")


def test_the_tree_beside_marks_where_we_are(page):
    html = page("/catalogue/3.8.2/")
    assert re.findall(r'href="/catalogue/([\w.]+)/" aria-current="page"', html) == ["3.8.2"]


@pytest.mark.parametrize("code", ["9.9", "3.8", "C-3.8.2", "<script>", "%00"])
def test_an_unknown_code_is_not_found(page, code):
    page(f"/catalogue/{code}/", status=404)


def test_the_page_shows_the_current_version(page, version, catalogue, row, sealed):
    row("3.8.2")["short_title_zh"] = "弱掃"
    load(sealed(catalogue), by=None)
    assert ControlPoint.objects.filter(code="3.8.2").count() == 2
    assert "弱掃" in page("/catalogue/3.8.2/")
