"""Actuals, read where they live and never guessed at.

A department's actuals are a CSV file (also ``.csv.gz``), a Parquet file, or a short description in YAML of such a
file. A CSV file is read as text with a strict number of cells a row; an empty cell is *missing*, which is neither
zero nor a month that has no row. Numbers are digits with a decimal point and nothing else.

Long, one number a row; other columns (``region``) are dimensions. 月份, 指标, 数值 and 部门 do as headings too::

    month,indicator,region,value            open_facts("data/sales.csv", …)
    2026-09,revenue,north,120.5
    2026-10,revenue,north,

Wide by month is recognised by its headings::

    indicator,2026-09,2026-10               open_facts("data/sales.csv", …)
    revenue,120.5,131

Everything else is said in a description, whose paths begin at the workbook's folder as all paths do. Here the
headings are indicators, ``region`` is a dimension because it is not kept as a heading, and the remarks are left::

    month,region,revenue,orders,remarks     path: data/sales.csv
    2026-09,north,120.5,31,                 headers: indicator
                                            keep: [revenue, orders]
                                            ignore: [remarks]

Here the headings are departments, the file comes with an installed package, and it has one series only::

    month,construction,manufacturing        path: package:vega_datasets/_data/us-employment.csv
    2006-01-01,7601,14210                   headers: department
                                            indicator: employment

Here a long file names its columns in its own way::

    month,state,industry,id,turnover        path: data/retail.csv.gz
    1982-04,Victoria,Books,A1,4.4           columns: {department: state, value: turnover}
                                            indicator: turnover
                                            ignore: [id]

Where a file has departments, a department takes the rows that carry its id or its name.

Rows of one month that a further column tells apart, such as a ticket's number, are single observations: medians,
percentiles and shares within a limit are taken from them.
"""

from kpinb.facts.actuals import Facts, open_facts
from kpinb.facts.source import Source

__all__ = ["Facts", "Source", "open_facts"]
