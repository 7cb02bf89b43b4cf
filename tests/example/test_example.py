"""The worked example holds every number of the method, and its figures tell the method's story."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from kpinb import recordbook
from kpinb.clarify.records import Indicator
from kpinb.decompose.records import FunnelStage, Level, Target, Task
from kpinb.measure import Adding, Direction
from kpinb.period import Period
from kpinb.plan.records import Assignment, Milestone, Resource, ResourceMatch, Role
from kpinb.records import Record, Reference
from kpinb.retrospective.records import Action, ActionStatus, Certainty, Finding, Origin
from kpinb.stages import KINDS
from kpinb.store import Entry, create_store
from kpinb.strict_yaml import read_yaml
from kpinb.track.records import ChangeRequest, CheckIn, Decision, TaskStatus

PARAMS = Path(__file__).parents[2] / "params"
DEPARTMENTS = ("company", "sales", "product", "marketing", "service")
EARNING = ("sales", "product", "marketing")
US = PARAMS / "us-employment"
LAST_DAY = datetime.fromisoformat("2026-11-03T23:59:59+08:00")
SHARED = {"business_goal", "target"}


@cache
def versions(folder: Path, department: str) -> list[Entry]:
    return recordbook.read(folder / "records" / f"{department}.yaml")


def moment(entry: Entry) -> datetime:
    """Say when an entry was written: the example's files always say so."""
    assert entry.at is not None, entry.record.id
    return entry.at


def latest(department: str, kind: type[Record]) -> dict[str, Any]:
    return {v.record.id: v.record for v in versions(PARAMS, department) if type(v.record) is kind}


def everything(kind: type[Record]) -> list[Any]:
    return [record for department in DEPARTMENTS for record in latest(department, kind).values()]


