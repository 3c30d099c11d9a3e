"""When China's days were announced, and what an amendment replaced. The days themselves are in `holidays`."""

from datetime import date
from typing import Final

import attrs

__all__ = ["CN_AMENDMENTS", "CN_NOTICES", "REACHES_BACK_TO", "Amendment", "Notice"]

REACHES_BACK_TO: Final = (12, 29)
"""The notice for a year also moves days at the end of the year before: in 2001 and 2018 from 29 December
on. So
what a year's notice settles ends with 28 December."""


@attrs.frozen
class Notice:
    """The State Council's notice for a year: the year, the day it was published, its number."""

    year: int
    announced: date
    number: str


@attrs.frozen
class Amendment:
    """A later notice: the day it was published, its number, and the days it changed, as they were before.

    `worked` were working days before it, `off` were days off.
    """

    announced: date
    number: str
    worked: tuple[date, ...] = ()
    off: tuple[date, ...] = ()


CN_NOTICES: Final = (
    Notice(2007, date(2006, 12, 18), "国办发明电〔2006〕49号"),
    Notice(2008, date(2007, 12, 18), "国务院办公厅关于2008年部分节假日安排的通知"),
    Notice(2009, date(2008, 12, 10), "国办发明电〔2008〕42号"),
    Notice(2010, date(2009, 12, 8), "国办发明电〔2009〕27号"),
    Notice(2011, date(2010, 12, 10), "国办发明电〔2010〕40号"),
    Notice(2012, date(2011, 12, 6), "国办发明电〔2011〕45号"),
    Notice(2013, date(2012, 12, 10), "国办发明电〔2012〕33号"),
    Notice(2014, date(2013, 12, 11), "国办发明电〔2013〕28号"),
    Notice(2015, date(2014, 12, 16), "国办发明电〔2014〕28号"),
    Notice(2016, date(2015, 12, 10), "国办发明电〔2015〕18号"),
    Notice(2017, date(2016, 12, 1), "国办发明电〔2016〕17号"),
    Notice(2018, date(2017, 11, 30), "国办发明电〔2017〕12号"),
    Notice(2019, date(2018, 12, 6), "国办发明电〔2018〕15号"),
    Notice(2020, date(2019, 11, 21), "国办发明电〔2019〕16号"),
    Notice(2021, date(2020, 11, 25), "国办发明电〔2020〕27号"),
    Notice(2022, date(2021, 10, 25), "国办发明电〔2021〕11号"),
    Notice(2023, date(2022, 12, 8), "国办发明电〔2022〕16号"),
    Notice(2024, date(2023, 10, 25), "国办发明电〔2023〕7号"),
    Notice(2025, date(2024, 11, 12), "国办发明电〔2024〕12号"),
    Notice(2026, date(2025, 11, 4), "国办发明电〔2025〕7号"),
)

CN_AMENDMENTS: Final = (
    Amendment(
        date(2015, 5, 13),
        "国发明电〔2015〕1号",
        worked=(date(2015, 9, 3), date(2015, 9, 4)),
        off=(date(2015, 9, 6),),
    ),
    Amendment(
        date(2019, 3, 22),
        "国办发明电〔2019〕3号",
        worked=(date(2019, 5, 2), date(2019, 5, 3)),
        off=(date(2019, 4, 28), date(2019, 5, 5)),
    ),
    Amendment(
        date(2020, 1, 27),
        "国办发明电〔2020〕1号",
        worked=(date(2020, 1, 31), date(2020, 2, 1)),
        off=(date(2020, 2, 2),),
    ),
)
