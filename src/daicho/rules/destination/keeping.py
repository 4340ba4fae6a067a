"""How long the CS and the nation keep a destination file.  送付先情報の保存期間"""

from datetime import date, timedelta

from daicho.rules.law.article import Article
from daicho.rules.law.periods import Period

DESTINATION_FILE = Period(Article("特定個人情報保護評価書", "送付先情報ファイル"), 30, date(2015, 10, 5))
"""Own definition: the file is made each time it is needed and deleted after a set term; which, is nowhere said."""
PRINTED_FILE = Period(Article("特定個人情報保護評価書", "送付先情報ファイル"), 180, date(2015, 10, 5))
"""Own definition: a letter that was sent may come back for months, and is looked up by its file then."""


def printed_kept_until(begun_on: date) -> date:
    """Tell the last day on which the nation keeps a file of which no notice waits to be printed any more, from that day.

    One that is held until a report comes keeps no file longer: should none ever come, nothing is printed of it.

    Law: none, own definition.
    """
    return begun_on + timedelta(days=PRINTED_FILE.days)


def destination_kept_until(received_on: date) -> date:
    """Tell the last day on which the CS keeps a file.

    Law: none, own definition; its deletion is promised in the assessment of the file.
    """
    return received_on + timedelta(days=DESTINATION_FILE.days)