@cache
def actuals(department: str) -> dict[str, dict[str, Decimal | None]]:
    series: dict[str, dict[str, Decimal | None]] = defaultdict(dict)
    with (PARAMS / "actuals" / f"{department}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, strict=True):
            assert row["month"] not in series[row["indicator"]], row
            series[row["indicator"]][row["month"]] = Decimal(row["value"]) if row["value"] else None
    return series


def total(department: str, name: str, year: int, first: int = 1, last: int = 12) -> Decimal:
    values = [actuals(department)[name][f"{year}-{month:02}"] for month in range(first, last + 1)]
    return sum((value for value in values if value is not None), Decimal(0))


def growth(department: str, name: str, first: int = 1, last: int = 10) -> Decimal:
    return total(department, name, 2026, first, last) / total(department, name, 2025, first, last) - 1


def references(record: Record) -> list[tuple[str, str]]:
    """Give (kind, id) of every record that one refers to."""
    found: list[tuple[str, str]] = []
    for name, info in type(record).model_fields.items():
        nested = [item for arg in get_args(info.annotation) for item in getattr(arg, "__metadata__", ())]
        for marker in (*info.metadata, *nested):
            if isinstance(marker, Reference):
                value = getattr(record, name)
                ids = value if isinstance(value, list) else [value] if value else []
                found.extend((marker.kind, each) for each in ids)
    return found


@pytest.mark.parametrize("folder", [PARAMS, US], ids=["example", "us-employment"])
def test_records_read_the_same_whether_strictly_or_plainly(folder: Path) -> None:
    files = sorted((folder / "records").glob("*.yaml"))
    assert [path.stem for path in files] == sorted(
        read_yaml(path)["department"] for path in folder.glob("*.yaml")
    ), "each department has parameters and records"
    for path in files:
        assert read_yaml(path) == yaml.safe_load(path.read_text(encoding="utf-8")), path.name


def test_every_record_was_written_in_order_and_before_the_review() -> None:
    for department in DEPARTMENTS:
        last: dict[tuple[str, str], datetime] = {}
        for version in versions(PARAMS, department):
            key = (version.record.kind, version.record.id)
            assert moment(version) <= LAST_DAY, key
            assert key not in last or moment(version) > last[key], f"{key}: versions in order of time"
            last[key] = moment(version)


@pytest.mark.parametrize(
    ("folder", "company"), [(PARAMS, "company"), (US, "us-employment")], ids=["example", "us-employment"]
)
def test_what_a_record_refers_to_was_there_when_it_was_written(folder: Path, company: str) -> None:
    born: dict[tuple[str, str, str], datetime] = {}
    departments = [path.stem for path in (folder / "records").glob("*.yaml")]
    everywhere = [(d, v) for d in departments for v in versions(folder, d)]
    for department, version in everywhere:
        born.setdefault((department, version.record.kind, version.record.id), moment(version))
    checked = 0
    for department, version in everywhere:
        for kind, each in references(version.record):
            owners = [department, company] if kind in SHARED else [department]
            births = [born[owner, kind, each] for owner in owners if (owner, kind, each) in born]
            assert births, f"{department} {version.record.kind} {version.record.id}: no {kind} {each}"
            assert min(births) <= moment(version), f"{department} {version.record.id}: {kind} {each} came later"
            checked += 1
    assert checked > len(departments)


def test_the_example_loads_once_and_remembers_what_was_known_when(tmp_path: Path) -> None:
    paths = sorted((PARAMS / "records").glob("*.yaml"))
    with create_store(f"sqlite:///{tmp_path / 'kpinb.sqlite'}") as store:
        assert recordbook.load(paths, store) == sum(len(versions(PARAMS, d)) for d in DEPARTMENTS)
        assert recordbook.load(paths, store) == 0
        early = datetime.fromisoformat("2026-01-10T00:00:00+08:00")
        first = store.get(Indicator, "sales", "repeat_revenue", as_of=early)
        now = store.get(Indicator, "sales", "repeat_revenue")
    assert (first.version, now.version, first.author) == (1, 2, "example")
    assert (first.record.goals, now.record.goals) == ([], ["user-stickiness", "raise-revenue"])  # type: ignore[attr-defined]


PHRASES = """
营收增长20%|营收增长5%|Q1增长5%|Q2增长6%|每月增长1.7%|销售部占比60%|产品部占比30%|市场部占比10%
新产品推广带来3%增长|老客户复购增长2%|新产品推广增长1%|完成10场线下宣讲|获取200个新用户|获取20个新用户
每周跟进5个有效线索|转化2个用户|每月30日|每周五|Q1末|产品部、销售部|销售代表A
线索收集（每周50条）|线索筛选（每周30条有效线索）|跟进转化（每周8个签约客户）|月度新增客户数
提升用户复购率|增强用户粘性|提高营收|优化客户服务响应速度|平均响应时间≤2小时|24小时内问题解决率≥95%
客户满意度调研|负责执行|提供问卷模板|审核数据|接收报告|6月10日前完成问卷设计|6月20日前完成数据收集
线上推广活动|对接技术部支持页面开发|申请市场预算用于广告投放|每日更新“签约客户数”看板，滞后时及时预警
日站会（15分钟同步进度）|周复盘（总结问题、调整计划）|月度复盘（评估整体达成情况）
线索转化率低于预期|话术不当|竞品冲击|疫情下线下活动无法开展|转为线上直播推广|确保目标不变
实际营收增长15%未达20%|新客户数量不足|客单价未达预期|竞品价格战导致客单价下降10%
老客户复购增长2%得益于会员体系优化|客户分层维护SOP|线索转化率低因跟进话术未突出产品差异化
每周开展销售话术培训|数据分析能力不足|参加数据分析相关培训|跨部门协作效率低|建立定期沟通机制
行业增长水平|公司战略|历史增长率|资源缺口|Q1完成80%，Q2提升至100%|降低营收指标，提高客户满意度指标
客户投诉处理|立即执行，避免影响业务口碑|核心项目推进|制定详细计划|临时会议|授权他人或简化流程
日常行政事务|批量处理或优化流程|做了但没做对
""".replace("\n", "|")


@pytest.mark.parametrize("phrase", [phrase for phrase in PHRASES.split("|") if phrase])
def test_the_method_s_words_are_in_the_records(phrase: str) -> None:
    text = json.dumps([r.body() for kind in KINDS.values() for r in everything(kind)], ensure_ascii=False)
    assert phrase in text


def test_the_company_s_twenty_percent_is_divided_without_remainder() -> None:
    targets = {(d, key): t for d in ("company", *EARNING) for key, t in latest(d, Target).items()}
    year = targets["company", "company-revenue-2026"]
    assert (year.growth, year.value, year.level) == (Decimal("0.2"), Decimal(12000), Level.company)
    shares = [targets[department, "revenue-2026"] for department in EARNING]
    assert [t.share for t in shares] == [Decimal("0.6"), Decimal("0.3"), Decimal("0.1")]
    assert [t.value for t in shares] == [t.share * year.value for t in shares]
    assert {t.parent for t in shares} == {year.id}

    def children(parent: str, *, level: Level, kind: str) -> list[Decimal]:
        return [
            t.points
            for t in latest("company", Target).values()
            if t.parent == parent and t.level is level and Period.parse(t.period).kind == kind
        ]

    company, department, team = Level.company, Level.department, Level.team
    quarters = children(year.id, level=company, kind="quarter")
    assert quarters == [Decimal("0.05"), Decimal("0.06"), Decimal("0.05"), Decimal("0.04")]
    assert sum(quarters, Decimal(0)) == year.growth
    months = children("company-revenue-2026-q1", level=company, kind="month")
    assert months == [Decimal("0.017"), Decimal("0.017"), Decimal("0.016")]
    assert sum(months, Decimal(0)) == Decimal("0.05")
    ways = children("company-revenue-2026-q1", level=department, kind="quarter")
    assert ways == [Decimal("0.03"), Decimal("0.02")]
    assert children("company-new-product-2026-q1", level=team, kind="month") == [Decimal("0.01")] * 3
    for name in EARNING:
        own = [targets[name, f"revenue-2026-q{quarter}"].points for quarter in range(1, 5)]
        assert own == quarters, name


def test_new_customers_go_down_to_each_person_without_remainder() -> None:
    targets = latest("sales", Target)
    stages = sorted(latest("sales", FunnelStage).values(), key=lambda stage: stage.position)
    assert [stage.per_week for stage in stages] == [50, 30, 8]
    assert [stage.fact in actuals("sales") for stage in stages] == [True] * 3
    quarters = [targets[f"new-customers-2026-q{n}"].value for n in range(1, 5)]
    assert quarters == [8 * 13] * 4
    assert sum(quarters) == targets["new-customers-2026"].value
    for quarter in ("2026-Q1", "2026-Q4"):
        people = [t for t in targets.values() if t.level is Level.person and t.period == quarter]
        assert sum(t.value for t in people) == 104
        assert next(t.value for t in people if t.owner == "销售代表A") == 20


def test_the_service_targets_are_two_hours_and_ninety_five_percent() -> None:
    indicators, targets = latest("service", Indicator), latest("service", Target)
    hours, rate = indicators["response_hours"], indicators["resolution_rate"]
    assert (hours.direction, hours.over_time, hours.base) == (Direction.at_most, Adding.mean, "tickets")
    assert (rate.direction, rate.over_time, rate.base) == (Direction.at_least, Adding.ratio, "tickets")
    assert targets["response-2026"].value == 2
    assert targets["resolution-2026"].value == Decimal("0.95")


def test_the_satisfaction_survey_has_the_method_s_raci_and_dates() -> None:
    parts = [a for a in latest("sales", Assignment).values() if a.task == "survey"]
    assert {a.who: a.roles for a in parts} == {
        "销售部": [Role.responsible],
        "产品部": [Role.consulted],
        "客服部": [Role.accountable],
        "管理层": [Role.informed],
    }
    tasks, milestones = latest("sales", Task), latest("sales", Milestone)
    for name, due in (("survey-designed", "2026-06-10"), ("survey-collected", "2026-06-20")):
        milestone = milestones[name]
        assert milestone.due.isoformat() == due
        slack = min((milestone.due - tasks[task].end).days for task in milestone.tasks)
        assert slack >= milestone.buffer_days > 0


def test_every_task_has_one_who_approves_and_one_who_does_it() -> None:
    for department in DEPARTMENTS:
        roles: dict[str, Counter[Role]] = defaultdict(Counter)
        for assignment in latest(department, Assignment).values():
            roles[assignment.task].update(assignment.roles)
        for task in latest(department, Task):
            assert roles[task][Role.accountable] == 1, (department, task)
            assert roles[task][Role.responsible] >= 1, (department, task)


def test_the_four_quadrants_have_a_task_each() -> None:
    tasks = latest("service", Task)
    quadrants = {
        name: (tasks[name].importance >= 4, tasks[name].urgency >= 4)
        for name in ("complaints", "core-project", "ad-hoc-meetings", "admin")
    }
    assert quadrants == {
        "complaints": (True, True),
        "core-project": (True, False),
        "ad-hoc-meetings": (False, True),
        "admin": (False, False),
    }


@pytest.mark.parametrize("department", DEPARTMENTS)
def test_the_weights_add_up_and_every_indicator_has_actuals_and_a_target(department: str) -> None:
    indicators = latest(department, Indicator).values()
    assert sum(i.weight for i in indicators) == 1
    for indicator in indicators:
        assert any(t.indicator == indicator.id and t.period == "2026" for t in latest(department, Target).values())
        if department != "company":
            series = actuals(department)
            assert indicator.series in series
            assert not indicator.base or indicator.base in series


@pytest.mark.parametrize("department", DEPARTMENTS)
def test_every_board_has_all_columns_and_a_task_that_is_late(department: str) -> None:
    tasks, cards = latest(department, Task), latest(department, CheckIn)
    assert set(cards) == set(tasks), "every task has a card"
    assert {card.status for card in cards.values()} == set(TaskStatus)
    late = [
        key
        for key, card in cards.items()
        if card.status is not TaskStatus.done and tasks[key].end.isoformat() <= "2026-10-31"
    ]
    assert bool(late) == (department != "company")


def test_reviews_carry_open_actions_over_and_requests_stand_in_every_state() -> None:
    for department in DEPARTMENTS:
        actions = latest(department, Action).values()
        september = Counter(a.status for a in actions if a.opened_in == "2026-09")
        if department != "product":
            assert september[ActionStatus.open] >= 1, department
        assert september[ActionStatus.done] == 1, department
        assert any(a.opened_in == "2026-10" and a.status is ActionStatus.open for a in actions), department
        assert {f.period for f in latest(department, Finding).values()} == {"2026-09", "2026-10"}
        for a in actions:
            assert (a.status is ActionStatus.open) == (a.closed_on is None), a.id
    dues = [a.due.isoformat() for a in everything(Action) if a.status is ActionStatus.open]
    assert min(dues) <= "2026-10-31" < max(dues)
    assert {request.decision for request in everything(ChangeRequest)} == set(Decision)
    assert {resource.match for resource in everything(Resource)} == set(ResourceMatch)


def test_the_price_war_is_recorded_as_the_method_tells_it() -> None:
    finding = latest("sales", Finding)["price-war-2026-10"]
    assert (finding.cause, finding.origin, finding.certainty, finding.driver, finding.effect) == (
        "竞品价格战导致客单价下降10%",
        Origin.external,
        Certainty.confirmed,
        "客单价",
        Decimal("-0.1"),
    )


MONTHS = [f"{year}-{month:02}" for year in (2024, 2025, 2026) for month in range(1, 13)][:34]


@pytest.mark.parametrize("department", DEPARTMENTS[1:])
def test_actuals_cover_every_month_once_and_say_that_they_are_made_up(department: str) -> None:
    with (PARAMS / "actuals" / f"{department}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    assert list(rows[0]) == ["month", "indicator", "value", "note"]
    assert {row["note"] for row in rows} == {"虚构"}
    for name, series in actuals(department).items():
        assert list(series) == MONTHS, name
    notice = read_yaml(PARAMS / f"{department}.yaml")["notice"]
    assert notice == ("Made-up example data" if department == "marketing" else "示例数据，纯属虚构")
    readme = (PARAMS / "actuals" / "README.md").read_text(encoding="utf-8")
    assert "纯属虚构" in readme
    assert "made up" in readme


def test_one_month_is_missing_and_another_is_really_zero() -> None:
    events = actuals("marketing")["events"]
    assert events["2026-09"] is None
    assert events["2026-02"] == 0
    odd = [
        (department, name, month, value)
        for department in DEPARTMENTS[1:]
        for name, series in actuals(department).items()
        for month, value in series.items()
        if not value
    ]
    assert odd == [("marketing", "events", "2026-02", 0), ("marketing", "events", "2026-09", None)]


def test_revenue_grew_by_fifteen_percent_against_a_target_of_twenty() -> None:
    assert [total(d, "revenue", 2025) for d in EARNING] == [6000, 3000, 1000]
    assert sum(total(d, "revenue", 2024) for d in EARNING) == 9200
    before = sum(total(d, "revenue", 2025, 1, 10) for d in EARNING)
    now = sum(total(d, "revenue", 2026, 1, 10) for d in EARNING)
    assert (before, now) == (8200, 9430)
    assert now / before == Decimal("1.15")
    assert [growth(d, "revenue") for d in EARNING] == [Decimal("0.11"), Decimal("0.22"), Decimal("0.18")]


def test_the_first_quarter_reached_eighty_percent_of_its_growth_and_the_second_all() -> None:
    def gained(first: int, last: int) -> Decimal:
        return sum(
            (total(d, "revenue", 2026, first, last) - total(d, "revenue", 2025, first, last) for d in EARNING),
            Decimal(0),
        )

    assert gained(1, 3) == Decimal("0.8") * Decimal("0.05") * 10000
    assert gained(4, 6) == Decimal("0.06") * 10000


def test_sales_are_customers_times_average_order_and_the_price_war_took_a_tenth() -> None:
    series = actuals("sales")
    for month in MONTHS:
        customers, average, revenue = (series[n][month] for n in ("customers", "average_order", "revenue"))
        assert customers is not None
        assert average is not None
        assert customers * average == revenue, month
        new, again = series["new_customers"][month], series["repeat_customers"][month]
        assert new is not None
        assert again is not None
        assert new + again == customers, month
        assert series["signed"][month] == new, month

    def average_order(year: int, first: int, last: int) -> Decimal:
        return total("sales", "revenue", year, first, last) / total("sales", "customers", year, first, last)

    fall = average_order(2026, 7, 10) / average_order(2025, 7, 10) - 1
    assert fall.quantize(Decimal("0.001")) == Decimal("-0.100")
    assert average_order(2026, 1, 6) > average_order(2025, 1, 6)
    assert growth("sales", "customers", 7, 10) > Decimal("0.08")
    assert growth("sales", "repeat_revenue").quantize(Decimal("0.001")) == Decimal("0.020")


def test_there_are_leads_enough_but_too_few_of_them_sign() -> None:
    weeks = Decimal(304) / 7
    assert total("sales", "leads", 2026, 1, 10) / weeks > 50
    assert total("sales", "signed", 2026, 1, 10) / weeks < 7
    conversion = total("sales", "signed", 2026, 1, 10) / total("sales", "leads", 2026, 1, 10)
    assert conversion.quantize(Decimal("0.001")) == Decimal("0.126")
    for month in MONTHS:
        leads, valid, signed = (actuals("sales")[n][month] or 0 for n in ("leads", "valid_leads", "signed"))
        assert leads > valid > signed > 0, month


def test_service_answers_in_time_but_does_not_solve_enough_within_a_day() -> None:
    series = actuals("service")
    assert series["response_hours"]["2026-01"] == Decimal("3.06")
    assert series["response_hours"]["2026-10"] == Decimal("1.88")
    solved, tickets = series["resolved_24h"]["2026-10"], series["tickets"]["2026-10"]
    assert solved is not None
    assert tickets is not None
    assert (solved / tickets).quantize(Decimal("0.001")) == Decimal("0.931")
    assert all((series["resolved_24h"][m] or 0) <= (series["tickets"][m] or 0) for m in MONTHS)


def test_parameters_hold_flat_values_and_only_known_keys() -> None:
    known = {"department", "department_name", "language", "facts", "company", "fiscal_start", "notice", "params"}
    files = [*PARAMS.glob("*.yaml"), *US.glob("*.yaml")]
    assert len(files) == 5 + 15
    languages: Counter[tuple[str, str]] = Counter()
    for path in files:
        values = read_yaml(path)
        assert set(values) <= known, path
        assert all(isinstance(value, str | int) for value in values.values()), path
        if values.get("facts"):
            assert (PARAMS.parent / values["facts"]).is_file()
        languages[path.parent.name, values["language"]] += 1
    assert languages == {("params", "zh"): 4, ("params", "en"): 1, ("us-employment", "en"): 15}


def test_us_sectors_have_a_target_of_two_percent_over_2014_and_add_up_to_all_employment() -> None:
    data = pytest.importorskip("vega_datasets", reason="the extra “examples” is not installed")
    described = read_yaml(US / "actuals" / "facts.yaml")
    sectors = described["keep"]
    assert len(sectors) == 14
    for sector in sectors:
        targets = [v.record for v in versions(US, sector) if isinstance(v.record, Target)]
        assert [(t.period, t.growth, t.parent) for t in targets] == [
            ("2015", Decimal("0.02"), "us-employment-2015")
        ]
        assert all(moment(v).year == 2015 and moment(v).month == 1 for v in versions(US, sector))
    path = Path(data.__file__).parent / described["path"].split("/", 1)[1]
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    assert len(rows) == 120
    for row in rows:
        assert abs(sum(Decimal(row[sector]) for sector in sectors) - Decimal(row["nonfarm"])) <= 1
