"""How the API pages its lists."""

from rest_framework.pagination import PageNumberPagination


class Pages(PageNumberPagination):
    """Numbered pages of 50; `page_size` up to 250 holds all procedures of one engagement."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 250
